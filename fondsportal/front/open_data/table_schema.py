"""Table Schema (frictionlessdata.io): a dictionary of fields that machines check a table against.

Only what our dictionaries use is checked here; the tests hold it against the reference implementation.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

SEPARATOR = " | "  # between the values of a list in one cell
TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "array": "string"}
FORMATS = {"date": "date", "date-time": "datetime"}


def of_record(record, *, name, title):
    """The Table Schema of the tables made of a record class."""
    properties = record.model_json_schema(mode="serialization")["properties"]
    return {
        "name": name,
        "title": title,
        "description": record.__doc__,
        "missingValues": [""],
        "fields": [_field(name, each) for name, each in properties.items()],
    }


def _field(name, described):
    """A field from its JSON Schema, in which an optional value is one of itself and null."""
    kinds = described.get("anyOf", [described])
    kind = next(each for each in kinds if each.get("type") != "null")
    optional = any(each.get("type") == "null" for each in kinds)
    field = {
        "name": name,
        "description": described["description"],
        "type": FORMATS.get(kind.get("format"), TYPES.get(kind.get("type"), "string")),
    }
    if field["type"] == "boolean":
        field |= {"trueValues": ["oui"], "falseValues": ["non"]}
    if kind.get("type") == "array":
        field["description"] += f" Plusieurs valeurs sont séparées par «{SEPARATOR}»."
    if described.get("examples"):
        field["example"] = cell(described["examples"][0])
    if "unit" in described:
        field["unit"] = described["unit"]
    constraints = {limit: kind[limit] for limit in ("minimum", "maximum", "enum") if limit in kind}
    if not optional and kind.get("type") != "array":
        constraints["required"] = True
    return field | ({"constraints": constraints} if constraints else {})


def cell(value):
    """A value as it stands in a text table; an unknown one is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case dict():  # a source
            return ", ".join(each for each in value.values() if each)
        case list():
            return SEPARATOR.join(cell(each) for each in value)
        case _:
            return str(value)


def problems(schema, cells):
    """What is wrong in a row of cells given by field name: pairs of a field's name and « manquant » or « invalide »."""
    return [
        (field["name"], problem)
        for field in schema["fields"]
        if (problem := _problem(field, cells.get(field["name"], "")))
    ]


def _problem(field, text):
    constraints = field.get("constraints", {})
    if text == "":
        return "manquant" if constraints.get("required") else None
    try:
        value = _parsed(field, text)
    except (ValueError, InvalidOperation):
        return "invalide"
    kept = (
        re.search(constraints.get("pattern", ""), text)
        and ("enum" not in constraints or text in constraints["enum"])
        and len(text) <= constraints.get("maxLength", len(text))
        and ("minimum" not in constraints or value >= Decimal(str(constraints["minimum"])))
        and ("maximum" not in constraints or value <= Decimal(str(constraints["maximum"])))
    )
    return None if kept else "invalide"


def _parsed(field, text):
    match field["type"]:
        case "integer":
            return int(text)
        case "number":
            return Decimal(text)
        case "date":
            return date.fromisoformat(text)
        case "datetime":
            return datetime.fromisoformat(text)
        case "boolean":
            if text not in field["trueValues"] + field["falseValues"]:
                raise ValueError(text)
    return text
