"""Events, for everyone: what is to come, registration, and what was said."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calls import ics
from calls.actions import registrations as actions
from calls.forms.events import RegistrationForm
from calls.models import Event, EventFile, Registration
from calls.paging import page_of
from documents.serving import serve, show_picture
from journal import clock
from journal.limits import limit
from journal.refusals import refuse_unless

LEFT = "Votre inscription est annulée. Merci d’avoir libéré la place."
LEFT_THE_LINE = "Vous n’êtes plus sur la liste d’attente."
ASKED = (
    "Votre demande est prise en compte. Un courriel vous dit si vous avez une place ou votre rang sur la liste"
    " d’attente, et comment annuler. S’il n’arrive pas, vérifiez l’adresse donnée."
)


@login_not_required
@require_safe
def event_list(request):
    """What is to come, then what is over."""
    events = Event.objects.public().select_related("fund", "call")
    context = {"to_come": events.to_come(), "page": page_of(request, events.past(), per_page=20)}
    return render(request, "calls/events.html", context)


@login_not_required
@require_safe
def event(request, slug):
    """One event: when, where, for whom, the programme, and its report once published."""
    found = get_event(request.user, slug)
    reported = found.report_published_at is not None
    files = list(found.files.select_related("file")) if reported else []
    window = registration_window(found)
    context = {
        "event": found,
        "facts": facts(found, to_come=window["to_come"]),
        "reported": reported,
        "pictures": [each for each in files if each.kind == EventFile.Kind.PICTURE],
        "documents": [each for each in files if each.kind == EventFile.Kind.DOCUMENT],
        **window,
    }
    return render(request, "calls/event.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request, slug):
    """Take a registration; the answer is the same whether the address already had one or not."""
    found = get_event(request.user, slug)
    window = registration_window(found)
    known = {}
    if request.user.is_authenticated:
        known = {"name": request.user.name, "email": request.user.email}
    form = RegistrationForm(request.POST or None, event=found, user=request.user, initial=known)
    if request.method == "POST":
        limit("registration", request, most=100, within=3600)
        refuse_unless(window["takes_registrations"], "Les inscriptions à cet événement sont closes.")
    if form.is_valid():
        if not form.from_a_machine():
            actions.register(found, by=request.user, **form.cleaned_data)
        messages.success(request, ASKED)
        return redirect(found)
    return render(request, "calls/register.html", {"event": found, "form": form, **window})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request, key):
    """What someone has, for who holds the key: reading changes nothing, posting gives it up."""
    found = get_object_or_404(
        Registration.objects.filter(event__in=Event.objects.public()).select_related("event"), key=key
    )
    if request.method == "POST":
        actions.cancel_registration(found)
        messages.success(request, LEFT_THE_LINE if found.state == Registration.State.WAITING else LEFT)
        return redirect(found)
    context = {
        "registration": found,
        "event": found.event,
        "rank": found.rank() if found.state == Registration.State.WAITING else None,
        "may_cancel": found.state != Registration.State.CANCELLED
        and found.event.state == Event.State.PUBLISHED
        and clock.now() < found.event.begins_at,
    }
    response = render(request, "calls/registration.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def event_ics(request, slug):
    """The event for one's calendar."""
    found = get_object_or_404(Event.objects.public(), slug=slug)
    return HttpResponse(
        ics.of_event(found),
        content_type=ics.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{found.slug}.ics"'},
    )


@login_not_required
@require_safe
def event_file(request, slug, pk):
    """A picture or a document of a report: public once it is, before that for the fund alone."""
    seen = Event.objects.public().exclude(report_published_at=None)
    if request.user.is_authenticated:
        seen = seen | Event.objects.filter(pk__in=Event.objects.followed_by(request.user))
    file = get_object_or_404(
        EventFile.objects.filter(event__slug=slug, event__in=seen.values("pk")).select_related("file"), pk=pk
    )
    hand_out = show_picture if file.kind == EventFile.Kind.PICTURE else serve
    return hand_out(file.file, name=file.name)


def get_event(user, slug):
    return get_object_or_404(Event.objects.visible_to(user).select_related("fund", "call"), slug=slug)


def registration_window(event):
    """Whether one may still register, and how many seats are left (None: no limit)."""
    taken = event.registrations.seated().count() if event.capacity is not None else 0
    now = clock.now()
    return {
        "to_come": event.over_at > now,
        "takes_registrations": event.state == Event.State.PUBLISHED and now < event.registration_closes_at,
        "seats_left": None if event.capacity is None else max(0, event.capacity - taken),
    }


def facts(event, *, to_come=True):
    """(label, value) pairs of an event; how one registered for it no longer matters once it is over."""
    known = [
        ("Date", event.when_text),
        ("Lieu", event.where_text),
        ("Nature", event.get_kind_display()),
        ("Fonds", event.fund.name),
    ]
    if not to_come and not event.sources:
        return known
    return [
        *known,
        ("Inscription", event.get_audience_display() or "non communiquée"),
        ("Places", event.capacity or ("non communiquées" if event.sources else "sans limite")),
    ]


def call_events(call):
    """What a call's own page says of its meetings."""
    events = Event.objects.public().filter(call=call).select_related("fund")
    return {"events": events.order_by("starts_at", "id")}
