"""A filed dossier as people read it, on a page or in a PDF: made from the frozen submission alone."""

from applications import tables
from applications.charts import time_line, years_chart
from applications.returns import returns
from calls.money import euros
from calls.templatetags.money import file_size, percent
from documents.models import StoredFile

ANONYMOUS = "Candidature anonyme"
PROSE = ("long_text", "markdown")


def present(submission):
    """The content of a submission with its amounts written out and its tables added up.

    `carrier` is who carries it as the jury may know it; `organisation` is for the carrier itself and the secretariat.
    """
    content, kept = submission.content, _kept(submission.content["attachments"])
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
        "sections": [_section(section, content, kept) for section in content["sections"]],
        "chart": years_chart(content["financing"], content["savings"]),
        "returns": _returns(content),
        "attachment_rows": _files(content["attachments"], kept),
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


def facts(submission, *, to_jury=False):
    """(label, value) pairs that a dossier begins with, from what was filed; the jury may not know whose it is."""
    content = submission.content
    return [
        ("Référence", submission.application.reference),
        *carrier_facts(content, hidden=to_jury and content.get("anonymous")),
        ("Thèmes", ", ".join(content["themes"]) or "aucun"),
        ("Subvention demandée", euros(submission.requested_grant)),
        ("Coût total du projet", euros(submission.total_cost)),
        ("Économies attendues", euros(submission.promised_savings)),
        (
            "Part demandée au fonds",
            percent(submission.requested_grant / submission.total_cost if submission.total_cost else None),
        ),
    ]


def _returns(content):
    """The savings ratios by the rule of the call as it was frozen; none for a dossier of before the rule was."""
    call, kinds = content["call"], {section["kind"] for section in content["sections"]}
    if "savings_horizon" not in call or not kinds >= {"financing", "savings"}:
        return None
    return returns(
        content["financing"],
        content["savings"],
        horizon=call["savings_horizon"],
        measure=call["savings_measure"],
    )


def _section(section, content, kept):
    """A section with its answers, its table or its files ready to be read; of a grid, also what it adds up to."""
    read = section | {
        "answers": [_answer(answer, content, kept) for answer in section["answers"]],
        "table": None,
        "bands": [],
        "sums": [],
        "time_line": None,
        "files": [],
    }
    kind, lines = section["kind"], content.get(section["kind"], [])
    if kind in tables.TABLES:
        read["table"] = tables.read(kind, lines)
        read["bands"] = tables.printed(kind, lines)
        read["sums"] = tables.sums(kind, lines)
        read["time_line"] = time_line(lines) if kind == "milestones" else None
    elif section["kind"] == "attachments":
        read["files"] = _files([each for each in content["attachments"] if not each.get("question")], kept)
    return read


def _answer(answer, content, kept):
    """An answer with its group as a table and its files; the first dossiers had nothing but texts."""
    kind = answer.get("type", "long_text")
    return answer | {
        "is_prose": kind in PROSE,
        "is_secret": answer.get("confidentiality") == "secret",
        "table": tables.as_table(answer["label"], answer["columns"], answer["rows"])
        if answer.get("rows")
        else None,
        "files": _files(
            [each for each in content["attachments"] if each.get("question") == answer["key"]], kept
        ),
    }


def _kept(attachments):
    """The stored file of each hash, with what the antivirus says of it now; nothing of it is frozen."""
    return StoredFile.objects.in_bulk({each["sha256"] for each in attachments}, field_name="sha256")


def _files(attachments, kept):
    return [
        (
            each["name"],
            each["description"],
            file_size(each["size"]),
            each["sha256"],
            kept.get(each["sha256"]),
        )
        for each in attachments
    ]
