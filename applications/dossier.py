"""A filed dossier as people read it, on a page or in a PDF: made from the frozen submission alone."""

from applications import tables
from calls.money import euros
from calls.templatetags.money import file_size

ANONYMOUS = "Candidature anonyme"
PROSE = ("long_text", "markdown")


def present(submission):
    """The content of a submission with its amounts written out and its tables added up.

    `carrier` is who carries it as the jury may know it; `organisation` is for the carrier itself and the secretariat.
    """
    content = submission.content
    return {
        **content,
        "carrier": carrier_of(content),
        "reference": submission.application.reference,
        "revision": submission.revision,
        "filed_at": submission.filed_at,
        "sha256": submission.sha256,
        "requested_grant": euros(submission.requested_grant),
        "total_cost": euros(submission.total_cost),
        "promised_savings": euros(submission.promised_savings),
        "sections": [_section(section, content) for section in content["sections"]],
        "financing_by_source": tables.by_source(content["financing"]),
        "attachment_rows": _files(content["attachments"]),
    }


def carrier_of(content):
    """The carrier's name, or that the application is anonymous."""
    return ANONYMOUS if content.get("anonymous") else content["organisation"]["name"]


def carrier_facts(content, *, hidden):
    """(label, value) pairs that name the carrier, or say that it is hidden."""
    if hidden:
        return [("Porteur", ANONYMOUS)]
    return [
        ("Porteur", content["organisation"]["name"]),
        ("Ministère", content["organisation"]["ministry"] or "non communiqué"),
    ]


def _section(section, content):
    """A section with its answers, its table or its files ready to be read."""
    read = section | {
        "answers": [_answer(answer, content) for answer in section["answers"]],
        "table": None,
        "files": [],
    }
    if section["kind"] in tables.TABLES:
        read["table"] = tables.read(section["kind"], content.get(section["kind"], []))
    elif section["kind"] == "attachments":
        read["files"] = _files([each for each in content["attachments"] if not each.get("question")])
    return read


def _answer(answer, content):
    """An answer with its group as a table and its files; the first dossiers had nothing but texts."""
    kind = answer.get("type", "long_text")
    return answer | {
        "is_prose": kind in PROSE,
        "is_secret": answer.get("confidentiality") == "secret",
        "table": tables.as_table(answer["label"], answer["columns"], answer["rows"])
        if answer.get("rows")
        else None,
        "files": _files([each for each in content["attachments"] if each.get("question") == answer["key"]]),
    }


def _files(attachments):
    return [
        (each["name"], each["description"], file_size(each["size"]), each["sha256"]) for each in attachments
    ]
