"""Addresses that programs read: feeds and calendar."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from fondsportal.front import calendar, feeds


@login_not_required
@require_safe
@conditional_page
def calls_feed(request):
    return readable_by_all(feeds.CallsFeed()(request))


@login_not_required
@require_safe
@conditional_page
def announcements_feed(request):
    return readable_by_all(feeds.AnnouncementsFeed()(request))


@login_not_required
@require_safe
@conditional_page
def deadlines(request):
    """The deadlines to come, to add to a calendar."""
    return readable_by_all(HttpResponse(calendar.deadlines(), content_type="text/calendar; charset=utf-8"))


def readable_by_all(response):
    """Let other sites read it too."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
