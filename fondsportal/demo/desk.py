"""What the secretariat keeps around the invented dossiers: labels, notes, templates of messages, who is in charge.

All of it goes through the actions that the pages call, and is done once however often it is loaded.
"""

from selection import desk, message_templates
from selection.actions import desk as actions
from selection.actions import message_templates as template_actions
from selection.models import Case

LABELS = ("À revoir en équipe", "Mutualisation possible", "Prioritaire")
NOTE = "Proche d’un projet déjà suivi : comparer les périmètres avant l’évaluation. (Note fictive.)"
TEMPLATES = {
    "Compléments : rappel du délai": (
        "Bonjour,\n\nVotre dossier {reference}, « {projet} », attend encore des compléments.\n\n"
        "Ils se déposent avant le {date_limite}. Passé ce délai, votre dernier dépôt fait foi."
    ),
    "Prise en charge": (
        "Bonjour,\n\nLe secrétariat de {fonds} instruit votre dossier {reference}, « {projet} », déposé le"
        " {date_depot} pour « {appel} ».\n\nVous pouvez répondre à ce message pour toute question."
    ),
}


def load(call, *, officer, head):
    """Put some order among the dossiers of a call."""
    for name in LABELS:
        if not desk.namesake(call.fund, name):
            actions.make_label(call.fund, name=name, by=officer)
    for name, text in TEMPLATES.items():
        if not message_templates.namesake(call.fund, name):
            template_actions.save_template(call.fund, name=name, text=text, by=officer)
    cases = Case.objects.standing().filter(call=call).select_related("application").order_by("pk")
    for rank, case in enumerate(cases):
        if case.officer_id is None and rank % 3 < 2:
            actions.assign_officer(case.application, (officer, head)[rank % 3], by=officer)
        actions.put_label(case.application, desk.namesake(call.fund, LABELS[rank % len(LABELS)]), by=officer)
    first = cases.first()
    if first and not desk.notes_on(first.application).exists():
        actions.write_note(first.application, text=NOTE, by=officer)
