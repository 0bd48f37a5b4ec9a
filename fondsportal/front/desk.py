"""Which doors someone's roles open."""

from django.urls import reverse

from calls.models import FundRole
from selection.models import CommitteeSeat


def memberships(user):
    return user.memberships.select_related("organisation").order_by("organisation__name", "role")


def doors(user):
    """A list of (label, text, address) for the roles this person holds, in the order of a dossier's life."""
    found = []
    if user.memberships.exists():
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
    if secretariat or FundRole.Role.AUDITOR in roles:
        found.append(("Événements", "Réunions, inscriptions, comptes rendus.", reverse("calls:event_desk")))
        found.append(("Questions", "Questions du public sur les appels.", reverse("calls:question_list")))
        found.append(
            ("Dossiers déposés", "Recevabilité, instruction, présélection.", reverse("selection:cases"))
        )
        found.append(
            ("Séances", "Ordres du jour, livres du comité, décisions.", reverse("selection:sessions"))
        )
        found.append(
            ("Annonces", "Lauréats, embargo, dossier de presse.", reverse("selection:announcement_desk"))
        )
    if CommitteeSeat.objects.filter(user=user).exists():
        found.append(("Comité de pilotage", "Lire, noter, voter.", reverse("selection:committee")))
    if user.is_staff:
        found.append(("Administration", "Comptes, organismes, files d’attente.", reverse("admin:index")))
    return found
