"""Laureates as « données essentielles des conventions de subvention »: the schema SCDL « subventions » 2.1.1.

A row is published only when the portal knows every field that the schema requires; nothing is made up to pass. The
schema is data: `schemas/scdl-subventions-2.1.1.json`, its checks that Table Schema cannot say are below.
"""

import json
from decimal import Decimal
from pathlib import Path

from stdnum.fr import siret

from fondsportal.front.open_data import table_schema
from selection.models import Laureate

SCHEMA = json.loads(
    Path(__file__).with_name("schemas").joinpath("scdl-subventions-2.1.1.json").read_text(encoding="utf-8")
)
TITLES = {field["name"]: field["title"] for field in SCHEMA["fields"]}
INVENTED = ("fictif", "projet inventé pour la démonstration")


def rows():
    """The public laureates with what the schema asks for."""
    return (
        Laureate.objects.public()
        .counted()
        .order_by("slug")
        .values(
            "slug",
            "name",
            "carrier",
            "case",
            "partners",
            "amount",
            "amount_qualifier",
            "agreement_signed_on",
            "payment_conditions",
            "payments_from",
            "payments_until",
            "eu_notified",
            "fictitious",
            "organisation__siret",
            "fund__name",
            "fund__grantor__name",
            "fund__grantor__siret",
        )
    )


def cells(row):
    """The sixteen fields of a laureate, empty where they are unknown."""
    known = {
        "nomAttribuant": row["fund__grantor__name"],
        "idAttribuant": row["fund__grantor__siret"],
        "dateConvention": row["agreement_signed_on"],
        "nomBeneficiaire": row["carrier"],
        "idBeneficiaire": row["organisation__siret"],
        "objet": row["name"],
        "montant": row["amount"] if row["amount_qualifier"] in Laureate.EXACT else None,
        "nature": "aide en numéraire",
        "conditionsVersement": row["payment_conditions"],
        "datesPeriodeVersement": payment_dates(row["payments_from"], row["payments_until"]),
        "notificationUE": row["eu_notified"],
        # A dossier of this portal names all its partners: without any, the whole grant goes to its carrier. The sources
        # of a past project may leave them out.
        "pourcentageSubvention": Decimal(1) if row["case"] and not row["partners"] else None,
        "dispositifAide": row["fund__name"],
    }
    return {name: table_schema.cell(known.get(name)) for name in TITLES}


def payment_dates(first, last):
    if first is None:
        return ""
    return f"{first}/{last}" if last and last != first else f"{first}"


def problems(row):
    """Why a laureate is left out, as pairs of a field's title and what is wrong; none for one that is published."""
    if row["fictitious"]:
        return [INVENTED]
    found = cells(row)
    said = dict(table_schema.problems(SCHEMA, found))
    for column in ("idAttribuant", "idBeneficiaire"):
        if found[column] and not siret.is_valid(found[column]):
            said[column] = "invalide"
    if not (found["idBeneficiaire"] or found["rnaBeneficiaire"]):
        said["idBeneficiaire"] = "manquant"
    return [(TITLES[name], problem) for name, problem in said.items()]
