"""A form with a question of every type, a section of every kind, a condition and two checks."""

from calls.questionnaire.definition import KINDS, state_of_play_questions
from calls.questionnaire.schema import Definition, plain
from calls.questionnaire.types import TYPES

CHOICES = [{"key": "a", "label": "Première voie"}, {"key": "b", "label": "Seconde voie"}]
SETTINGS = {
    "long_text": {"max_words": 400, "criterion": "critere-1"},
    "integer": {"minimum": "2", "maximum": "5000", "unit": "agents"},
    "amount": {"maximum": "2000000", "confidentiality": "secret"},
    "percentage": {"maximum": "50"},
    "choice": {"choices": CHOICES},
    "choices": {"choices": CHOICES},
    "files": {"formats": [".pdf", ".jpg"], "max_files": 2, "max_megabytes": 20},
    "rows": {
        "max_rows": 10,
        "columns": [
            {"key": "poste", "type": "short_text", "label": "Poste", "required": True},
            {
                "key": "montant",
                "type": "amount",
                "label": "Montant du poste",
                "help": "Toutes taxes comprises.",
            },
        ],
    },
}


def every_type():
    """Each question is keyed and labelled by its type, and asked when `boolean` is yes; each is annotated."""
    questions = [
        {
            "key": name.replace("_", "-"),
            "type": name,
            "label": f"Question {name}",
            "help": f"Aide de {name}.",
            "annotation": "Réservé aux instructeurs",
            **SETTINGS.get(name, {}),
        }
        for name in sorted(TYPES, key=lambda name: name != "boolean")
    ]
    for question in questions[1:]:
        question["condition"] = {"tests": [{"question": "boolean", "operator": "is", "value": True}]}
    sections = [{"key": "tout", "title": "Toutes les questions", "questions": questions}]
    for kind, title in list(KINDS.items())[1:]:
        own = state_of_play_questions() if kind == "state_of_play" else []
        sections.append(
            {"key": kind.replace("_", "-"), "title": title, "kind": kind, "required": False, "questions": own}
        )
    checks = [
        {
            "key": "moitie",
            "left": "@grant",
            "operator": "at_most",
            "share": "0.5",
            "right": "@total_cost",
            "message": "La subvention dépasse la moitié du coût.",
        },
        {
            "key": "postes",
            "left": "rows.montant",
            "operator": "equal",
            "right": "amount",
            "message": "Les postes ne font pas le montant.",
            "blocking": False,
        },
    ]
    return plain(Definition(sections=sections, checks=checks))
