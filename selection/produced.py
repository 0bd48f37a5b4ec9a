"""The letter of ineligibility, the minutes, the evidence of a session, the press kit; the committee book in `book`."""

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import ngettext

from accounts.models import User
from calls.models import Call
from documents import pdf, storage
from documents.models import ProducedDocument
from documents.pdf import PdfFailed
from documents.produced import builder
from journal import actions as journal
from journal import clock, dates
from selection import appeal, call_statistics
from selection.access import statistics_key
from selection.book import book_sheet, committee_book  # noqa: F401 - registered by being imported
from selection.charts import Chart
from selection.concerns import of_a_filing  # noqa: F401 - the same
from selection.evidence import archive
from selection.minutes import printing as minutes
from selection.models import Announcement, Case, EligibilityFact, Letter, Minutes
from selection.press_kit import archive as archive_of_press
from selection.press_kit import contents, printing
from selection.press_kit.keys import key_of


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
    """The press kit of an announcement, which says no date of it: it is made before the minute is chosen."""
    printing.write(target, _kit(subject_key))


@builder(
    "selection.press_kit_archive",
    content_type="application/zip",
    parts=lambda key: [("selection.press_kit", key)],
)
def press_kit_archive(subject_key, target):
    """The PDF, which is made before, with its communiqué, pictures, data and charts."""
    kit = _kit(subject_key)
    printed = ProducedDocument.objects.latest("selection.press_kit", subject_key)
    path = storage.path_of(printed.file)
    archive_of_press.write(target, kit, path, state_brand=settings.PORTAL_STATE_BRAND)


def _kit(subject_key):
    """What the press kit of this key holds; the announcement that says something else by now has another."""
    announcement = Announcement.objects.select_related("call__fund").get(pk=int(subject_key.split("/")[0]))
    kit = contents.gather(announcement)
    if key_of(announcement) != subject_key:
        raise PdfFailed("changed", "the announcement has changed since its press kit was asked for")
    return kit


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


PRINTED, CHARACTERS = 5, 38  # lines of a cut and characters of a label, so that the whole stays on two pages


def _printed(cut):
    """A cut as it is printed: its first lines, and in words how many others it has."""
    shown, rest = cut.lines[:PRINTED], cut.lines[PRINTED:]
    counts = [
        (
            each,
            Truncator(each.label).chars(CHARACTERS),
            f"{each.dossiers} ({call_statistics.share(each.dossiers, cut.whole)})",
        )
        for each in shown
    ]
    count = sum(each.dossiers for each in rest)
    others = ngettext("%d autre ligne", "%d autres lignes", len(rest)) % len(rest)
    others = f"{others} : {ngettext('%d dossier', '%d dossiers', count) % count}." if rest else ""
    return {
        "title": cut.title,
        "head": cut.head,
        "key": cut.key,
        "chart": Chart(cut.title, [(label, each.dossiers, told, False) for each, label, told in counts]),
        "counted": [cut.head, "Dossiers"],
        "counts": [[label, told] for _, label, told in counts],
        "rows": [[Truncator(each.label).chars(CHARACTERS), *each.cells(cut.whole)[1:]] for each in shown],
        "columns": [cut.head, *call_statistics.COLUMNS],
        "note": others,
    }
