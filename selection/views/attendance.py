"""Who is in the room, what each declares on entering it, and what is settled of it."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.refusals import refuse_unless, require
from selection import rules
from selection.access import items_readable_by
from selection.actions import attendance as actions
from selection.actions import conflicts
from selection.forms.attendance import StatementForm, TieForm
from selection.forms.conflicts import RecusalForm, SettlementForm
from selection.models import Attendance, CommitteeSession, ConflictDeclaration, SessionStatement
from selection.views.committee import get_item, get_session
from selection.views.refusal import keeping, status_of

State = ConflictDeclaration.State


def get_seat(request, pk, seat_pk):
    """(session, seat) where this person may say who is in the room, 403 where they read it only."""
    session = get_session(request, pk)
    seats = session.committee.seats.sitting().select_related("user", "scope")
    seat = get_object_or_404(seats, pk=seat_pk)
    require(rules.can_mark_presence(request.user, session, seat))
    return session, seat


def ties_readable_by(user, session):
    """What ties the members to the dossiers of the agenda that this person reads; one's own, for a plain member."""
    ties = ConflictDeclaration.objects.filter(
        application__in=items_readable_by(user, session).values("case__application"),
        user__in=session.committee.seats.sitting().values("user"),
    )
    if not (rules.can_chair(user, session) or rules.reads_fund(user, session.fund)):
        ties = ties.filter(user=user)
    return ties.select_related("application", "user", "settled_by").order_by("settled_at", "raised_at", "pk")


@require_safe
def attendance(request, pk):
    """Each seat: here or not, what its member declared; then what is to be settled."""
    session = get_session(request, pk)
    items = items_readable_by(request.user, session)
    stays, stated = (
        Attendance.objects.filter(session=session),
        SessionStatement.objects.filter(session=session),
    )
    seats = session.committee.seats.sitting().select_related("user", "scope")
    seats = list(
        seats.prefetch_related(
            Prefetch("attendances", stays, to_attr="stays"), Prefetch("statements", stated, to_attr="stated")
        )
    )
    leads = rules.can_chair(request.user, session) or rules.can_prepare_session(request.user, session.fund)
    there = [seat for seat in seats if any(stay.left_at is None for stay in seat.stays)]
    context = {
        "session": session,
        "seats": seats,
        "there": there,
        "voting": sum(seat.is_voting for seat in there),
        "leads": leads,
        "seat": rules.seat_of(request.user, session),
        # What a member says of a dossier is not read by who is recused from it.
        "reads_words": items.count() == session.items.count(),
        "ties": ties_readable_by(request.user, session),
    }
    return render(request, "selection/attendance.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def state_interests(request, pk, seat_pk):
    """A member's declaration for this session, which signs them in."""
    session, seat = get_seat(request, pk, seat_pk)
    refuse_unless(
        session.state == CommitteeSession.State.OPEN, "La déclaration d’intérêts se fait en séance ouverte."
    )
    items = session.items.within_scope_of(seat).filter(pk__in=items_readable_by(request.user, session))
    form = StatementForm(request.POST or None, items=items.select_related("case__application"))
    if form.is_valid():
        with keeping(form):
            data = form.cleaned_data
            raised = actions.state_interests(
                session, seat, text=data["text"], tied=data["tied"], by=request.user
            )
            messages.success(request, entered(seat, raised))
            return redirect(session)
    own = seat.user_id == request.user.pk
    context = {"session": session, "seat": seat, "form": form, "own": own}
    return render(request, "selection/state_interests.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def declare_tie(request, pk, seat_pk):
    """A tie that a member finds out after their statement, for who leads the session to settle."""
    session, seat = get_seat(request, pk, seat_pk)
    items = session.items.within_scope_of(seat).filter(pk__in=items_readable_by(request.user, session))
    form = TieForm(request.POST or None, items=items.select_related("case__application"))
    if form.is_valid():
        with keeping(form):
            actions.declare_tie(session, seat, **form.cleaned_data, by=request.user)
            messages.success(request, "Le lien est déclaré : la présidence le tranche.")
            return redirect("selection:attendance", pk)
    context = {"session": session, "seat": seat, "form": form, "own": seat.user_id == request.user.pk}
    return render(request, "selection/declare_tie.html", context, status=status_of(form))


def entered(seat, raised):
    """What a member is told once their declaration is kept."""
    told = f"La déclaration d’intérêts est enregistrée ; {seat.title} est en séance."
    if not raised:
        return told
    ties = ngettext(
        "%d lien avec un dossier de l’ordre du jour est à trancher",
        "%d liens avec des dossiers de l’ordre du jour sont à trancher",
        len(raised),
    )
    return f"{told} {ties % len(raised)} par la {'suppléance' if seat.is_chair else 'présidence'}."


@require_POST
def mark_left(request, pk, seat_pk):
    session, seat = get_seat(request, pk, seat_pk)
    actions.mark_left(session, seat, by=request.user)
    messages.success(request, f"{seat.title} n’est plus en séance.")
    return redirect("selection:attendance", pk)


@require_POST
def mark_back(request, pk, seat_pk):
    session, seat = get_seat(request, pk, seat_pk)
    actions.mark_back(session, seat, by=request.user)
    messages.success(request, f"{seat.title} est de nouveau en séance.")
    return redirect("selection:attendance", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def settle_tie(request, pk, declaration_pk):
    """Who leads the session says whether a member deals with a dossier, and why."""
    session = get_session(request, pk)
    tie = get_object_or_404(ties_readable_by(request.user, session), pk=declaration_pk)
    may_settle = rules.can_settle_declaration(request.user, tie)
    if request.method == "POST":
        require(may_settle)
    form = SettlementForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            conflicts.settle_declaration(tie, **form.cleaned_data, by=request.user)
            messages.success(request, "Le lien est tranché ; la personne concernée est prévenue.")
            return redirect("selection:attendance", pk)
    context = {
        "session": session,
        "tie": tie,
        "form": form if form.is_bound or (may_settle and tie.state == State.TO_SETTLE) else None,
        "settlers": rules.settlers(tie.user, tie.application),
    }
    return render(request, "selection/settle_tie.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def recuse_from_item(request, pk, reference):
    """A member has nothing more to do with a dossier of the agenda, whenever it comes to them."""
    item = get_item(request, pk, reference)
    require(rules.seat_of(request.user, item.session))
    form = RecusalForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            conflicts.recuse_oneself(item.case.application, by=request.user, **form.cleaned_data)
            messages.success(
                request,
                "C’est enregistré : vous ne voyez plus ce dossier ; vos notes et votre vote n’y comptent plus.",
            )
            return redirect("selection:session", pk)
    return render(
        request, "selection/recuse_from_item.html", {"item": item, "form": form}, status=status_of(form)
    )
