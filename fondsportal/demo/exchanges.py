"""What is said and filed again around the invented dossiers, so that every room of the applicant's space has something.

All of it goes through the actions that the pages call, and is done once however often it is loaded.
"""

from datetime import timedelta

from django.utils import timezone

from applications import actions as applications
from applications.models import Application, Remark
from journal import clock

State = Application.State
ADDED = "Depuis le premier dépôt, deux services volontaires ont rejoint le pilote. (Ajout fictif.)"
QUESTION = (
    "Bonjour, l’accord d’un second service pilote peut-il être joint après le dépôt ? (Message fictif.)"
)
HELP = "Comment chiffrer des économies étalées sur plusieurs services ? (Demande fictive.)"
ADVICE = "Partez du temps passé par dossier, mesuré dans deux services au moins. (Remarque fictive.)"
MORE = {
    "projet": "Quelles étapes dépendent d’un marché qui n’est pas encore passé ? (Demande fictive.)",
    "gouvernance": "Qui décide entre deux comités de pilotage ? (Demande fictive.)",
}
DAYS = 12


def support(application, *, writer, officer):
    """The writers of a draft are helped by the secretariat, which leaves a remark."""
    asked = applications.ask_for_support(application, text=HELP, by=writer)
    if asked.taken_at is None:
        applications.take_charge(asked, by=officer)
    if not application.section_remarks.filter(kind=Remark.Kind.SUPPORT).exists():
        applications.comment_draft(asked, remarks={"economies": ADVICE}, by=officer)


def file_again(application, *, writer, certifier):
    """Take a filed dossier back, say more in it, and file it: two submissions that differ."""
    application.refresh_from_db()
    if application.state == State.FILED and application.submissions.count() == 1:
        applications.take_back(application, by=writer)
        application.refresh_from_db()
    section = application.sections.get(section_key="projet")
    if application.state == State.DRAFT and ADDED not in section.answers["calendrier"]:
        answers = section.answers | {"calendrier": f"{section.answers['calendrier']}\n\n{ADDED}"}
        applications.save_section(application, "projet", answers, version=section.version, by=writer)
    if application.state == State.DRAFT:
        applications.ask_for_visa(application, by=writer)
    applications.file_application(application, by=certifier)


def talk(application, *, answer, writer, officer):
    """A message each way; the secretariat's, the last one, waits to be read."""
    code = application.reference
    applications.write_to_secretariat(application, text=QUESTION, nonce=f"{code} porteur", by=writer)
    applications.write_to_carrier(application, text=answer, nonce=f"{code} secrétariat", by=officer)


def ask_for_more(application, *, officer):
    """The secretariat asks for more on two sections of a filed dossier."""
    if not application.clarifications.exists():
        today = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
        due_at = today + timedelta(days=DAYS)
        applications.ask_clarification(application, questions=MORE, due_at=due_at, by=officer)
