"""What its carrier may know of a dossier's way."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications import rules as application_rules
from applications.views.dossiers import get_application
from journal import clock
from selection import succession
from selection.follow import announcements_on, history, stages
from selection.letters import of_carrier
from selection.models import Laureate
from selection.page_checks import checked_by


@require_safe
def follow(request, key):
    """The stages of a candidacy, and all that happened to it."""
    application, now = get_application(request, key), clock.now()
    announced, sent = announcements_on(application), list(of_carrier(application))
    context = {
        "application": application,
        "stages": stages(application, announced, now, sent),
        "history": history(application, announced, sent),
        "to_open": sent[0] if sent and sent[0].opened_at is None else None,
        "may_stand_down": application.state != application.State.WITHDRAWN
        and succession.told_award_of(application) is not None
        and application_rules.can_withdraw(request.user, application),
        "now": now,
        "laureate_page": Laureate.objects.public().filter(case__application=application).first(),
        "page_check": checked_by(request.user).filter(case__application=application).first(),
    }
    return render(request, "selection/follow.html", context)
