"""What a recusal undoes, whenever it comes: nothing of the dossier stays with someone recused, nor reaches them."""

from django.db.models import Q

from accounts.actions import notices
from applications.models import Recusal
from documents import actions as documents
from documents.models import ProducedDocument
from journal import actions as journal
from selection import conflict_emails, rules
from selection.access import book_key, items_readable_by, whole_book_key
from selection.actions.opinions import withdraw
from selection.actions.reviews import give_back
from selection.actions.standing import count_again
from selection.lifecycle import State
from selection.models import Ballot, CommitteeSession, HearingSlot, OpinionRequest, Review

REASON_LENGTH = Recusal._meta.get_field("reason").max_length
ASKED_NO_MORE = "Déport"
BOOK = "selection.committee_book"

# Steps


def recuse(case, user, reason, *, by):
    """Note that someone has nothing to do with a dossier any more, and undo what they had to do with it.

    It is in nobody's charge, the opinion asked of them is withdrawn, they leave the panel of its hearing, their review
    is kept and no longer counts, their committee book is made again without it. The secretariat is told once of all of
    it; they are told nothing more.
    """
    application = case.application
    Recusal.objects.get_or_create(
        application=application, user=user, defaults={"reason": reason[:REASON_LENGTH]}
    )
    journal.record("application.recused", application, by=by, user=user.pk, reason=reason)
    notices.forget_held(user, mentioning=application.reference)
    # Each says what it undid, and whom that concerns.
    undone = [
        *_leave_charge(case, user, by),
        *_withdraw_opinions(case, user, by),
        *_leave_panel(case, user, by),
        *_leave_reviews(case, user, by),
        *_leave_committee(case, user, by),
    ]
    count_again(case)
    _make_books_again(case, user)
    if undone:
        journal.post(*conflict_emails.recusal_told(case, user, undone, by=by))


def _make_books_again(case, user):
    """The books made before are nobody's any more: theirs holds the dossier, the whole one what they had said of it."""
    Meeting = CommitteeSession.State
    sessions = CommitteeSession.objects.filter(
        Q(state=Meeting.OPEN) | Q(state=Meeting.CONVENED, books__isnull=False), items__case=case
    )
    for session in sessions.select_related("committee").distinct():
        keys = {whole_book_key(session)}
        if rules.seat_of(user, session) and items_readable_by(user, session).exists():
            keys.add(book_key(user, session))
        for key in sorted(keys):
            if ProducedDocument.objects.latest(BOOK, key) is None:
                documents.request(BOOK, key)


def _leave_charge(case, user, by):
    if case.officer_id == user.pk:
        case.officer = None
        case.save(update_fields=["officer"])
        journal.record("case.released", case, by=by, officer=None, before=user.pk)
        yield "Plus personne n’a la charge du dossier : confiez-le à quelqu’un.", None


def _withdraw_opinions(case, user, by):
    """Given or not: what was given stays in the file, and the committee no longer reads it."""
    theirs = Q(expert=user) | Q(email__iexact=user.email)
    asked = (
        OpinionRequest.objects.standing().filter(theirs, case=case).select_related("invitation", "asked_by")
    )
    for each in asked.select_for_update(of=["self"]).order_by("pk"):
        each.case = case
        withdraw(each, reason=ASKED_NO_MORE, by=by)
        given = " ; celui qui était rendu n’est plus lu par le comité" if each.opinions.exists() else ""
        yield f"L’avis demandé pour le compte de « {each.body} » est retiré{given}.", each.asked_by


def _leave_panel(case, user, by):
    """What was heard stays as it was: only a hearing that is not closed loses a member of its panel."""
    slots = HearingSlot.objects.filter(hearing__case=case, hearing__closed_at=None, panel=user)
    slot = slots.select_related("hearing__invited_by").select_for_update(of=["self"]).first()
    if slot:
        slot.panel.remove(user)
        journal.record("hearing.panel_left", case.application, by=by, user=user.pk, hearing=slot.when)
        alone = "" if slot.panel.exists() else " Plus personne n’est de ce jury : complétez-le."
        yield (
            f"Le jury de l’audition prévue {slot.when} compte une personne de moins.{alone}",
            slot.hearing.invited_by,
        )


def _leave_committee(case, user, by):
    """What they scored and voted stays as it was and counts no more; what was decided with it stands."""
    for item in case.agenda_items.select_related("session").order_by("pk"):
        cards = list(item.scorecards.filter(seat__user=user).order_by("pk").values_list("pk", flat=True))
        ballots = Ballot.objects.filter(vote__item=item, seat__user=user).order_by("pk")
        ballots = list(ballots.values_list("pk", flat=True))
        if cards or ballots:
            journal.record(
                "item.member_set_aside", item, by=by, user=user.pk, scorecards=cards, ballots=ballots
            )
            told = "Ce que cette personne a noté ou voté ne compte plus"
            yield f"{told} ({item.session}) ; moyennes, quorum et résultats sont recomptés.", None


def _leave_reviews(case, user, by):
    """A consensus that they had a part in is to be agreed again while the dossier is in instruction."""
    own = case.reviews.own().select_related("assigned_by").filter(reviewer=user).first()
    if own:
        journal.record("case.review_set_aside", case, by=by, reviewer=user.pk)
        yield "Son évaluation ne compte plus ; ce qui en est écrit est gardé.", own.assigned_by
    agreed = case.reviews.select_for_update(of=["self"]).filter(
        kind=Review.Kind.CONSENSUS, state=Review.State.FINISHED
    )
    agreed = agreed.select_related("reviewer").first()
    if agreed and case.state == State.UNDER_REVIEW and (own or agreed.reviewer_id == user.pk):
        give_back(agreed)
        journal.record("case.review_reopened", case, by=by, review=agreed.pk, reason=ASKED_NO_MORE)
        yield "Le consensus est rouvert : il est à reprendre sans cette évaluation.", agreed.reviewer
