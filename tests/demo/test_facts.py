import pytest
from django.urls import reverse

from accounts.models import Organisation
from calls.models import Call, Envelope, Fund
from fondsportal.demo import facts
from selection.models import Laureate


@pytest.fixture
def loaded(db):
    facts.load()


def test_the_facts_are_all_there(loaded):
    counts = [model.objects.count() for model in (Fund, Call, Organisation, Laureate)]

    assert counts == [6, 38, 102, 200]


def test_every_past_call_is_closed_and_public(loaded):
    assert Call.objects.public().closed().count() == 38


def test_what_a_source_does_not_say_is_unknown_and_never_zero(loaded):
    call = Call.objects.get(slug="ftap-2018-2")

    assert (call.threshold, call.rounds.count(), Laureate.objects.filter(amount=0).count()) == (None, 0, 0)


def test_a_threshold_whose_base_is_not_said_says_so(loaded):
    call = Call.objects.get(slug="ftap-2018-1")

    assert (call.threshold, call.threshold_base) == (500_000, Call.Base.UNSPECIFIED)


def test_criteria_without_weights_are_facts_and_no_rows(loaded):
    call = Call.objects.get(slug="ftap-2018-1")

    assert (call.facts["criteria"], call.criteria.count()) == (facts.CRITERIA, 0)


def test_a_lower_bound_keeps_its_qualifier(loaded):
    hub = Laureate.objects.get(slug="ftap-hdh")

    assert hub.amount_text == "plus de 30\u00a0M€"


def test_every_laureate_has_a_page(loaded, client):
    first = client.get(reverse("selection:laureates"))
    addresses = {laureate.get_absolute_url() for laureate in Laureate.objects.all()}

    assert (first.status_code, len(addresses)) == (200, 200)


def test_a_source_shows_its_title_publisher_and_date(loaded):
    call = Call.objects.get(slug="ftap-2018-1")

    assert call.sources[-2] == {
        "title": "CIO online : 126 M€ pour les 17 lauréats",
        "publisher": "cio-online.com",
        "date": "consulté le 22 novembre 2026",
    }


def test_an_unnamed_project_is_told_by_what_is_known_of_it(loaded):
    names = Laureate.objects.filter(slug__in=["ftap-meteo", "ami-ia2-01"]).order_by("slug")

    assert [laureate.name for laureate in names] == [
        "Projet porté par : DGS (nom non communiqué)",
        "Projet sur les prévisions météorologiques (nom non communiqué)",
    ]


def test_a_laureate_is_linked_to_a_body_only_where_its_name_is_that_of_one_alone(loaded):
    found = Laureate.objects.filter(slug__in=["ftap-geoplateforme", "ftap-inrap", "ftap-datacenters"])

    assert {each.slug: each.organisation and each.organisation.acronym for each in found} == {
        "ftap-geoplateforme": "IGN",
        "ftap-inrap": "Inrap",
        "ftap-datacenters": None,
    }


def test_a_carrier_that_is_a_ministry_is_its_own_ministry(loaded):
    carried = Laureate.objects.filter(organisation__kind=Organisation.Kind.MINISTRY)

    assert (carried.count() > 0, carried.filter(ministry="").count()) == (True, 0)


def test_what_has_no_column_of_its_own_is_kept_beside(loaded):
    hub = Laureate.objects.get(slug="ftap-hdh")
    lab = Laureate.objects.get(slug="pia-lab-5")

    assert (hub.expected_savings, hub.facts["revised_savings"]) == (54_000_000, 500_000)
    assert (lab.facts["status"], lab.location) == ("à confirmer", "Île-de-France")


def test_an_operator_has_a_ministry_only_where_it_is_certain(loaded):
    found = Organisation.objects.filter(slug__in=["onisep", "cnrs", "has"]).order_by("slug")

    assert [each.ministry and each.ministry.slug for each in found] == [None, None, "min-education"]


def test_each_envelope_cites_its_source(loaded):
    assert Envelope.objects.filter(sources=[]).count() == 0
    assert Envelope.objects.get(fund__slug="ftap", year=2018).commitments == 200_000_000


def test_facts_come_after_a_rehearsal_too(db):
    facts.load_themes()

    facts.load()

    assert Call.objects.get(slug="ftap-2018-1").themes.count() == 5
