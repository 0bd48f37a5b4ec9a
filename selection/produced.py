"""The letter of ineligibility, the committee book and the press kit."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from accounts.models import User
from applications.dossier import carrier_of
from applications.produced import dossier as build_dossier
from calls.money import short_euros
from documents import merge, pdf, storage
from documents.models import ProducedDocument
from documents.pdf import PdfFailed
from documents.produced import builder
from journal import dates
from selection import opinions
from selection.access import book_key, items_readable_by
from selection.models import Announcement, Case, CommitteeSession, EligibilityFact

UNKNOWN = "non communiqué"


# Where neither the call nor its fund says how to contest (`facts["appeal"]`): the general rule, with its source.
APPEAL = (
    "Cette décision peut être contestée devant le tribunal administratif dans les deux mois qui suivent sa notification"
    " (code de justice administrative, article R. 421-1). Dans le même délai, vous pouvez d’abord demander au fonds de"
    " la revoir (recours gracieux)."
)


@builder("selection.ineligibility_letter")
def ineligibility_letter(subject_key, target):
    """Why a dossier is turned down, as it was recorded, and how to contest it. The key is the case's."""
    case = Case.objects.select_related("application__call__fund", "eligibility").get(pk=int(subject_key))
    call, check = case.application.call, case.eligibility
    broken = case.eligibility_facts.filter(
        submission=case.submission_id,
        verdict=EligibilityFact.Verdict.BROKEN,
        settled_at__lte=check.checked_at,
    )
    context = {
        "fund_name": call.fund.name,
        "facts": [
            ("Référence", case.application.reference),
            ("Projet", case.title),
            ("Porteur", case.carrier),
            ("Appel à projets", call.title),
            ("Déposé le", dates.moment(case.filed_at)),
            ("Décision du", dates.day(check.checked_at)),
        ],
        "reason": check.reason,
        "rules": [(fact.label, _told(fact)) for fact in broken],
        "appeal": call.facts.get("appeal") or call.fund.facts.get("appeal") or APPEAL,
        "contact": call.contact_email,
        "fictif": case.application.fictitious,
    }
    title = f"Décision d’irrecevabilité – {case.application.reference}"
    target.write_bytes(pdf.render_template("selection/print/ineligibility_letter.html", context, title=title))


def _told(fact):
    """What shows that a rule is broken: what was found, or why an officer says so."""
    return fact.evidence if fact.found == fact.verdict else fact.reason


@builder("selection.committee_book")
def committee_book(subject_key, target):
    """The dossiers of a session, one after the other, behind a table of contents.

    The key, made by `access.book_key`, is `session/<id>` for the whole book, and says whose it is otherwise.
    """
    words = subject_key.split("/")
    session = CommitteeSession.objects.select_related("committee__fund").get(pk=int(words[1]))
    items = session.items.select_related("case__application__organisation").order_by("position")
    if len(words) > 2:
        reader = User.objects.get(pk=int(words[3]))
        if book_key(reader, session) != subject_key:
            raise PdfFailed("failed", "what this reader may read has changed since the book was asked for")
        items = items_readable_by(reader, session).order_by("position")
    submissions = [(item, item.case.submission) for item in items]
    with TemporaryDirectory(prefix="livre-") as folder:
        cover = Path(folder) / "couverture.pdf"
        cover.write_bytes(_contents(session, submissions))
        parts = [("Sommaire", cover)]
        for item, submission in submissions:
            parts.append((f"{item} – {submission.content['title']}", _dossier(submission, Path(folder))))
            if given := opinions.for_committee(item.case):
                parts.append((f"{item} – Avis", _opinions(item, submission, given, Path(folder))))
        merge.merge(parts, title=f"Livre du comité – {session.title}", output_path=target)


def _dossier(submission, folder):
    """The path of a dossier's PDF: the one already made, or else made now."""
    made = ProducedDocument.objects.latest("applications.dossier", str(submission.pk))
    if made and made.file:
        return storage.path_of(made.file)
    path = folder / f"{submission.pk}.pdf"
    build_dossier(str(submission.pk), path)
    return path


def _opinions(item, submission, given, folder):
    """The path of the opinions that the committee reads on a dossier."""
    context = {"title": submission.content["title"], "reference": str(item), "opinions": given}
    path = folder / f"avis-{item.pk}.pdf"
    title = f"Avis – {item}"
    path.write_bytes(pdf.render_template("selection/print/opinions.html", context, title=title))
    return path


def _contents(session, submissions):
    context = {
        "fund_name": session.fund.name,
        "session": session,
        "facts": [
            ("Comité", session.committee.name),
            ("Séance du", dates.day(session.held_on)),
            ("Dossiers", str(len(submissions))),
            ("Subventions demandées", short_euros(sum(each.requested_grant for _, each in submissions))),
        ],
        "rows": [
            (
                item.position,
                str(item),
                each.content["title"],
                carrier_of(each.content),
                each.requested_grant,
            )
            for item, each in submissions
        ],
        "fictif": any(each.content["fictitious"] for _, each in submissions),
    }
    title = f"Livre du comité – {session.title}"
    return pdf.render_template("selection/print/committee_book.html", context, title=title)


@builder("selection.press_kit")
def press_kit(subject_key, target):
    """Facts, figures, and one page per laureate. It says no date: it is made before the minute is chosen."""
    announcement = Announcement.objects.select_related("call__fund").get(pk=int(subject_key))
    laureates = list(announcement.laureates.order_by("name"))
    ministries = Counter(laureate.ministry or UNKNOWN for laureate in laureates)
    context = {
        "fund_name": announcement.call.fund.name,
        "announcement": announcement,
        "facts": [
            ("Appel à projets", announcement.call.title),
            ("Lauréats", str(len(laureates))),
            ("Fonds", announcement.call.fund.name),
        ],
        "figures": _figures(laureates, ministries),
        "bars": [
            {"label": label, "value": str(count), "share": count * 100 // max(ministries.values())}
            for label, count in sorted(
                ministries.items(), key=lambda row: (row[0] == UNKNOWN, -row[1], row[0])
            )
        ],
        "rows": [[each.name, each.carrier or UNKNOWN, each.amount_text] for each in laureates],
        "projects": [_page(each) for each in laureates],
        "fictif": announcement.fictitious,
    }
    title = f"Dossier de presse – {announcement.title}"
    target.write_bytes(pdf.render_template("selection/print/press_kit.html", context, title=title))


def _figures(laureates, ministries):
    """How many laureates and ministries; the total only when every amount is exact, for bounds add up to nothing."""
    known = len(ministries) - (UNKNOWN in ministries)
    figures = [_counted(len(laureates), "lauréat")]
    if known:
        figures.append(_counted(known, "ministère"))
    if all(
        each.amount is not None and each.amount_qualifier not in ("more_than", "approx") for each in laureates
    ):
        figures.append((short_euros(sum(each.amount for each in laureates)), "accordés"))
    return figures


def _counted(number, word):
    return str(number), word if number == 1 else f"{word}s"


def _page(laureate):
    facts = [("Année", str(laureate.year))] if laureate.year else []
    if laureate.sources:
        facts.append(("Sources", "\n".join(_source(source) for source in laureate.sources)))
    return {
        "name": laureate.name,
        "carrier": laureate.carrier or UNKNOWN,
        "ministry": laureate.ministry if laureate.ministry != laureate.carrier else "",
        "amount": laureate.amount_text,
        "summary": laureate.summary,
        "fictif": laureate.fictitious,
        "facts": facts,
    }


def _source(source):
    return ", ".join(filter(None, (source.get("title"), source.get("publisher"), source.get("date"))))
