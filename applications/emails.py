"""The messages of a dossier's life; built here, sent by the outbox."""

from django.conf import settings

from applications.form_moves import notes_of
from applications.models import Application
from calls.models.call import deadline_text
from journal.models import OutgoingEmail


def visa_requested(application):
    """To each certifier of the carrier: a dossier awaits you."""
    return [_email("visa_requested", to, application) for to in sorted(_certifiers(application))]


def returned(application):
    """To those who write: the certifier gave the dossier back with remarks."""
    return [_email("returned", to, application, remarks=application.remarks) for to in _writers(application)]


def filing_receipt(application, submission):
    """To those who write and to whoever filed: the dossier is filed, here is its proof."""
    people = sorted({*_writers(application), submission.filed_by.email})
    facts = {"reference": application.reference, "sha256": submission.sha256, "revision": submission.revision}
    return [_email("filing_receipt", to, application, **facts) for to in people]


def form_moved(application, move):
    """To those who write, and to the certifiers it awaits: the form was corrected, here is what it did."""
    people = set(_writers(application))
    if application.state == application.State.AWAITING_VISA:
        people |= _certifiers(application)
    facts = {
        "notes": [note.text for note in notes_of(move)],
        "asked": move.report["asked"],
        "set_aside": [each["label"] for each in move.report["set_aside"]],
    }
    return [_email("form_moved", to, application, **facts) for to in sorted(people)]


def withdrawn(application, by):
    """To everyone on the carrier's side: the application is given up, and by whom."""
    people = {*_writers(application), *_certifiers(application)}
    return [_email("withdrawn", to, application, by=by.name) for to in sorted(people)]


def _writers(application):
    return [collaborator.user.email for collaborator in application.collaborators.select_related("user")]


def _certifiers(application):
    """Those who may give the visa today, stand-ins included."""
    places = application.organisation.memberships.certifying()
    return set(places.values_list("user__email", flat=True))


def _email(name, to, application, **facts):
    due = Application.objects.with_deadline().values_list("due_at", flat=True).get(pk=application.pk)
    context = {
        "title": application.title,
        "call": application.call.title,
        "deadline": deadline_text(due),
        "address": settings.PORTAL_URL + application.get_absolute_url(),
        **facts,
    }
    return OutgoingEmail(to=to, template=f"applications/emails/{name}.txt", context=context)
