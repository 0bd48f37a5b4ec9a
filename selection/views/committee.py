"""The committee's pages: the session, its items, the votes, the chair's decisions."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import floatformat
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.dossier import present
from calls.money import euros
from calls.rules import is_in_some_secretariat
from documents import actions as documents
from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from journal import dates
from journal.refusals import refuse_unless, require
from selection import envelope, opinions, reviewing, rules, tally
from selection.access import book_key, items_readable_by, reads_every_decision
from selection.actions import session as actions
from selection.forms.committee import BallotForm, DecisionForm, ScorecardForm, SessionForm
from selection.models import AgendaItem, Ballot, CommitteeSession, Scorecard
from selection.views.case import facts as instruction_facts

BOOK = "selection.committee_book"


def get_session(request, pk):
    """A session this person sits in or prepares, or 404."""
    sessions = CommitteeSession.objects.visible_to(request.user).select_related(
        "committee__fund", "envelope__fund"
    )
    return get_object_or_404(sessions, pk=pk)


def get_item(request, pk, reference):
    session = get_session(request, pk)
    return get_object_or_404(items_readable_by(request.user, session), case__application__reference=reference)


@require_safe
def committee(request):
    """The sessions one sits in."""
    sessions = CommitteeSession.objects.seating(request.user).select_related("committee__fund")
    require(rules.sits_somewhere(request.user))
    return render(request, "selection/committee.html", {"sessions": sessions})


@require_safe
def sessions(request):
    """The sessions of one's funds, for the secretariat."""
    require(rules.reads_some_fund(request.user))
    found = CommitteeSession.objects.visible_to(request.user).select_related(
        "committee__fund", "envelope__fund"
    )
    can_convene = is_in_some_secretariat(request.user)
    return render(request, "selection/sessions.html", {"sessions": found, "can_convene": can_convene})


@require_http_methods(["GET", "HEAD", "POST"])
def convene(request):
    """Prepare a session: committee, envelope, date."""
    require(is_in_some_secretariat(request.user))
    form = SessionForm(request.POST or None, user=request.user)
    if form.is_valid():
        session = actions.convene(by=request.user, **form.cleaned_data)
        messages.success(
            request, "La séance est convoquée ; ses membres sont prévenus. Composez son ordre du jour."
        )
        return redirect("selection:ranking", session.pk)
    return render(request, "selection/convene.html", {"form": form})


@require_POST
def remove_from_agenda(request, pk, reference):
    actions.remove_from_agenda(get_item(request, pk, reference), by=request.user)
    messages.success(request, "Le dossier n’est plus à l’ordre du jour.")
    return redirect("selection:session", pk)


@require_POST
def open_session(request, pk):
    session = get_session(request, pk)
    actions.open_session(session, by=request.user)
    messages.success(request, "La séance est ouverte : les membres peuvent noter.")
    return redirect(session)


@require_safe
def session(request, pk):
    """The agenda with one's own progress, then the committee's table once scores are revealed."""
    found = get_session(request, pk)
    items = list(items_readable_by(request.user, found))
    seat = rules.seat_of(request.user, found)
    context = {
        "session": found,
        "seat": seat,
        "tallies": tally.ranked(tally.table(items)),
        "scored": set(Scorecard.objects.filter(seat=seat, item__in=items).values_list("item_id", flat=True)),
        "scored_by_some": set(Scorecard.objects.filter(item__in=items).values_list("item_id", flat=True)),
        "voted": set(Ballot.objects.filter(seat=seat, item__in=items).values_list("item_id", flat=True)),
        "facts": session_facts(request.user, found, seat, items),
        "can_chair": rules.can_chair(request.user, found),
        "can_prepare": rules.can_prepare_session(request.user, found.fund),
        "can_open": rules.can_open_session(request.user, found),
        "book": ProducedDocument.objects.latest(BOOK, book_key(request.user, found)),
    }
    return render(request, "selection/session.html", context)


def session_facts(user, session, seat, items):
    """(label, value) pairs of a session. Who is recused from some dossier is told no total it could be read from."""
    facts = [
        ("Comité", session.committee.name),
        ("Date", dates.day(session.held_on)),
        ("Enveloppe", f"{session.envelope} : {euros(session.envelope.commitments)} (AE)"),
    ]
    if seat:
        facts.append(("Vous siégez comme", seat.title))
    if len(items) == session.items.count() and reads_every_decision(user, session.envelope):
        facts.append(("Déjà accordé", euros(envelope.granted(session.envelope))))
        facts.append(("Reste disponible", euros(envelope.remaining(session.envelope))))
    return facts


@require_http_methods(["GET", "HEAD", "POST"])
def item(request, pk, reference):
    """Read a dossier, score it under seal, then vote on it."""
    found = get_item(request, pk, reference)
    seat = rules.seat_of(request.user, found.session)
    card = Scorecard.objects.filter(item=found, seat=seat).prefetch_related("scores").first()
    form = None
    if seat and found.is_sealed and found.session.state == CommitteeSession.State.OPEN:
        call = found.case.application.call
        form = ScorecardForm(request.POST or None, call=call, initial=ScorecardForm.initial_of(card))
    if request.method == "POST":
        require(rules.can_score(request.user, found))
        if form is None or form.is_valid():
            actions.score(
                found,
                scores=form.scores() if form else {},
                comment=form.cleaned_data["comment"] if form else "",
                by=request.user,
            )
            messages.success(request, "Vos notes sont enregistrées, scellées jusqu’à leur révélation.")
            return redirect(found.session)
    return render(request, "selection/item.html", item_context(request, found, seat, card, form))


