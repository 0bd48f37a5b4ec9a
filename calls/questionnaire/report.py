"""What one should know of a form before it is public: how long it takes, how well it reads, what it leaves out.

Nothing here prevents a publication; what does is in `calls.questionnaire.coherence`.

The filling time is an estimate of the work at the keyboard, once the project is thought out. Its figures are this
portal's own convention, kept together in `MINUTES`, `WORDS_A_MINUTE` and `SHARE_WRITTEN`: no source measures how
long French administrations take over such forms. Nineteen words a minute is the pace of typed composition that Karat
et al. measured (« Patterns of entry and correction in large vocabulary continuous speech recognition systems », CHI
1999); half of it is counted here, for people reread themselves. Measure real dossiers, and change the figures.
"""

import re
from typing import NamedTuple

from calls.questionnaire.definition import ASKING, questions_of
from calls.questionnaire.types import type_of, word_count

WORDS_A_MINUTE = 9.5
SHARE_WRITTEN = 0.8  # of the words that a limit allows, those that people write
WORDS_WITHOUT_LIMIT = {"short_text": 8, "long_text": 300, "markdown": 300}
MINUTES = {  # to find and to give an answer that is not composed, by type
    "integer": 3, "decimal": 3, "amount": 5, "percentage": 3, "date": 1, "period": 2, "choice": 0.5, "choices": 1,
    "boolean": 0.5, "email": 0.5, "phone": 0.5, "url": 1, "siret": 2, "organisation": 1, "department": 0.5,
    "files": 10, "declaration": 0.5,
}  # fmt: skip
ROWS = 3  # how many rows of a group one fills in
SECTION_MINUTES = {
    "financing": 40, "savings": 40, "indicators": 30, "milestones": 15, "partners": 10, "components": 45,
    "attachments": 15,
}  # fmt: skip
LONG_SENTENCE, LONG_LABEL, MANY_CHOICES = 25, 20, 15  # words, words, answers to choose from
REQUIRED_SHARE = 0.8

SENTENCE_ENDS = re.compile(r"[.!?…]+\s|\n+")
CAPITALS = re.compile(r"\b[A-ZÀ-Ý]{2,}[0-9]*\b")
USUAL = {"PDF", "SIRET", "SIREN", "TTC", "HT", "OK", "ETC", "II", "III", "IV", "VI"}


class Finding(NamedTuple):
    """One thing to look at, on one question or section (by its key) or on the form as a whole."""

    text: str
    question: str = ""
    section: str = ""


class Theme(NamedTuple):
    title: str
    findings: list
    advice: str  # why it matters, and what to do


def report(definition, criteria):
    """The themes that have findings, the most useful first.

    Args:
        criteria: (key, label) pairs of the call's criteria.
    """
    questions = [question for _, question in questions_of(definition)]
    themes = [
        Theme(
            "Critères sans question",
            [
                Finding(f"« {label} » n’est informé par aucune question.")
                for label in _uninformed(questions, criteria)
            ],
            "Le comité noterait ce critère sans réponse à lire. Rattachez-y au moins une question.",
        ),
        Theme(
            "Questions sans aide",
            [_on(each, "aucune aide.") for each in questions if not each.get("help")],
            "Une phrase dit ce que l’on attend, et donne un exemple.",
        ),
        Theme(
            "Lisibilité",
            list(_reading(definition)),
            "Des phrases courtes, des sigles écrits en entier une fois.",
        ),
        Theme(
            "Choix", list(_choices(questions)), "Une longue liste se parcourt mal à la voix et au clavier."
        ),
        Theme("Ensemble du formulaire", list(_whole(questions, criteria)), "À peser avant la publication."),
    ]
    return [theme for theme in themes if theme.findings]


def filling_minutes(definition):
    """The estimated minutes to fill in every section and question of a form, conditions set aside."""
    minutes = 0
    for section in definition["sections"]:
        if section["kind"] in ASKING:
            minutes += sum(map(question_minutes, section.get("questions", [])))
        else:
            minutes += SECTION_MINUTES[section["kind"]]
    return minutes


