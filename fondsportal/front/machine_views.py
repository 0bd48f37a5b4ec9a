"""Addresses that programs read: feeds, calendar, sitemap, robots."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import SitemapIndexItem, sitemap
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from fondsportal.front import calendar, feeds
from fondsportal.front.addresses import absolute
from fondsportal.front.sitemaps import SECTIONS


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


@login_not_required
@require_safe
@conditional_page
def sitemap_index(request):
    """The sections of the sitemap, each in pages of ten thousand addresses."""
    pages = [
        SitemapIndexItem(absolute(reverse("front:sitemap_section", args=[name])) + suffix, changed_at)
        for name, section in SECTIONS.items()
        for changed_at in [section().changed_at()]
        for suffix in ["", *(f"?p={page}" for page in range(2, section().paginator.num_pages + 1))]
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": pages}, content_type="application/xml")


@login_not_required
@require_safe
@conditional_page
def sitemap_section(request, section):
    return sitemap(request, SECTIONS, section=section)


@login_not_required
@require_safe
def robots(request):
    """Everything public may be indexed; what is not asks one to sign in, and needs no mention."""
    address = absolute(reverse("front:sitemap"))
    return HttpResponse(f"User-agent: *\nAllow: /\n\nSitemap: {address}\n", content_type="text/plain")


def readable_by_all(response):
    """Let other sites read it too."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
