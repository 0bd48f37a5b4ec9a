"""Numbers and dates."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from calls.money import NUMBER, AmountField, euros, grouped
from calls.questionnaire.fields import DayField, NumberField
from calls.questionnaire.types.base import QuestionType
from journal import dates

LARGEST = 10**16  # more than a field takes


class Integer(QuestionType):
    label, settings, numeric, kept = "Nombre entier", ("minimum", "maximum", "unit"), True, int

    def field(self, question):
        return NumberField(decimal_places=0, **_bounds(self, question))

    def to_json(self, value):
        return None if value is None else int(value)

    def understands(self, answer, question):
        return isinstance(answer, int) and not isinstance(answer, bool) and abs(answer) < LARGEST

    def text(self, answer, question):
        return "" if answer is None else _with_unit(grouped(answer), question)


class DecimalNumber(QuestionType):
    label, settings, numeric = "Nombre décimal", ("minimum", "maximum", "unit"), True

    def field(self, question):
        return NumberField(decimal_places=4, **_bounds(self, question))

    def to_json(self, value):
        return None if value is None else f"{value.normalize():f}"

    def understands(self, answer, question):
        return isinstance(answer, str) and bool(NUMBER.fullmatch(answer)) and abs(Decimal(answer)) < LARGEST

    def typed(self, answer):
        return {"": "" if answer is None else answer.replace(".", ",")}

    def text(self, answer, question):
        return "" if answer is None else _with_unit(_decimal(answer), question)


class Amount(DecimalNumber):
    label, settings = "Montant en euros", ("minimum", "maximum")

    def field(self, question):
        return AmountField(**_bounds(self, question))

    def text(self, answer, question):
        return "" if answer is None else euros(Decimal(answer))


class Percentage(DecimalNumber):
    """Kept as it is typed, 50 for 50 %: people compare it with what they read."""

    label, settings = "Pourcentage", ("minimum", "maximum")

    def field(self, question):
        return NumberField(decimal_places=2, **_bounds(self, {"minimum": 0, "maximum": 100} | question))

    def text(self, answer, question):
        return "" if answer is None else f"{_decimal(answer)}\u00a0%"


class Day(QuestionType):
    label = "Date"

    def field(self, question):
        return DayField()

    def to_json(self, value):
        return value and value.isoformat()

    def understands(self, answer, question):
        return _is_day(answer)

    def text(self, answer, question):
        return dates.day(date.fromisoformat(answer)) if answer else ""


class Period(QuestionType):
    label, kept = "Période, d’une date à une autre", dict

    def fields(self, question):
        return {"debut": DayField(), "fin": DayField()}

    def answer(self, values):
        start, end = values.get("debut"), values.get("fin")
        if start and end and end < start:
            raise ValidationError({"fin": "La fin ne peut pas précéder le début."})
        if not start and not end:
            return None
        return {"start": start and start.isoformat(), "end": end and end.isoformat()}

    def understands(self, answer, question):
        return isinstance(answer, dict) and all(
            each is None or _is_day(each) for each in (answer.get("start"), answer.get("end"))
        )

    def typed(self, answer):
        answer = answer or {}
        return {"debut": answer.get("start") or "", "fin": answer.get("end") or ""}

    def text(self, answer, question):
        if not answer:
            return ""
        start, end = (
            dates.day(date.fromisoformat(answer[name])) if answer.get(name) else "?"
            for name in ("start", "end")
        )
        return f"du {start} au {end}"


def _is_day(answer):
    try:
        date.fromisoformat(answer)
    except (TypeError, ValueError):
        return False
    return True


def _bounds(kind, question):
    """What a field takes of the limits of a question, and how it tells them: in the question's own unit."""
    bounds, told = {}, {}
    limits = (("minimum", "min_value", "au moins"), ("maximum", "max_value", "au plus"))
    for setting, name, words in limits:
        if question.get(setting) is not None:
            bounds[name] = Decimal(str(question[setting]))
            limit = kind.text(f"{bounds[name].normalize():f}", question)
            told[name] = f"Écrivez {words} {limit}.".replace("%", "%%")  # Django completes it
    return bounds | {"error_messages": told}


def _with_unit(text, question):
    return f"{text}\u00a0{question['unit']}" if question.get("unit") else text


def _decimal(answer):
    whole, _, decimals = answer.partition(".")
    return grouped(whole) + (f",{decimals}" if decimals else "")
