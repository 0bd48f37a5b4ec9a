"""The letter of ineligibility, the committee book, the minutes, the evidence of a session and the press kit."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.text import Truncator
from django.utils.translation import ngettext

from accounts.models import User
from applications.dossier import carrier_of, facts
from applications.models import Submission
from applications.produced import dossier as build_dossier
from calls.models import Call
from calls.money import euros, short_euros
from documents import merge, pdf, storage
from documents.models import ProducedDocument
from documents.pdf import PdfFailed
from documents.produced import builder
from journal import actions as journal
from journal import clock, dates
from selection import appeal, call_statistics, opinions, proposals, reviewing
from selection.access import book_key, items_readable_by, numbered, statistics_key, whole_book_key
from selection.evidence import archive
from selection.minutes import printing as minutes
from selection.models import (
    Announcement,
    Case,
    CommitteeBook,
    CommitteeSession,
    EligibilityFact,
    Letter,
    Minutes,
)
from selection.radar import reading as radar

UNKNOWN = "non communiqué"


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
        "appeal": appeal.of(call),
        "contact": call.contact_email,
        "fictif": case.application.fictitious,
    }
    title = f"Décision d’irrecevabilité – {case.application.reference}"
    target.write_bytes(pdf.render_template("selection/print/ineligibility_letter.html", context, title=title))


def _told(fact):
    """What shows that a rule is broken: what was found, or why an officer says so."""
    return fact.evidence if fact.found == fact.verdict else fact.reason


@builder("selection.decision_letter")
def decision_letter(subject_key, target):
    """What a carrier was told of a decision, from what its letter froze. The key is that of a letter sent."""
    letter = Letter.objects.sent().get(pk=int(subject_key))
    context = {"letter": letter.content, "fund_name": letter.content["fund"], "sent_at": letter.sent_at}
    title = f"{letter.content['title']} – {letter.content['reference']}"
    target.write_bytes(pdf.render_template("selection/print/decision_letter.html", context, title=title))


@builder("selection.committee_book")
def committee_book(subject_key, target):
    """The dossiers of a session, one after the other, behind a table of contents.

    The key, made by `access.book_key`, is `session/<id>/<digest>` for the whole book, and says whose it is otherwise:
    one that is no longer the key of what is on the agenda is not made. What is frozen of the agenda is as it was
    frozen. `book/<id>` is a frozen book itself, from what was frozen alone.
    """
    words = subject_key.split("/")
    if words[0] == "book":
        book = CommitteeBook.objects.select_related("session__committee__fund", "frozen_by").get(
            pk=int(words[1])
        )
        _merge(book.session, _frozen_rows(book), book.called, target, book=book)
        return
    session = CommitteeSession.objects.select_related("committee__fund").get(pk=int(words[1]))
    reader = User.objects.get(pk=int(words[3])) if len(words) > 3 else None
    if subject_key != (book_key(reader, session) if reader else whole_book_key(session)):
        raise PdfFailed("failed", "what this book would hold has changed since it was asked for")
    items = items_readable_by(reader, session) if reader else session.items.all()
    items = numbered(items.select_related("case__submission__application__case", "case__application"))
    frozen = {row.reference: row for book in session.books.all() for row in _frozen_rows(book)}
    rows = []
    for item in items:
        row = Row(item.number, str(item), item.case.submission, item.proposed_amount)
        rows.append(replace(frozen[row.reference], position=item.number) if item.book_id else row)
    _merge(session, rows, "Livre du comité", target)


@dataclass(frozen=True)
class Row:
    """A dossier of a book: its place, what was filed, and what is proposed."""

    position: int
    reference: str
    submission: Submission
    proposed: Decimal | None


def _frozen_rows(book):
    """The rows of a frozen book, from its content; a submission that is not what was frozen stops everything."""
    submissions = Submission.objects.select_related("application__case").in_bulk(
        [row["submission"] for row in book.content]
    )
    rows = []
    for said in book.content:
        submission, amount = submissions[said["submission"]], said["proposed_amount"]
        if submission.sha256 != said["sha256"]:
            raise PdfFailed("failed", f"{said['reference']} is not what was frozen")
        rows.append(Row(said["position"], said["reference"], submission, amount and Decimal(amount)))
    return rows


def _merge(session, rows, called, target, book=None):
    title = f"{called} – {session.title}"
    items = {str(item): item for item in session.items.select_related("case__application__call", "decision")}
    read = [items[row.reference] for row in rows]
    with TemporaryDirectory(prefix="livre-") as folder:
        cover = Path(folder) / "couverture.pdf"
        cover.write_bytes(_contents(session, rows, called, title, book))
        parts = [("Sommaire", cover)]
        for row in rows:
            name = f"{row.reference} – {row.submission.content['title']}"
            item = items[row.reference]
            parts.append((f"{row.reference} – Instruction", _instruction(row, item, read, Path(folder))))
            parts.append((name, _dossier(row.submission, Path(folder))))
            if given := opinions.for_committee(row.submission.application.case):
                parts.append((f"{row.reference} – Avis", _opinions(row, given, Path(folder))))
        merge.merge(parts, title=title, output_path=target)


def _instruction(row, item, read, folder):
    """The path of what a page of the committee tells beside a dossier; `read` are the items of the book."""
    standing, others = reviewing.for_committee(item.case)
    context = {
        "title": row.submission.content["title"],
        "reference": row.reference,
        "facts": [
            *facts(row.submission, to_jury=True),
            ("Subvention proposée au comité", euros(row.proposed)),
        ],
        "proposals": proposals.told(item),
        "reviews": [*filter(None, [standing]), *others],
        "similar": [near for kind in radar.beside(item, read) for near in kind],
    }
    path = folder / f"instruction-{row.submission.pk}.pdf"
    title = f"Instruction – {row.reference}"
    path.write_bytes(pdf.render_template("selection/print/instruction.html", context, title=title))
    return path


def _dossier(submission, folder):
    """The path of a dossier's PDF: the one already made, or else made now."""
    made = ProducedDocument.objects.latest("applications.dossier", str(submission.pk))
    if made and made.file:
        return storage.path_of(made.file)
    path = folder / f"{submission.pk}.pdf"
    build_dossier(str(submission.pk), path)
    return path


