"""The whole of a dossier as one canonical content: what is frozen when it is filed."""

from decimal import Decimal


def content(application):
    """A JSON-able dictionary that says everything the dossier says, in the words it was asked in.

    Amounts are strings of euros with two decimals; the hash of a file stands for its bytes.
    """
    answers = {row.section_key: row.answers for row in application.sections.all()}
    return {
        "call": {"code": application.call.code, "title": application.call.title},
        "form": {"number": application.form.number, "sha256": application.form.sha256},
        "title": application.title,
        "organisation": {
            "name": application.organisation.name,
            "kind": application.organisation.get_kind_display(),
            "siren": application.organisation.siren,
            "ministry": getattr(application.organisation.ministry, "name", None),
        },
        "themes": [theme.label for theme in application.themes.all()],
        "fictitious": application.fictitious,
        "sections": [
            {
                "key": section["key"],
                "title": section["title"],
                "kind": section["kind"],
                "answers": [
                    {
                        "key": question["key"],
                        "label": question["label"],
                        "text": answers.get(section["key"], {}).get(question["key"], ""),
                    }
                    for question in section.get("questions", [])
                ],
            }
            for section in application.form.sections
        ],
        "financing": [
            {
                "year": line.year,
                "source": line.source,
                "source_label": line.get_source_display(),
                "label": line.label,
                "amount": amount(line.amount),
            }
            for line in application.financing_lines.all()
        ],
        "savings": [
            {
                "year": line.year,
                "label": line.label,
                "amount": amount(line.amount),
                "recurring": line.recurring,
            }
            for line in application.savings_lines.all()
        ],
        "attachments": [
            {
                "name": attachment.name,
                "description": attachment.description,
                "size": attachment.file.size,
                "sha256": attachment.file.sha256,
            }
            for attachment in application.attachments.select_related("file")
        ],
    }


def amount(value):
    return str(value.quantize(Decimal("0.01")))
