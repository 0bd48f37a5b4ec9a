"""Who may still write in a dossier, and when. Steps: they live in the caller's transaction."""

from applications import form_actions, rules
from applications.lifecycle import State
from applications.models import Application
from journal import clock
from journal.refusals import refuse_unless, require


def why_not_writable(application, by, section_key=None, state=None):
    """Why this person may no longer change the dossier, or this section of it; nothing when they may.

    A draft is open to its writers; while it awaits its visa, to its certifiers alone; once filed, to nobody, and
    past the deadline no more to who took back what was filed. While the secretariat asks for more, the sections that
    it names are open, and they alone. The `state` of the section, where it was read, spares queries.
    """
    if application.state == State.CLARIFYING:
        return _why_not_clarifiable(application, section_key, state)
    filed = state.filed if state else application.submissions.exists()
    if filed and (state.at if state else clock.now()) >= application.round.closes_at:
        return "La date limite est passée : votre dernier dépôt fait foi, et le dossier ne se modifie plus."
    if application.state == State.DRAFT:
        return ""
    if application.state != State.AWAITING_VISA:
        return "Ce dossier ne se modifie plus. S’il est déposé, reprenez-le d’abord, avant la date limite."
    if rules.is_certifier(by, application.organisation):
        return ""
    return "Ce dossier attend le visa : seul un valideur peut encore le modifier, ou vous le renvoyer."


def refuse_unless_writable(application, by, section_key=None):
    """Stop who can no longer write; views call it too, so that nobody types in a form that cannot be saved."""
    reason = why_not_writable(application, by, section_key)
    refuse_unless(not reason, reason)


def locked_for_writing(application, by, section_key=None):
    """The dossier, locked, if this person may change it, or this section of it, under the form that it follows."""
    application = Application.objects.locked(application)
    require(rules.can_write(by, application))
    refuse_to_write(application, by, section_key)
    return application


def refuse_to_write(application, by, section_key=None, state=None):
    """Stop a writing in a locked dossier that is closed to this person, or whose form was corrected.

    While more is asked, a dossier keeps the form that it was filed under.
    """
    reason = why_not_writable(application, by, section_key, state)
    refuse_unless(not reason, reason)
    if application.state == State.CLARIFYING:
        return
    if state is None:
        form_actions.refuse_outdated(application)
    elif state.outdated:
        raise form_actions.FormCorrected


def _why_not_clarifiable(application, section_key, state):
    asked = state.clarification if state else application.clarification
    if asked is None or section_key not in [section["key"] for section in asked.sections]:
        return "Seules les sections nommées dans la demande de compléments sont rouvertes."
    if (state.at if state else clock.now()) >= asked.due_at:
        return "Le délai pour répondre à la demande de compléments est passé : votre dernier dépôt fait foi."
    return ""
