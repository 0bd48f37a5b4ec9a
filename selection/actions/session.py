"""The committee's session: its convocation, its agenda, its opening, its end."""

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import ngettext

from applications.models import Application
from documents import actions as documents
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require
from selection import lifecycle, proposals, rules, session_emails
from selection.access import whole_book_key
from selection.actions.chairing import locked_for_chair, move
from selection.lifecycle import Item, Meeting, State
from selection.models import AgendaItem, Case, CommitteeSession, Decision, Review, SessionDocument


def schedulable(session):
    """The cases that may go on this session's agenda: shortlisted or deferred, and not on it yet.

    Where the call draws no shortlist, those reviewed.
    """
    reviewed = Q(state=State.UNDER_REVIEW, review_score__isnull=False, application__call__has_shortlist=False)
    return (
        Case.objects.filter(Q(state__in=[State.SHORTLISTED, State.DEFERRED]) | reviewed)
        .filter(application__call__fund=session.fund)
        .exclude(application__state=Application.State.WITHDRAWN)
        .exclude(agenda_items__session=session)
    )


@transaction.atomic(durable=True)
def convene(*, committee, envelope, title, held_on, by, starts_at=None, place=""):
    """Prepare a session of a committee, and tell its members."""
    require(rules.can_prepare_session(by, committee.fund))
    refuse_unless(envelope.fund_id == committee.fund_id, "Cette enveloppe est celle d’un autre fonds.")
    session = CommitteeSession.objects.create(
        committee=committee,
        envelope=envelope,
        title=title,
        held_on=held_on,
        starts_at=starts_at,
        place=place,
        notices=1,
        quorum=committee.quorum,
        vote_mode=committee.vote_mode,
        tie_rule=committee.tie_rule,
        prepared_by=by,
    )
    said = ("title", "held_on", "starts_at", "place", "quorum", "vote_mode", "tie_rule")
    journal.record("session.convened", session, by=by, **{name: getattr(session, name) for name in said})
    journal.post(*session_emails.convocation(session, _addressees(session), at=clock.now()))
    return session


@transaction.atomic(durable=True)
def change_session(session, *, title, held_on, starts_at, place, by):
    """Change what a convocation says; where it is another day, hour or place, each member is told, and their calendar.

    Returns:
        How many were told.
    """
    session = _locked_to_prepare(session, by)
    before = {name: getattr(session, name) for name in ("title", "held_on", "starts_at", "place")}
    after = {"title": title, "held_on": held_on, "starts_at": starts_at, "place": place}
    if before == after:
        return 0
    for name, value in after.items():
        setattr(session, name, value)
    moved = any(before[name] != after[name] for name in ("held_on", "starts_at", "place"))
    seats = _addressees(session) if moved else []
    session.notices += moved
    session.save(update_fields=[*after, "notices"])
    journal.record("session.changed", session, by=by, before=before, after=after)
    journal.post(*session_emails.convocation(session, seats, at=clock.now(), moved=True))
    return len(seats)


@transaction.atomic(durable=True)
def add_documents(session, files, *, by):
    """Give the members something to read besides the book; `files`: (stored file, its name) of each."""
    session = _locked_to_prepare(session, by)
    for file, name in files:
        document = SessionDocument.objects.create(session=session, file=file, name=name[:200], added_by=by)
        journal.record("session.document_added", document, by=by, session=session.pk, name=name)


@transaction.atomic(durable=True)
def remove_document(document, *, by):
    """Take a document away from a session; the journal keeps that it was there."""
    session = _locked_to_prepare(document.session, by)
    document = SessionDocument.objects.select_for_update().filter(pk=document.pk).first()
    refuse_unless(document, "Ce document vient d’être retiré par un collègue.")
    journal.record("session.document_removed", document, by=by, session=session.pk, name=document.name)
    document.delete()


@transaction.atomic(durable=True)
def add_to_agenda(session, references, *, by, amounts=None):
    """Put cases that may be heard at the end of the agenda, in the order given.

    `amounts` is what is proposed to the committee, by reference; where it says nothing, what another committee or
    the review proposes.
    """
    put_on_agenda(session, references, by=by, amounts=amounts or {})


@transaction.atomic(durable=True)
def remove_from_agenda(item, *, by):
    """Take off the agenda an item that nobody has scored yet; its case is again what it was."""
    session = CommitteeSession.objects.locked(item.session)
    item = AgendaItem.objects.locked(item)
    require(rules.can_prepare_session(by, session.fund))
    refuse_unless(
        item.state == Item.SCORING and not item.scorecards.exists(),
        "Ce dossier est déjà noté : il reste inscrit.",
    )
    refuse_unless(
        item.book_id is None,
        "Le livre du comité est figé avec ce dossier : il reste inscrit, et sera décidé.",
    )
    case = _give_back(item)
    journal.record("agenda.removed", case, by=by, session=session.pk)
    place, _ = item.position, item.delete()
    for each in session.items.select_for_update().filter(position__gt=place).order_by("position"):
        each.position -= 1
        each.save(update_fields=["position"])


@transaction.atomic(durable=True)
def put_off(item, *, reason, by):
    """Leave an item to another session, undecided: the quorum does not come back, or time is up.

    A vote that was open ends without a result, its ballots kept. Scores that nobody has seen are revealed first, or
    another session would read them.
    """
    item = locked_for_chair(item, by)
    refuse_unless(reason.strip(), "Dites pourquoi le dossier est renvoyé.")
    refuse_unless(
        item.state != Item.SCORING or not item.scorecards.exists(),
        "Des notes sont scellées sur ce dossier : révélez-les, puis renvoyez-le.",
    )
    item.votes.filter(closed_at=None).update(closed_at=clock.now(), closed_by=by)
    item.put_off_because = reason.strip()
    item.save(update_fields=["put_off_because"])
    move(item, Item.PUT_OFF, by, reason=item.put_off_because)
    _give_back(item)