def item_context(request, found, seat, card, form):
    [result] = tally.table([found])
    mine = Ballot.objects.filter(item=found, seat=seat).first()
    revealed = (
        []
        if found.is_sealed
        else found.scorecards.select_related("seat").prefetch_related("scores__criterion")
    )
    standing, others = reviewing.for_committee(found.case)
    return {
        "item": found,
        "seat": seat,
        "card": card,
        "form": form,
        "ballot_form": BallotForm(initial={"choice": mine.choice if mine else None}),
        "ballot": mine,
        "ballots": found.ballots.select_related("seat") if found.state == AgendaItem.State.DECIDED else [],
        "tally": result,
        "facts": instruction_facts(found.case.submission, to_jury=seat is not None),
        "cards": revealed,
        "standing": standing,
        "other_reviews": others,
        "opinions": opinions.for_committee(found.case),
        "dossier": present(found.case.submission),
        "can_chair": rules.can_chair_item(request.user, found),
    }


@require_safe
def opinion_file(request, pk, reference, file_pk):
    """A file joined to an opinion that the committee reads."""
    read = opinions.for_committee(get_item(request, pk, reference).case)
    file = next((file for opinion in read for file in opinion.files.all() if file.pk == file_pk), None)
    if file is None:
        raise Http404
    return serve(file.file, name=file.name)


@require_POST
def vote(request, pk, reference):
    """Cast one's vote, by name."""
    found = get_item(request, pk, reference)
    form = BallotForm(request.POST)
    if form.is_valid():
        actions.vote(found, choice=form.cleaned_data["choice"], by=request.user)
        messages.success(request, "Votre vote est enregistré. Il se change tant que le vote est ouvert.")
    else:
        messages.error(request, "Choisissez pour, contre ou abstention : aucun vote n’a été enregistré.")
    return redirect("selection:item", pk, reference)


@require_POST
def reveal(request, pk, reference):
    actions.reveal(get_item(request, pk, reference), by=request.user)
    messages.success(request, "Les notes sont révélées.")
    return redirect("selection:item", pk, reference)


@require_POST
def open_vote(request, pk, reference):
    actions.open_vote(get_item(request, pk, reference), by=request.user)
    messages.success(request, "Le vote est ouvert.")
    return redirect("selection:item", pk, reference)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, pk, reference):
    """The chair closes the vote and decides."""
    found = get_item(request, pk, reference)
    require(rules.can_chair_item(request.user, found))
    submission = found.case.submission
    refuse_unless(found.state == AgendaItem.State.VOTE_OPEN, "Le vote sur ce dossier n’est pas ouvert.")
    [result] = tally.table([found])
    form = DecisionForm(request.POST or None, call=found.case.application.call, below=result.below)
    if form.is_valid():
        try:
            actions.decide(found, by=request.user, **form.cleaned_data)
        except envelope.EnvelopeExceeded as exceeded:
            form.add_error("amount", exceeded.reason)
        else:
            messages.success(request, "La décision est enregistrée.")
            return redirect(found.session)
    context = {
        "item": found,
        "form": form,
        "below": result.below,
        "ballots": found.ballots.select_related("seat"),
        "facts": [
            ("Porteur", found.case.application.jury_name),
            ("Subvention demandée", euros(submission.requested_grant)),
            (
                "Moyenne pondérée",
                "–" if result.average is None else floatformat(result.average, 2),
            ),
            ("Reste disponible dans l’enveloppe", euros(envelope.remaining(found.session.envelope))),
        ],
    }
    return render(request, "selection/decide.html", context)


@require_POST
def reveal_all(request, pk):
    session = get_session(request, pk)
    count = actions.reveal_all(session, by=request.user)
    messages.success(
        request,
        ngettext("Les notes de %d dossier sont révélées.", "Les notes de %d dossiers sont révélées.", count)
        % count,
    )
    return redirect(session)


@require_POST
def open_all_votes(request, pk):
    session = get_session(request, pk)
    count = actions.open_all_votes(session, by=request.user)
    messages.success(
        request,
        ngettext("Le vote est ouvert sur %d dossier.", "Le vote est ouvert sur %d dossiers.", count) % count,
    )
    return redirect(session)


@require_POST
def close_session(request, pk):
    session = get_session(request, pk)
    actions.close_session(session, by=request.user)
    messages.success(request, "La séance est close.")
    return redirect(session)


@require_http_methods(["GET", "HEAD", "POST"])
def book(request, pk):
    """How far one's committee book is; a POST asks for a new one."""
    found = get_session(request, pk)
    key = book_key(request.user, found)
    if request.method == "POST":
        documents.order(BOOK, key)
        return redirect("selection:book", pk)
    document = ProducedDocument.objects.latest(BOOK, key)
    return show_progress(request, document, label="Livre du comité", back=found.get_absolute_url())


@require_safe
def book_pdf(request, pk):
    found = get_session(request, pk)
    document = ProducedDocument.objects.latest(BOOK, book_key(request.user, found))
    if document is None or document.file is None:
        raise Http404
    return serve(document.file, name=f"Livre du comité {found.held_on}.pdf")