def _opinions(row, given, folder):
    """The path of the opinions that the committee reads on a dossier."""
    context = {"title": row.submission.content["title"], "reference": row.reference, "opinions": given}
    path = folder / f"avis-{row.submission.pk}.pdf"
    title = f"Avis – {row.reference}"
    path.write_bytes(pdf.render_template("selection/print/opinions.html", context, title=title))
    return path


def _contents(session, rows, called, title, book):
    facts = [
        ("Comité", session.committee.name),
        ("Séance du", dates.day(session.held_on)),
        ("Dossiers", str(len(rows))),
        ("Subventions demandées", short_euros(sum(row.submission.requested_grant for row in rows))),
    ]
    if book:
        facts += [
            ("Figé le", f"{dates.moment(book.frozen_at)} par {book.frozen_by.name}"),
            ("Empreinte (SHA-256)", book.sha256),
        ]
    context = {
        "fund_name": session.fund.name,
        "session": session,
        "called": called,
        "facts": facts,
        "rows": [
            (
                row.position,
                row.reference,
                row.submission.content["title"],
                carrier_of(row.submission.content),
                row.submission.requested_grant,
                row.proposed,
            )
            for row in rows
        ],
        "fictif": any(row.submission.content["fictitious"] for row in rows),
    }
    return pdf.render_template("selection/print/committee_book.html", context, title=title)


@builder("selection.evidence", content_type="application/zip")
def session_evidence(subject_key, target):
    """All of a session, which is the key, as a ZIP; its journal is sealed first, so that each entry has its link."""
    journal.seal()
    return {"session": int(subject_key), "manifest": archive.write(target, int(subject_key))}


@builder("selection.minutes")
def signed_minutes(subject_key, target):
    """The minutes of a session that both have signed. The key is theirs."""
    found = Minutes.objects.select_related("session__committee__fund").get(pk=int(subject_key))
    target.write_bytes(minutes.printed(found))


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


@builder("selection.statistics")
def statistics(subject_key, target):
    """The statistics of a call on two pages, of what its reader may read; `access.statistics_key` makes the key."""
    call_pk, user_pk, _ = subject_key.split("/")
    call = Call.objects.select_related("fund").get(pk=int(call_pk))
    reader = User.objects.get(pk=int(user_pk))
    if statistics_key(reader, call) != subject_key:
        raise PdfFailed("failed", "what this reader may read has changed since the statistics were asked for")
    cases = Case.objects.readable_by(reader).filter(call=call).standing()
    whole = call_statistics.summary(cases)
    context = {
        "fund_name": call.fund.name,
        "call": call,
        "day": dates.day(clock.now()),
        "figures": call_statistics.figures(whole, call_statistics.digital_share(call, cases, whole)),
        "amounts": call_statistics.amounts(whole),
        "cuts": [_printed(cut) for cut in call_statistics.cuts(cases, whole)],
        "fictif": whole["fictitious"] > 0,
    }
    title = f"Statistiques – {call.title}"
    target.write_bytes(pdf.render_template("selection/print/statistics.html", context, title=title))


PRINTED, CHARACTERS = 6, 38  # lines of a cut and characters of a label, so that the whole stays on two pages


def _printed(cut):
    """A cut as it is printed: its first lines, and in words how many others it has."""
    shown, rest = cut.lines[:PRINTED], cut.lines[PRINTED:]
    most = max((each.dossiers for each in cut.lines), default=1)
    count = sum(each.dossiers for each in rest)
    others = ngettext("%d autre ligne", "%d autres lignes", len(rest)) % len(rest)
    others = f"{others} : {ngettext('%d dossier', '%d dossiers', count) % count}." if rest else ""
    return {
        "title": cut.title,
        "head": cut.head,
        "bars": [
            {
                "label": Truncator(each.label).chars(CHARACTERS),
                "value": f"{each.dossiers} ({call_statistics.share(each.dossiers, cut.whole)})",
                "share": 100 * each.dossiers // most,
            }
            for each in shown
        ],
        "rows": [[Truncator(each.label).chars(CHARACTERS), *each.cells(cut.whole)[1:]] for each in shown],
        "columns": [cut.head, *call_statistics.COLUMNS],
        "note": others,
    }


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
