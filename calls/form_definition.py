"""The application form as data: which sections, which questions, in what words.

A definition is JSON: `{"sections": [{"key", "title", "kind", "help", "required", "questions": [{"key", "label",
"help", "max_words", "required"}]}], "criteria": […]}`. Kinds: `text`, `financing`, `savings`, `attachments`.
Question keys are stable: answers refer to them for ever.
"""

import hashlib
import json
from pathlib import Path

BLANK_FORM = "calls.blank_form"  # the kind of document; its subject is a FormVersion
DEFAULT = Path(__file__).parent / "form_templates" / "transformation.json"

# What one line of each kind of table asks for: (column, what to write in it).
COLUMNS = {
    "financing": [
        ("Année", "L’année où l’argent est dépensé."),
        (
            "Source",
            "Subvention du fonds, ressources propres du porteur, partenaire ou autre financement public.",
        ),
        ("Précision", "Ce que la ligne paie, ou qui l’apporte. Facultatif."),
        ("Montant (€)", "En euros."),
    ],
    "savings": [
        ("Année", "L’année où l’économie est obtenue."),
        ("Nature de l’économie", "Ce qui coûte moins : achats, loyers, temps de travail… Facultatif."),
        ("Montant (€)", "En euros, pour cette année-là."),
        ("Pérenne", "Oui si l’économie se répète chaque année."),
    ],
    "attachments": [
        ("Fichier", "Le document à joindre."),
        ("Description", "Ce que contient la pièce, en quelques mots. Facultatif."),
    ],
}


def default_sections():
    """The sections that a new call's form starts with."""
    return json.loads(DEFAULT.read_text(encoding="utf-8"))["sections"]


def published_definition(call):
    """The default form with the call's criteria copied in, so that a filed dossier can be read on its own."""
    criteria = call.criteria.order_by("position").values("position", "label", "guidance", "weight")
    return {"sections": default_sections(), "criteria": list(criteria), "scale_max": call.scale_max}


def readable(definition):
    """The sections of a definition for a reader who will not fill it in: each table with its columns explained."""
    return [section | {"columns": COLUMNS.get(section["kind"], [])} for section in definition["sections"]]


def canonical(content):
    """Canonical JSON: sorted keys, no spaces, plain UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(content):
    """The hash, in hexadecimal, of a content's canonical JSON."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()
