"""What the open data and the API say of a call, a laureate, an announcement, a fund: one record for both.

The classes are the data dictionary: a field's name, type, meaning, unit and example are read off them by the pages,
the Table Schema and the OpenAPI description. What is unknown is null. `rows.py` fills them.
"""

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

EURO = {"unit": "€"}


class Source(Schema):
    titre: str = Field(description="Titre du document ou de la page.")
    editeur: str | None = Field(description="Qui l’a publié.")
    date: str | None = Field(description="Sa date, ou celle à laquelle il a été consulté.")


SOURCES = {
    "description": "D’où viennent ces faits : titre, éditeur, date. Vide pour ce qui est né sur le portail."
}
INVENTED = {"description": "Vrai pour une donnée inventée pour la démonstration.", "examples": [False]}


class FundRecord(Schema):
    """Un fonds de l’État."""

    identifiant: str = Field(description="Identifiant stable du fonds.", examples=["ftap"])
    sigle: str = Field(description="Sigle du fonds.", examples=["FTAP"])
    nom: str = Field(description="Nom du fonds.")
    gestionnaire: str | None = Field(description="Qui gère le fonds.", examples=["DITP"])
    periode: str | None = Field(description="Années couvertes.", examples=["2018-2022"])
    objet: str | None = Field(description="Ce que le fonds finance.")
    enveloppe: float | None = Field(description="Enveloppe totale publiée.", json_schema_extra=EURO)
    fonds_origine: str | None = Field(description="Identifiant du fonds dont celui-ci est la suite.")
    sources: list[Source] = Field(**SOURCES)


class CallRecord(Schema):
    """Un appel à projets publié."""

    reference: str = Field(description="Référence de l’appel.", examples=["FTAP-2018-1"])
    identifiant: str = Field(
        description="Identifiant stable, celui de l’adresse de la page.", examples=["ftap-2018-1"]
    )
    adresse: str = Field(description="Adresse de la page de l’appel.")
    fonds: str = Field(description="Identifiant du fonds.", examples=["ftap"])
    fonds_nom: str = Field(description="Nom du fonds.")
    programme: str | None = Field(description="Programme ou volet du fonds.")
    titre: str = Field(description="Titre de l’appel.")
    resume: str | None = Field(description="Résumé de l’appel.")
    etat: Literal["a_venir", "ouvert", "clos"] = Field(
        description="État au moment du téléchargement, à l’horloge de la base de données.", examples=["clos"]
    )
    annee: int | None = Field(
        description="Année de l’appel : celle de son ouverture, ou de sa date limite.",
        examples=[2018],
        json_schema_extra={"unit": "année"},
    )
    ouverture: datetime | None = Field(
        description="Ouverture des candidatures, heure de Paris.", examples=["2018-02-01T00:00:00+01:00"]
    )
    dernier_jour: date | None = Field(
        description="Dernier jour de dépôt, à Paris, que l’heure soit connue ou non.", examples=["2018-03-15"]
    )
    date_limite: datetime | None = Field(
        description="Dernière date limite de dépôt, heure de Paris, instant exclu : « le 12 juillet à minuit »"
        " s’écrit le 13 juillet à 0 h. Inconnue quand les sources ne donnent que le jour.",
        examples=["2019-07-13T00:00:00+02:00"],
    )
    releves: list[datetime] = Field(
        description="Toutes les dates limites dont l’heure est connue, dans l’ordre."
    )
    questions_jusqu_au: datetime | None = Field(description="Fin des questions publiques.")
    comite_le: date | None = Field(description="Date du comité de pilotage.", examples=["2018-05-22"])
    annonce_le: date | None = Field(
        description="Date, prévue ou faite, de l’annonce des lauréats.", examples=["2018-06-20"]
    )
    seuil: float | None = Field(description="Montant minimal.", examples=[500000], json_schema_extra=EURO)
    seuil_porte_sur: Literal["subvention", "cout_total", "cout_eligible", "non_precise"] | None = Field(
        description="Ce que le seuil mesure ; « non_precise » quand la source ne dit que « montant »."
    )
    plafond: float | None = Field(description="Montant maximal.", json_schema_extra=EURO)
    cofinancement_exige: bool | None = Field(description="Un cofinancement est-il exigé ?", examples=[True])
    taux_maximal: float | None = Field(
        description="Part maximale de la subvention.",
        examples=[0.5],
        ge=0,
        le=1,
        json_schema_extra={"unit": "fraction de 0 à 1"},
    )
    dossiers_groupes: bool | None = Field(description="Les dossiers groupés sont-ils acceptés ?")
    themes: list[str] = Field(description="Thèmes de l’appel.")
    candidatures: int | None = Field(
        description="Nombre de candidatures, d’après les sources.",
        examples=[122],
        ge=0,
        json_schema_extra={"unit": "dossiers"},
    )
    laureats: int | None = Field(
        description="Nombre de lauréats, d’après les sources.",
        examples=[17],
        ge=0,
        json_schema_extra={"unit": "projets"},
    )
    montant_demande: float | None = Field(
        description="Total des subventions demandées, d’après les sources.", json_schema_extra=EURO
    )
    montant_accorde: float | None = Field(
        description="Total des subventions accordées, d’après les sources.", json_schema_extra=EURO
    )
    montant_accorde_valeur: str | None = Field(
        description="Ce que vaut ce total : exact, environ, plus_de, presse…", examples=["presse"]
    )
    publie_le: datetime = Field(description="Publication sur ce portail.")
    repris: bool = Field(
        description="Vrai pour un appel passé repris de sources publiques, tenu ailleurs que sur ce portail.",
        examples=[True],
    )
    fictif: bool = Field(**INVENTED)
    sources: list[Source] = Field(**SOURCES)


