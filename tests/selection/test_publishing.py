"""What surrounds an announcement in preparation: quotes, contacts, figures, pictures."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from PIL import Image

from documents import storage
from journal.refusals import Refused
from selection.actions import announcement as actions
from selection.announced import figures
from selection.models import Announcement, Laureate
from tests import factories
from tests.clock import from_now
from tests.selection.announcement_factories import picture_of, png


@pytest.fixture
def draft(db):
    call = factories.CallFactory(published=True)
    return factories.announcement_of(call, state=Announcement.State.DRAFT)


def address(announcement, page):
    return f"/secretariat/annonces/{announcement.slug}/{page}/"


def rows(*values):
    """What a formset of these rows posts."""
    posted = {"rows-TOTAL_FORMS": len(values), "rows-INITIAL_FORMS": 0}
    return posted | {
        f"rows-{at}-{name}": value for at, row in enumerate(values) for name, value in row.items()
    }


def test_quotes_are_those_of_functions_and_show_on_the_page(client, draft):
    client.force_login(factories.officer_of(draft.call.fund))

    client.post(
        address(draft, "rubriques/citations"),
        rows({"text": "Une fierté.", "author": "La ministre chargée du budget"}),
    )
    Announcement.objects.update(state="scheduled", publish_at=from_now(seconds=-1))
    page = client.get(draft.get_absolute_url()).content.decode()

    assert ("Une fierté." in page, "La ministre chargée du budget" in page) == (True, True)


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ({"role": "Service de presse", "email": "presse@etat.example"}, 302),
        ({"role": "Service de presse", "phone": "01 23 45 67 89"}, 302),
        ({"role": "Service de presse"}, 200),
        ({"role": "Service de presse", "phone": "appelez-moi"}, 200),
    ],
)
def test_a_press_contact_can_be_reached(client, draft, row, errors):
    client.force_login(factories.officer_of(draft.call.fund))

    assert client.post(address(draft, "rubriques/contacts"), rows(row)).status_code == errors


def test_the_figures_chosen_are_drawn_from_the_pages_and_an_unknown_one_makes_a_minimum(draft):
    factories.laureate(call=draft.call, slug="autre", announcement=draft, total_cost=2_000_000)
    draft.figures = ["laureates", "cost"]

    found = figures(draft, list(Laureate.objects.filter(announcement=draft)))

    assert found == [
        ("2", "Lauréats"),
        ("au moins 2\xa0M€", "Coût total des projets, dont 1 non communiqué"),
    ]


def test_what_nobody_knows_of_is_not_counted_as_none(draft):
    draft.figures = ["ministries", "themes"]
    laureates = list(Laureate.objects.filter(announcement=draft))
    Laureate.objects.update(ministry="")

    found = figures(draft, list(Laureate.objects.filter(pk__in=[each.pk for each in laureates])))

    assert found == [("non communiqué", "Ministères"), ("non communiqué", "Thèmes")]


def test_a_picture_is_drawn_again_and_needs_a_text_and_a_credit(client, draft):
    client.force_login(factories.officer_of(draft.call.fund))

    bare = client.post(address(draft, "images"), {"upload": png()})
    told = {"alternative": "Une salle pleine.", "credit": "Service photo"}
    client.post(address(draft, "images"), {"upload": png()} | told)

    [picture] = draft.pictures.all()
    with Image.open(storage.path_of(picture.file)) as kept:
        assert (kept.format, kept.info) == ("PNG", {})
    assert (bare.status_code, picture.alternative, picture.credit) == (
        200,
        "Une salle pleine.",
        "Service photo",
    )


def test_what_is_not_a_picture_is_refused_with_its_reason(client, draft):
    client.force_login(factories.officer_of(draft.call.fund))
    upload = png("page.png")
    upload.file.seek(0)
    upload.file.write(b"<html>")
    upload.file.seek(0)

    response = client.post(address(draft, "images"), {"upload": upload, "alternative": "A", "credit": "B"})

    assert (response.status_code, draft.pictures.count()) == (200, 0)
    assert "n’est pas celui d’un fichier PNG" in response.content.decode()


def test_nothing_of_an_announcement_changes_once_it_is_validated(draft):
    picture = picture_of(draft)
    officer = factories.officer_of(draft.call.fund)
    Announcement.objects.update(state="validated")

    for act in (
        lambda: actions.write_announcement(draft, quotes=[], by=officer),
        lambda: actions.remove_picture(picture, by=officer),
        lambda: actions.keep_picture(picture, by=officer),
    ):
        with pytest.raises(Refused):
            act()

    assert draft.pictures.count() == 1


def test_who_wrote_in_an_announcement_does_not_publish_it(draft):
    head = factories.head_of(draft.call.fund)
    actions.write_announcement(draft, quotes=[], by=head)

    with pytest.raises(PermissionDenied):
        actions.validate_announcement(draft, by=head)


def test_publishing_now_is_public_at_once(client, draft):
    Announcement.objects.update(state="validated")
    client.force_login(factories.head_of(draft.call.fund))

    client.post(address(draft, "publier"))

    assert list(Announcement.objects.public()) == [draft]


def test_a_minute_that_is_moved_begins_from_the_one_that_stands(client, draft):
    head = factories.head_of(draft.call.fund)
    actions.validate_announcement(draft, by=head)
    actions.schedule_announcement(draft, publish_at=datetime(2038, 6, 22, 8, 30, tzinfo=UTC), by=head)
    client.force_login(head)

    form = client.get(address(draft, "programmer")).context["form"]

    assert [str(form[name].value()) for name in ("day", "hour")] == ["2038-06-22", "10:30:00"]
