"""What one may ask of each list of the API; a value that makes no sense is refused with its name.

A filter may be left out, which its type does not say: `null` is no value that one could write in an address.
"""

from datetime import date
from typing import Annotated, Literal

from django.db.models import Exists, OuterRef, Q
from ninja import Field
from pydantic import BeforeValidator

from calls import search
from calls.models import Theme
from fondsportal.front.api.pagination import PageInput

# PostgreSQL refuses NUL in a text; nothing else is worth refusing.
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Year = Annotated[int, Field(ge=1900, le=2100)]
Amount = Annotated[float, Field(ge=0, le=999_999_999_999)]


def iso_day(text):
    """Pydantic would read « 0 » as the first second of 1970."""
    return text if isinstance(text, date) else date.fromisoformat(text)


Day = Annotated[date, BeforeValidator(iso_day)]


class FundFilters(PageInput):
    def applied(self, rows):
        return rows


class CallFilters(PageInput):
    fonds: Text = Field(None, description="Identifiant d’un fonds.", examples=["ftap"])
    etat: Literal["a_venir", "ouvert", "clos"] = Field(None, description="État de l’appel.")
    annee: Year = Field(None, description="Année de l’appel.", examples=[2018])
    q: Text = Field(None, description="Mots cherchés ; ni accents ni pluriels ne comptent.")

    def applied(self, rows):
        asked = {
            "fund__slug": self.fonds,
            "status": self.etat,
            "year": self.annee,
            "search": self.q and search.query(self.q),
        }
        return rows.filter(**given(asked))


class LaureateFilters(PageInput):
    fonds: Text = Field(None, description="Identifiant d’un fonds.", examples=["ftap"])
    appel: Text = Field(None, description="Référence d’un appel.", examples=["FTAP-2018-1"])
    annonce: Text = Field(None, description="Identifiant d’une annonce.")
    annee: Year = Field(None, description="Année de la décision.", examples=[2018])
    ministere: Text = Field(None, description="Nom exact du ministère, tel que publié.")
    theme: Text = Field(None, description="Libellé exact d’un thème.", examples=["Numérique"])
    montant_min: Amount | None = Field(
        None, description="Subvention publiée d’au moins ce montant, en euros."
    )
    montant_max: Amount = Field(None, description="Subvention publiée d’au plus ce montant, en euros.")
    q: Text = Field(None, description="Mots cherchés ; ni accents ni pluriels ne comptent.")

    def applied(self, rows):
        asked = {
            "fund__slug": self.fonds,
            "call__code": self.appel,
            "announcement__slug": self.annonce,
            "year": self.annee,
            "ministry": self.ministere,
            "amount__gte": self.montant_min,
            "amount__lte": self.montant_max,
            "search": self.q and search.query(self.q),
        }
        themed = Theme.objects.filter(laureate=OuterRef("pk"), label=self.theme)
        with_theme = Q(Exists(themed)) if self.theme else Q()
        return rows.filter(with_theme, **given(asked))


class AnnouncementFilters(PageInput):
    fonds: Text = Field(None, description="Identifiant d’un fonds.", examples=["ftap"])
    appel: Text = Field(None, description="Référence d’un appel.", examples=["FTAP-2018-1"])
    depuis: Day = Field(None, description="Publiées ce jour-là ou après.", examples=["2018-06-20"])

    def applied(self, rows):
        asked = {
            "call__fund__slug": self.fonds,
            "call__code": self.appel,
            "publish_at__date__gte": self.depuis,
        }
        return rows.filter(**given(asked))


def given(asked):
    """The filters that were asked for; an empty one is as if it were not there."""
    return {name: value for name, value in asked.items() if value not in (None, "")}
