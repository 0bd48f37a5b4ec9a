"""Atom feeds of calls and announcements, newest first; every date in them is a fact of the database."""

import re
from collections import defaultdict
from datetime import UTC, datetime

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from calls.models import Call
from calls.templatetags.prose import prose
from fondsportal.front.addresses import absolute
from fondsportal.front.changes import with_last_change
from journal import dates
from selection.models import Announcement, LaureateChange

LICENCE = "Licence Ouverte 2.0"
ITEMS = 50
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
NEVER = datetime(2018, 1, 1, tzinfo=UTC)


def clean(text):
    """A text without what XML cannot hold, which a form lets in."""
    return CONTROLS.sub(" ", text)


def titled(thing):
    """A title that says when it is invented: a feed reader shows no badge."""
    title = clean(thing.title)
    return f"{title} (fictif)" if thing.fictitious and "fictif" not in title.lower() else title


class SteadyAtom(Atom1Feed):
    """An Atom feed whose date never is that of the request, even when it is empty."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else NEVER


class CallsFeed(Feed):
    """The calls of this portal; past ones taken from public sources are history, not news."""

    feed_type = SteadyAtom
    title = "Appels à projets des fonds de transformation publique"
    subtitle = "Les appels publiés sur ce portail."
    feed_copyright = LICENCE

    def link(self):
        return absolute(reverse("calls:list"))

    def feed_url(self):
        return absolute(reverse("front:calls_feed"))

    def items(self):
        published = with_last_change(Call.objects.public().filter(imported=False))
        return published.select_related("fund").order_by("-published_at", "-pk")[:ITEMS]

    def item_title(self, call):
        return titled(call)

    def item_description(self, call):
        return prose(clean(call.summary or call.fund.name))

    def item_link(self, call):
        return absolute(call.get_absolute_url())

    item_guid = item_link

    def item_pubdate(self, call):
        return call.published_at

    def item_updateddate(self, call):
        return call.changed_at

    def item_categories(self, call):
        return [clean(call.fund.name)]


class AnnouncementsFeed(Feed):
    """What was announced, from its minute on."""

    feed_type = SteadyAtom
    title = "Annonces des fonds de transformation publique"
    subtitle = "Les lauréats, à la minute où ils sont annoncés."
    feed_copyright = LICENCE

    def link(self):
        return absolute(reverse("selection:announcements"))

    def feed_url(self):
        return absolute(reverse("front:announcements_feed"))

    def items(self):
        public = Announcement.objects.public().with_last_change().select_related("call__fund")
        found = list(public[:ITEMS])
        changes = LaureateChange.objects.told().filter(laureate__announcement__in=[each.pk for each in found])
        told = defaultdict(list)
        for change in changes.select_related("laureate"):
            told[change.laureate.announcement_id].append(change)
        for each in found:
            each.told = told[each.pk]
        return found

    def item_title(self, announcement):
        return titled(announcement)

    def item_description(self, announcement):
        """Its text, after what changed of its laureates since."""
        told = [
            f"- {dates.day(each.publish_at)} : {each.laureate.name}, {each.get_kind_display()}. {each.text}"
            for each in announcement.told
        ]
        text = announcement.introduction or announcement.call.title
        return prose(clean("\n".join(["Ce qui a changé :", "", *told, "", text]) if told else text))

    def item_link(self, announcement):
        return absolute(announcement.get_absolute_url())

    item_guid = item_link

    def item_pubdate(self, announcement):
        return announcement.publish_at

    def item_updateddate(self, announcement):
        return announcement.changed_at

    def item_categories(self, announcement):
        return [clean(announcement.call.fund.name)]
