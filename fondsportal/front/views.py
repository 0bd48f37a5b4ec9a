"""The pages that gather several apps."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from accounts.models import Membership
from applications import portfolio
from applications.awaiting import awaiting
from calls.countdown import countdown_of
from calls.models import Call, Event, Fund
from fondsportal.front import desk as desks
from fondsportal.front.figures import figures
from journal import clock
from selection import succession
from selection.models import Announcement
from selection.waiting import after_decision


@login_not_required
@require_safe
def home(request):
    """What is open now, what was announced last, and where to go next."""
    now = clock.now()
    calls = Call.objects.public().select_related("fund")
    soon = [*calls.open().order_by("closes_at")[:3], *calls.upcoming().order_by("opens_at")[:3]]
    for call in soon:
        call.countdown = countdown_of(call, now)
    context = {
        "calls": soon,
        "events": Event.objects.public().to_come().select_related("fund", "call")[:3],
        "funds": Fund.objects.public()[:9],
        "announcements": Announcement.objects.public().select_related("call__fund")[:3],
        "figures": figures(),
    }
    return render(request, "front/home.html", context)


@require_safe
def desk(request):
    """Everyone's own start page: what awaits them, and the doors their roles open."""
    now = clock.now()
    found = list(portfolio.dossiers_of(request.user)[: desks.AT_MOST + 1])
    applications = portfolio.read_forms(found[: desks.AT_MOST])
    memberships = desks.memberships(request.user)
    doors = desks.doors(request.user, applies=bool(memberships or applications))
    context = {
        "now": now,
        "doors": doors,
        "after_decision": after_decision(request.user) if desks.opens_secretariat(doors) else [],
        "to_publish": list(Call.objects.awaiting_publication_by(request.user).order_by("submitted_at", "pk")),
        "promotions": succession.to_settle_by(request.user),
        "awaiting": [
            *desks.told_of_decisions(request.user, applications, now),
            *awaiting(request.user, applications, now),
        ],
        "groups": portfolio.in_groups(applications),
        "is_cut": len(found) > desks.AT_MOST,
        "laureates": desks.announced(applications),
        "events": desks.events_of(request.user, applications),
        "open_calls": Call.objects.visible_to(request.user).open().select_related("fund"),
        "organisations": [membership.organisation for membership in memberships],
        "certifies": any(membership.role == Membership.Role.CERTIFIER for membership in memberships),
    }
    return render(request, "front/desk.html", context)


@login_not_required
@require_safe
def static_page(request, page):
    """The pages every State site must have; whose site it is comes from the settings."""
    return render(request, f"front/{page}.html", {"notice": settings.PORTAL_NOTICE})


@login_not_required
@require_safe
def site_plan(request):
    """Every public page that is not one of many, in the order of the menu then of the footer."""
    return render(request, "front/site_plan.html")


@login_not_required
@require_safe
def alive(request):
    """The process answers."""
    return JsonResponse({"vivant": True})


@login_not_required
@require_safe
def ready(request):
    """The database answers; whether the cache does is told, for the portal files without it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    try:
        cache.set("sante", "1", 5)
        cached = cache.get("sante") == "1"
    except RedisError:
        cached = False
    return JsonResponse({"base": True, "cache": cached})
