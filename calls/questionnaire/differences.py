"""What changes from one version of a form to another, in French sentences: for who publishes it, and for the public."""

from difflib import SequenceMatcher

from calls.questionnaire.definition import KINDS, questions_of
from calls.questionnaire.types import CONFIDENTIALITY, TYPES
from calls.questionnaire.wording import check_words

# What a question may say of itself beside its words: name → how one speaks of it.
SETTINGS = {
    "max_words": "la limite de mots",
    "minimum": "le minimum",
    "maximum": "le maximum",
    "unit": "l’unité",
    "max_megabytes": "la taille maximale d’un fichier, en Mo,",
    "max_files": "le nombre maximal de fichiers",
    "max_rows": "le nombre maximal de lignes",
}


def differences(old, new, *, public=False):
    """One sentence per difference, in the order of the new form; empty when nothing differs.

    Args:
        public: leave out what the public never reads, the annotations for reviewers.
    """
    told = [*_sections(old, new), *_questions(old, new, public=public), *_checks(old, new)]
    return list(dict.fromkeys(told))


def _sections(old, new):
    before = {section["key"]: section for section in old["sections"]}
    after = {section["key"]: section for section in new["sections"]}
    for key, section in after.items():
        if key not in before:
            yield f"Nouvelle section : « {section['title']} »."
            continue
        was, title = before[key], section["title"]
        if was["title"] != title:
            yield f"La section « {was['title']} » s’appelle désormais « {title} »."
        if was["kind"] != section["kind"]:
            yield f"La section « {title} » devient : {KINDS[section['kind']].lower()}."
        if was.get("help", "") != section.get("help", ""):
            yield f"L’aide de la section « {title} » change."
        if was.get("required", True) != section.get("required", True):
            yield f"La section « {title} » devient {_duty(section, default=True)}."
        if was.get("condition") != section.get("condition"):
            yield f"La section « {title} » n’est plus demandée dans les mêmes cas."
    for key, section in before.items():
        if key not in after:
            yield f"Section retirée : « {section['title']} »."
    for key in _out_of_place(list(before), list(after)):
        yield f"La section « {after[key]['title']} » change de place."


def _questions(old, new, *, public):
    before = {question["key"]: (section, question) for section, question in questions_of(old)}
    after = {question["key"]: (section, question) for section, question in questions_of(new)}
    for key, (section, question) in after.items():
        if key not in before:
            yield f"Nouvelle question dans « {section['title']} » : « {question['label']} »."
            continue
        home, was = before[key]
        if home["key"] != section["key"]:
            yield f"La question « {question['label']} » passe de « {home['title']} » à « {section['title']} »."
        yield from _question(was, question, public=public)
    for key, (section, question) in before.items():
        if key not in after:
            yield f"Question retirée de « {section['title']} » : « {question['label']} »."
    for section in new["sections"]:
        here = [question["key"] for question in section.get("questions", [])]
        there = [key for key, (home, _) in before.items() if home["key"] == section["key"]]
        for key in _out_of_place(there, here):
            yield f"La question « {after[key][1]['label']} » change de place dans « {section['title']} »."


def _question(was, question, *, public):
    name = f"« {question['label']} »"
    if was["label"] != question["label"]:
        yield f"La question « {was['label']} » est reformulée : {name}."
    kinds = [TYPES[each.get("type", "long_text")].label for each in (was, question)]
    if kinds[0] != kinds[1]:
        yield f"{name} : le type de réponse était « {kinds[0]} », il devient « {kinds[1]} »."
    if was.get("help", "") != question.get("help", ""):
        yield f"{name} : l’aide change."
    if bool(was.get("required")) != bool(question.get("required")):
        yield f"La question {name} devient {_duty(question, default=False)}."
    for setting, words in SETTINGS.items():
        values = [each.get(setting) for each in (was, question)]
        if values[0] != values[1]:
            told = [str(value) if value not in (None, "") else "absent" for value in values]
            yield f"{name} : {words} passe de « {told[0]} » à « {told[1]} »."
    yield from _parts(name, "réponse proposée", was.get("choices"), question.get("choices"))
    yield from _parts(name, "colonne", was.get("columns"), question.get("columns"))
    if was.get("formats") != question.get("formats"):
        formats = ", ".join(each.upper() for each in question.get("formats") or []) or "tous ceux du portail"
        yield f"{name} : les formats acceptés deviennent : {formats}."
    if was.get("condition") != question.get("condition"):
        yield f"La question {name} n’est plus demandée dans les mêmes cas."
    readers = [CONFIDENTIALITY[each.get("confidentiality", "administration")] for each in (was, question)]
    if readers[0] != readers[1]:
        yield f"{name} : la confidentialité devient « {readers[1]} »."
    if was.get("criterion", "") != question.get("criterion", ""):
        yield f"{name} : le critère que cette réponse éclaire change."
    if not public and was.get("annotation", "") != question.get("annotation", ""):
        yield f"{name} : l’annotation pour les instructeurs change ; elle n’est pas publique."


def _parts(name, what, old, new):
    """The choices or the columns that come, go or change."""
    before, after = ({each["key"]: each for each in parts or []} for parts in (old, new))
    for key, part in after.items():
        if key not in before:
            yield f"{name} : {what} ajoutée, « {part['label']} »."
        elif before[key]["label"] != part["label"]:
            yield f"{name} : {what} reformulée, « {before[key]['label']} » devient « {part['label']} »."
        elif _said(before[key]) != _said(part):
            yield f"{name} : {what} modifiée, « {part['label']} »."
    for key, part in before.items():
        if key not in after:
            yield f"{name} : {what} retirée, « {part['label']} »."
    if _out_of_place(list(before), list(after)):
        yield f"{name} : l’ordre change."


def _said(part):
    """What a choice or a column says; saying « no » to a setting is saying nothing of it."""
    return {name: value for name, value in part.items() if value not in (None, "", [], False)}


def _checks(old, new):
    before, after = (
        {check["key"]: {"blocking": True, **check} for check in form.get("checks", [])} for form in (old, new)
    )
    for key, check in after.items():
        if key not in before:
            yield f"Nouveau contrôle : {check_words(check, new)}"
        elif before[key] != check:
            yield f"Contrôle modifié : {check_words(check, new)}"
    for key, check in before.items():
        if key not in after:
            yield f"Contrôle retiré : {check_words(check, old)}"
    if list(before) != list(after) and before == after:
        yield "L’ordre des contrôles change."


def _out_of_place(before, after):
    """The keys known to both lists that one must move to go from one order to the other, as few as can be."""
    common = set(before) & set(after)
    was, now = ([key for key in keys if key in common] for keys in (before, after))
    if was == now:
        return []
    kept = {
        key
        for block in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
        for key in was[block.a : block.a + block.size]
    }
    return [key for key in now if key not in kept]


def _duty(thing, *, default):
    return "obligatoire" if thing.get("required", default) else "facultative"
