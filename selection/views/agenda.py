"""Preparing a session: its ranking simulated against the envelope, the order of its agenda, its frozen book."""

import re
from decimal import Decimal
from itertools import count

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from journal.refusals import Refused, require
from selection import ranking, rules, simulation
from selection.access import items_readable_by, readable_cases, reads_whole
from selection.actions import agenda as actions
from selection.forms.agenda import ProposalForm
from selection.models import Case, CommitteeSession, Review
from selection.views.committee import get_item, get_session

TICKED = re.compile(r"dossier-([1-9][0-9]{0,17})-add", re.ASCII)


@require_http_methods(["GET", "HEAD", "POST"])
def ranked(request, pk):
    """The ranking: simulate amounts (nothing is written), then put dossiers on the agenda with them."""
    session = get_session(request, pk)
    require(rules.can_prepare_session(request.user, session.fund))
    cases = list(ranking.ranked(session, request.user))
    forms = [ProposalForm(request.POST or None, case=case, amount=ranking.amount_of(case)) for case in cases]
    status = 200
    if request.method == "POST" and all(form.is_valid() for form in forms) and "keep" in request.POST:
        try:
            added, clashes = _keep(session, forms, by=request.user)
        except Refused as refusal:
            messages.error(
                request, f"{refusal.reason} Rien n’est gardé ; ce que vous avez tapé est ci-dessous."
            )
            for form in forms:
                form.tell_of_refusal(getattr(refusal, "reasons", {}))
            status = 409
        else:
            inscribed = ngettext("%d dossier est inscrit.", "%d dossiers sont inscrits.", added) % added
            _tell_of_gone(request, cases)
            if not clashes:
                messages.success(request, f"Les montants sont gardés à l’ordre du jour. {inscribed}")
                return redirect("selection:ranking", pk)
            messages.warning(request, f"Les autres montants sont gardés à l’ordre du jour. {inscribed}")
            forms, status = _after_clash(session, request.user, forms, clashes), 409
    return render(request, "selection/ranking.html", _simulated(request, session, forms), status=status)


def _after_clash(session, user, forms, clashes):
    """The rows as they now stand; what a colleague changed says so and keeps what was typed, as do mere simulations."""
    typed = {form.case.pk: form for form in forms}
    changed = {item.case_id: item for item in clashes}
    for key, item in changed.items():
        typed[key].tell_of_clash(item)
    return [
        typed[case.pk]
        if case.pk in changed or (case.pk in typed and not case.here)
        else ProposalForm(case=case, amount=ranking.amount_of(case))
        for case in ranking.ranked(session, user)
    ]


def _tell_of_gone(request, cases):
    """Name the ticked dossiers that the ranking no longer has: withdrawn, decided or moved since the page was read."""
    ticked = {int(found[1]) for found in map(TICKED.fullmatch, request.POST) if found}
    gone = ticked - {case.pk for case in cases}
    found = Case.objects.readable_by(request.user).filter(pk__in=gone).select_related("application")
    if names := ", ".join(str(case) for case in found.order_by("pk")):
        messages.error(
            request,
            f"Pas inscrits, car ils ne peuvent plus venir à cette séance : {names}. Rouvrez-les pour voir ce qui a"
            " changé.",
        )


def _keep(session, forms, *, by):
    """Put the ticked ones on the agenda, and keep the amounts of those that are on it.

    How many were put, and the items whose amount a colleague changed meanwhile.
    """
    said = {form.case.application.reference: form.cleaned_data["amount"] for form in forms}
    here = {form.case.application.reference for form in forms if form.item and form.is_typed}
    ticked = [form.case.application.reference for form in forms if form.cleaned_data.get("add")]
    amounts = {name: said[name] for name in [*ticked, *here]}
    read = {
        form.case.application.reference: form.cleaned_data["read"]
        for form in forms
        if form.add_prefix("read") in form.data
    }
    clashes = actions.keep_ranking(session, added=ticked, amounts=amounts, read=read, by=by)
    return len(ticked), clashes


