"""What the forms of a call understand, and what they answer to what they do not."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from calls.forms.calendar import CalendarForm, RoundForm
from calls.forms.criteria import CriteriaFormSet, ScaleForm
from calls.forms.editor import IdentityForm, MoneyForm
from calls.forms.preparation import DeadlineForm
from calls.models import FundRole, Programme, Round
from tests.factories import FundFactory, officer_of

pytestmark = pytest.mark.django_db
EARLIER = Round(closes_at=datetime(2018, 1, 31, 23, tzinfo=UTC))


@pytest.fixture
def officer():
    return officer_of(FundFactory())


def identity(officer, **fields):
    fund = officer.fund_roles.first().fund_id
    typed = {"fund": fund, "code": "ftap-2018-1", "title": "Premier appel"} | fields
    return IdentityForm(typed, user=officer)


def money(**fields):
    return MoneyForm({"threshold_base": "grant"} | fields)


@pytest.mark.parametrize(
    ("day", "hour", "closes_at"),
    [
        ("2018-03-15", "", datetime(2018, 3, 15, 23, tzinfo=UTC)),
        ("2018-03-15", "12:00", datetime(2018, 3, 15, 11, tzinfo=UTC)),
        ("2018-03-15", "23:59:59", datetime(2018, 3, 15, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_round_closes_at_midnight_unless_an_hour_is_said_and_shows_what_was_typed(day, hour, closes_at):
    form = RoundForm({"closes_on": day, "closes_time": hour})
    assert form.is_valid(), form.errors

    shown = RoundForm(initial=RoundForm.shown(form.cleaned_data))

    assert form.cleaned_data == {"closes_at": closes_at}
    assert [str(shown[name].value() or "") for name in ("closes_on", "closes_time")] == [
        day,
        f"{hour}:00" if hour == "12:00" else hour,
    ]


@pytest.mark.parametrize(
    ("typed", "opens_at", "questions_until"),
    [
        (("", ""), datetime(2018, 1, 31, 23, tzinfo=UTC), datetime(2018, 3, 1, 23, tzinfo=UTC)),
        (("09:00", "12:00"), datetime(2018, 2, 1, 8, tzinfo=UTC), datetime(2018, 3, 1, 11, tzinfo=UTC)),
    ],
)
def test_a_call_opens_with_the_day_and_questions_end_with_it(typed, opens_at, questions_until):
    hours = dict(zip(("opens_time", "questions_time"), typed, strict=True))

    form = CalendarForm({"opens_on": "2018-02-01", "questions_on": "2018-03-01"} | hours)

    assert form.is_valid(), form.errors
    assert (form.cleaned_data["opens_at"], form.cleaned_data["questions_until"]) == (
        opens_at,
        questions_until,
    )


def test_money_rules_are_read_as_people_type_them():
    form = money(threshold="500 000 €", ceiling="1 000 000,50", max_rate="50")

    assert form.is_valid(), form.errors
    assert [form.cleaned_data[name] for name in ("threshold", "ceiling", "max_rate")] == [
        Decimal("500000"), Decimal("1000000.50"), Decimal("0.5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"threshold": "-1"}, {"threshold": ["Le montant ne peut pas être négatif."]}),
        (
            {"threshold": "beaucoup"},
            {"threshold": ["Écrivez un montant en chiffres, par exemple 1 234 567,89."]},
        ),
        ({"max_rate": "150"}, {"max_rate": ["Le pourcentage est compris entre 0 et 100."]}),
    ],
)
def test_a_bad_amount_is_told_beside_its_field(fields, errors):
    assert money(**fields).errors == errors


@pytest.mark.parametrize("code", ["FTAP 2018", "été"])
def test_a_reference_is_made_of_plain_letters_and_figures(officer, code):
    assert identity(officer, code=code).errors == {
        "code": ["Des lettres sans accent, des chiffres et des tirets seulement."]
    }


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_is_of_this_century(day):
    form = CalendarForm({"opens_on": day, "committee_on": day})

    told = ["Écrivez une date comprise entre 2000 et 2100."]
    assert form.errors == {"opens_on": told, "committee_on": told}


def test_a_call_is_prepared_for_ones_own_funds_only(officer):
    form = identity(officer, fund=FundFactory().pk)

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
    return CriteriaFormSet(rows, prefix="rows", beside=ScaleForm({"scale_max": "5"}))


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


# Grouped applications, programmes


@pytest.mark.parametrize(("typed_in", "kept"), [("", None), ("True", True), ("False", False)])
def test_grouped_applications_are_accepted_refused_or_left_unsaid(typed_in, kept):
    form = money(grouped_accepted=typed_in)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["grouped_accepted"] is kept


def test_a_programme_is_one_of_the_calls_own_fund(officer):
    own = Programme.objects.create(fund=officer.fund_roles.get().fund, slug="p", name="Volet", position=1)
    second = FundFactory()
    FundRole.objects.create(user=officer, fund=second, role=FundRole.Role.OFFICER)
    others = Programme.objects.create(fund=second, slug="p", name="Autre volet", position=1)
    strangers = Programme.objects.create(fund=FundFactory(), slug="p", name="Volet", position=1)

    forms = [identity(officer, programme=programme.pk) for programme in (own, others, strangers)]

    assert [form.errors.get("programme") for form in forms] == [
        None,
        ["Ce programme est celui d’un autre fonds."],
        ["Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."],
    ]