class LaureateRecord(Schema):
    """Un projet financé, tel que le public le connaît."""

    identifiant: str = Field(
        description="Identifiant stable, celui de l’adresse de la page.", examples=["ftap-hdh"]
    )
    adresse: str = Field(description="Adresse de la page du lauréat.")
    fonds: str = Field(description="Identifiant du fonds.", examples=["ftap"])
    fonds_nom: str = Field(description="Nom du fonds.")
    appel: str | None = Field(description="Référence de l’appel à projets.", examples=["FTAP-2018-1"])
    appel_titre: str | None = Field(description="Titre de l’appel à projets.")
    annonce: str | None = Field(description="Identifiant de l’annonce faite sur ce portail.")
    annonce_le: datetime | None = Field(description="Publication de cette annonce, heure de Paris.")
    projet: str = Field(description="Nom du projet.", examples=["Health Data Hub"])
    porteur: str | None = Field(description="Organisme porteur, tel que publié.", examples=["DREES"])
    porteur_siret: str | None = Field(description="SIRET du porteur, quand il est connu avec certitude.")
    ministere: str | None = Field(description="Ministère, tel que publié.")
    annee: int | None = Field(
        description="Année de la décision, ou celle que donnent les sources.",
        examples=[2018],
        json_schema_extra={"unit": "année"},
    )
    statut: str | None = Field(
        description="Ce que les sources disent du projet, quand ce n’est pas simplement « lauréat » : un projet"
        " « à confirmer » n’est prouvé lauréat par aucune des sources citées.",
        examples=["à confirmer"],
    )
    precisions: list[str] = Field(
        description="Ce qu’il faut savoir pour lire ces faits, tel que la page du lauréat le dit."
    )
    presentation: str | None = Field(description="Présentation du projet.")
    montant: float | None = Field(
        description="Subvention publiée. À lire avec `montant_valeur` : une borne basse n’est pas un montant.",
        examples=[30000000],
        json_schema_extra=EURO,
    )
    montant_valeur: (
        Literal["exact", "officiel", "senat", "presse", "depot_public", "environ", "plus_de", "forfait"]
        | None
    ) = Field(
        description="Ce que vaut ce montant : exact ; officiel (publié par l’État) ; senat (rapport du Sénat) ;"
        " presse ; depot_public ; environ ; plus_de (au moins) ; forfait (de l’appel). Vide sans montant.",
        examples=["plus_de"],
    )
    cout_total: float | None = Field(description="Coût total du projet.", json_schema_extra=EURO)
    economies_attendues: float | None = Field(description="Économies attendues.", json_schema_extra=EURO)
    duree_mois: int | None = Field(description="Durée du projet.", json_schema_extra={"unit": "mois"})
    partenaires: str | None = Field(description="Partenaires du projet.")
    lieu: str | None = Field(description="Lieu du projet.")
    themes: list[str] = Field(description="Thèmes du projet.")
    liens: list[str] = Field(description="Adresses où en savoir plus.")
    desistement_le: date | None = Field(
        description="Jour où le lauréat s’est désisté, s’il l’a fait : il ne compte plus dans les totaux.",
        examples=["2019-03-12"],
    )
    repris_le: date | None = Field(
        description="Jour où le projet, d’abord sur la liste complémentaire, est devenu lauréat.",
        examples=["2019-04-02"],
    )
    fictif: bool = Field(**INVENTED)
    sources: list[Source] = Field(**SOURCES)


