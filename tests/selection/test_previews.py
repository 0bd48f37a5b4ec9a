"""Personal links to an announcement before its minute."""

import re

import pytest
from django.core.exceptions import PermissionDenied

from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection.actions import announcement as announcements
from selection.actions import previews as actions
from selection.models import Announcement, Preview
from tests import factories
from tests.clock import from_now
from tests.selection.announcement_factories import TOKEN, picture_of, preview_of

ADDRESS = f"/annonces/apercu/{TOKEN}/"
SECRET = "Projet sous embargo"


@pytest.fixture
def announcement(db):
    call = factories.CallFactory(published=True)
    return factories.announcement_of(call, name=SECRET, publish_at=from_now(days=1))


def opened(announcement, **fields):
    fields = {
        "purpose": "press",
        "name": "Une rédaction",
        "email": "redaction@presse.example",
        "send": True,
    } | fields
    head = factories.head_of(announcement.call.fund)
    return actions.open_preview(announcement, by=head, **{"expires_at": from_now(days=1)} | fields)


def entered(client):
    """The embargo is accepted in this browser."""
    return client.post(ADDRESS, {"accept": "1"})


def test_a_link_shows_the_embargo_first_and_nothing_of_the_announcement(client, announcement):
    preview_of(announcement)

    page = client.get(ADDRESS).content.decode()

    assert ("Sous embargo jusqu’au" in page, announcement.title in page, SECRET in page) == (
        True,
        False,
        False,
    )


def test_once_the_embargo_is_accepted_the_link_shows_what_will_be_published(client, announcement):
    preview_of(announcement)
    announcement.quotes = [{"text": "Une fierté", "author": "La direction du fonds"}]
    announcement.save()

    entered(client)
    page = client.get(ADDRESS).content.decode()

    assert [each in page for each in (SECRET, "Une fierté", "Sous embargo jusqu’au")] == [True] * 3


def test_following_a_link_writes_nothing_and_accepting_the_embargo_is_in_the_journal(client, announcement):
    preview = preview_of(announcement)
    client.get(ADDRESS)
    before = Entry.objects.filter(event="announcement.preview_opened").count()

    entered(client)

    preview.refresh_from_db()
    entry = Entry.objects.get(event="announcement.preview_opened")
    assert (before, preview.openings, entry.details.content) == (0, 1, {"preview": preview.pk})


@pytest.mark.parametrize("fields", [{"revoked": True}, {"expired": True}, {"withdrawn": True}])
def test_a_dead_link_answers_as_one_that_never_was_even_to_who_had_it_open(client, announcement, fields):
    preview = preview_of(announcement)
    picture = picture_of(announcement)
    entered(client)
    if "revoked" in fields:
        actions.revoke_preview(preview, by=factories.officer_of(announcement.call.fund))
    elif "expired" in fields:
        Preview.objects.update(expires_at=from_now(seconds=-1))
    else:
        announcements.withdraw_announcement(announcement, by=factories.head_of(announcement.call.fund))

    dead = client.get(ADDRESS)
    missing = client.get("/annonces/apercu/inexistant/")

    assert (dead.status_code, dead.content) == (404, missing.content)
    assert client.get(f"{ADDRESS}images/{picture.key}/").status_code == 404
    assert client.post(ADDRESS, {"accept": "1"}).status_code == 404


def test_a_dead_link_says_what_to_do_next(client, announcement):
    page = client.get("/annonces/apercu/inexistant/dossier-de-presse/")

    assert (page.status_code, page["Cache-Control"]) == (404, "private, no-store")
    assert "demandez-en un nouveau au service qui vous l’a remis" in page.content.decode()


def test_the_press_kit_of_a_link_asks_a_new_browser_for_the_embargo_first(client, announcement):
    preview_of(announcement)

    assert client.get(f"{ADDRESS}dossier-de-presse/").headers.get("Location") == ADDRESS


def test_a_link_opens_neither_another_announcement_nor_another_browser(client, announcement):
    preview_of(announcement)
    entered(client)
    other = factories.announcement_of(factories.CallFactory(published=True), publish_at=from_now(days=1))
    picture = picture_of(other)

    assert client.get(f"{ADDRESS}images/{picture.key}/").status_code == 404
    assert client.get(announcement.get_absolute_url()).status_code == 404
    client.cookies.clear()
    assert SECRET not in client.get(ADDRESS).content.decode()


def test_a_preview_is_kept_and_indexed_by_nobody_and_its_address_told_to_no_other_site(client, announcement):
    preview_of(announcement)
    entered(client)

    response = client.get(ADDRESS)

    names = ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")
    assert [response[name] for name in names] == [
        "private, no-store",
        "noindex, nofollow, noarchive",
        "same-origin",
    ]


