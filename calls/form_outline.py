"""The form as its builder reads it: each section and question in the words of the page, and where each may go."""

from calls.money import grouped
from calls.questionnaire import coherence, editing
from calls.questionnaire.definition import COLUMNS, KINDS
from calls.questionnaire.types import CONFIDENTIALITY, type_of
from calls.questionnaire.wording import check_words, condition_words

ANCHORS = {"sections": "section", "questions": "question", "checks": "controle"}
NOUNS = {"sections": "la section", "questions": "la question", "checks": "le contrôle"}
EXAMPLES = [
    {"left": "@grant", "operator": "at_most", "share": "0.5", "right": "@total_cost"},
    {"left": "@components_grant", "operator": "at_least", "right": "@threshold"},
    {"left": "@grant", "operator": "at_most", "right": "@ceiling"},
    {"left": "@milestones", "operator": "at_least", "amount": "3"},
]


def name_of(piece):
    """What a piece is called: its title, its wording, or what a check tells the applicant."""
    return piece.get("title") or piece.get("label") or piece.get("message")


def with_noun(piece, name):
    """A piece as a sentence names it: « le contrôle « … » »."""
    return f"{NOUNS[piece]} « {name} »"


def outline(definition, criteria):
    """The sections of a form, each with its questions, in words.

    Args:
        criteria: the labels of the call's criteria, by key.
    """
    number, sections = 0, []
    for section in definition["sections"]:
        fixed = not editing.takes_questions(section)
        questions = []
        for question in section.get("questions", []):
            number += 1
            questions.append(
                {
                    "key": question["key"],
                    "number": number,
                    "label": question["label"],
                    "facts": facts(question, criteria),
                    "condition": _condition(question, definition, "posée"),
                }
            )
        sections.append(
            {
                "key": section["key"],
                "title": section["title"],
                "kind": KINDS[section["kind"]],
                "required": section.get("required", True),
                "condition": _condition(section, definition, "affichée"),
                "columns": ", ".join(column for column, _ in COLUMNS.get(section["kind"], [])),
                "questions": questions,
                "fixed": fixed,
                "single": section["kind"] in editing.kinds_taken(definition),
            }
        )
    _mark_ends(sections)
    return sections


def _mark_ends(sections):
    """Say which pieces cannot go further, up or down."""
    for section in sections:
        section["first"], section["last"] = section is sections[0], section is sections[-1]
    writable = [section for section in sections if not section["fixed"]]
    for section in writable:
        for question in section["questions"]:
            question["first"] = section is writable[0] and question is section["questions"][0]
            question["last"] = section is writable[-1] and question is section["questions"][-1]


def facts(question, criteria):
    """What the builder says of a question in a line: its type, its limits, who reads it, what it informs."""
    told = [type_of(question).label]
    told.append("obligatoire" if question.get("required") else "facultative")
    if question.get("max_words"):
        told.append(f"{grouped(question['max_words'])} mots au plus")
    if question.get("columns"):
        told.append(f"colonnes : {', '.join(each['label'] for each in question['columns'])}")
    if question.get("choices"):
        told.append(f"{len(question['choices'])} réponses proposées")
    if question.get("formats"):
        told.append(", ".join(each.removeprefix(".") for each in question["formats"]))
    if question.get("criterion"):
        told.append(f"éclaire « {criteria.get(question['criterion'], question['criterion'])} »")
    if question.get("confidentiality", "administration") != "administration":
        told.append(CONFIDENTIALITY[question["confidentiality"]].lower())
    if question.get("annotation"):
        told.append("note pour les instructeurs")
    return told


def checks(definition):
    """The computed checks of a form: key, sentence, message, whether it prevents filing."""
    return [
        {
            "key": check["key"],
            "sentence": check_words(check, definition),
            "message": check["message"],
            "blocking": check.get("blocking", True),
        }
        for check in definition.get("checks", [])
    ]


def anchor(piece, key):
    """The fragment of the builder's address where a piece stands; nothing for no piece."""
    return f"#{ANCHORS[piece]}-{key}" if piece else ""


