"""The secretariat's side of an announcement: drawn up, described, validated, scheduled."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.models import Call
from calls.rules import is_in_some_secretariat
from calls.views.preparation import get_draftable
from journal import clock
from journal.refusals import refuse_unless, require
from selection import changes, rules
from selection.actions import announcement as actions
from selection.announced import DEFAULT, FIGURES
from selection.forms.announcements import AnnouncementForm, LaureateForm, ScheduleForm
from selection.lifecycle import Notice
from selection.models import Announcement, Case
from selection.page_checks import answer_of, standing_of, why_not_ready
from selection.press_kit.files import shown_files


def get_announcement(request, slug):
    """An announcement of a fund whose secretariat this person belongs to."""
    announcements = Announcement.objects.visible_to(request.user).select_related("call__fund")
    found = get_object_or_404(announcements, slug=slug)
    require(rules.can_prepare_announcement(request.user, found.call))
    return found


@require_safe
def announcement_desk(request):
    """The announcements of one's funds, and the calls that wait for one."""
    require(rules.reads_some_fund(request.user))
    mine = Call.objects.prepared_by(request.user)
    selected = Case.objects.readable_by(request.user).filter(state=Case.State.SELECTED, laureate=None)
    waiting = mine.filter(pk__in=selected.values("call"))
    announcements = (
        Announcement.objects.visible_to(request.user).filter(call__fund__roles__user=request.user).distinct()
    )
    context = {
        "waiting": waiting,
        "announcements": announcements.select_related("call__fund"),
        "published": set(announcements.public().values_list("pk", flat=True)),
        "can_prepare": is_in_some_secretariat(request.user),
    }
    return render(request, "selection/announcement_desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare_announcement(request, slug):
    """Draw up the announcement of a call's selected projects."""
    call = get_draftable(request.user, slug)
    form = AnnouncementForm(request.POST or None)
    if form.is_valid():
        found = actions.prepare_announcement(call=call, by=request.user, **form.cleaned_data)
        messages.success(request, "L’annonce est préparée. Relisez les fiches des lauréats.")
        return redirect("selection:announcement_preparation", found.slug)
    return render(request, "selection/prepare_announcement.html", {"call": call, "form": form})


def checked(announcement):
    """Its laureates, each with where the check of its page by its carrier stands."""
    laureates, now = list(announcement.laureates.select_related("page_check")), clock.now()
    for laureate in laureates:
        laureate.standing = standing_of(laureate, now)
        laureate.answer = answer_of(laureate)
        check = getattr(laureate, "page_check", None)
        laureate.is_awaited = check is not None and not check.answer and check.due_at > now
    return laureates


@require_safe
def preparation(request, slug):
    """Where an announcement stands, its laureates and its press kit."""
    found = get_announcement(request, slug)
    happened = changes.of_announcement(found, request.user)
    context = {
        "announcement": found,
        "laureates": checked(found),
        "pictures": found.pictures.select_related("laureate"),
        "figures": [FIGURES[key] for key in found.figures or DEFAULT],
        "not_ready": why_not_ready(found),
        "is_stale": changes.is_stale(found),
        "awaited": changes.awaited(found.call).count() if found.state == Notice.DRAFT else 0,
        "changes": happened,
        "may_tell": changes.can_tell(request.user, found),
        "publishable": {
            each.change.pk
            for each in happened
            if each.change and changes.can_publish(request.user, each.change)
        },
        "now": clock.now(),
        "can_publish": rules.can_publish_announcement(request.user, found),
        "can_withdraw": rules.can_withdraw_announcement(request.user, found),
        "is_public": Announcement.objects.public().filter(pk=found.pk).exists(),
        "files": shown_files(found),
    }
    return render(request, "selection/announcement_preparation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def describe_laureate(request, slug, pk):
    """Write what the public will read of a laureate."""
    found = get_announcement(request, slug)
    laureate = get_object_or_404(found.laureates, pk=pk)
    refuse_unless(
        found.state == Notice.DRAFT or changes.is_joining(laureate),
        "Cette annonce est validée : ses fiches ne changent plus.",
    )
    form = LaureateForm(request.POST or None, instance=laureate)
    if form.is_valid():
        actions.describe_laureate(laureate, by=request.user, **form.cleaned_data)
        messages.success(request, "La fiche du lauréat est enregistrée.")
        return redirect("selection:announcement_preparation", slug)
    context = {"announcement": found, "laureate": get_object_or_404(found.laureates, pk=pk), "form": form}
    return render(request, "selection/describe_laureate.html", context)


@require_POST
def validate_announcement(request, slug):
    actions.validate_announcement(get_announcement(request, slug), by=request.user)
    messages.success(request, "L’annonce est validée ; son dossier de presse est en cours de fabrication.")
    return redirect("selection:announcement_preparation", slug)


@require_POST
def return_to_draft(request, slug):
    actions.return_to_draft(get_announcement(request, slug), by=request.user)
    messages.success(request, "L’annonce est de nouveau en préparation.")
    return redirect("selection:announcement_preparation", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_announcement(request, slug):
    """Choose the minute of publication."""
    found = get_announcement(request, slug)
    require(rules.can_publish_announcement(request.user, found))
    refuse_unless(found.state in (Notice.VALIDATED, Notice.SCHEDULED), "Validez d’abord l’annonce.")
    form = ScheduleForm(request.POST or None, announcement=found)
    if form.is_valid():
        try:
            actions.schedule_announcement(found, publish_at=form.publish_at(), by=request.user)
        except actions.TooEarly as refused:
            form.add_error("day", refused.reason)
        else:
            messages.success(request, "La publication est programmée.")
            return redirect("selection:announcement_preparation", slug)
    return render(request, "selection/schedule_announcement.html", {"announcement": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_announcement(request, slug):
    """Ask for a confirmation, then take the announcement back."""
    found = get_announcement(request, slug)
    require(rules.can_withdraw_announcement(request.user, found))
    if request.method == "POST":
        actions.withdraw_announcement(found, by=request.user)
        messages.success(request, "L’annonce est retirée : elle n’apparaît plus nulle part.")
        return redirect("selection:announcement_preparation", slug)
    is_public = Announcement.objects.public().filter(pk=found.pk).exists()
    context = {"announcement": found, "can_return": found.state != Notice.DRAFT and not is_public}
    return render(request, "selection/withdraw_announcement.html", context)