def test_the_link_is_in_the_mail_alone_and_the_database_keeps_its_hash(client, announcement):
    token = opened(announcement)

    email = OutgoingEmail.objects.get(to="redaction@presse.example")
    preview = Preview.objects.get()

    assert re.findall(r"apercu/([\w-]+)/", email.body) == [token]
    assert token not in str(vars(preview))
    assert len(preview.token_sha256) == 64
    assert (announcement.title in email.body, SECRET in email.body) == (False, False)


def test_a_link_that_is_not_sent_is_shown_once(client, announcement):
    client.force_login(factories.head_of(announcement.call.fund))
    sent = {"purpose": "press", "name": "Une rédaction", "email": "r@presse.example"}
    soon = from_now(days=2)
    address = f"/secretariat/annonces/{announcement.slug}/apercus/"

    made = client.post(address, sent | {"day": soon.strftime("%Y-%m-%d"), "hour": "10:00"})

    assert len(re.findall(r"/annonces/apercu/[\w-]{40,}/", made.content.decode())) == 1
    assert "/annonces/apercu/" not in client.get(address).content.decode()
    assert OutgoingEmail.objects.filter(to="r@presse.example").count() == 0


def test_the_press_has_a_link_once_the_minute_is_set_and_the_cabinet_before(announcement):
    Announcement.objects.update(state="draft")

    opened(announcement, purpose="cabinet")
    with pytest.raises(Refused):
        opened(announcement)

    assert [each.purpose for each in Preview.objects.all()] == ["cabinet"]


def test_an_officer_opens_no_preview_to_the_press(announcement):
    officer = factories.officer_of(announcement.call.fund)

    with pytest.raises(PermissionDenied):
        actions.open_preview(
            announcement,
            purpose="press",
            name="R",
            email="r@presse.example",
            expires_at=from_now(days=1),
            send=False,
            by=officer,
        )


def test_those_who_hold_a_link_are_told_when_the_embargo_moves(announcement):
    preview_of(announcement)
    preview_of(announcement, token="autre", email="expire@presse.example", expires_at=from_now(seconds=-1))

    announcements.schedule_announcement(
        announcement, publish_at=from_now(days=2), by=factories.head_of(announcement.call.fund)
    )

    emails = OutgoingEmail.objects.filter(template__endswith="preview_moved.txt")
    assert [each.to for each in emails] == ["redaction@presse.example"]


def test_those_who_hold_a_link_are_told_that_it_is_published_at_once(client, announcement):
    preview_of(announcement)

    announcements.schedule_announcement(
        announcement, publish_at=from_now(), by=factories.head_of(announcement.call.fund)
    )

    [email] = OutgoingEmail.objects.filter(to="redaction@presse.example")
    assert ("L’EMBARGO EST LEVÉ" in email.body, announcement.get_absolute_url() in email.body) == (True, True)
    door = client.get(ADDRESS).content.decode()
    assert (announcement.get_absolute_url() in door, "J’accepte l’embargo" in door) == (True, False)


def test_once_public_an_announcement_needs_no_more_links(client, announcement):
    client.force_login(factories.head_of(announcement.call.fund))
    page = f"/secretariat/annonces/{announcement.slug}/apercus/"

    before = client.get(page).content.decode()
    Announcement.objects.update(publish_at=from_now())
    after = client.get(page).content.decode()

    assert ["Ouvrir un aperçu" in each for each in (before, after)] == [True, False]


def test_those_who_hold_a_link_are_told_that_the_minute_holds_no_more(announcement):
    preview_of(announcement)

    announcements.return_to_draft(announcement, by=factories.head_of(announcement.call.fund))

    emails = OutgoingEmail.objects.filter(template__endswith="preview_unscheduled.txt")
    assert [each.to for each in emails] == ["redaction@presse.example"]


@pytest.mark.parametrize(("purpose", "answer"), [("press", 404), ("cabinet", 200)])
def test_the_press_reads_nothing_of_an_announcement_without_its_minute(client, announcement, purpose, answer):
    preview_of(announcement, purpose=purpose)
    entered(client)

    announcements.return_to_draft(announcement, by=factories.head_of(announcement.call.fund))

    assert client.get(ADDRESS).status_code == answer


@pytest.mark.parametrize("name", ["lien", "\x00", "é" * 300, "a" * 43])
def test_any_token_may_be_asked_for(client, db, name):
    assert client.get("/annonces/apercu/" + name.replace("\x00", "%00") + "/").status_code == 404
