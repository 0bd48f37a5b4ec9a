"""The application form as data: which sections, which questions, in what words, shown when, checked how.

A definition is JSON, whose shape `calls.questionnaire.schema` validates:

    {"sections": [{"key", "title", "kind", "help", "required", "condition", "questions": [question, …]}],
     "checks": [check, …], "criteria": […], "scale_max": 5}

A section of kind `text` asks questions of its own, of any type (`calls.questionnaire.types`); `state_of_play` asks the
fixed ones of a re-filed project; the other kinds are tables, or files, that the selection computes on. Conditions and
checks are plain data too (`calls.questionnaire.conditions`). Question keys are unique in the whole form and stable:
answers refer to them for ever, wherever the question is moved.
"""

import hashlib
import json
from pathlib import Path

BLANK_FORM = "calls.blank_form"  # the kind of document; its subject is a FormVersion
TEMPLATES = Path(__file__).parent / "templates"

KINDS = {
    "text": "Questions",
    "financing": "Plan de financement",
    "savings": "Économies attendues",
    "indicators": "Indicateurs, avec valeur de départ et cible",
    "milestones": "Jalons",
    "partners": "Partenaires",
    "components": "Projets composants d’un dossier groupé",
    "state_of_play": "État d’avancement d’un projet déjà présenté",
    "attachments": "Pièces jointes",
}
MAX_ROWS = 50  # of a repeated group that does not say how many it takes
ASKING = (
    "text",
    "state_of_play",
)  # the kinds of section that have questions; one form may hold many of `text`

# What one line of each kind of table asks for: (column, what to write in it).
COLUMNS = {
    "financing": [
        (
            "Source",
            "Subvention du fonds, ressources propres du porteur, partenaire ou autre financement public.",
        ),
        ("Nature", "Personnel ou hors personnel. Facultatif."),
        ("Précision", "Ce que la ligne paie, ou qui l’apporte. Facultatif."),
        ("Année", "L’année où l’argent est engagé : une colonne par année."),
        ("AE (€)", "Les autorisations d’engagement de l’année, en euros."),
        ("CP (€)", "Les crédits de paiement de l’année, s’ils diffèrent. Facultatif."),
    ],
    "savings": [
        ("Nature", "Personnel, fonctionnement, coût évité ou recette nouvelle. Facultatif."),
        ("Précision", "Ce qui coûte moins : achats, loyers, temps de travail… Facultatif."),
        ("Pérenne", "Oui si l’économie se répète chaque année."),
        ("Année", "L’année où l’économie est obtenue : une colonne par année."),
        ("Montant (€)", "En euros, pour cette année-là."),
    ],
    "indicators": [
        ("Indicateur", "Ce que l’on mesure, en quelques mots."),
        ("Unité", "Jours, euros, pourcentage, nombre de dossiers…"),
        ("Valeur de départ", "La dernière valeur connue avant le projet. Vide : elle reste à mesurer."),
        ("Année de départ", "L’année de cette valeur."),
        ("Cible", "La valeur visée."),
        ("Année de la cible", "L’année où la cible doit être atteinte."),
        ("Source", "D’où vient la mesure. Facultatif."),
    ],
    "milestones": [
        ("Jalon", "Ce qui est atteint : un livrable, une décision, une mise en service."),
        ("Date prévue", "Le jour où il doit l’être."),
        ("Preuve", "Ce qui montrera qu’il est atteint. Facultatif."),
    ],
    "partners": [
        ("Organisme", "Un organisme de l’annuaire, s’il y est."),
        ("Nom", "Son nom, s’il n’est pas dans l’annuaire."),
        ("Rôle", "Ce qu’il fait dans le projet."),
        ("Apport (€)", "Ce qu’il apporte, en euros. Facultatif."),
    ],
    "components": [
        ("Projet", "Le nom du projet composant."),
        ("Porteur", "L’organisme qui le mène."),
        ("Subvention demandée (€)", "La part de la subvention qui lui revient."),
        ("Coût total (€)", "Son coût complet."),
        ("Économies attendues (€)", "Ce qu’il fait économiser. Facultatif."),
    ],
    "attachments": [
        ("Fichier", "Le document à joindre."),
        ("Description", "Ce que contient la pièce, en quelques mots. Facultatif."),
    ],
}


def empty_definition():
    """The form that a new call starts with."""
    return {"sections": [], "checks": []}


def default_sections():
    """The sections of a call for transformation projects."""
    return _template("transformation")["sections"]


def default_definition():
    """The form of a call for transformation projects; the criteria come from the call."""
    return {"sections": default_sections(), "checks": []}


def form_templates():
    """The forms that one may start from, by name: a title, a description, sections."""
    found = {path.stem: _template(path.stem) for path in sorted(TEMPLATES.glob("*.json"))}
    return {name: template for name, template in found.items() if "sections" in template}


def form_template(name):
    """One of them, or None."""
    return form_templates().get(name)


def state_of_play_questions():
    """The questions that a section of kind `state_of_play` asks."""
    return _template("state_of_play")["questions"]


def published_definition(call, form):
    """A form with the call's criteria copied in, so that a filed dossier can be read on its own."""
    criteria = call.criteria.order_by("position").values(
        "key", "position", "label", "guidance", "levels", "weight", "minimum"
    )
    return {
        **form,
        "criteria": list(criteria),
        "scale_max": call.scale_max,
        "anonymous": call.anonymous,
    }


def questions_of(definition):
    """(section, question) pairs of a form, in the order in which one reads it."""
    return [
        (section, question) for section in definition["sections"] for question in section.get("questions", [])
    ]


def question_named(definition, key):
    """The question with this key, or None."""
    return next((question for _, question in questions_of(definition) if question["key"] == key), None)


def is_reserved(key):
    """Whether a question may not have this key: a section's page has a field of that name already."""
    return key in ("version", "next", "rows", "form") or key.endswith(("-debut", "-fin"))


def canonical(content):
    """Canonical JSON: sorted keys, no spaces, plain UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(content):
    """The hash, in hexadecimal, of a content's canonical JSON."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _template(name):
    return json.loads((TEMPLATES / f"{name}.json").read_text(encoding="utf-8"))
