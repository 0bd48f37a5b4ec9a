"""Four real calls, kept as files: each is taken in, says what its sources say, and can be published with other dates.

What no source gives (weights, some criteria, most questions) is invented, and the `about` of its file says so.
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localtime

from calls import readiness
from calls.actions import publication
from calls.models import Call
from calls.questionnaire import coherence
from calls.questionnaire.conditions import broken, shown
from tests.calls.exchanged import REAL, begun
from tests.clock import from_now
from tests.factories import head_of, specifications

PARIS = ZoneInfo("Europe/Paris")
AMOUNTS = ("threshold", "threshold_base", "ceiling", "cofinancing_required", "max_rate")
CIRCUIT = ("proposed_by", "decided_by", "paid_by", "visa_required", "anonymous", "expected_laureates")


def of(call, names):
    return tuple(getattr(call, name) for name in names)


def day(*parts):
    return datetime(*parts, tzinfo=PARIS)


@pytest.mark.parametrize("name", REAL)
def test_its_form_holds_together(db, name):
    call = begun(name)

    assert coherence.problems(call.form_draft.definition, call.criteria.values_list("key", flat=True)) == []
    assert sum(call.criteria.values_list("weight", flat=True)) == 100


@pytest.mark.parametrize("name", REAL)
def test_with_dates_to_come_and_what_no_source_says_it_is_published(db, name):
    dates = {"opens_at": from_now(days=1), "rounds": [from_now(days=30), from_now(days=120)]}
    unsaid = {"contact_email": "appel@secretariat.example", "threshold_base": Call.Base.GRANT.value}
    call = begun(name, **dates, **unsaid, committee_on=None, announced_on=None)
    specifications(call)

    assert readiness.missing(call) == []
    publication.submit_call(call, by=call.prepared_by)
    published = publication.publish_call(call, by=head_of(call.fund))

    assert (published.state, published.form_versions.count()) == (Call.State.PUBLISHED, 1)


def test_the_first_call_of_the_ftap_names_no_base_for_its_threshold(db):
    call = begun("ftap-2018-1")

    assert of(call, AMOUNTS) == (500_000, Call.Base.UNSPECIFIED, None, True, None)
    assert (call.grouped_accepted, call.savings_horizon, call.savings_measure) == (True, 3, "")
    assert localtime(call.opens_at) == day(2018, 2, 1)
    assert [round_.deadline_text for round_ in call.rounds.all()] == ["15 mars 2018 à minuit"]
    assert (call.committee_on, call.announced_on) == (date(2018, 5, 22), date(2018, 6, 20))
    assert [criterion.label for criterion in call.criteria.all()] == [
        "Caractère stratégique et novateur",
        "Qualité de service et conditions de travail",
        "Économies substantielles et pérennes",
        "Gouvernance et moyens de conduite",
    ]
    assert (call.has_shortlist, call.has_hearings, call.decided_by) == (True, True, "steering_committee")
    assert [row.kind for row in call.carrier_rules.all()] == [
        "ministere", "administration-centrale", "service-deconcentre", "operateur",
    ]  # fmt: skip


def test_grouped_projects_of_the_ftap_add_up_to_the_threshold(db):
    form = begun("ftap-2018-1").form_draft.definition
    amounts = {"@components_grant": Decimal(499_999), "@threshold": Decimal(500_000)}

    assert [check["key"] for check in broken(form, {"groupe": True}, amounts)] == ["concentrateur"]
    assert broken(form, {"groupe": True}, amounts | {"@components_grant": Decimal(500_000)}) == []
    assert broken(form, {"groupe": False}, amounts) == []


def test_a_counter_has_several_rounds_between_two_amounts(db):
    call = begun("ftap-guichet-data", rounds=[from_now(days=30), from_now(days=120), from_now(days=210)])

    assert of(call, AMOUNTS) == (100_000, Call.Base.UNSPECIFIED, 1_000_000, True, Decimal("0.5"))
    assert [round_.number for round_ in call.rounds.all()] == [1, 2, 3]


@pytest.mark.parametrize(
    ("grant", "keys"),
    [(500_000, []), (510_000, ["moitie"]), (99_999, ["au-seuil"]), (1_000_001, ["moitie", "au-plafond"])],
)
def test_a_counter_refuses_more_than_half_and_amounts_out_of_bounds(db, grant, keys):
    form = begun("ftap-guichet-data").form_draft.definition
    amounts = {"@total_cost": 1_000_000, "@threshold": 100_000, "@ceiling": 1_000_000, "@grant": grant}

    told = broken(form, {}, {name: Decimal(amount) for name, amount in amounts.items()})

    assert [check["key"] for check in told] == keys


def test_open_data_is_proposed_by_experts_and_paid_by_the_operator(db):
    call = begun("pia-opendata-2017")

    assert of(call, AMOUNTS) == (None, Call.Base.UNSPECIFIED, None, True, Decimal("0.5"))
    assert of(call, CIRCUIT)[:3] == ("experts", "steering_committee", "operator")
    assert localtime(call.opens_at) == day(2017, 2, 22)
    assert [round_.deadline_text for round_ in call.rounds.all()] == ["9 mai 2017 à minuit"]
    assert call.programme.slug == "open-data"


def test_open_data_adds_up_what_each_set_costs(db):
    form = begun("pia-opendata-2017").form_draft.definition
    sets = {"jeux": [{"nom": "Un", "cout": "600"}, {"nom": "Deux", "cout": "500"}]}

    told = broken(form, sets, {"@total_cost": Decimal(1000), "@grant": Decimal(500)})

    assert [check["key"] for check in told] == ["jeux-chiffres"]


def test_a_contest_hides_who_enters_and_moves_no_money(db):
    call = begun("futurs-publics-2018")

    assert of(call, CIRCUIT) == ("", "jury", "nobody", False, True, 5)
    assert [round_.closes_at for round_ in call.rounds.all()] == [day(2018, 3, 13, 20)]
    assert call.criteria.count() == 3
    assert {section["kind"] for section in call.form_draft.sections} == {"text"}
    assert call.opens_at is None


@pytest.mark.parametrize(("form", "formats"), [("film", [".avi", ".mp4"]), ("texte", [".pdf"])])
def test_a_contest_asks_for_a_film_or_for_a_document(db, form, formats):
    definition = begun("futurs-publics-2018").form_draft.definition

    _, asked = shown(definition, {"forme": form})

    [section] = definition["sections"]
    questions = [question for question in section["questions"] if question["key"] in asked]
    assert questions[-1]["formats"] == formats
    assert len(questions) == 4
