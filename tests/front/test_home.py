"""The home page: what is open, what is to come, and figures that claim no more than is known."""

from datetime import timedelta
from decimal import Decimal

import pytest

from fondsportal.front.figures import figures
from selection.models import Announcement, Laureate
from tests import factories
from tests.clock import from_now

pytestmark = pytest.mark.django_db


def laureate(number, **fields):
    fund = fields.pop("fund", None) or factories.FundFactory()
    return Laureate.objects.create(fund=fund, slug=f"laureat-{number}", name=f"Projet {number}", **fields)


def test_what_closes_first_comes_first_then_what_opens_first(client):
    for days in (9, 4):
        factories.CallFactory(
            published=True, title=f"Ferme {days}", closes_in=timedelta(days=days, minutes=5)
        )
        factories.CallFactory(
            published=True,
            title=f"Ouvre {days}",
            opens_at=from_now(days=days, minutes=5),
            closes_in=timedelta(days=90),
        )

    calls = client.get("/").context["calls"]

    assert [(call.title, call.countdown.text) for call in calls] == [
        ("Ferme 4", "Ferme dans 4\u00a0jours"),
        ("Ferme 9", "Ferme dans 9\u00a0jours"),
        ("Ouvre 4", "Ouvre dans 4\u00a0jours"),
        ("Ouvre 9", "Ouvre dans 9\u00a0jours"),
    ]


def test_a_draft_and_a_rehearsal_are_not_at_home(client):
    factories.CallFactory()
    factories.CallFactory(published=True, fund__rehearsal=True)

    response = client.get("/")

    assert (response.context["calls"], response.context["figures"]["calls"]) == ([], 0)


def test_the_amount_is_that_of_the_laureates_whose_amount_is_known():
    laureate(1, amount=Decimal("1500000"))
    laureate(2)

    told = figures()["laureates"]

    assert (told.projects, told.known, told.total_text) == (2, 1, "1,5\u00a0M€")


@pytest.mark.parametrize(
    ("qualifiers", "amount", "press"),
    [
        (["", "more_than"], "au moins 2\u00a0M€", ""),
        (["", "approx"], "environ 2\u00a0M€", ""),
        (["more_than", "approx"], "au moins environ 2\u00a0M€", ""),
        (["", "press"], "2\u00a0M€", "dont 1 montant d’après la presse"),
    ],
)
def test_a_total_is_no_more_exact_than_its_parts(qualifiers, amount, press):
    for number, qualifier in enumerate(qualifiers):
        laureate(number, amount=Decimal("1000000"), amount_qualifier=qualifier)

    told = figures()["laureates"]

    assert (told.total_text, told.press_text) == (amount, press)


def test_no_amount_at_all_is_unknown_and_not_zero(client):
    laureate(1)

    html = client.get("/").content.decode()

    assert '<span class="portal-figures__value">Non communiqué</span>' in html


def test_what_is_invented_or_rehearsed_is_not_counted():
    laureate(1, amount=Decimal("1000000"), fictitious=True)
    laureate(2, amount=Decimal("1000000"), fund=factories.FundFactory(rehearsal=True))
    factories.CallFactory(published=True, fictitious=True)

    told = figures()

    assert (told["calls"], told["laureates"].projects, told["laureates"].total_text) == (
        0,
        0,
        "non communiqué",
    )


def test_the_figures_are_counted_once_for_five_minutes(django_assert_num_queries):
    figures()

    with django_assert_num_queries(3):  # which announcements, which changes and which calls are public
        figures()


def test_the_figures_follow_an_announcement_at_its_minute_and_its_withdrawal(client):
    announcement = factories.announcement_of(
        factories.CallFactory(published=True), publish_at=from_now(hours=1)
    )

    def told():
        return client.get("/").context["figures"]["laureates"].projects

    before = told()
    Announcement.objects.filter(pk=announcement.pk).update(publish_at=from_now(hours=-1))
    public = told()
    Announcement.objects.filter(pk=announcement.pk).update(state=Announcement.State.WITHDRAWN)

    assert (before, public, told()) == (0, 1, 0)


def test_zero_is_singular(client):
    html = client.get("/").content.decode()

    assert "lauréat publié</span>" in html


def test_a_laureate_to_confirm_is_told_apart(client):
    laureate(1, facts={"status": "à confirmer"})
    laureate(2)

    assert "lauréats publiés, dont 1 à confirmer" in client.get("/").content.decode()


def test_without_the_cache_the_figures_are_counted_each_time(settings, client):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    laureate(1)

    assert client.get("/").context["figures"]["laureates"].projects == 1
