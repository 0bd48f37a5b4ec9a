"""The documents of a dossier. Each is made from the frozen submission alone; the subject's key is the submission's."""

from applications import embedded
from applications.certifiers import filed_by
from applications.dossier import carrier_facts, present
from applications.models import Submission
from documents import pdf
from documents.produced import builder
from journal import dates


@builder("applications.receipt")
def receipt(subject_key, target):
    """The proof of filing: what was filed, when, by whom, with its hash and those of its files."""
    submission = _submission(subject_key)
    dossier = present(submission)
    context = {
        "fund_name": submission.application.call.fund.name,
        "dossier": dossier,
        "facts": [
            ("Référence", dossier["reference"]),
            ("Projet", dossier["title"]),
            ("Porteur", dossier["organisation"]["name"]),
            ("Appel à projets", dossier["call"]["title"]),
            ("Déposé le", _instant(submission)),
            ("Déposé par", filed_by(submission)),
            ("Dépôt", f"n° {submission.revision}"),
            ("Subvention demandée", dossier["requested_grant"]),
            ("Coût total du projet", dossier["total_cost"]),
            ("Empreinte SHA-256 du contenu", submission.sha256),
        ],
        "rows": [[name, size, sha256] for name, _, size, sha256, _ in dossier["attachment_rows"]],
    }
    _write(target, "applications/print/receipt.html", context, f"Accusé de dépôt {dossier['reference']}")


@builder("applications.dossier")
def dossier(subject_key, target):
    """The whole dossier as filed: every section and table, and never a score; its content goes along."""
    submission = _submission(subject_key)
    content = present(submission)
    context = {
        "fund_name": submission.application.call.fund.name,
        "dossier": content,
        "facts": [
            ("Référence", content["reference"]),
            *carrier_facts(content, hidden=content.get("anonymous")),
            ("Appel à projets", content["call"]["title"]),
            ("Thèmes", ", ".join(content["themes"]) or "aucun"),
            ("Subvention demandée", content["requested_grant"]),
            ("Coût total du projet", content["total_cost"]),
            ("Économies attendues", content["promised_savings"]),
            ("Déposé le", _instant(submission)),
        ],
    }
    title = f"{content['reference']} – {content['title']}"
    _write(target, "applications/print/dossier.html", context, title, **embedded.carried(submission))


def _submission(subject_key):
    return Submission.objects.select_related("application__call__fund", "filed_by").get(pk=int(subject_key))


def _instant(submission):
    return dates.moment(submission.filed_at, seconds=True) + " (heure de Paris)"


def _write(target, template, context, title, **options):
    target.write_bytes(pdf.render_template(template, context, title=title, **options))
