"""What search engines may find: every public page, and nothing else."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from calls.models import Call
from fondsportal.front.changes import calls_changed_at, laureates_changed_at, with_last_change
from fondsportal.front.open_data.datasets import DATASETS
from selection.models import Announcement, Laureate

STATIC = [
    "front:home",
    "calls:list",
    "selection:laureates",
    "selection:announcements",
    "front:dataset_list",
    "front:api_documentation",
    "front:accessibility",
    "front:legal",
    "front:privacy",
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


class Calls(PortalSitemap):
    def items(self):
        return with_last_change(Call.objects.public()).only("slug").order_by("slug")

    def lastmod(self, call):
        return call.changed_at

    def changed_at(self):
        return calls_changed_at()


class Laureates(PortalSitemap):
    def items(self):
        found = Laureate.objects.public().filter(fund__rehearsal=False).order_by("slug")
        return found.select_related("announcement").only("slug", "announcement__publish_at")

    def lastmod(self, laureate):
        return laureate.announcement and laureate.announcement.publish_at

    def changed_at(self):
        return laureates_changed_at()


class Announcements(PortalSitemap):
    def items(self):
        return Announcement.objects.public().only("slug", "publish_at").order_by("slug")

    def lastmod(self, announcement):
        return announcement.publish_at

    def changed_at(self):
        newest = Announcement.objects.public().order_by("-publish_at").values_list("publish_at", flat=True)
        return newest.first()


SECTIONS = {"pages": Pages, "appels": Calls, "laureats": Laureates, "annonces": Announcements}
