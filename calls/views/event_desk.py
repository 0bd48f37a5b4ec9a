"""Events, for the secretariat: before, on the day, and after."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls import attendees, rules
from calls.actions import events as actions
from calls.actions import registrations
from calls.forms.events import (
    ROWS,
    CancellationForm,
    EventForm,
    PictureForm,
    ReportDocumentForm,
    ReportForm,
)
from calls.forms.questions import VersionForm
from calls.models import Event, EventFile
from calls.paging import page_of
from calls.rows import bound
from calls.views.events import facts
from documents import storage
from journal import clock
from journal.refusals import require


@require_safe
def event_desk(request):
    """The events of one's funds, the last one first."""
    require(rules.reads_some_fund(request.user))
    events = Event.objects.followed_by(request.user).select_related("fund")
    can_prepare = rules.is_in_some_secretariat(request.user)
    context = {"page": page_of(request, events), "can_prepare": can_prepare}
    return render(request, "calls/event_desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare_event(request):
    require(rules.is_in_some_secretariat(request.user))
    form = EventForm(request.POST or None, user=request.user)
    if form.is_valid():
        event = actions.prepare_event(by=request.user, **form.cleaned_data)
        messages.success(request, "L’événement est créé. Complétez son programme, puis publiez-le.")
        return redirect("calls:event_preparation", event.slug)
    return render(request, "calls/prepare_event.html", {"form": form})


@require_safe
def event_preparation(request, slug):
    """Where an event stands: its facts, its programme, who comes, and its report."""
    event = get_followed(request.user, slug)
    context = {
        "event": event,
        "facts": facts(event),
        "registered": event.registrations.seated().count(),
        "waiting": event.registrations.waiting().count(),
        "files": event.files.select_related("file"),
        "can_write": rules.can_prepare_event(request.user, event) and event.state != Event.State.CANCELLED,
        "has_begun": event.begins_at <= clock.now(),
        "may_report": event.starts_at <= clock.now(),
    }
    return render(request, "calls/event_preparation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_event(request, slug):
    event = get_prepared(request.user, slug)
    form = EventForm(request.POST or None, instance=event, user=request.user)
    if form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "fund"}
        actions.change_event(event, by=request.user, **fields)
        messages.success(request, "Les changements sont enregistrés.")
        return redirect("calls:event_preparation", slug)
    return render(
        request, "calls/change_event.html", {"event": get_prepared(request.user, slug), "form": form}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def event_rows(request, slug, part):
    """The programme, the quotes or the pitches, one a line."""
    event = get_prepared(request.user, slug)
    if part not in ROWS:
        raise Http404
    field, title, formset_class = ROWS[part]
    formset, complete = bound(formset_class, request, written=getattr(event, field), blank=3)
    read = VersionForm(request.POST or None, initial={"version": event.version})
    if complete and read.is_valid():
        actions.set_rows(event, field, formset.rows(), by=request.user, **read.cleaned_data)
        messages.success(request, "C’est enregistré.")
        return redirect("calls:event_preparation", slug)
    context = {"event": event, "title": title, "formset": formset, "read": read}
    return render(request, "calls/event_rows.html", context)


@require_POST
def publish_event(request, slug):
    actions.publish_event(get_prepared(request.user, slug), by=request.user)
    messages.success(request, "L’événement est publié.")
    return redirect("calls:event_preparation", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_event(request, slug):
    """Ask for a reason, then call the event off."""
    event = get_prepared(request.user, slug)
    form = CancellationForm(request.POST or None)
    if form.is_valid():
        actions.cancel_event(event, by=request.user, **form.cleaned_data)
        messages.success(
            request, "L’événement est annulé ; les personnes inscrites ou en attente sont prévenues."
        )
        return redirect("calls:event_preparation", slug)
    return render(request, "calls/cancel_event.html", {"event": event, "form": form})


# Who comes


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request, slug):
    """Who registered; on the day, who came."""
    event = get_followed(request.user, slug)
    if request.method == "POST":
        require(rules.can_prepare_event(request.user, event))
        posted = {name: numbers(request.POST.getlist(name)) for name in ("shown", "ticked", "present")}
        registrations.mark_attendance(event, by=request.user, **posted)
        messages.success(request, "Les présences sont enregistrées.")
        return redirect("calls:attendance", slug)
    to_mark = event.state == Event.State.PUBLISHED and event.starts_at <= clock.now()
    context = {
        "event": event,
        "seated": event.registrations.seated(),
        "waiting": event.registrations.waiting(),
        "to_mark": to_mark,
        "may_mark": to_mark and rules.can_prepare_event(request.user, event),
    }
    return render(request, "calls/attendance.html", context)


def numbers(posted):
    """The ids among what was posted, whatever was."""
    return {int(each) for each in posted if each.isdecimal() and len(each) < 18}


@require_safe
def attendance_csv(request, slug):
    event = get_followed(request.user, slug)
    return HttpResponse(
        attendees.table(event.registrations.all()),
        content_type=attendees.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="inscrits-{event.slug}.csv"'},
    )


# The report


@require_http_methods(["GET", "HEAD", "POST"])
def write_report(request, slug):
    event = get_prepared(request.user, slug)
    form = ReportForm(request.POST or None, instance=event)
    if form.is_valid():
        actions.write_report(event, by=request.user, **form.cleaned_data)
        messages.success(request, "Le compte rendu est enregistré.")
        return redirect("calls:event_preparation", slug)
    return render(request, "calls/write_report.html", {"event": event, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def add_picture(request, slug):
    """A picture, with what it shows and whose it is."""
    event = get_prepared(request.user, slug)
    form = PictureForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data.pop("upload")
        file = storage.store([form.picture], content_type=form.content_type)
        kind = EventFile.Kind.PICTURE
        actions.add_file(event, kind=kind, file=file, name=upload.name, by=request.user, **form.cleaned_data)
        messages.success(request, "L’image est ajoutée.")
        return redirect("calls:event_preparation", slug)
    return render(
        request, "calls/add_event_file.html", {"event": event, "form": form, "title": "Ajouter une image"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add_document(request, slug):
    """Slides, or any document of that day."""
    event = get_prepared(request.user, slug)
    form = ReportDocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data.pop("upload")
        file = storage.store(upload.chunks(), content_type=form.content_type)
        kind = EventFile.Kind.DOCUMENT
        actions.add_file(event, kind=kind, file=file, name=upload.name, by=request.user, **form.cleaned_data)
        messages.success(request, "Le document est ajouté.")
        return redirect("calls:event_preparation", slug)
    context = {"event": event, "form": form, "title": "Ajouter un document"}
    return render(request, "calls/add_event_file.html", context)


@require_POST
def remove_file(request, slug, pk):
    event = get_prepared(request.user, slug)
    actions.remove_file(get_object_or_404(event.files, pk=pk), by=request.user)
    messages.success(request, "Le fichier est retiré.")
    return redirect("calls:event_preparation", slug)


@require_POST
def publish_report(request, slug):
    actions.publish_report(get_prepared(request.user, slug), by=request.user)
    messages.success(request, "Le compte rendu est publié.")
    return redirect("calls:event_preparation", slug)


def get_followed(user, slug):
    """An event of one's funds; 404 for anyone else."""
    return get_object_or_404(Event.objects.followed_by(user).select_related("fund", "call"), slug=slug)


def get_prepared(user, slug):
    """An event one may prepare; the audit, which only reads, is told so."""
    event = get_followed(user, slug)
    require(rules.can_prepare_event(user, event))
    return event
