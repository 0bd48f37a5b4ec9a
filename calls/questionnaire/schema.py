"""The shape of a form's definition, whoever wrote it: the builder's pages, a file that is imported, a migration.

What the shape cannot say (references, order, cycles) is in `calls.questionnaire.coherence`.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from calls.questionnaire.conditions import COMPARISONS, OPERATORS, REFERENCE
from calls.questionnaire.definition import ASKING, KINDS
from calls.questionnaire.types import CONFIDENTIALITY, IN_ROWS, TYPES
from documents.uploads import TYPES as FILE_TYPES

MAX_SECTIONS, MAX_QUESTIONS, MAX_CHECKS = 40, 300, 60


def _plain_lines(text):
    """Browsers end each line of a text with two characters, files with one: the same words have one writing."""
    return text.replace("\r\n", "\n") if isinstance(text, str) else text


PLAIN_LINES = BeforeValidator(_plain_lines)
NOT_NUL = r"^[^\x00]*$"
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(pattern=NOT_NUL, min_length=1, max_length=300)]
Prose = Annotated[str, StringConstraints(pattern=NOT_NUL, max_length=4000), PLAIN_LINES]
Number = Annotated[Decimal, Field(max_digits=16, decimal_places=4)]
Reference = Annotated[
    str,
    StringConstraints(
        pattern=f"^{REFERENCE.pattern}$".replace("?P<name>", "").replace("?P<column>", ""), max_length=130
    ),
]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Test(Strict):
    question: Key
    operator: Literal[*OPERATORS]
    value: bool | Annotated[str, StringConstraints(pattern=NOT_NUL, max_length=300)] | None = None


class Condition(Strict):
    match: Literal["all", "any"] = "all"
    tests: list[Test] = Field(min_length=1, max_length=20)


class Option(Strict):
    key: Key
    label: Line


class SimpleQuestion(Strict):
    """A question, or a column of a repeated group."""

    key: Key
    type: Literal[*TYPES] = "long_text"
    label: Line
    help: Prose = ""
    required: bool = False
    max_words: int | None = Field(None, ge=1, le=10_000)
    minimum: Number | None = None
    maximum: Number | None = None
    unit: Annotated[str, StringConstraints(pattern=NOT_NUL, max_length=40)] = ""
    choices: list[Option] | None = Field(None, min_length=2, max_length=100)

    @model_validator(mode="after")
    def has_what_its_type_needs(self):
        if self.type in ("choice", "choices") and not self.choices:
            raise ValueError("les réponses proposées manquent")
        if self.choices and len({each.key for each in self.choices}) < len(self.choices):
            raise ValueError("deux réponses proposées ont la même clé")
        if self.minimum is not None and self.maximum is not None and self.maximum < self.minimum:
            raise ValueError("le maximum est inférieur au minimum")
        unfit = {
            name for name in SETTINGS if getattr(self, name, None) and name not in TYPES[self.type].settings
        }
        if unfit:
            raise ValueError(f"ce type de question n’a pas ce réglage : {', '.join(sorted(unfit))}")
        return self


class Column(SimpleQuestion):
    type: Literal[*IN_ROWS] = "short_text"


class Question(SimpleQuestion):
    annotation: Prose = ""
    confidentiality: Literal[*CONFIDENTIALITY] = "administration"
    criterion: Key | Literal[""] = ""
    condition: Condition | None = None
    formats: list[Literal[*FILE_TYPES]] | None = Field(None, min_length=1)
    max_megabytes: int | None = Field(None, ge=1, le=200)
    max_files: int | None = Field(None, ge=1, le=50)
    columns: list[Column] | None = Field(None, min_length=1, max_length=12)
    max_rows: int | None = Field(None, ge=1, le=200)

    @model_validator(mode="after")
    def has_columns_where_it_repeats(self):
        if self.type == "rows" and not self.columns:
            raise ValueError("les colonnes du groupe manquent")
        if self.columns and len({each.key for each in self.columns}) < len(self.columns):
            raise ValueError("deux colonnes ont la même clé")
        return self


class Section(Strict):
    key: Key
    title: Line
    kind: Literal[*KINDS] = "text"
    help: Prose = ""
    required: bool = True
    condition: Condition | None = None
    questions: list[Question] = Field(default_factory=list, max_length=MAX_QUESTIONS)

    @model_validator(mode="after")
    def asks_only_where_it_may(self):
        if self.questions and self.kind not in ASKING:
            raise ValueError("une section de cette nature n’a pas de questions")
        return self


class Check(Strict):
    key: Key
    left: Reference
    operator: Literal[*COMPARISONS]
    share: Annotated[Decimal, Field(gt=0, le=1000, max_digits=8, decimal_places=4)] | None = None
    right: Reference | None = None
    amount: Number | None = None
    message: Line
    blocking: bool = True
    condition: Condition | None = None

    @model_validator(mode="after")
    def has_one_right_side(self):
        if (self.right is None) == (self.amount is None):
            raise ValueError("un contrôle compare à une autre grandeur ou à un nombre, et à un seul des deux")
        return self


class Definition(Strict):
    sections: list[Section] = Field(max_length=MAX_SECTIONS)
    checks: list[Check] = Field(default_factory=list, max_length=MAX_CHECKS)

    @model_validator(mode="after")
    def is_not_endless(self):
        count = sum(len(section.questions) for section in self.sections)
        if count > MAX_QUESTIONS:
            raise ValueError(f"{count} questions : un formulaire en a {MAX_QUESTIONS} au plus")
        return self


SETTINGS = (
    "max_words",
    "minimum",
    "maximum",
    "unit",
    "choices",
    "formats",
    "max_megabytes",
    "max_files",
    "columns",
    "max_rows",
)


def plain(model):
    """A validated piece as the JSON that is kept: what says nothing is left out, so that a form has one writing.

    A whole form keeps its lists, even empty: all that reads it counts on them.
    """
    kept = {"sections": [], "checks": []} if isinstance(model, Definition) else {}
    return kept | _pruned(model.model_dump(mode="json"))


def _pruned(value):
    if isinstance(value, dict):
        return {name: _pruned(each) for name, each in value.items() if each not in (None, "", [])}
    return [_pruned(each) for each in value] if isinstance(value, list) else value


# The library's refusals, in French: its type of error → what is wrong, with what it knows of it.
FRENCH = {
    "missing": "ce champ manque",
    "extra_forbidden": "ce champ n’existe pas dans cette version du format",
    "string_type": "un texte est attendu",
    "string_too_short": "ce texte est vide",
    "string_too_long": "ce texte est trop long : {max_length} caractères au plus",
    "string_pattern_mismatch": "ce texte contient des caractères refusés",
    "literal_error": "valeur inconnue ; attendu : {expected}",
    "bool_type": "vrai ou faux est attendu",
    "bool_parsing": "vrai ou faux est attendu",
    "int_type": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "int_from_float": "un nombre entier est attendu",
    "decimal_type": "un nombre est attendu",
    "decimal_parsing": "un nombre est attendu",
    "decimal_max_digits": "ce nombre est trop grand",
    "decimal_max_places": "ce nombre a trop de décimales",
    "decimal_whole_digits": "ce nombre est trop grand",
    "finite_number": "ce nombre n’est pas fini",
    "greater_than": "la valeur doit dépasser {gt}",
    "greater_than_equal": "la valeur doit être au moins {ge}",
    "less_than_equal": "la valeur doit être au plus {le}",
    "list_type": "une liste est attendue",
    "dict_type": "un objet est attendu",
    "model_type": "un objet est attendu",
    "model_attributes_type": "un objet est attendu",
    "too_short": "cette liste est trop courte : {min_length} au moins",
    "too_long": "cette liste est trop longue : {max_length} au plus",
    "date_parsing": "une date est attendue, de la forme 2018-03-15",
    "date_from_datetime_parsing": "une date est attendue, de la forme 2018-03-15",
    "datetime_parsing": "une date et une heure sont attendues, de la forme 2018-03-15T20:00:00+01:00",
    "datetime_from_date_parsing": "une date et une heure sont attendues, de la forme 2018-03-15T20:00:00+01:00",
    "timezone_aware": "l’heure doit dire son fuseau, par exemple +01:00",
}


def told(error, root=""):
    """Each refusal of a `pydantic.ValidationError` in French, after its path in the data: `sections[2].title : …`."""
    return [f"{path_of(each['loc'], root)} : {_french(each)}" for each in error.errors(include_url=False)]


def path_of(location, root=""):
    """`("sections", 2, "title")` as `sections[2].title`."""
    path = root
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif not step.startswith(("function-", "literal[", "constrained-", "str", "bool")) or step in (
            "str",
            "bool",
        ):
            path += f".{step}" if path else step
    return path or "le fichier"


def _french(error):
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    context = {
        name: str(given).replace("' or '", "', '").replace("'", "")
        for name, given in error.get("ctx", {}).items()
    }
    return FRENCH.get(error["type"], "cette valeur n’est pas admise").format(**context)
