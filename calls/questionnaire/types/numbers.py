"""Numbers and dates."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from calls.money import AmountField, euros, grouped
from calls.questionnaire.fields import DayField, NumberField
from calls.questionnaire.types.base import QuestionType
from journal import dates


class Integer(QuestionType):
    label, settings, numeric = "Nombre entier", ("minimum", "maximum", "unit"), True

    def field(self, question):
        return NumberField(decimal_places=0, **_bounds(question))

    def to_json(self, value):
        return None if value is None else int(value)

    def text(self, answer, question):
        return "" if answer is None else _with_unit(grouped(answer), question)


class DecimalNumber(QuestionType):
    label, settings, numeric = "Nombre décimal", ("minimum", "maximum", "unit"), True

    def field(self, question):
        return NumberField(decimal_places=4, **_bounds(question))

    def to_json(self, value):
        return None if value is None else f"{value.normalize():f}"

    def typed(self, answer):
        return {"": "" if answer is None else answer.replace(".", ",")}

    def text(self, answer, question):
        return "" if answer is None else _with_unit(_decimal(answer), question)


class Amount(DecimalNumber):
    label, settings = "Montant en euros", ("minimum", "maximum")

    def field(self, question):
        return AmountField(**{"min_value": 0} | _bounds(question))

    def text(self, answer, question):
        return "" if answer is None else euros(Decimal(answer))


class Percentage(DecimalNumber):
    """Kept as it is typed, 50 for 50 %: people compare it with what they read."""

    label, settings = "Pourcentage", ("minimum", "maximum")

    def field(self, question):
        return NumberField(decimal_places=2, **{"min_value": 0, "max_value": 100} | _bounds(question))

    def text(self, answer, question):
        return "" if answer is None else f"{_decimal(answer)}\u00a0%"


class Day(QuestionType):
    label = "Date"

    def field(self, question):
        return DayField()

    def to_json(self, value):
        return value and value.isoformat()

    def text(self, answer, question):
        return dates.day(date.fromisoformat(answer)) if answer else ""


class Period(QuestionType):
    label = "Période, d’une date à une autre"

    def fields(self, question):
        return {"debut": DayField(), "fin": DayField()}

    def answer(self, values):
        start, end = values.get("debut"), values.get("fin")
        if start and end and end < start:
            raise ValidationError({"fin": "La fin ne peut pas précéder le début."})
        if not start and not end:
            return None
        return {"start": start and start.isoformat(), "end": end and end.isoformat()}

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


def _bounds(question):
    told = {"min_value": question.get("minimum"), "max_value": question.get("maximum")}
    return {name: Decimal(str(value)) for name, value in told.items() if value is not None}


def _with_unit(text, question):
    return f"{text}\u00a0{question['unit']}" if question.get("unit") else text


def _decimal(answer):
    whole, _, decimals = answer.partition(".")
    return grouped(whole) + (f",{decimals}" if decimals else "")
