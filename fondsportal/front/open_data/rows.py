"""The public rows behind the open data and the API, and how each becomes a record.

Every queryset starts from `public()` and comes in the order of the slug, which no other row shares: the files are
the same as long as the rows are, and a page of the API begins where the last one ended.
"""

from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, OuterRef, Value, When
from django.db.models.functions import Now
from django.utils.timezone import localtime

from calls.models import Call, Fund, Round, Theme, closing_day
from fondsportal.front.addresses import absolute, pattern
from selection.announced import shown
from selection.models import Announcement, Laureate, LaureateChange

# How the portal's codes are said in the data.
BASES = {
    Call.Base.GRANT: "subvention",
    Call.Base.TOTAL_COST: "cout_total",
    Call.Base.ELIGIBLE_COST: "cout_eligible",
    Call.Base.UNSPECIFIED: "non_precise",
}
QUALIFIERS = {
    Laureate.Qualifier.EXACT: "exact",
    Laureate.Qualifier.OFFICIAL: "officiel",
    Laureate.Qualifier.SENATE: "senat",
    Laureate.Qualifier.PRESS: "presse",
    Laureate.Qualifier.REPOSITORY: "depot_public",
    Laureate.Qualifier.APPROX: "environ",
    Laureate.Qualifier.MORE_THAN: "plus_de",
    Laureate.Qualifier.FLAT: "forfait",
}


def funds():
    return (
        Fund.objects.public()
        .order_by("slug")
        .values(
            "slug",
            "code",
            "name",
            "manager",
            "edition",
            "purpose",
            "total_envelope",
            "parent__slug",
            "sources",
        )
    )


def calls():
    """Published calls with their deadlines and themes; what they are now is asked of the database's clock."""
    now = Case(
        When(imported=True, then=Value("clos")),
        When(opens_at__gt=Now(), then=Value("a_venir")),
        When(closes_at__gt=Now(), then=Value("ouvert")),
        default=Value("clos"),
        output_field=CharField(),
    )
    rounds = Round.objects.filter(call=OuterRef("pk")).order_by("closes_at").values("closes_at")
    return (
        Call.objects.public()
        .annotate(
            status=now,
            deadlines=ArraySubquery(rounds),
            theme_labels=ArraySubquery(themes_of("call")),
        )
        .order_by("slug")
        .values(
            "slug",
            "code",
            "fund__slug",
            "fund__name",
            "programme__name",
            "title",
            "summary",
            "status",
            "opens_at",
            "closes_at",
            "year",
            "deadlines",
            "questions_until",
            "committee_on",
            "announced_on",
            "threshold",
            "threshold_base",
            "ceiling",
            "cofinancing_required",
            "max_rate",
            "grouped_accepted",
            "theme_labels",
            "facts",
            "published_at",
            "imported",
            "fictitious",
            "sources",
        )
    )


def laureates():
    return (
        Laureate.objects.public()
        .with_changes()
        .annotate(theme_labels=ArraySubquery(themes_of("laureate")))
        .order_by("slug")
        .values(
            "slug",
            "fund__slug",
            "fund__name",
            "call__code",
            "call__title",
            "announcement__slug",
            "announcement__publish_at",
            "name",
            "carrier",
            "organisation__siret",
            "ministry",
            "year",
            "summary",
            "amount",
            "amount_qualifier",
            "total_cost",
            "expected_savings",
            "duration_months",
            "partners",
            "location",
            "theme_labels",
            "links",
            "facts",
            "withdrew_on",
            "joined_on",
            "fictitious",
            "sources",
        )
    )


def announcements():
    return (
        Announcement.objects.public()
        .with_last_change()
        .order_by("slug")
        .values(
            "slug",
            "title",
            "introduction",
            "call__fund__slug",
            "call__code",
            "publish_at",
            "changed_at",
            "fictitious",
        )
    )


def themes_of(model):
    return Theme.objects.filter(**{model: OuterRef("pk")}).order_by("label").values("label")


# From a row to its record.


def fund_record(row):
    return {
        "identifiant": row["slug"],
        "sigle": row["code"],
        "nom": row["name"],
        "gestionnaire": row["manager"] or None,
        "periode": row["edition"] or None,
        "objet": row["purpose"] or None,
        "enveloppe": row["total_envelope"],
        "fonds_origine": row["parent__slug"],
        "sources": sources(row),
    }