@transaction.atomic(durable=True)
def open_session(session, *, by):
    """Open the session: members may score; the committee book is made."""
    session = CommitteeSession.objects.locked(session)
    require(rules.can_open_session(by, session))
    refuse_unless(session.items.exists(), "L’ordre du jour est vide : ajoutez-y des dossiers d’abord.")
    lifecycle.move_session(session, Meeting.OPEN)
    session.opened_at = clock.now()
    session.save(update_fields=["state", "opened_at"])
    journal.record("session.opened", session, by=by)
    documents.request("selection.committee_book", whole_book_key(session))


@transaction.atomic(durable=True)
def close_session(session, *, by):
    """End the session once every item is decided, or put off."""
    session = CommitteeSession.objects.locked(session)
    require(rules.can_chair(by, session))
    waiting = session.items.exclude(state__in=[Item.DECIDED, Item.PUT_OFF]).count()
    awaited = "proposition" if session.committee.proposes else "décision"
    told = ngettext(
        "%d point de l’ordre du jour attend encore une",
        "%d points de l’ordre du jour attendent encore une",
        waiting,
    )
    refuse_unless(
        not waiting, f"{told % waiting} {awaited}. Ce qui n’en aura pas se renvoie à une autre séance."
    )
    lifecycle.move_session(session, Meeting.CLOSED)
    session.closed_at = clock.now()
    session.save(update_fields=["state", "closed_at"])
    journal.record("session.closed", session, by=by)


# Steps


def _locked_to_prepare(session, by):
    session = CommitteeSession.objects.locked(session)
    require(rules.can_prepare_session(by, session.fund))
    refuse_unless(
        session.state in (Meeting.CONVENED, Meeting.OPEN), "Cette séance est close : elle ne change plus."
    )
    return session


def _addressees(session):
    """Those who sit, once each: who sits no more, or has no account any more, is not convened."""
    return list(session.committee.seats.sitting().filter(user__is_active=True).select_related("user"))


def _give_back(item):
    """Make of the case of an item what it was before it was put on the agenda."""
    case = Case.objects.locked(item.case)
    deferred = Decision.objects.deciding().filter(standing_of__case=case, outcome=Decision.Outcome.DEFERRED)
    listed = State.SHORTLISTED if case.application.call.has_shortlist else State.UNDER_REVIEW
    lifecycle.move(case, State.DEFERRED if deferred.exists() else listed)
    case.save(update_fields=["state"])
    return case


class NotSchedulable(Refused):
    """Dossiers that cannot be put on an agenda; `reasons` says why, by reference."""

    def __init__(self, reasons):
        self.reasons = reasons
        super().__init__(" ".join(reasons.values()))


def put_on_agenda(session, references, *, by, amounts):
    """Put cases at the end of an agenda, with what is proposed to the committee; all of them, or none."""
    session = CommitteeSession.objects.locked(session)
    require(rules.can_prepare_session(by, session.fund))
    refuse_unless(session.state in (Meeting.CONVENED, Meeting.OPEN), "Cette séance est close.")
    position = session.items.aggregate(last=Max("position"))["last"] or 0
    known = _locked_to_schedule(session, references, by)
    if reasons := _why_not(references, known, by):
        raise NotSchedulable(reasons)
    for reference in dict.fromkeys(references):
        case = known[reference]
        lifecycle.move(case, State.ON_AGENDA)
        case.save(update_fields=["state"])
        position += 1
        amount = amounts[reference] if reference in amounts else _proposed(case)
        item = AgendaItem.objects.create(
            session=session, case=case, position=position, proposed_amount=amount
        )
        journal.record("agenda.added", item, by=by, reference=reference, amount=amount)


def _why_not(references, known, by):
    """{reference: why it may not go on the agenda} of those that may not."""
    reasons = {}
    owed = set(Review.objects.blinding(by).filter(case__in=known.values()).values_list("case", flat=True))
    for reference in references:
        case = known.get(reference)
        if case is None:
            reasons[reference] = f"Le dossier {reference} ne peut pas être inscrit à cette séance."
        elif case.pk in owed:
            reasons[reference] = (
                f"Vous n’avez pas terminé votre évaluation du dossier {reference} : terminez-la, ou laissez un collègue"
                " l’inscrire."
            )
        elif case.application.state == Application.State.CLARIFYING:
            reasons[reference] = (
                f"Des compléments sont demandés sur le dossier {reference} : attendez la réponse ou levez la demande."
            )
    return reasons


def _proposed(case):
    return proposals.amount_of(case, proposals.items().filter(case=case))


def _locked_to_schedule(session, references, by):
    """The asked cases that may go on this agenda and that this person deals with, by reference, all locked."""
    known = [reference for reference in references if "\0" not in reference]
    asked = schedulable(session).filter(application__reference__in=known)
    asked = asked.filter(pk__in=Case.objects.readable_by(by)).values("application")
    applications = {
        each.pk: each for each in Application.objects.filter(pk__in=asked).order_by("pk").select_for_update()
    }
    cases = schedulable(session).filter(application__in=applications).order_by("pk")
    found = {}
    for case in cases.select_for_update(of=["self"]):
        case.application = applications[case.application_id]
        found[case.application.reference] = case
    return found
