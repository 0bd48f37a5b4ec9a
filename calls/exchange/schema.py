"""The document that says a whole call, in version 1 of its format.

    {"format": "fondsportal-call", "version": 1, "about": "…", "call": {…}}

Amounts are texts of euros, rates fractions, moments ISO with their offset. What is absent is unknown. The fund stands
for the reader alone: whoever imports chooses one of their own. Documents are named by the hash of their content,
which is carried beside (`calls.exchange.archive`).
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from accounts.models import Organisation
from calls.models import Call, CallDocument, Outcome
from calls.questionnaire.schema import NOT_NUL, PLAIN_LINES, Definition, Key, Line, Prose, Strict

FORMAT, VERSION = "fondsportal-call", 1
MAX_ROUNDS, MAX_CRITERIA, MAX_DOCUMENTS = 60, 30, 100


def _email(text):
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValueError("ce n’est pas une adresse électronique") from error
    return text


def _web_address(text):
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError as error:
        raise ValueError("ce n’est pas l’adresse d’une page web") from error
    return text


def _text(most, least=1):
    return Annotated[str, StringConstraints(pattern=NOT_NUL, min_length=least, max_length=most), PLAIN_LINES]


LongText = _text(60_000)
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Rate = Annotated[Decimal, Field(ge=0, le=1, max_digits=5, decimal_places=4)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2101, 1, 1, tzinfo=UTC))
]
Score = Annotated[int, Field(ge=0, le=20)]


class Carrier(Strict):
    kind: Literal[*Organisation.Kind.values]
    base: Literal[*Call.Base.values] | None = None
    threshold: Amount | None = None
    ceiling: Amount | None = None


class Level(Strict):
    """What a score means, in a line: one types them a line each."""

    score: Score
    text: Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*$", min_length=1, max_length=4000)]


class CriterionContent(Strict):
    key: Key
    label: _text(160)
    guidance: Prose | None = None
    levels: list[Level] = Field(default_factory=list, max_length=21)
    weight: int = Field(ge=1, le=100)
    minimum: Score | None = None


class OutcomeContent(Strict):
    label: _text(80)
    state: Literal[*Outcome.State.values]


class Document(Strict):
    kind: Literal[*CallDocument.Kind.values]
    title: _text(160)
    name: _text(160)
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: int = Field(ge=1)
    content_type: _text(120)


class Source(Strict):
    """Where a fact of the call comes from. An address leads to a web page and nowhere else."""

    title: Line
    publisher: Line | None = None
    date: Line | None = None
    url: Annotated[_text(500), AfterValidator(_web_address)] | None = None


class CallContent(Strict):
    """A call. The fields of `PLAIN` are those of the model, under the same names; a code is needed by a file alone."""

    fund: _text(50) | None = None
    code: _text(40) | None = None
    title: _text(200)
    summary: _text(600) | None = None
    description: LongText | None = None
    next_steps: LongText | None = None
    contact_email: Annotated[_text(254), AfterValidator(_email)] | None = None
    programme: _text(80) | None = None
    themes: list[_text(50)] = Field(default_factory=list, max_length=100)
    opens_at: Moment | None = None
    rounds: list[Moment] = Field(default_factory=list, max_length=MAX_ROUNDS)
    questions_until: Moment | None = None
    committee_on: Day | None = None
    announced_on: Day | None = None
    threshold: Amount | None = None
    threshold_base: Literal[*Call.Base.values] = Call.Base.UNSPECIFIED.value
    ceiling: Amount | None = None
    cofinancing_required: bool = False
    max_rate: Rate | None = None
    flat_grant: Amount | None = None
    grouped_accepted: bool | None = None
    carriers: list[Carrier] = Field(default_factory=list, max_length=len(Organisation.Kind))
    savings_horizon: Score | None = None
    savings_measure: Literal[*Call.SavingsMeasure.values] | None = None
    proposed_by: Literal[*Call.Proposer.values] | None = None
    decided_by: Literal[*Call.Decider.values] | None = None
    paid_by: Literal[*Call.Payer.values] | None = None
    expected_laureates: int | None = Field(None, ge=1, le=10_000)
    visa_required: bool = True
    anonymous: bool = False
    has_shortlist: bool = True
    has_hearings: bool = False
    outcomes: list[OutcomeContent] = Field(default_factory=list, max_length=20)
    scale_max: int = Field(5, ge=1, le=20)
    criteria: list[CriterionContent] = Field(default_factory=list, max_length=MAX_CRITERIA)
    form: Definition = Field(default_factory=lambda: Definition(sections=[]))
    documents: list[Document] = Field(default_factory=list, max_length=MAX_DOCUMENTS)
    fictitious: bool = False
    sources: list[Source] = Field(default_factory=list, max_length=100)


class CallFile(Strict):
    format: Literal[FORMAT]
    version: Literal[VERSION]
    about: Prose | None = None
    call: CallContent


DATES = ("opens_at", "questions_until", "committee_on", "announced_on")
RELATED = {"programme", "themes", "rounds", "carriers", "outcomes", "criteria", "form", "documents"}
# The fields of the model that the document gives as they are.
PLAIN = tuple(name for name in CallContent.model_fields if name not in RELATED | {"fund", "code"})