def _simulated(request, session, forms):
    left = ranking.left_for(session, request.user, len(forms))
    lines, rest, years, unscheduled = [], None, {}, 0
    if left is not None:
        lines, rest = simulation.simulate([(form.case, form.simulated) for form in forms], left)
        years, unscheduled = simulation.payments(lines)
    items = items_readable_by(request.user, session).select_related("book").order_by("position")
    return {
        "session": session,
        "rows": [(form, lines[rank] if lines else None) for rank, form in enumerate(forms)],
        "forms": forms,
        "left": left,
        "rest": rest,
        "funded": sum(line.place in (simulation.Place.WITHIN, simulation.Place.FITS) for line in lines),
        "years": years,
        "unscheduled": unscheduled,
        "recommendations": dict(Review.Recommendation.choices),
        "items": items,
        "is_open": session.state in (CommitteeSession.State.CONVENED, CommitteeSession.State.OPEN),
    }


@require_POST
def move_item(request, pk, reference):
    """Move an item up or down the agenda, by one."""
    actions.move_item(get_item(request, pk, reference), up="up" in request.POST, by=request.user)
    return redirect(f"{reverse('selection:ranking', args=[pk])}#point-{reference}")


@require_POST
def rank_items(request, pk):
    actions.rank_items(get_session(request, pk), by=request.user)
    messages.success(request, "L’ordre du jour suit les notes ; ce qui est figé n’a pas bougé.")
    return redirect(f"{reverse('selection:ranking', args=[pk])}#ordre")


@require_http_methods(["GET", "HEAD", "POST"])
def frozen_books(request, pk):
    """What was frozen, when, by whom; a POST freezes the rest of the agenda."""
    session = get_session(request, pk)
    require(rules.reads_fund(request.user, session.fund))
    if request.method == "POST":
        actions.freeze_book(session, seen=request.POST.getlist("reference"), by=request.user)
        messages.success(request, "C’est figé. Le PDF se prépare ; rien de ce qui est figé ne changera plus.")
        return redirect("selection:frozen_books", pk)
    readable = (
        items_readable_by(request.user, session).select_related("case__submission").order_by("position")
    )
    items = {item.case.application.reference: item for item in readable}
    books = list(session.books.select_related("frozen_by"))
    cases = readable_cases(request.user, books)
    number = count(1)  # of what is read: a gap would tell of what is not
    for book in books:
        rows = [row for row in book.content if row["reference"] in cases]
        book.rows = [(_told(row) | {"number": next(number)}, cases[row["reference"]]) for row in rows]
        book.is_whole = len(book.rows) == len(book.content)
        book.document = ProducedDocument.objects.latest(actions.BOOK, f"book/{book.pk}")
    context = {
        "session": session,
        "books": books,
        "waiting": [item for item in items.values() if item.book_id is None],
        "can_freeze": rules.can_prepare_session(request.user, session.fund)
        and session.state in (CommitteeSession.State.CONVENED, CommitteeSession.State.OPEN)
        and len(items) == session.items.count(),
    }
    return render(request, "selection/frozen_books.html", context)


def _told(row):
    """A frozen row, with its figures as numbers."""
    amount, score = row["proposed_amount"], row["review_score"]
    return row | {"amount": amount and Decimal(amount), "score": score and Decimal(score)}


def get_book(request, pk, number):
    """A frozen book all of whose dossiers this person reads, or 404: who is recused has a book of their own."""
    session = get_session(request, pk)
    require(rules.reads_fund(request.user, session.fund))
    book = get_object_or_404(session.books, number=number)
    if not reads_whole(request.user, book):
        raise Http404
    return book


@require_http_methods(["GET", "HEAD", "POST"])
def frozen_book(request, pk, number):
    """How far the PDF of a frozen book is."""
    book = get_book(request, pk, number)
    document = ProducedDocument.objects.latest(actions.BOOK, f"book/{book.pk}")
    back = reverse("selection:frozen_books", args=[pk])
    return show_progress(request, document, label=book.called, back=back)


@require_safe
def frozen_book_pdf(request, pk, number):
    book = get_book(request, pk, number)
    document = ProducedDocument.objects.latest(actions.BOOK, f"book/{book.pk}")
    if document is None or document.file is None:
        raise Http404
    return serve(document.file, name=f"{book.called} {book.session.held_on}.pdf")
