"""A filed dossier as people read it, on a page or in a PDF: made from the frozen submission alone."""

from collections import defaultdict
from decimal import Decimal

from calls.money import euros
from calls.templatetags.money import file_size


def present(submission):
    """The content of a submission with its amounts written out and its tables added up."""
    content = submission.content
    return {
        **content,
        "reference": submission.application.reference,
        "revision": submission.revision,
        "filed_at": submission.filed_at,
        "sha256": submission.sha256,
        "requested_grant": euros(submission.requested_grant),
        "total_cost": euros(submission.total_cost),
        "promised_savings": euros(submission.promised_savings),
        "financing_rows": [
            (line["year"], line["source_label"], line["label"], euros(Decimal(line["amount"])))
            for line in content["financing"]
        ],
        "financing_by_source": _totals(content["financing"], "source_label"),
        "savings_rows": [
            (
                line["year"],
                line["label"],
                "oui" if line["recurring"] else "non",
                euros(Decimal(line["amount"])),
            )
            for line in content["savings"]
        ],
        "attachment_rows": [
            (each["name"], each["description"], file_size(each["size"]), each["sha256"])
            for each in content["attachments"]
        ],
    }


def _totals(lines, name):
    totals = defaultdict(Decimal)
    for line in lines:
        totals[line[name]] += Decimal(line["amount"])
    return [(label, euros(total)) for label, total in totals.items()]
