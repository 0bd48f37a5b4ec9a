import pytest
from django.urls import reverse

from accounts.models import Organisation
from calls.eligibility import rule_for
from calls.models import Call, Envelope, Fund
from fondsportal.demo import facts
from selection.models import Laureate

Kind = Organisation.Kind


@pytest.fixture(scope="module")
def all_facts(kept_for_module):
    facts.load()


@pytest.fixture
def loaded(all_facts, db):
    """Loaded once for all the tests here."""


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

    assert call.sources[-1] == {
        "title": "CIO online : 126 M€ pour les 17 lauréats",
        "publisher": "cio-online.com",
        "date": "consulté le 22 novembre 2026",
    }


def test_a_source_whose_address_is_known_is_a_link(loaded):
    call = Call.objects.get(slug="ftap-2018-1")

    addresses = [source.get("url", "") for source in call.sources]

    assert [address.split("/")[2] for address in addresses if address] == ["www.modernisation.gouv.fr"]


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("ftap-2018-1", "15 mars 2018 (heure non communiquée)"),
        ("ftap-2019-2", "12 juillet 2019 à minuit"),
        ("ftap-2021", "non communiquée"),
    ],
)
def test_no_hour_is_invented_for_a_past_deadline(loaded, slug, text):
    assert Call.objects.get(slug=slug).deadline_text == text


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


def test_each_kind_of_carrier_has_the_amounts_that_its_source_says(loaded):
    call = Call.objects.get(slug="ftap-2020-1")

    assert rule_for(call, Kind.OPERATOR)[:3] == (True, 1_000_000, 50_000_000)
    assert rule_for(call, Kind.DECONCENTRATED)[:3] == (True, 200_000, 50_000_000)
    assert rule_for(call, Kind.COURT)[:3] == (None, 1_000_000, 50_000_000)


def test_a_lowered_threshold_says_nothing_of_the_others(loaded):
    call = Call.objects.get(slug="ftap-2019-2")

    assert (rule_for(call, Kind.DECONCENTRATED).threshold, rule_for(call, Kind.OPERATOR).threshold) == (
        200_000,
        None,
    )


def test_only_one_call_is_known_to_accept_grouped_applications(loaded):
    known = Call.objects.exclude(grouped_accepted=None).values_list("slug", "grouped_accepted")

    assert list(known) == [("ftap-2018-1", True)]


def test_what_the_sources_say_of_a_rule_keeps_its_source(loaded):
    [note] = Call.objects.get(slug="itn3").facts["rule_notes"]

    assert note["text"] == "Le porteur apporte 25 % du coût ; il peut y compter le temps de ses agents."
    assert [source["title"] for source in note["sources"]] == ["Aides-territoires : ITN3"]


def test_a_call_belongs_to_a_programme_where_it_is_certain(loaded):
    found = Call.objects.exclude(programme=None).order_by("slug").values_list("slug", "programme__name")

    assert list(found) == [("pia-dlnuf-part", "Dites-le-nous une fois"), ("pia-opendata-2017", "Open data")]


def test_a_call_without_dates_has_the_year_of_its_title(loaded):
    years = dict(Call.objects.values_list("slug", "year"))

    assert [years[slug] for slug in ("ftap-2020-1", "ftap-2019-1", "eig-2019", "fast-12")] == [
        2020, 2019, 2018, None,
    ]  # fmt: skip


def test_a_fund_comes_from_another(loaded):
    assert [fund.parent and fund.parent.code for fund in Fund.objects.filter(slug__in=["eig", "ftap"])] == [
        "PIA (fonds TN-MAP)",
        None,
    ]


def test_eight_programmes_of_nine_are_known(loaded):
    fund = Fund.objects.get(slug="pia-tne")

    assert (fund.programmes.count(), fund.facts["programmes_count"]) == (8, 9)


def test_each_published_figure_of_a_fund_cites_its_source(loaded):
    rows = [
        row
        for fund in Fund.objects.all()
        for name in ("envelopes", "totals", "figures", "budget")
        for row in fund.facts[name]
    ]

    assert (len(rows), [row for row in rows if not row["sources"]]) == (32, [])