class AnnouncementRecord(Schema):
    """Une annonce de lauréats, publique."""

    identifiant: str = Field(description="Identifiant stable, celui de l’adresse de la page.")
    adresse: str = Field(description="Adresse de la page de l’annonce.")
    titre: str = Field(description="Titre de l’annonce.")
    introduction: str | None = Field(description="Texte de l’annonce.")
    fonds: str = Field(description="Identifiant du fonds.", examples=["ftap"])
    appel: str = Field(description="Référence de l’appel à projets.", examples=["FTAP-2018-1"])
    publiee_le: datetime = Field(description="Publication, heure de Paris.")
    changee_le: datetime = Field(
        description="Dernier changement publié depuis (désistement, reprise de la liste), ou publication."
    )
    fictif: bool = Field(**INVENTED)


class Quote(Schema):
    texte: str = Field(description="Ce qui est dit.")
    auteur: str = Field(description="Fonction de la personne citée.")


class PressContact(Schema):
    service: str = Field(description="Service ou fonction.")
    courriel: str | None = Field(description="Courriel.")
    telephone: str | None = Field(description="Téléphone.")


class ShownFigure(Schema):
    libelle: str = Field(description="Ce que le chiffre compte.")
    valeur: str = Field(description="Le chiffre tel que la page le montre ; il suit les changements publiés.")


class Picture(Schema):
    adresse: str = Field(description="Adresse de l’image.")
    texte_de_remplacement: str = Field(description="Ce que l’image montre.")
    credit: str = Field(description="Crédit, à citer.")
    laureat: str | None = Field(description="Identifiant du lauréat que l’image montre, ou null.")


class AnnouncedLaureate(Schema):
    identifiant: str = Field(description="Identifiant du lauréat : `/laureats/{identifiant}` en dit tout.")
    adresse: str = Field(description="Adresse de sa page.")
    projet: str = Field(description="Nom du projet.")
    desistement_le: date | None = Field(description="Jour où il s’est désisté, s’il l’a fait.")
    repris_le: date | None = Field(
        description="Jour où il est devenu lauréat, s’il vient de la liste complémentaire."
    )


class Change(Schema):
    publie_le: datetime = Field(description="Publication du changement, heure de Paris.")
    nature: Literal["desistement", "reprise"] = Field(
        description="Désistement d’un lauréat, ou reprise d’un projet de la liste complémentaire."
    )
    le: date = Field(description="Jour où c’est arrivé.")
    laureat: str = Field(description="Identifiant du lauréat.")
    texte: str = Field(description="Ce que le fonds en dit.")


class WholeAnnouncementRecord(AnnouncementRecord):
    """Une annonce entière : ce que sa page montre."""

    citations: list[Quote] = Field(description="Citations.")
    chiffres: list[ShownFigure] = Field(description="Chiffres que l’annonce montre.")
    contacts: list[PressContact] = Field(
        description="Contacts presse de l’annonce ; vide, ce sont ceux du fonds."
    )
    images: list[Picture] = Field(description="Images publiées avec l’annonce, chacune avec son crédit.")
    laureats: list[AnnouncedLaureate] = Field(description="Lauréats, dans l’ordre de la page.")
    changements: list[Change] = Field(description="Ce qui a changé depuis, le plus récent d’abord.")
