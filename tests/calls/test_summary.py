"""The rules and the dates of a call as a reader sees them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from calls import summary
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
    ]


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
