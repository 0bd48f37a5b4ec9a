"""What the forms of a call understand, and what they answer to what they do not."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from calls.forms.preparation import CallForm, CriteriaFormSet, DeadlineForm
from calls.models import FundRole, Programme, Round
from tests.factories import CallFactory, FundFactory, officer_of

EARLIER = Round(closes_at=datetime(2018, 1, 31, 23, tzinfo=UTC))


def typed(**fields):
    return {
        "code": "ftap-2018-1",
        "title": "Premier appel",
        "threshold_base": "grant",
        "scale_max": "5",
    } | fields


@pytest.fixture
def officer(db):
    return officer_of(FundFactory())


def call_form(officer, **fields):
    return CallForm(typed(**{"fund": officer.fund_roles.get().fund_id} | fields), user=officer)


def test_midnight_is_the_end_of_the_day_in_paris(officer):
    form = call_form(officer, opens_on="2018-02-01", closes_on="2018-03-15")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["opens_at"] == datetime(2018, 1, 31, 23, tzinfo=UTC)
    assert form.cleaned_data["closes_at"] == datetime(2018, 3, 15, 23, tzinfo=UTC)


def test_an_hour_may_be_given(officer):
    form = call_form(
        officer, opens_on="2018-02-01", opens_time="09:00", closes_on="2018-03-15", closes_time="12:00"
    )

    assert form.is_valid(), form.errors
    assert form.cleaned_data["opens_at"] == datetime(2018, 2, 1, 8, tzinfo=UTC)
    assert form.cleaned_data["closes_at"] == datetime(2018, 3, 15, 11, tzinfo=UTC)


def test_a_call_shows_the_dates_it_was_given(officer):
    call = CallFactory(fund=officer.fund_roles.get().fund, opens_at=datetime(2018, 1, 31, 23, tzinfo=UTC))
    call.rounds.update(closes_at=datetime(2018, 3, 15, 23, tzinfo=UTC))

    form = CallForm(instance=call, user=officer)

    assert [str(form.initial[name]) for name in ("opens_on", "opens_time", "closes_on", "closes_time")] == [
        "2018-02-01", "None", "2018-03-15", "None",
    ]  # fmt: skip


def test_money_rules_are_read_as_people_type_them(officer):
    form = call_form(officer, threshold="500 000 €", ceiling="1 000 000,50", max_rate="50")

    assert form.is_valid(), form.errors
    assert [form.cleaned_data[name] for name in ("threshold", "ceiling", "max_rate")] == [
        Decimal("500000"), Decimal("1000000.50"), Decimal("0.5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"code": "FTAP 2018"}, {"code": ["Des lettres sans accent, des chiffres et des tirets seulement."]}),
        ({"code": "été"}, {"code": ["Des lettres sans accent, des chiffres et des tirets seulement."]}),
        (
            {"opens_on": "2018-03-15", "closes_on": "2018-03-14"},
            {"closes_on": ["La date limite doit suivre l’ouverture."]},
        ),
        ({"threshold": "-1"}, {"threshold": ["Le montant ne peut pas être négatif."]}),
        (
            {"threshold": "beaucoup"},
            {"threshold": ["Écrivez un montant en chiffres, par exemple 1 234 567,89."]},
        ),
        (
            {"threshold": "2", "ceiling": "1"},
            {"__all__": ["Le plafond doit être au moins égal au seuil."]},
        ),
        ({"max_rate": "150"}, {"max_rate": ["Le pourcentage est compris entre 0 et 100."]}),
        (
            {"closes_on": "9999-12-31"},
            {"closes_on": ["Écrivez une date comprise entre 2000 et 2100."]},
        ),
        (
            {"opens_on": "0001-01-01"},
            {"opens_on": ["Écrivez une date comprise entre 2000 et 2100."]},
        ),
        (
            {"committee_on": "9999-12-31"},
            {"committee_on": ["Écrivez une date comprise entre 2000 et 2100."]},
        ),
    ],
)
def test_a_bad_value_is_told_beside_its_field(officer, fields, errors):
    form = call_form(officer, **fields)

    assert form.errors == errors


def test_a_call_is_prepared_for_ones_own_funds_only(officer):
    form = call_form(officer, fund=FundFactory().pk)

    assert list(form.errors) == ["fund"]


@pytest.mark.parametrize(
    ("closes_on", "closes_time", "closes_at"),
    [
        ("2018-03-15", "", datetime(2018, 3, 15, 23, tzinfo=UTC)),
        ("2018-03-15", "12:00", datetime(2018, 3, 15, 11, tzinfo=UTC)),
    ],
)
def test_a_new_deadline_is_read_as_the_first_one(closes_on, closes_time, closes_at):
    form = DeadlineForm({"closes_on": closes_on, "closes_time": closes_time}, last=EARLIER)

    assert form.is_valid()
    assert form.closes_at() == closes_at


@pytest.mark.parametrize("closes_on", ["2018-01-31", "2018-01-30"])
def test_a_new_deadline_is_later_than_the_last(closes_on):
    form = DeadlineForm({"closes_on": closes_on}, last=EARLIER)

    assert form.errors == {
        "closes_on": [
            "La date limite publiée est le 31 janvier 2018 à minuit : choisissez une date plus tardive."
        ]
    }


def test_a_new_deadline_beyond_time_is_refused():
    form = DeadlineForm({"closes_on": "9999-12-31"}, last=EARLIER)

    assert form.errors == {"closes_on": ["Écrivez une date comprise entre 2000 et 2100."]}


def criteria(*weights):
    rows = {"rows-TOTAL_FORMS": len(weights), "rows-INITIAL_FORMS": 0}
    for number, weight in enumerate(weights):
        rows |= {f"rows-{number}-label": f"Critère {number}", f"rows-{number}-weight": weight}
    return CriteriaFormSet(rows, prefix="rows")


@pytest.mark.parametrize(
    ("weights", "valid"), [((40, 30, 20, 10), True), ((100,), True), ((), True), ((99,), False)]
)
def test_the_weights_of_the_criteria_make_a_hundred(weights, valid):
    assert criteria(*weights).is_valid() is valid


def test_weights_that_do_not_make_a_hundred_are_told_with_their_sum():
    assert criteria(40, 30).non_form_errors() == [
        "Les poids font 70 % : ils doivent faire 100 %. Corrigez-les, rien n’est perdu."
    ]


@pytest.mark.parametrize("weight", ["0", "101", "-5", "dix", ""])
def test_a_weight_is_a_number_from_1_to_100(weight):
    assert list(criteria(weight).errors[0]) == ["weight"]


# Questions, programmes, grouped applications


def test_questions_end_at_midnight_unless_an_hour_is_said(officer):
    form = call_form(officer, questions_on="2018-03-01")
    at_noon = call_form(officer, questions_on="2018-03-01", questions_time="12:00")

    assert (form.is_valid(), at_noon.is_valid()) == (True, True)
    assert [each.cleaned_data["questions_until"] for each in (form, at_noon)] == [
        datetime(2018, 3, 1, 23, tzinfo=UTC),
        datetime(2018, 3, 1, 11, tzinfo=UTC),
    ]


@pytest.mark.parametrize("day", ["2018-01-15", "2018-12-31"])
def test_questions_end_between_the_opening_and_the_deadline(officer, day):
    form = call_form(officer, opens_on="2018-02-01", closes_on="2018-03-15", questions_on=day)

    assert list(form.errors) == ["questions_on"]


def test_a_call_shows_until_when_questions_may_be_asked(officer):
    call = CallFactory(
        fund=officer.fund_roles.get().fund, questions_until=datetime(2018, 3, 1, 23, tzinfo=UTC)
    )

    form = CallForm(instance=call, user=officer)

    assert [str(form.initial[name]) for name in ("questions_on", "questions_time")] == ["2018-03-01", "None"]


@pytest.mark.parametrize(("typed_in", "kept"), [("", None), ("True", True), ("False", False)])
def test_grouped_applications_are_accepted_refused_or_left_unsaid(officer, typed_in, kept):
    form = call_form(officer, grouped_accepted=typed_in)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["grouped_accepted"] is kept


def test_a_programme_is_one_of_the_calls_own_fund(officer):
    own = Programme.objects.create(fund=officer.fund_roles.get().fund, slug="p", name="Volet", position=1)
    second = FundFactory()
    FundRole.objects.create(user=officer, fund=second, role=FundRole.Role.OFFICER)
    others = Programme.objects.create(fund=second, slug="p", name="Autre volet", position=1)
    strangers = Programme.objects.create(fund=FundFactory(), slug="p", name="Volet", position=1)

    forms = [
        CallForm(typed(fund=own.fund_id, programme=programme.pk), user=officer)
        for programme in (own, others, strangers)
    ]

    assert [form.errors.get("programme") for form in forms] == [
        None,
        ["Ce programme est celui d’un autre fonds."],
        ["Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."],
    ]
