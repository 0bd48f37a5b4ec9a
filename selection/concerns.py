"""Who of the secretariat is told that a document could not be made, and what it is; a carrier's own are told of too."""

from applications.models import Application, Submission
from calls.models import Call, FormVersion
from calls.questionnaire.definition import BLANK_FORM
from documents.produced import Concern, concern
from selection import rules
from selection.book import BOOK, SHEET, standing
from selection.models import Announcement, Case, CommitteeBook, CommitteeSession, Letter, Minutes
from selection.press_kit.keys import KINDS, keys_of

OF_A_FILING = {"applications.receipt": "Accusé de dépôt", "applications.dossier": "Dossier"}


@concern(*OF_A_FILING)
def of_a_filing(kind, keys):
    filings = Submission.objects.select_related("application__call__fund").defer("content")
    filings = filings.in_bulk(map(int, keys)).items()
    return _of_dossiers(OF_A_FILING[kind], {str(pk): each.application for pk, each in filings})


@concern("selection.ineligibility_letter")
def of_an_ineligibility(kind, keys):
    cases = Case.objects.select_related("application__call__fund").in_bulk(map(int, keys)).items()
    return _of_dossiers("Décision d’irrecevabilité", {str(pk): case.application for pk, case in cases})


@concern("selection.decision_letter")
def of_a_letter(kind, keys):
    letters = Letter.objects.select_related("decision__item__case__application__call__fund")
    letters = letters.in_bulk(map(int, keys)).items()
    told = {str(pk): letter.decision.item.case.application for pk, letter in letters}
    return _of_dossiers("Lettre de décision", told)


@concern(BLANK_FORM)
def of_a_form(kind, keys):
    forms = FormVersion.objects.select_related("call__fund").in_bulk(map(int, keys)).items()
    return _of_funds({str(pk): (f"Dossier vierge – {form.call}", form.call.fund) for pk, form in forms})


@concern(BOOK)
def of_a_book(kind, keys):
    """Of the session, whoever the book is for; a book that the agenda has left behind is missed by nobody."""
    words = {key: key.split("/") for key in standing(keys)}
    frozen = CommitteeBook.objects.in_bulk([int(said[1]) for said in words.values() if said[0] == "book"])
    sessions = {key: int(said[1]) for key, said in words.items() if said[0] == "session"}
    sessions |= {f"book/{pk}": book.session_id for pk, book in frozen.items()}
    return _of_sessions("Livre du comité", sessions)


@concern(SHEET)
def of_a_sheet(kind, keys):
    return {key: Concern("Fiche d’instruction", []) for key in keys}  # its book is told of


@concern("selection.evidence")
def of_evidence(kind, keys):
    return _of_sessions("Dossier de preuve", {key: int(key) for key in keys})


@concern("selection.minutes")
def of_minutes(kind, keys):
    found = Minutes.objects.in_bulk(map(int, keys))
    return _of_sessions("Relevé de décisions", {str(pk): each.session_id for pk, each in found.items()})


@concern(*KINDS.values())
def of_a_press_kit(kind, keys):
    """Of what the announcement says now: nobody needs the kit of what it no longer says."""
    found = Announcement.objects.select_related("call__fund").in_bulk(int(key.split("/")[0]) for key in keys)
    current = {key: found[pk] for pk, key in keys_of(found.values()).items() if key in keys}
    called = "Dossier de presse" if kind == KINDS["pdf"] else "Dossier de presse et pièces"
    return _of_funds({key: (f"{called} – {each}", each.call.fund) for key, each in current.items()})


@concern("selection.statistics")
def of_statistics(kind, keys):
    found = Call.objects.select_related("fund").in_bulk(int(key.split("/")[0]) for key in keys)
    calls = {key: found.get(int(key.split("/")[0])) for key in keys}
    return _of_funds({key: (f"Statistiques – {call}", call.fund) for key, call in calls.items() if call})


def _of_sessions(called, sessions):
    found = CommitteeSession.objects.select_related("committee__fund").in_bulk(set(sessions.values()))
    known = {key: found[pk] for key, pk in sessions.items() if pk in found}
    return _of_funds({key: (f"{called} – {session}", session.fund) for key, session in known.items()})


def _of_funds(subjects):
    """{key: its concern} from {key: (what it is, its fund)}."""
    people = {fund: list(rules.secretariat_of(fund)) for fund in {fund for _, fund in subjects.values()}}
    return {key: Concern(label, people[fund]) for key, (label, fund) in subjects.items()}


def _of_dossiers(called, dossiers):
    """{key: its concern} from {key: its dossier}; nothing of a dossier is told to who is kept from it."""
    subjects = {key: (f"{called} – {each.reference}", each.call.fund) for key, each in dossiers.items()}
    told = _of_funds(subjects)
    keys = [each.pk for each in dossiers.values()]
    read = {
        person: set(Application.objects.not_recusing(person).filter(pk__in=keys).values_list("pk", flat=True))
        for person in {person for each in told.values() for person in each.people}
    }
    return {
        key: Concern(each.label, [person for person in each.people if dossiers[key].pk in read[person]])
        for key, each in told.items()
    }