def example_checks(definition):
    """Checks that this form could make, in words: what the kind of section that each needs allows."""
    known = dict(coherence.quantities(definition))
    return [
        check_words(check, definition)
        for check in EXAMPLES
        if {check["left"], check.get("right", "")} <= {*known, ""}
    ]


def where(definition, piece, key):
    """Where a section or a question now stands, in a sentence."""
    found = editing.find(definition, piece, key)
    if piece == "sections":
        number, count = definition["sections"].index(found) + 1, len(definition["sections"])
        return f"La section « {found['title']} » est maintenant en place {number} sur {count}."
    section = editing.section_of(definition, key)
    number, count = section["questions"].index(found) + 1, len(section["questions"])
    return (
        f"La question « {found['label']} » est maintenant en place {number} sur {count}"
        f" de la section « {section['title']} »."
    )


def places(definition, piece, key):
    """(group, [(value, label)]) of all the places where a section or a question may go; values are `section/before`."""
    if piece == "sections":
        others = [each for each in definition["sections"] if each["key"] != key]
        options = [(f"/{each['key']}", f"Avant « {each['title']} »") for each in others]
        return [("Sections", [*options, ("/", "À la fin du formulaire")])]
    found = []
    for section in definition["sections"]:
        if editing.takes_questions(section):
            others = [each for each in section.get("questions", []) if each["key"] != key]
            options = [(f"{section['key']}/{each['key']}", f"Avant « {each['label']} »") for each in others]
            found.append((section["title"], [*options, (f"{section['key']}/", "À la fin de la section")]))
    return found


def current_place(definition, piece, key):
    """The value, in `places`, of where a section or a question stands."""
    section = {"key": ""} if piece == "sections" else editing.section_of(definition, key)
    siblings = definition["sections"] if piece == "sections" else section["questions"]
    index = [each["key"] for each in siblings].index(key)
    return f"{section['key']}/{siblings[index + 1]['key'] if index + 1 < len(siblings) else ''}"


# What two people compare when both changed the same piece: (setting, value in words), the same list for both


def section_settings(section, definition):
    return [
        ("Titre", section["title"]),
        ("Aide", section.get("help", "")),
        ("Obligatoire", "oui" if section.get("required", True) else "non"),
    ]


def question_settings(question, criteria):
    told = [
        ("Question", question["label"]),
        ("Type", type_of(question).label),
        ("Aide", question.get("help")),
        ("Obligatoire", "oui" if question.get("required") else "non"),
        ("Mots au plus", question.get("max_words")),
        ("Minimum", question.get("minimum")),
        ("Maximum", question.get("maximum")),
        ("Unité", question.get("unit")),
        ("Réponses proposées", "\n".join(each["label"] for each in question.get("choices") or [])),
        ("Formats", ", ".join(question.get("formats") or [])),
        ("Taille des fichiers (Mo)", question.get("max_megabytes")),
        ("Fichiers au plus", question.get("max_files")),
        ("Colonnes", "\n".join(_column(each) for each in question.get("columns") or [])),
        ("Lignes au plus", question.get("max_rows")),
        ("Note pour les instructeurs", question.get("annotation")),
        ("Qui lit la réponse", CONFIDENTIALITY[question.get("confidentiality", "administration")]),
        ("Critère", criteria.get(question.get("criterion"), question.get("criterion"))),
    ]
    return [(label, "" if value is None else str(value)) for label, value in told]


def check_settings(check, definition):
    return [
        ("Contrôle", check_words({**check, "condition": None}, definition)),
        ("Message", check["message"]),
        ("Effet", "empêche le dépôt" if check.get("blocking", True) else "conseil"),
    ]


def condition_settings(piece, definition):
    condition = piece.get("condition")
    return [("Condition", f"si {condition_words(condition, definition)}" if condition else "aucune")]


def _column(column):
    settings = [type_of(column).label.lower(), "obligatoire" if column.get("required") else "facultative"]
    settings += [
        str(column[name]) for name in ("max_words", "minimum", "maximum", "unit", "help") if column.get(name)
    ]
    settings += [each["label"] for each in column.get("choices") or []]
    return f"{column['label']} ({', '.join(settings)})"


def _condition(piece, definition, verb):
    condition = piece.get("condition")
    return f"{verb} si {condition_words(condition, definition)}" if condition else ""
