"""What the secretariat's pages of one dossier share: its name, where it stands, and the way from one to another."""

from django.urls import reverse

from selection import history
from selection.models import Case

# (key, label, address): the pages of a dossier, in the order of its life
PAGES = [
    ("case", "Synthèse", "selection:case"),
    ("eligibility", "Recevabilité", "selection:eligibility"),
    # Review
    ("review", "Mon évaluation", "selection:review"),
    ("reviews", "Évaluations", "selection:reviews"),
    ("flags", "Alertes", "selection:flags"),
    ("hearing", "Audition", "selection:hearing"),
    ("opinions", "Avis", "selection:opinions"),
    ("messages", "Messages", "selection:messages"),
    ("clarify", "Compléments", "selection:clarify"),
    # The secretariat's own order
    ("notes", "Suivi interne", "selection:notes"),
    ("conflicts", "Intérêts", "selection:raise_declaration"),
    ("history", "Historique", "selection:history"),
    # Radar
    ("similar", "Projets proches", "selection:similar"),
    # After the decision
    ("withdrawal", "Désistement", "selection:record_withdrawal"),
]


# Nothing but acts: a dossier that was given up has none left.
ACTS = {"review", "conflicts"}


def frame(application, current):
    """The context that `selection/case_frame.html` asks for; `current` is the key of the page on show."""
    given_up = application.case.withdrawn
    case = application.case
    left_out = ACTS if given_up else set()
    if given_up or case.state != Case.State.SELECTED:
        left_out = left_out | {"withdrawal"}
    menu = [
        (label, reverse(address, args=[application.reference]), key == current)
        for key, label, address in PAGES
        if key not in left_out
    ]
    return {
        "application": application,
        "case": case,
        "menu": menu,
        "officer": case.officer,
        "labels": list(case.labels.all()),
        "given_up_at": history.given_up_at(application) if given_up else None,
    }
