"""The committee's pages: its sessions, and the table of one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.money import euros
from calls.rules import is_in_some_secretariat
from documents import actions as documents
from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from journal import dates
from journal.refusals import require
from selection import deliberation, envelope, quorum, reading, rules, scenarios, tally
from selection.access import book_key, items_readable_by, reads_every_decision
from selection.actions import evidence, scoring, votes
from selection.actions import session as actions
from selection.forms.committee import SessionForm
from selection.models import AgendaItem, CommitteeSession, Scorecard

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
    progress = reading.progress(items, seat) if seat else None
    context = {
        "session": found,
        "seat": seat,
        "tallies": tally.ranked(tally.table(items)),
        "progress": progress,
        "minutes_left": reading.minutes_left(progress) if progress else None,
        "part": reading.part_of(seat, found, items) if seat else None,
        "scored_by_some": set(Scorecard.objects.filter(item__in=items).values_list("item_id", flat=True)),
        "facts": session_facts(request.user, found, seat, items),
        "can_chair": rules.can_chair(request.user, found),
        "steps": {item.state for item in items},
        "may_close": all(item.is_over for item in items),
        "can_prepare": rules.can_prepare_session(request.user, found.fund),
        "can_open": rules.can_open_session(request.user, found),
        "reads_annex": rules.reads_annex(request.user, found),
        "presented": scenarios.presented_to(request.user, found),
        "documents": found.documents.all(),
        "to_enter": has_to_enter(found, seat),
        "book": ProducedDocument.objects.latest(BOOK, book_key(request.user, found)),
        "over": found.state in evidence.OVER,
        "has_evidence": found.state in evidence.OVER
        and rules.reads_fund(request.user, found.fund)
        and len(items) == found.items.count(),
    }
    return render(request, "selection/session.html", context)


def has_to_enter(session, seat):
    """Whether a member is still to declare their interests, which signs them in."""
    if seat is None or session.state != CommitteeSession.State.OPEN:
        return False
    return not session.statements.filter(seat=seat).exists()


def session_facts(user, session, seat, items):
    """(label, value) pairs of a session. Who is recused from some dossier is told no total it could be read from."""
    facts = [
        ("Comité", session.committee.name),
        ("Date", when(session)),
        ("Lieu", session.place or "non communiqué"),
        ("Enveloppe", f"{session.envelope} : {euros(session.envelope.commitments)} (AE)"),
    ]
    if session.committee.proposes:
        facts.append(
            (
                "Ce comité",
                "propose : ses propositions vont au comité qui décide, rien n’est pris sur l’enveloppe",
            )
        )
    facts += room_facts(session)
    if seat:
        facts.append(("Vous siégez comme", seat.title))
    if len(items) == session.items.count() and reads_every_decision(user, session.envelope):
        facts.append(("Déjà accordé", euros(envelope.granted(session.envelope))))
        facts.append(("Reste disponible", euros(envelope.remaining(session.envelope))))
    return facts


def when(session):
    """The day, and the hour where it is known."""
    hour = f" à {session.starts_at:%H:%M}" if session.starts_at else ", heure non communiquée"
    return dates.day(session.held_on) + hour


def room_facts(session):
    """(label, value) pairs of who is there, and how many must be."""
    exigence = "non communiqué"
    if session.quorum is not None:
        exigence = ngettext("%d votant présent", "%d votants présents", session.quorum) % session.quorum
    if session.state != CommitteeSession.State.OPEN:
        return [("Quorum", exigence)]
    voting = list(quorum.present(session).values_list("is_voting", flat=True))
    if session.quorum is not None:
        exigence += " : atteint" if sum(voting) >= session.quorum else " : non atteint"
    voters = f"{sum(voting)} votant{'s' if sum(voting) > 1 else ''}"
    return [("En séance", f"{len(voting)}, dont {voters}"), ("Quorum", exigence)]


@require_http_methods(["GET", "HEAD", "POST"])
def reveal_all(request, pk):
    """Ask, saying how many have scored, then show everyone's scores: it is not undone."""
    session = get_session(request, pk)
    require(rules.can_chair(request.user, session))
    if request.method == "POST":
        count = scoring.reveal_all(session, by=request.user)
        revealed = ngettext(
            "Les notes de %d dossier sont révélées.", "Les notes de %d dossiers sont révélées.", count
        )
        if count:
            messages.success(request, revealed % count)
        else:
            messages.warning(
                request, "Rien n’est révélé : aucun dossier que vous présidez n’a de notes scellées."
            )
        return redirect(session)
    sealed = items_readable_by(request.user, session).filter(state=AgendaItem.State.SCORING)
    items = deliberation.with_scorers(sealed, session)
    context = {"session": session, "items": items, "any": any(item.given for item in items)}
    return render(request, "selection/reveal_all.html", context)


@require_POST
def open_all_votes(request, pk):
    session = get_session(request, pk)
    count = votes.open_all_votes(session, by=request.user)
    if count:
        told = ngettext("Le vote est ouvert sur %d dossier.", "Le vote est ouvert sur %d dossiers.", count)
        messages.success(request, told % count)
    else:
        messages.warning(request, "Aucun vote n’est ouvert.")
    waiting = items_readable_by(request.user, session).filter(state=AgendaItem.State.REVEALED)
    for item in waiting:
        if missing := quorum.missing_text(item):
            messages.warning(request, f"{item} : {missing} Faites noter les arrivées, puis ouvrez son vote.")
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
    back = found.get_absolute_url()
    return show_progress(request, document, label="Livre du comité", back=back, may_order=True)


@require_safe
def book_pdf(request, pk):
    found = get_session(request, pk)
    document = ProducedDocument.objects.latest(BOOK, book_key(request.user, found))
    if document is None or document.file is None:
        raise Http404
    return serve(document.file, name=f"Livre du comité {found.held_on}.pdf")
