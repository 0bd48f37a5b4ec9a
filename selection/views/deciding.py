"""One item of the agenda once its scores are known: voted, then decided by the chair, corrected if need be."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.template.defaultfilters import floatformat
from django.views.decorators.http import require_http_methods, require_POST

from calls.money import euros
from journal.refusals import refuse_unless, require
from selection import envelope, proposals, reserve, rules, tally
from selection.access import reads_every_decision
from selection.actions import decisions, session, votes
from selection.forms.deciding import BallotForm, ConsensusForm, CorrectionForm, DecisionForm, PutOffForm
from selection.models import AgendaItem, VoteMode
from selection.views import voting
from selection.views.committee import get_item
from selection.views.refusal import keeping, status_of


@require_POST
def vote(request, pk, reference):
    """Cast one's vote, by name."""
    found = get_item(request, pk, reference)
    require(rules.can_vote(request.user, found))
    form = BallotForm(request.POST, item=found)
    if not form.is_valid():
        return render(request, "selection/vote.html", {"item": found, "form": form})
    ballot = votes.vote(found, by=request.user, **form.cleaned_data)
    kept = "Votre vote est enregistré."
    if ballot.vote.closed_at is None:
        messages.success(request, f"{kept} Il se change tant que le vote est ouvert.")
    else:
        messages.success(request, f"{kept} Il l’était avant la clôture, et il compte.")
    return redirect("selection:item", pk, reference)


@require_POST
def open_vote(request, pk, reference):
    votes.open_vote(get_item(request, pk, reference), by=request.user)
    messages.success(request, "Le vote est ouvert.")
    return redirect("selection:item", pk, reference)


@require_POST
def close_vote(request, pk, reference):
    votes.close_vote(get_item(request, pk, reference), by=request.user)
    messages.success(request, "Le vote est clos : aucun bulletin ne change plus.")
    return redirect("selection:decide", pk, reference)


@require_http_methods(["GET", "HEAD", "POST"])
def note_consensus(request, pk, reference):
    """The chair notes what the committee agrees on, where the session votes so."""
    found = get_item(request, pk, reference)
    require(rules.can_chair_item(request.user, found))
    refuse_unless(
        found.session.vote_mode == VoteMode.CONSENSUS and found.state == AgendaItem.State.REVEALED,
        "Un consensus se constate une fois les notes révélées, dans une séance qui vote ainsi.",
    )
    form = ConsensusForm(request.POST or None, item=found, initial={"amount": found.proposed_amount})
    if form.is_valid():
        votes.note_consensus(found, by=request.user, **form.cleaned_data)
        messages.success(request, "Le consensus est constaté.")
        return redirect("selection:decide", pk, reference)
    return render(request, "selection/consensus.html", {"item": found, "form": form})


KEPT = {  # by whether the committee only proposes
    True: "La proposition est enregistrée : le dossier peut venir devant le comité qui décide.",
    False: "La décision est enregistrée.",
}
CORRECTED = {
    True: "La proposition est corrigée ; la précédente reste lisible au dossier.",
    False: "La décision est corrigée ; la précédente reste lisible au dossier.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def put_off(request, pk, reference):
    """The chair leaves an item to another session, and says why."""
    found = get_item(request, pk, reference)
    require(rules.can_chair_item(request.user, found))
    form = PutOffForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            session.put_off(found, by=request.user, **form.cleaned_data)
            messages.success(request, f"{reference} est renvoyé à une autre séance.")
            return _back_to_the_room(found)
    return render(request, "selection/put_off.html", {"item": found, "form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, pk, reference):
    """The chair decides what was voted."""
    found = get_item(request, pk, reference)
    require(rules.can_chair_item(request.user, found))
    refuse_unless(found.state == AgendaItem.State.VOTED, "Le vote sur ce dossier n’est pas clos.")
    [result] = tally.table([found])
    form = DecisionForm(request.POST or None, item=found, below=_hindrances(found, result))
    if form.is_valid() and _kept(form, decisions.decide, found, request.user):
        messages.success(request, KEPT[found.session.committee.proposes])
        return _back_to_the_room(found)
    return render(request, "selection/decide.html", _context(request, found, form, result))


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk, reference):
    """The chair decides again, and says why; the decision that was taken first is kept."""
    found = get_item(request, pk, reference)
    require(rules.can_correct(request.user, found))
    refuse_unless(voting.can_correct(found, request.user), "Ceci ne se corrige pas, ou plus.")
    [result] = tally.table([found])
    form = CorrectionForm(
        request.POST or None, item=found, below=_hindrances(found, result), standing=found.decision
    )
    if form.is_valid() and _kept(form, decisions.correct, found, request.user):
        messages.success(request, CORRECTED[found.session.committee.proposes])
        return redirect("selection:item", pk, reference)
    return render(request, "selection/decide.html", _context(request, found, form, result))


def _back_to_the_room(item):
    """Who leads from the page that conducts the session goes on from there, others from the session's."""
    if item.session.board.current_id == item.pk:
        return redirect("selection:conduct", item.session_id)
    return redirect(item.session)


def _hindrances(item, result):
    """Why the project cannot be selected, a sentence each without its final point."""
    return [*result.below, *filter(None, [tally.not_carried(item).removesuffix(".")])]


def _kept(form, act, item, by):
    """Whether the decision was kept; what money or the reserve list refuses is told beside its field."""
    try:
        act(item, by=by, **form.said())
    except (envelope.EnvelopeExceeded, decisions.BeyondVote) as exceeded:
        form.add_error("amount", exceeded.reason)
    except reserve.RankTaken as taken:
        form.add_error("rank", taken.reason)
    return form.is_valid()


def _context(request, item, form, result):
    submission, purse = item.case.submission, item.session.envelope
    facts = [
        ("Porteur", item.case.application.jury_name),
        ("Subvention demandée", euros(submission.requested_grant)),
        ("Subvention proposée au comité", euros(item.proposed_amount)),
        ("Moyenne pondérée", "–" if result.average is None else floatformat(result.average, 2)),
    ]
    if reads_every_decision(request.user, purse):
        facts.append(("Reste disponible dans l’enveloppe", euros(envelope.remaining(purse))))
    return {
        "item": item,
        "proposes": item.session.committee.proposes,
        "form": form,
        "below": form.below,
        "votes": [vote for vote in voting.told(item) if vote.closed_at],
        "proposals": proposals.told(item, request.user),
        "facts": facts,
    }
