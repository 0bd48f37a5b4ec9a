"""What search engines may find: every public page, and nothing else."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse

from calls.models import Call, Event, Fund
from fondsportal.front.changes import calls_changed_at, laureates_changed_at, with_last_change
from fondsportal.front.open_data.datasets import DATASETS
from selection.models import Announcement, Laureate, LaureateChange

STATIC = [
    "front:home",
    "calls:funds",
    "calls:list",
    "calls:events",
    "calls:eligibility_of_all",
    "calls:subscribe",
    "selection:laureates",
    "selection:figures",
    "selection:announcements",
    "selection:press",
    "front:results",
    "front:dataset_list",
    "front:api_documentation",
    "front:search",
    "front:site_plan",
    "front:accessibility",
    "front:legal",
    "front:privacy",
    "front:cookies",
    "front:survey",
    "front:survey_results",
]


class PortalSitemap(Sitemap):
    """A section under the portal's own address, whatever host the request names."""

    limit = 10_000

    def get_domain(self, site=None):
        return urlsplit(settings.PORTAL_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.PORTAL_URL).scheme

    def changed_at(self):
        """When the section last changed, for the index; unknown for pages that come with the code."""


class Pages(PortalSitemap):
    def items(self):
        return [reverse(name) for name in STATIC] + [each.get_absolute_url() for each in DATASETS.values()]

    def location(self, item):
        return item


class Funds(PortalSitemap):
    """Each fund's own page, then its results."""

    def items(self):
        slugs = Fund.objects.public().order_by("slug").values_list("slug", flat=True)
        return [reverse(name, args=[slug]) for name in ("calls:fund", "front:fund_results") for slug in slugs]

    def location(self, item):
        return item


class Calls(PortalSitemap):
    def items(self):
        return with_last_change(Call.objects.public()).only("slug").order_by("slug")

    def lastmod(self, call):
        return call.changed_at

    def changed_at(self):
        return calls_changed_at()


class Events(PortalSitemap):
    def items(self):
        found = Event.objects.public().only("slug", "published_at", "report_published_at")
        return found.order_by("slug")

    def lastmod(self, event):
        return event.report_published_at or event.published_at


class Laureates(PortalSitemap):
    def items(self):
        found = Laureate.objects.public().order_by("slug")
        told = LaureateChange.objects.told().filter(laureate=OuterRef("pk")).order_by("-publish_at")
        found = found.annotate(
            changed_at=Greatest("announcement__publish_at", Subquery(told.values("publish_at")[:1]))
        )
        return found.only("slug")

    def lastmod(self, laureate):
        return laureate.changed_at

    def changed_at(self):
        return laureates_changed_at()


class Announcements(PortalSitemap):
    def items(self):
        return Announcement.objects.public().with_last_change().only("slug").order_by("slug")

    def lastmod(self, announcement):
        return announcement.changed_at

    def changed_at(self):
        newest = Announcement.objects.public().with_last_change().order_by("-changed_at")
        return newest.values_list("changed_at", flat=True).first()


SECTIONS = {
    "pages": Pages,
    "fonds": Funds,
    "appels": Calls,
    "evenements": Events,
    "laureats": Laureates,
    "annonces": Announcements,
}
