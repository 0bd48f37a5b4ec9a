"""What changed of the laureates since an announcement: two people, its own minute, then everywhere at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from journal import clock
from journal.refusals import Refused
from selection import changes
from selection.actions import announcement as announcements
from selection.actions import changes as actions
from selection.figures import sections
from selection.models import Announcement, Laureate, LaureateChange
from selection.press_kit import contents
from selection.press_kit.keys import key_of
from tests.clock import from_now
from tests.factories import head_of, officer_of
from tests.selection.succession_factories import laureate_of, listed, promoted, reserve_of, stood_down

pytestmark = pytest.mark.django_db
MARKER = "Marqueur du changement"
SHOWN = {
    "/annonces/{announcement}/",
    "/laureats/",
    "/laureats/?vue=tableau",
    "/laureats/{gone}/",
    "/laureats/{come}/",
    "/donnees/laureats.csv",
    "/donnees/laureats.json",
    "/api/v1/laureats",
    "/api/v1/laureats/{come}",
    "/api/v1/annonces/{announcement}",
    "/flux/annonces.atom",
    "/recherche/?q=marqueur",
    "/recherche/?q=marqueur&type=laureats",
    "/sitemap-laureats.xml",
}
UNCHANGED = {
    "/",
    "/annonces/",
    "/annonces/{announcement}/dossier-de-presse/",
    "/laureats/chiffres/",
    "/resultats/",
    "/presse/",
    "/donnees/subventions.csv",
}


def announced(session):
    """The laureates of a session, public since an hour."""
    call = session.items.first().case.application.call
    made = announcements.prepare_announcement(
        call=call, title="Lauréats", introduction="", by=session.prepared_by
    )
    Announcement.objects.update(state="scheduled", publish_at=from_now(hours=-1))
    made.refresh_from_db()
    return made


def prepared(session, announcement):
    """Who gave up and who came, told by texts that carry the marker, each waiting for a head."""
    by = session.prepared_by
    found = changes.of_announcement(announcement, by)
    made = [
        actions.prepare_change(
            announcement, kind=each.kind, case=each.case, text=f"{MARKER} ({each.kind}).", by=by
        )
        for each in found
    ]
    Laureate.objects.filter(changes__kind="joined").update(
        name=MARKER, carrier=MARKER, summary=MARKER, slug="marqueur-du-changement"
    )
    return made


@pytest.fixture
def changed():
    """An announcement whose laureate gave up and was replaced, all of it prepared and nothing published."""
    session = listed()
    announcement = announced(session)
    promoted(session)
    prepared(session, announcement)
    return session, announcement


def telling(client, announcement, *, publish_in):
    """The addresses where the changes show, each asked at so many seconds from their minute."""
    signs = (MARKER, "marqueur-du-changement", "ésistement le", 'desistement_le": "2', "liste complémentaire")
    told = set()
    for address in sorted(SHOWN | UNCHANGED):
        at = from_now(seconds=publish_in)
        LaureateChange.objects.update(publish_at=at, approved_at=at, approved_by=announcement.prepared_by)
        body = bodies_of(client, announcement, address)
        if any(sign in body for sign in signs):
            told.add(address)
    return told


def bodies_of(client, announcement, address):
    values = {
        "announcement": announcement.slug,
        "gone": Laureate.objects.exclude(name=MARKER).get().slug,
        "come": "marqueur-du-changement",
    }
    response = client.get(address.format(**values))
    if response.status_code == 404:
        return ""
    body = b"".join(response) if response.streaming else response.content
    return body.decode()


# Embargo


@pytest.mark.parametrize("kind", ["anonymous", "chair"])
def test_before_its_minute_a_change_shows_nowhere(client, changed, kind):
    session, announcement = changed
    if kind == "chair":
        client.force_login(session.committee.seats.get(is_chair=True).user)

    assert telling(client, announcement, publish_in=6) == set()


def test_from_its_minute_on_it_shows_everywhere_it_should(client, changed):
    _, announcement = changed

    assert telling(client, announcement, publish_in=-1) == SHOWN


def test_a_change_that_nobody_published_moves_no_total_and_no_hash(client):
    session = listed()
    announcement = announced(session)
    addresses = [
        "/laureats/chiffres/",
        f"/annonces/{announcement.slug}/",
        "/api/v1/annonces",
        "/flux/annonces.atom",
    ]
    before = [client.get(address).content for address in addresses]

    promoted(session)
    prepared(session, announcement)

    assert [client.get(address).content for address in addresses] == before


def test_the_press_kit_stays_that_of_the_announcement_and_its_page_leads_to_what_changed(client):
    session = listed()
    announcement = announced(session)
    before = (key_of(announcement), contents.gather(announcement))
    promoted(session)
    prepared(session, announcement)
    LaureateChange.objects.update(
        publish_at=from_now(seconds=-1), approved_at=from_now(), approved_by=session.prepared_by
    )

    page = client.get(f"/annonces/{announcement.slug}/dossier-de-presse/").content.decode()

    assert (key_of(announcement), contents.gather(announcement)) == before
    assert page.count(f"/annonces/{announcement.slug}/#changements") == 1


# What is told


def published(announcement):
    at = from_now(seconds=-1)
    LaureateChange.objects.update(publish_at=at, approved_at=at, approved_by=announcement.prepared_by)


def test_who_gave_up_stays_listed_and_counts_no_more(client, changed):
    _, announcement = changed

    published(announcement)

    whole, _ = sections(Laureate.objects.public().counted())
    page = client.get(announcement.get_absolute_url())
    assert (Laureate.objects.public().count(), whole.projects, whole.total) == (2, 1, 600_000)
    assert page.context["figures"] == [("1", "Lauréat"), ("600\u00a0k€", "Subventions")]
    assert [each.kind for each in page.context["changes"]] == ["joined", "withdrew"]


def test_the_record_of_the_api_tells_all_of_an_announcement(client, changed):
    _, announcement = changed
    Announcement.objects.update(
        quotes=[{"text": "Bravo.", "author": "Le ministère"}],
        contacts=[{"role": "Presse", "email": "", "phone": "01 02 03 04 05"}],
    )
    published(announcement)

    record = client.get(f"/api/v1/annonces/{announcement.slug}").json()

    assert record["citations"] == [{"texte": "Bravo.", "auteur": "Le ministère"}]
    assert record["contacts"] == [{"service": "Presse", "courriel": None, "telephone": "01 02 03 04 05"}]
    assert [each["valeur"] for each in record["chiffres"]] == ["1", "600\u00a0k€"]
    assert sorted(each["nature"] for each in record["changements"]) == ["desistement", "reprise"]
    assert [bool(each["desistement_le"]) for each in record["laureats"]].count(True) == 1
    assert record["changee_le"] > record["publiee_le"]


# Who prepares, who publishes


def test_who_prepared_a_change_does_not_publish_it():
    session = listed()
    announcement = announced(session)
    stood_down(session)
    head, other = head_of(session.fund), head_of(session.fund)
    [found] = changes.of_announcement(announcement, head)
    change = actions.prepare_change(announcement, kind=found.kind, case=found.case, text="Fini.", by=head)

    with pytest.raises(PermissionDenied):
        actions.publish_change(change, publish_at=clock.now(), by=head)
    with pytest.raises(PermissionDenied):
        actions.publish_change(change, publish_at=clock.now(), by=officer_of(session.fund))
    actions.publish_change(change, publish_at=clock.now(), by=other)

    assert LaureateChange.objects.public().count() == 1


def test_a_public_change_changes_no_more():
    session = listed()
    announcement = announced(session)
    stood_down(session)
    [change] = prepared(session, announcement)
    head = head_of(session.fund)
    actions.publish_change(change, publish_at=clock.now(), by=head)

    with pytest.raises(Refused):
        actions.publish_change(change, publish_at=clock.now() + timedelta(hours=1), by=head)
    with pytest.raises(Refused):
        actions.call_off_change(change, by=head)


def test_a_scheduled_change_may_be_called_off_then_written_again():
    session = listed()
    announcement = announced(session)
    stood_down(session)
    [change] = prepared(session, announcement)
    head = head_of(session.fund)
    actions.publish_change(change, publish_at=clock.now() + timedelta(hours=1), by=head)

    actions.call_off_change(change, by=head)

    [again] = prepared(session, announcement)
    assert (again.pk, again.publish_at) == (change.pk, None)


def test_what_did_not_happen_is_not_told():
    session = listed()
    announcement = announced(session)

    with pytest.raises(Refused):
        actions.prepare_change(
            announcement,
            kind="withdrew",
            case=laureate_of(session).case,
            text="Faux.",
            by=session.prepared_by,
        )


def test_who_is_kept_from_the_promoted_prepares_nothing():
    session = listed()
    announcement = announced(session)
    decision = promoted(session)
    officer = officer_of(session.fund)
    decision.item.case.application.recusals.create(user=officer, reason="Lien.")

    assert [each.kind for each in changes.of_announcement(announcement, officer)] == ["withdrew"]
    prepared(session, announcement)
    assert not changes.can_tell(officer, announcement)


# An announcement that is not public yet


def test_a_draft_that_names_who_gave_up_is_brought_up_to_date_before_it_is_validated():
    session = listed()
    announcement = announced(session)
    Announcement.objects.update(state="draft", publish_at=None)
    promoted(session)
    head = head_of(session.fund)
    with pytest.raises(Refused):
        announcements.validate_announcement(announcement, by=head)

    told = announcements.refresh_laureates(announcement, by=session.prepared_by)
    announcements.validate_announcement(announcement, by=head)

    assert told == (1, 1)
    assert announcement.laureates.get().case == reserve_of(session, 1).item.case


def test_what_an_announcement_named_at_its_minute_is_no_change_since(client):
    session = listed()
    announcement = announced(session)
    Announcement.objects.update(state="draft", publish_at=None)
    promoted(session)
    announcements.refresh_laureates(announcement, by=session.prepared_by)
    Announcement.objects.update(state="scheduled", publish_at=from_now(hours=-1))
    client.force_login(session.prepared_by)

    told = client.get("/espace/").context["after_decision"]

    assert (changes.of_announcement(announcement, session.prepared_by), told) == ([], [])


# Pages


def test_the_start_page_of_the_secretariat_says_what_is_to_be_told_until_it_is(client):
    session = listed()
    announcement = announced(session)
    promoted(session)
    client.force_login(session.prepared_by)

    before = [alert.count for alert in client.get("/espace/").context["after_decision"]]
    prepared(session, announcement)
    published(announcement)

    assert (before, client.get("/espace/").context["after_decision"]) == ([2], [])


def test_an_officer_prepares_and_a_head_publishes_from_the_announcement(client):
    session = listed()
    announcement = announced(session)
    promoted(session)
    reference = reserve_of(session, 1).item.case.application.reference
    back = reverse("selection:announcement_preparation", args=[announcement.slug])

    client.force_login(session.prepared_by)
    client.post(
        reverse("selection:prepare_change", args=[announcement.slug, "joined", reference]),
        {"text": "Repris."},
    )
    change = LaureateChange.objects.get()
    before = client.get(back)
    client.force_login(head_of(session.fund))
    page = client.get(back)
    response = client.post(
        reverse("selection:publish_change", args=[announcement.slug, change.pk]), {"day": ""}
    )

    assert (before.context["publishable"], page.context["publishable"]) == (set(), {change.pk})
    assert (response.status_code, LaureateChange.objects.public().count()) == (302, 1)
