"""The rules and the dates of a call as a reader sees them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from calls import summary
from calls.models import Outcome
from tests.factories import CallFactory, ThemeFactory


def test_what_is_unknown_is_said_to_be(db):
    call = CallFactory(fund__name="Fonds d’essai", code="ESSAI")

    assert summary.facts(call) == [
        ("Fonds", "Fonds d’essai"),
        ("Référence", "ESSAI"),
        ("Seuil", "non communiqué"),
        ("Plafond", "non communiqué"),
        ("Cofinancement", "non exigé"),
        ("Taux maximal de la subvention", "non communiqué"),
        ("Dossiers groupés", "non communiqué"),
        ("Thèmes", "non communiqués"),
        ("Visa d’un valideur", "exigé"),
        ("Présélection avant le comité", "oui"),
        ("Qui propose", "non communiqué"),
        ("Qui décide", "non communiqué"),
        ("Qui signe et paie", "non communiqué"),
        ("Décisions possibles", "non communiquées"),
    ]


def test_what_a_call_says_of_money_and_of_its_circuit_is_told(db):
    call = CallFactory(
        flat_grant=Decimal(30_000),
        savings_horizon=3,
        savings_measure="yearly",
        expected_laureates=5,
        anonymous=True,
        has_hearings=True,
        proposed_by="experts",
        decided_by="jury",
        paid_by="nobody",
    )
    Outcome.objects.create(call=call, position=1, label="Lauréat", state="selected")

    told = dict(summary.rules(call))

    assert {label: told[label] for label in told.keys() - dict(summary.rules(CallFactory())).keys()} == {
        "Subvention forfaitaire": "30\u202f000\u00a0€",
        "Économies attendues": "mesurées 3 ans après la fin du projet, de la dernière année",
        "Lauréats prévus": "5",
        "Candidature anonyme": "oui : le nom de l’administration est caché au comité",
    }
    assert list(told.values())[-5:] == [
        "oui, suivie d’auditions",
        "un comité d’experts",
        "un jury",
        "personne : l’appel ne verse pas d’argent",
        "Lauréat",
    ]


@pytest.mark.parametrize(
    ("horizon", "told"),
    [
        (None, "date de mesure non communiquée, cumulées jusqu’à cette année"),
        (0, "mesurées à la fin du projet, cumulées jusqu’à cette année"),
        (1, "mesurées 1 an après la fin du projet, cumulées jusqu’à cette année"),
    ],
)
def test_when_savings_are_measured_is_told_as_far_as_it_is_known(db, horizon, told):
    call = CallFactory(savings_horizon=horizon, savings_measure="cumulated")

    assert dict(summary.rules(call))["Économies attendues"] == told


def test_a_threshold_names_its_base(db):
    call = CallFactory(threshold=Decimal("500000"), threshold_base="unspecified")

    assert dict(summary.facts(call))["Seuil"] == (
        "500\u202f000\u00a0€, sur un montant que la source ne précise pas"
    )


def test_themes_are_listed(db):
    call = CallFactory()
    call.themes.set([ThemeFactory(label="Numérique"), ThemeFactory(label="Accueil")])

    assert dict(summary.facts(call))["Thèmes"] == "Accueil, Numérique"


@pytest.mark.parametrize(
    ("now", "states"),
    [
        (datetime(2018, 1, 31, 22, 59, tzinfo=UTC), ["current", "future", "future", "future"]),
        (datetime(2018, 1, 31, 23, 0, tzinfo=UTC), ["past", "current", "future", "future"]),
        (datetime(2018, 3, 15, 23, 0, tzinfo=UTC), ["past", "past", "current", "future"]),
        (datetime(2018, 5, 16, 12, 0, tzinfo=UTC), ["past", "past", "past", "current"]),
        (datetime(2018, 6, 1, 12, 0, tzinfo=UTC), ["past", "past", "past", "past"]),
    ],
)
def test_the_first_date_to_come_is_the_current_one(db, now, states):
    call = CallFactory(
        published=True,
        opens_at=datetime(2018, 1, 31, 23, tzinfo=UTC),
        committee_on=date(2018, 5, 15),
        announced_on=date(2018, 6, 1),
    )
    call.rounds.update(closes_at=datetime(2018, 3, 15, 23, tzinfo=UTC))

    assert [state for _, _, state in summary.key_dates(call, now=now)] == states


def test_dates_are_said_as_people_say_them(db):
    call = CallFactory(published=True, opens_at=datetime(2018, 1, 31, 23, tzinfo=UTC))
    call.rounds.update(closes_at=datetime(2018, 3, 15, 23, tzinfo=UTC))
    call.refresh_from_db()

    told = summary.key_dates(call, now=datetime(2018, 1, 1, tzinfo=UTC))

    assert [date for _, date, _ in told] == [
        "1er février 2018", "15 mars 2018 à minuit", "non communiquée", "non communiquée",
    ]  # fmt: skip


def test_each_round_of_a_counter_is_a_date_of_its_own(db):
    call = CallFactory(published=True, opens_at=datetime(2018, 1, 31, 23, tzinfo=UTC), decided_by="jury")
    call.rounds.update(closes_at=datetime(2018, 3, 15, 23, tzinfo=UTC))
    call.rounds.create(number=2, closes_at=datetime(2018, 6, 15, 10, tzinfo=UTC))

    told = summary.key_dates(call, now=datetime(2018, 4, 1, tzinfo=UTC))

    assert told == [
        ("Ouverture", "1er février 2018", "past"),
        ("Relève 1", "15 mars 2018 à minuit", "past"),
        ("Relève 2", "15 juin 2018 à 12:00", "current"),
        ("Jury", "non communiquée", "future"),
        ("Annonce des lauréats", "non communiquée", "future"),
    ]