def call_record(row):
    facts = row["facts"]
    granted = number(facts.get("granted_eur"))
    hour_known = Call.closing_hour_is_known(imported=row["imported"], facts=facts)
    return {
        "reference": row["code"],
        "identifiant": row["slug"],
        "adresse": pattern("calls:detail").format(row["slug"]),
        "fonds": row["fund__slug"],
        "fonds_nom": row["fund__name"],
        "programme": row["programme__name"],
        "titre": row["title"],
        "resume": row["summary"] or None,
        "etat": row["status"],
        "annee": row["year"],
        "ouverture": in_paris(row["opens_at"]),
        "dernier_jour": closing_day(row["closes_at"]),
        "date_limite": in_paris(row["closes_at"]) if hour_known else None,
        "releves": [in_paris(each) for each in row["deadlines"]] if hour_known else [],
        "questions_jusqu_au": in_paris(row["questions_until"]),
        "comite_le": row["committee_on"],
        "annonce_le": row["announced_on"],
        "seuil": row["threshold"],
        "seuil_porte_sur": BASES[row["threshold_base"]] if row["threshold"] is not None else None,
        "plafond": row["ceiling"],
        # The sources of a past call say when it was required; where they say nothing, it is unknown.
        "cofinancement_exige": row["cofinancing_required"] or (None if row["imported"] else False),
        "taux_maximal": row["max_rate"],
        "dossiers_groupes": row["grouped_accepted"],
        "themes": row["theme_labels"],
        "candidatures": number(facts.get("candidates")),
        "laureats": number(facts.get("laureates")),
        "montant_demande": number(facts.get("requested_eur")),
        "montant_accorde": granted,
        "montant_accorde_valeur": None
        if granted is None
        else QUALIFIERS.get(facts.get("granted_qualifier") or "", "exact"),
        "publie_le": in_paris(row["published_at"]),
        "repris": row["imported"],
        "fictif": row["fictitious"],
        "sources": sources(row),
    }


def laureate_record(row):
    return {
        "identifiant": row["slug"],
        "adresse": pattern("selection:laureate").format(row["slug"]),
        "fonds": row["fund__slug"],
        "fonds_nom": row["fund__name"],
        "appel": row["call__code"],
        "appel_titre": row["call__title"],
        "annonce": row["announcement__slug"],
        "annonce_le": in_paris(row["announcement__publish_at"]),
        "projet": row["name"],
        "porteur": row["carrier"] or None,
        "porteur_siret": row["organisation__siret"] or None,
        "ministere": row["ministry"] or None,
        "annee": row["year"],
        "statut": row["facts"].get("status"),
        "precisions": row["facts"].get("notes", []),
        "presentation": row["summary"] or None,
        "montant": row["amount"],
        "montant_valeur": None if row["amount"] is None else QUALIFIERS[row["amount_qualifier"]],
        "cout_total": row["total_cost"],
        "economies_attendues": row["expected_savings"],
        "duree_mois": row["duration_months"],
        "partenaires": row["partners"] or None,
        "lieu": row["location"] or None,
        "themes": row["theme_labels"],
        "liens": [each["url"] if isinstance(each, dict) else str(each) for each in row["links"]],
        "desistement_le": row["withdrew_on"],
        "repris_le": row["joined_on"],
        "fictif": row["fictitious"],
        "sources": sources(row),
    }


def announcement_record(row):
    return {
        "identifiant": row["slug"],
        "adresse": pattern("selection:announcement").format(row["slug"]),
        "titre": row["title"],
        "introduction": row["introduction"] or None,
        "fonds": row["call__fund__slug"],
        "appel": row["call__code"],
        "publiee_le": in_paris(row["publish_at"]),
        "changee_le": in_paris(row["changed_at"]),
        "fictif": row["fictitious"],
    }


def whole_announcement_record(row):
    """All that the page of a public announcement shows; of the one row that was asked for."""
    whole = shown(Announcement.objects.public().get(slug=row["slug"]))
    pictures = [*whole["pictures"], *(each for one in whole["laureates"] for each in one.shown_pictures)]
    slugs = {each.pk: each.slug for each in whole["laureates"]}
    return announcement_record(row) | {
        "citations": [
            {"texte": each["text"], "auteur": each["author"]} for each in whole["announcement"].quotes
        ],
        "chiffres": [{"libelle": label, "valeur": value} for value, label in whole["figures"]],
        "contacts": [
            {
                "service": each["role"],
                "courriel": each.get("email") or None,
                "telephone": each.get("phone") or None,
            }
            for each in whole["announcement"].contacts
        ],
        "images": [
            {
                "adresse": absolute(each.url),
                "texte_de_remplacement": each.alternative,
                "credit": each.credit,
                "laureat": slugs.get(each.laureate_id),
            }
            for each in pictures
        ],
        "laureats": [
            {
                "identifiant": each.slug,
                "adresse": absolute(each.get_absolute_url()),
                "projet": each.name,
                "desistement_le": each.withdrew_on,
                "repris_le": each.joined_on,
            }
            for each in whole["laureates"]
        ],
        "changements": [
            {
                "publie_le": in_paris(each.publish_at),
                "nature": "desistement" if each.kind == LaureateChange.Kind.WITHDREW else "reprise",
                "le": each.on,
                "laureat": each.laureate.slug,
                "texte": each.text,
            }
            for each in whole["changes"]
        ],
    }


def in_paris(moment):
    return moment and localtime(moment)


def number(value):
    """A published figure; facts are free-form, and a text in the place of a figure is no figure."""
    return value if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def sources(row):
    return [
        {"titre": each["title"], "editeur": each.get("publisher"), "date": each.get("date")}
        for each in row["sources"]
    ]
