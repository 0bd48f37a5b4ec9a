"""The columns that the list may show beside the reference and the project; which ones is said by its address."""

from collections.abc import Callable
from typing import NamedTuple

from django.template.defaultfilters import floatformat
from django.utils.timezone import localtime
from django.utils.translation import ngettext

from calls.money import euros
from selection.models import Review

HIDDEN = "masquée"
NONE = "–"


class Column(NamedTuple):
    key: str
    label: str
    read: Callable
    number: bool = False


def _score(case, value):
    if case.blind:
        return HIDDEN
    return NONE if value is None else floatformat(value, 2)


def _proposed(case):
    if case.blind:
        return HIDDEN
    return euros(case.seen_amount) if case.seen_amount is not None else NONE


def _recommended(case):
    return HIDDEN if case.blind else dict(Review.Recommendation.choices).get(case.seen_recommendation, NONE)


def _opinions(case):
    if not case.opinions_asked:
        return "aucun demandé"
    asked = ngettext("%d demandé", "%d demandés", case.opinions_asked) % case.opinions_asked
    return f"{asked}, " + ngettext("%d reçu", "%d reçus", case.opinions_received) % case.opinions_received


def _reviews(case):
    if not case.reviews_asked:
        return "aucune confiée"
    done = ngettext("%d terminée", "%d terminées", case.reviews_finished) % case.reviews_finished
    return f"{done} sur {case.reviews_asked}"


def _day(value):
    return f"{localtime(value):%d/%m/%Y}" if value else NONE


COLUMNS = {
    column.key: column
    for column in [
        Column("etat", "État", lambda case: case.get_state_display()),
        Column("porteur", "Porteur", lambda case: case.carrier),
        Column("nature", "Nature du porteur", lambda case: case.get_carrier_kind_display()),
        Column("ministere", "Ministère", lambda case: case.ministry.name if case.ministry else NONE),
        Column("appel", "Appel", lambda case: case.call.title),
        Column("themes", "Thèmes", lambda case: ", ".join(case.themes or []) or NONE),
        Column("montant", "Subvention demandée", lambda case: euros(case.requested_grant), number=True),
        Column("cout", "Coût total", lambda case: euros(case.total_cost), number=True),
        Column("economies", "Économies attendues", lambda case: euros(case.promised_savings), number=True),
        Column("depot", "Déposé le", lambda case: _day(case.filed_at)),
        Column("evaluations", "Évaluations", _reviews),
        Column("note", "Note", lambda case: _score(case, case.seen_score), number=True),
        Column("ecart", "Écart entre évaluateurs", lambda case: _score(case, case.seen_spread), number=True),
        Column("recommandation", "Recommandation", _recommended),
        Column("propose", "Subvention proposée", _proposed, number=True),
        Column("avis", "Avis", _opinions),
        Column("avis_attendu", "Avis attendu avant le", lambda case: _day(case.opinion_due_at)),
        Column("alertes", "Alertes ouvertes", lambda case: case.open_flags or NONE, number=True),
        Column("agent", "Agent chargé", lambda case: case.officer.name if case.officer else "personne"),
        Column("etiquettes", "Étiquettes", lambda case: ", ".join(case.label_names) or NONE),
    ]
}
DEFAULT = ["etat", "porteur", "montant", "note", "avis", "agent", "etiquettes"]


def table(cases, keys, passages):
    """The columns that were chosen, and each case with its cells and the passage where what one looks for stands."""
    columns = [COLUMNS[key] for key in COLUMNS if key in keys]
    rows = [
        {
            "case": case,
            "passage": passages.get(case.pk),
            "cells": [(column, column.read(case)) for column in columns],
        }
        for case in cases
    ]
    return columns, rows