def filling_time(definition):
    """« environ 2 h 30 », to the quarter of an hour; empty for a form that asks nothing."""
    return in_quarters(filling_minutes(definition)) if definition["sections"] else ""


def in_quarters(minutes):
    """Minutes in words, to the quarter of an hour, at least one: « environ 2 h 30 »."""
    hours, rest = divmod((round(minutes / 15) or 1) * 15, 60)
    return f"environ {hours}\u00a0h{f' {rest:02}' if rest else ''}" if hours else f"environ {rest}\u00a0min"


def most_words(definition):
    """How many words an applicant may write at most where a limit says so; and how many texts have none."""
    texts = [
        question for _, question in questions_of(definition) if "max_words" in type_of(question).settings
    ]
    limited = [question["max_words"] for question in texts if question.get("max_words")]
    return sum(limited), len(texts) - len(limited)


def question_minutes(question):
    """The estimated minutes to find and give the answer to one question."""
    kind = question.get("type", "long_text")
    if kind == "rows":
        return min(ROWS, question.get("max_rows") or ROWS) * sum(map(question_minutes, question["columns"]))
    if kind in WORDS_WITHOUT_LIMIT:
        usual = WORDS_WITHOUT_LIMIT[kind]
        words = usual if kind == "short_text" else (question.get("max_words") or usual) * SHARE_WRITTEN
        return words / WORDS_A_MINUTE
    return MINUTES[kind]


def _on(question, text):
    return Finding(f"« {question['label']} » : {text}", question=question["key"])


def _uninformed(questions, criteria):
    informed = {question.get("criterion") for question in questions}
    return [label for key, label in criteria if key not in informed]


def _reading(definition):
    whole = " ".join(text for _, _, text in _texts(definition))
    for question, section, text in _texts(definition):
        for sentence in SENTENCE_ENDS.split(text):
            if (count := word_count(sentence)) > LONG_SENTENCE:
                yield Finding(f"Phrase de {count} mots : « {_start(sentence)} »", question, section)
        for acronym in sorted(set(CAPITALS.findall(text)) - USUAL):
            # Spelled out once, beside its parentheses, it is known in the whole form.
            if f"({acronym})" not in whole:
                yield Finding(
                    f"« {acronym} » n’est écrit en entier nulle part, suivi de « ({acronym}) ».",
                    question,
                    section,
                )
    for _, question in questions_of(definition):
        if (count := word_count(question["label"])) > LONG_LABEL:
            yield _on(question, f"intitulé de {count} mots. Mettez le détail dans l’aide.")


def _texts(definition):
    """(question key, section key, text) of all that an applicant reads in the form."""
    for section in definition["sections"]:
        for text in (section["title"], section.get("help", "")):
            yield "", section["key"], text
        for question in section.get("questions", []):
            for text in (question["label"], question.get("help", "")):
                yield question["key"], section["key"], text


def _start(sentence):
    words = sentence.split()
    return " ".join(words[:8]) + ("…" if len(words) > 8 else "")


def _choices(questions):
    for question in questions:
        count = len(question.get("choices") or [])
        if count > MANY_CHOICES:
            yield _on(question, f"{count} réponses proposées. Regroupez-les en {MANY_CHOICES} au plus.")


def _whole(questions, criteria):
    if not questions:
        return
    unlinked = sum(1 for question in questions if not question.get("criterion"))
    if criteria and unlinked:
        yield Finding(
            f"{unlinked} question{_s(unlinked)} sur {len(questions)} n’informe{'nt' * (unlinked > 1)} aucun critère."
        )
    required = sum(1 for question in questions if question.get("required"))
    if required > REQUIRED_SHARE * len(questions) and len(questions) > 5:
        yield Finding(
            f"{required} questions sur {len(questions)} sont obligatoires : gardez celles qui le sont vraiment."
        )
    if not any(question.get("confidentiality") == "public" for question in questions):
        yield Finding("Aucune réponse n’est publique : rien du formulaire ne pourra présenter un lauréat.")


def _s(count):
    return "s" if count > 1 else ""
