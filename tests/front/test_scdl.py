"""The SCDL « subventions » file: valid against its schema, and holding only what is known in full."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from fondsportal.front.open_data import scdl
from selection.models import Case, Laureate
from tests import factories
from tests.front.test_open_data import table, validated

pytestmark = pytest.mark.django_db

GRANTOR, CARRIER = "11001401600015", "11001001400014"  # SIRET whose check digits are right


def complete_laureate(number=1, **fields):
    """A laureate that has everything that the schema requires."""
    grantor = factories.OrganisationFactory(name="Organisme attribuant", siret=GRANTOR)
    known = {
        "fund": factories.FundFactory(grantor=grantor),
        "slug": f"projet-{number}",
        "name": f"Projet {number}",
        "carrier": "Organisme porteur",
        "organisation": factories.OrganisationFactory(siret=CARRIER),
        "amount": Decimal("1234567.80"),
        "agreement_signed_on": date(2018, 11, 5),
        "payment_conditions": "échelonné",
        "payments_from": date(2018, 12, 1),
        "payments_until": date(2021, 12, 31),
        "eu_notified": False,
    }
    if "case" not in fields:  # of a dossier of this portal, which names its partners
        known["case"] = factories.case_in(Case.State.SELECTED)
    return Laureate.objects.create(**known | fields)


def rejected(client):
    """What is said of each row left out: (identifier, missing, wrong)."""
    content = b"".join(client.get("/donnees/subventions/lignes-a-completer.csv")).decode()
    rows = csv.DictReader(io.StringIO(content, newline=""))
    return [(row["identifiant"], row["manquant"], row["invalide"]) for row in rows]


def test_the_file_is_valid_against_the_schema(client, tmp_path):
    for number in range(1, 4):
        complete_laureate(number)
    complete_laureate(4, payments_until=None, amount_qualifier="official", eu_notified=True)
    complete_laureate(5, agreement_signed_on=None)
    content = b"".join(client.get("/donnees/subventions.csv"))

    errors = validated(content, scdl.SCHEMA, tmp_path)

    assert errors == []
    assert [row["objet"] for row in table(client, "subventions.csv")] == [f"Projet {n}" for n in range(1, 5)]


def test_a_complete_laureate_is_told_field_by_field(client):
    complete_laureate()

    [row] = table(client, "subventions.csv")

    assert row == {
        "nomAttribuant": "Organisme attribuant",
        "idAttribuant": GRANTOR,
        "dateConvention": "2018-11-05",
        "referenceDecision": "",
        "nomBeneficiaire": "Organisme porteur",
        "idBeneficiaire": CARRIER,
        "rnaBeneficiaire": "",
        "objet": "Projet 1",
        "montant": "1234567.80",
        "nature": "aide en numéraire",
        "conditionsVersement": "échelonné",
        "datesPeriodeVersement": "2018-12-01/2021-12-31",
        "idRAE": "",
        "notificationUE": "non",
        "pourcentageSubvention": "1",
        "dispositifAide": Laureate.objects.get().fund.name,
    }


UNKNOWN = [
    ({"carrier": ""}, "Nom du bénéficiaire"),
    ({"organisation": None}, "Identifiant du bénéficiaire"),
    ({"amount": None}, "Montant de la subvention"),
    ({"amount_qualifier": "more_than"}, "Montant de la subvention"),
    ({"amount_qualifier": "approx"}, "Montant de la subvention"),
    ({"amount_qualifier": "press"}, "Montant de la subvention"),
    ({"amount_qualifier": "per_project_rule"}, "Montant de la subvention"),
    ({"agreement_signed_on": None}, "Date de la convention"),
    ({"payment_conditions": ""}, "Conditions de versement"),
    ({"payments_from": None}, "Date ou période de versement"),
    ({"eu_notified": None}, "Aide notifiée à l’Union européenne"),
    ({"partners": "Un partenaire"}, "Part du bénéficiaire"),
    ({"case": None}, "Part du bénéficiaire"),
]


@pytest.mark.parametrize(("unknown", "field"), UNKNOWN)
def test_a_laureate_that_lacks_one_field_is_left_out_and_listed(client, unknown, field):
    complete_laureate(**unknown)

    assert table(client, "subventions.csv") == []
    assert rejected(client) == [("projet-1", field, "")]


def test_a_fund_whose_grantor_is_unknown_publishes_no_subsidy(client):
    complete_laureate(fund=factories.FundFactory())

    assert rejected(client) == [("projet-1", "Nom de l’attribuant | Identifiant de l’attribuant", "")]


def test_a_siret_whose_key_is_wrong_is_refused(client):
    complete_laureate(organisation=factories.OrganisationFactory(siret="11001001400015"))

    assert table(client, "subventions.csv") == []
    assert rejected(client) == [("projet-1", "", "Identifiant du bénéficiaire (invalide)")]


def test_an_invented_project_is_never_published_as_a_subsidy(client):
    complete_laureate(fictitious=True)

    assert table(client, "subventions.csv") == []
    assert rejected(client) == [("projet-1", "", "fictif (projet inventé pour la démonstration)")]


def test_the_report_counts_what_is_published_and_what_is_missing(client):
    complete_laureate(1)
    complete_laureate(2, eu_notified=None)

    context = client.get("/donnees/subventions/validation/").context

    assert (context["count"], context["valid"], context["report"]["rejected"]) == (2, 1, 1)
    assert context["report"]["reasons"] == [(("Aide notifiée à l’Union européenne", "manquant"), 1)]


def test_the_page_counts_the_lines_of_the_file(client):
    complete_laureate(1)
    complete_laureate(2, eu_notified=None)

    assert client.get("/donnees/subventions/").context["count"] == 1
