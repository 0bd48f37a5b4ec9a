"""The API's own description (OpenAPI), arranged for a page of the portal."""

from functools import cache

from fondsportal.front.addresses import absolute
from fondsportal.front.api.routes import api


@cache
def description():
    """OpenAPI's, which takes a fifth of a second to write and is the same as long as the process lives."""
    return api.get_openapi_schema()


def operations():
    """Every operation: its address, its parameters, an example, what it answers."""
    described = description()
    return [
        {
            "id": operation["operationId"],
            "title": operation["summary"],
            "path": path,
            "example": absolute(path.replace("{identifiant}", identifier(operation, described))),
            "parameters": [parameter(each) for each in operation["parameters"]],
            "answers": [
                {"status": status, "schema": schema_of(answer)}
                for status, answer in sorted(operation["responses"].items())
            ],
        }
        for path, methods in described["paths"].items()
        for operation in methods.values()
    ]


def identifier(operation, described):
    """The example that the record answered gives of its own identifier."""
    record = described["components"]["schemas"][schema_of(operation["responses"][200])]
    return next(iter(record["properties"].get("identifiant", {}).get("examples", [])), "…")


def parameter(described):
    schema = meant(described["schema"])
    return {
        "name": described["name"],
        "required": described["required"],
        "description": described.get("description") or described["schema"].get("description", ""),
        "type": schema.get("format", schema.get("type", "string")),
        "values": schema.get("enum", []),
        "minimum": schema.get("minimum"),
        "maximum": schema.get("maximum"),
        "default": described["schema"].get("default"),
        "example": next(iter(described["schema"].get("examples", [])), None),
    }


def schema_of(answer):
    """The name of the record that an answer holds."""
    return answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]


def schemas():
    """Every record that an answer may hold, with its fields; those of a request alone are not answers."""
    described = description()["components"]["schemas"]
    used = sorted(referred(description()["paths"], described))
    return [
        {
            "name": name,
            "title": described[name].get("description", ""),
            "fields": [field(each, detail) for each, detail in described[name]["properties"].items()],
        }
        for name in used
    ]


def referred(part, described):
    """The names of the schemas that a part of the description refers to, and those that they refer to."""
    found = set()
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
        if isinstance(each, str) and each.startswith("#/components/schemas/"):
            name = each.rpartition("/")[2]
            found |= {name} | referred(described[name], described)
        else:
            found |= referred(each, described)
    return found


def field(name, described):
    schema = meant(described)
    held = meant(schema.get("items", {}))
    return {
        "name": name,
        "description": described.get("description", ""),
        "type": schema.get("format", schema.get("type", "object")),
        "of": held.get("$ref", "").rpartition("/")[2],
        "nullable": schema is not described,
        "values": schema.get("enum", []),
        "example": next(iter(described.get("examples", [])), None),
    }


def meant(schema):
    """What a value is when it is not null."""
    return next((each for each in schema.get("anyOf", []) if each.get("type") != "null"), schema)
