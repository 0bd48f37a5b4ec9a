"""What everyone's own start page gathers: the doors that their roles open, and the news of what they apply to."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from applications.awaiting import Awaiting
from calls.models import Event, FundRole, Registration, deadline_text
from selection.models import Announcement, CommitteeSeat, Laureate, Letter, OpinionRequest
from selection.page_checks import checked_by

AT_MOST = 50  # dossiers, and the rest is on their own list
EVENTS = 5


def memberships(user):
    return user.memberships.select_related("organisation").order_by("organisation__name", "role")


def doors(user, *, applies):
    """A list of (label, text, address) for the roles this person holds, in the order of a dossier's life.

    `applies`: of a body, or a partner's agent whom a dossier invites.
    """
    found = []
    if applies:
        found.append(("Mes dossiers", "Rédiger, viser et déposer.", reverse("applications:list")))
    roles = set(FundRole.objects.filter(user=user).values_list("role", flat=True))
    secretariat = roles & {FundRole.Role.OFFICER, FundRole.Role.HEAD}
    if secretariat:
        found.append(
            (
                "Préparer les appels",
                "Règles, critères, documents, publication.",
                reverse("calls:preparation_list"),
            )
        )
        found.append(
            (
                "Accompagnements",
                "Brouillons dont les rédacteurs demandent votre aide, nombre de brouillons.",
                reverse("applications:support_desk"),
            )
        )
    if secretariat or FundRole.Role.AUDITOR in roles:
        # The secretariat's door
        found.append(
            (
                "Secrétariat du fonds",
                "Ce qui m’attend, tableaux de bord, statistiques, exports.",
                reverse("selection:door"),
            )
        )
        found.append(("Événements", "Réunions, inscriptions, comptes rendus.", reverse("calls:event_desk")))
        found.append(("Questions", "Questions du public sur les appels.", reverse("calls:question_list")))
        found.append(
            ("Dossiers déposés", "Recevabilité, instruction, présélection.", reverse("selection:cases"))
        )
        # Review
        if secretariat:
            found.append(
                (
                    "Mes évaluations",
                    "Ce qui vous est confié, ce qui reste à faire.",
                    reverse("selection:my_reviews"),
                )
            )
        found.append(
            (
                "Déclarations d’intérêts",
                "Liens à trancher avant de confier un dossier.",
                reverse("selection:declarations"),
            )
        )
        found.append(
            (
                "Actions groupées",
                "Confier, étiqueter, écrire à plusieurs dossiers ; étiquettes et modèles de message.",
                reverse("selection:batches"),
            )
        )
        found.append(
            ("Séances", "Ordres du jour, livres du comité, décisions.", reverse("selection:sessions"))
        )
        found.append(
            ("Annonces", "Lauréats, embargo, dossier de presse.", reverse("selection:announcement_desk"))
        )
    # Opinions
    if OpinionRequest.objects.asked_of(user).exists():
        found.append(("Avis", "Lire un dossier, rendre l’avis demandé.", reverse("selection:my_opinions")))
    if CommitteeSeat.objects.sitting().filter(user=user).exists():
        found.append(("Mes comités", "Lire, noter, voter.", reverse("selection:committee")))
    if user.is_staff:
        found.append(("Administration", "Comptes, organismes, files d’attente.", reverse("admin:index")))
    return found


def opens_secretariat(doors):
    """Whether one of these doors is the secretariat's."""
    return reverse("selection:door") in {address for _, _, address in doors}


# After the decision
def told_of_decisions(user, applications, now):
    """The letters that nobody of a carrier has opened yet, and the pages to come that it is asked to check."""
    letters = Letter.objects.sent().filter(decision__item__case__application__in=applications)
    letters = letters.select_related("decision__item__case__application").order_by("sent_at", "pk")
    last = {each.decision.item.case.application: each for each in letters}
    for application, letter in last.items():
        if letter.opened_at is None:
            url = reverse("selection:carrier_decision", args=[application.key, letter.pk])
            yield Awaiting("Ouvrir la lettre de décision", application.title, url, pressing=True)
    asked = checked_by(user).filter(
        page_check__answered_at=None, page_check__due_at__gt=now, announcement__state=Announcement.State.DRAFT
    )
    for laureate in asked.order_by("page_check__due_at", "pk"):
        application, due_at = laureate.case.application, laureate.page_check.due_at
        what = f"Relire votre page publique, sous embargo, avant le {deadline_text(due_at)}"
        url = reverse("selection:page_check", args=[application.key])
        yield Awaiting(what, application.title, url, due_at, pressing=True)


def announced(applications):
    """The laureates, made public, whose dossier is one of these."""
    return list(Laureate.objects.public().filter(case__application__in=[each.pk for each in applications]))


def events_of(user, applications):
    """The next meetings of the calls that someone applies to, and those they have a place at, with that place."""
    places = Registration.objects.standing().filter(email__iexact=user.email)
    calls = {each.call_id for each in applications}
    mine = Q(call__in=calls) | Exists(places.filter(event=OuterRef("pk")))
    events = list(Event.objects.public().to_come().filter(mine)[:EVENTS])
    by_event = {place.event_id: place for place in places.filter(event__in=events)}
    return [(event, by_event.get(event.pk)) for event in events]
