"""The messages to those who see an announcement before its minute; built here, sent by the outbox.

They name neither a laureate nor the announcement: a mailbox is read by others too.
"""

from django.conf import settings
from django.urls import reverse

from journal import dates
from journal.models import OutgoingEmail


def opened(preview, token):
    """To its holder: the personal link, until when, and what is under embargo until when."""
    address = settings.PORTAL_URL + reverse("selection:preview", args=[token])
    facts = {"address": address, "until": dates.moment(preview.expires_at), "purpose": preview.purpose}
    return _email("preview_opened", preview, facts)


def moved(announcement):
    """To those whose link stands: the embargo ends at this minute, and no other."""
    return [_email("preview_moved", each, {}) for each in announcement.previews.held()]


def published(announcement):
    """To the same, when it is published at once: the embargo is over, and this is where it is read."""
    address = settings.PORTAL_URL + announcement.get_absolute_url()
    return [_email("preview_published", each, {"address": address}) for each in announcement.previews.held()]


def unscheduled(announcement):
    """To those who were told a minute: it holds no more, the embargo does."""
    told = announcement.previews.held() if announcement.publish_at else []
    return [_email("preview_unscheduled", each, {"purpose": each.purpose}) for each in told]


def withdrawn(announcement):
    """To the same: the announcement is taken back, and nothing of it may be said."""
    return [_email("preview_withdrawn", each, {}) for each in announcement.previews.held()]


def _email(name, preview, facts):
    announcement = preview.announcement
    context = facts | {
        "fund": announcement.call.fund.name,
        "name": preview.name,
        "embargo": dates.moment(announcement.publish_at) if announcement.state == "scheduled" else "",
        "contact": announcement.call.fund.press_email,
    }
    return OutgoingEmail(to=preview.email, template=f"selection/emails/{name}.txt", context=context)
