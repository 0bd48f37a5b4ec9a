"""The operations of the API. Each list says its filters, each answer its record (`open_data/records.py`)."""

from typing import Annotated

from django.http import Http404
from ninja import Field, NinjaAPI, Path, Query, Schema
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from fondsportal.front.api.filters import AnnouncementFilters, CallFilters, FundFilters, LaureateFilters
from fondsportal.front.api.gate import public_patterns
from fondsportal.front.api.pagination import page
from fondsportal.front.open_data import rows
from fondsportal.front.open_data.records import (
    AnnouncementRecord,
    CallRecord,
    FundRecord,
    LaureateRecord,
    WholeAnnouncementRecord,
)

DESCRIPTION = """\
Ce que le portail publie, en JSON, libre de réutilisation (Licence Ouverte 2.0). Aucune inscription, lecture seule.

Une valeur inconnue est `null`, jamais zéro. Un montant se lit avec ce qu’il vaut. Une annonce paraît ici à la minute
où elle devient publique. Les listes se parcourent page par page en suivant l’adresse `suivant` jusqu’à `null`.
Chaque réponse porte un `ETag` : le renvoyer dans `If-None-Match` évite de retélécharger ce qui n’a pas changé.
"""

Slug = Annotated[str, Path(max_length=100, pattern=r"^[-a-zA-Z0-9_]+$", description="Identifiant.")]


class FieldProblem(Schema):
    parametre: str = Field(description="Le paramètre refusé.")
    message: str = Field(description="Pourquoi.")


class Problem(Schema):
    """Pourquoi une demande n’a pas été satisfaite."""

    statut: int = Field(description="Le statut HTTP.", examples=[404])
    titre: str = Field(description="Le problème, en une phrase.")
    erreurs: list[FieldProblem] = Field(default=[], description="Les paramètres refusés.")


class FundPage(Schema):
    resultats: list[FundRecord]
    suivant: str | None = Field(description="Adresse de la page suivante, ou null.")


class CallPage(Schema):
    resultats: list[CallRecord]
    suivant: str | None = Field(description="Adresse de la page suivante, ou null.")


class LaureatePage(Schema):
    resultats: list[LaureateRecord]
    suivant: str | None = Field(description="Adresse de la page suivante, ou null.")


class AnnouncementPage(Schema):
    resultats: list[AnnouncementRecord]
    suivant: str | None = Field(description="Adresse de la page suivante, ou null.")


class Readable(JSONRenderer):
    """JSON that keeps its accents."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=Readable(),
    title="API du portail des fonds",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
)


def listed(schema):
    return {200: schema, 422: Problem, 429: Problem}


def single(schema):
    return {200: schema, 404: Problem, 422: Problem, 429: Problem}


def one(found, record, slug):
    """The record of a visible row; what one may not see answers as what does not exist."""
    row = found.filter(slug=slug).first()
    if row is None:
        raise Http404
    return record(row)


@api.get("/fonds", operation_id="fonds_liste", response=listed(FundPage), summary="Les fonds", tags=["Fonds"])
def funds(request, asked: Query[FundFilters]):
    return page(request, asked.applied(rows.funds()), rows.fund_record, asked)


@api.get(
    "/fonds/{identifiant}",
    operation_id="fonds_detail",
    response=single(FundRecord),
    summary="Un fonds",
    tags=["Fonds"],
)
def fund(request, identifiant: Slug):
    return one(rows.funds(), rows.fund_record, identifiant)


@api.get(
    "/appels",
    operation_id="appels_liste",
    response=listed(CallPage),
    summary="Les appels à projets",
    tags=["Appels à projets"],
)
def calls(request, asked: Query[CallFilters]):
    return page(request, asked.applied(rows.calls()), rows.call_record, asked)


@api.get(
    "/appels/{identifiant}",
    response=single(CallRecord),
    summary="Un appel à projets",
    tags=["Appels à projets"],
)
def call(request, identifiant: Slug):
    return one(rows.calls(), rows.call_record, identifiant)


@api.get(
    "/laureats",
    operation_id="laureats_liste",
    response=listed(LaureatePage),
    summary="Les lauréats",
    tags=["Lauréats"],
)
def laureates(request, asked: Query[LaureateFilters]):
    return page(request, asked.applied(rows.laureates()), rows.laureate_record, asked)


@api.get(
    "/laureats/{identifiant}",
    operation_id="laureat_detail",
    response=single(LaureateRecord),
    summary="Un lauréat",
    tags=["Lauréats"],
)
def laureate(request, identifiant: Slug):
    return one(rows.laureates(), rows.laureate_record, identifiant)


@api.get(
    "/annonces",
    operation_id="annonces_liste",
    response=listed(AnnouncementPage),
    summary="Les annonces",
    tags=["Annonces"],
)
def announcements(request, asked: Query[AnnouncementFilters]):
    return page(request, asked.applied(rows.announcements()), rows.announcement_record, asked)


@api.get(
    "/annonces/{identifiant}",
    operation_id="annonce_detail",
    response=single(WholeAnnouncementRecord),
    summary="Une annonce",
    tags=["Annonces"],
)
def announcement(request, identifiant: Slug):
    return one(rows.announcements(), rows.whole_announcement_record, identifiant)


@api.exception_handler(Http404)
def not_found(request, exception):
    problem = {"statut": 404, "titre": "Rien de public n’existe sous cet identifiant.", "erreurs": []}
    return api.create_response(request, problem, status=404)


@api.exception_handler(ValidationError)
def invalid(request, exception):
    problem = {
        "statut": 422,
        "titre": "Un paramètre n’est pas valide : la documentation de l’API dit ce que chacun accepte.",
        "erreurs": [
            {"parametre": str(error["loc"][-1]), "message": "Valeur refusée."} for error in exception.errors
        ],
    }
    return api.create_response(request, problem, status=422)


patterns = public_patterns(api)
