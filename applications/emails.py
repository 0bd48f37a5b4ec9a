"""The messages of a dossier's life; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from applications.form_moves import notes_of
from applications.models import Application
from calls.models.call import deadline_text
from journal import dates
from journal.models import OutgoingEmail


def visa_requested(application, *, by, comment=""):
    """To each certifier of the carrier: a dossier awaits you."""
    facts = {"by": by.name, "comment": comment}
    return _emails("visa_requested", _certifiers(application), application, **facts)


def returned(application, *, by, on_sections=()):
    """To those who write: the certifier gave the dossier back with remarks, some of them (section's title, text)."""
    facts = {"by": by.name, "remarks": application.remarks, "on_sections": list(on_sections)}
    return _emails("returned", _writers(application), application, **facts)


def filing_receipt(application, submission):
    """To all who take part, readers too, to the certifiers and to whoever filed: it is filed, here is its proof."""
    facts = {
        "reference": application.reference,
        "sha256": submission.sha256,
        "revision": submission.revision,
        "filed_at": dates.moment(submission.filed_at, seconds=True),
        "by": submission.filed_by.name,
    }
    people = told_of_filing(application, submission.filed_by)
    return _emails("filing_receipt", people, application, **facts)


def told_of_filing(application, by):
    """The addresses that receive the proof of filing, in order."""
    return sorted({*_team(application), *_certifiers(application), by.email})


def form_moved(application, move):
    """To those who write, and to the certifiers it awaits: the form was corrected, here is what it did."""
    people = _writers(application)
    if application.state == application.State.AWAITING_VISA:
        people |= _certifiers(application)
    facts = {
        "notes": [note.text for note in notes_of(move)],
        "asked": move.report["asked"],
        "set_aside": [each["label"] for each in move.report["set_aside"]],
    }
    return _emails("form_moved", people, application, **facts)


def withdrawn(application, by):
    """To everyone on the carrier's side: the application is given up, and by whom."""
    people = _team(application) | _certifiers(application)
    facts = {"by": by.name, "reason": application.withdrawal_reason}
    return _emails("withdrawn", people, application, **facts)


# Before the deadline


def deadline_reminder(application, incomplete, filers):
    """To those who write and to the certifiers: what is missing, until when, and how to file."""
    facts = {
        "incomplete": incomplete,
        "awaiting": application.state == application.State.AWAITING_VISA,
        "visa": application.call.visa_required,
        "filers": filers,
        "reference": application.reference or "",
    }
    people = _writers(application) | _certifiers(application)
    return _emails("deadline_reminder", people, application, **facts)


def certifiers_alerted(application, filers, by=None):
    """To those who may file: the deadline is near, and none of them signed in since it waits. Always sent."""
    facts = {"by": by.name if by else "", "awaiting": application.state == application.State.AWAITING_VISA}
    people = {filer.user.email for filer in filers}
    return _emails("certifiers_alerted", people, application, **facts)


def nobody_may_file(application, administrators):
    """To the administrators, who see no dossier: a body has no certifier, and a deadline is near."""
    page = reverse("admin:accounts_user_changelist")
    facts = {"carrier": application.organisation.name, "address": settings.PORTAL_URL + page, "title": ""}
    people = {administrator.email for administrator in administrators}
    return _emails("nobody_may_file", people, application, **facts)


# The team


def invitation(invited, token):
    """To who is invited: what for, by whom, and the link, which is nowhere else."""
    letter = invited.invitation
    facts = {
        "by": letter.invited_by.name,
        "carrier": invited.application.organisation.name,
        "writes": invited.role == "writer",
        "until": dates.moment(letter.expires_at),
        "address": settings.PORTAL_URL + reverse("applications:accept_invitation", args=[token]),
    }
    return _email("invitation", letter.email, invited.application, **facts)


def joined(invited, user):
    """To who invited: the invitation was taken up."""
    facts = {"who": user.name, "writes": invited.role == "writer", "guest_of": invited.guest_of}
    return _email("joined", invited.invitation.invited_by.email, invited.application, **facts)


def role_changed(collaborator, by):
    """To who may now write, or read only."""
    facts = {"by": by.name, "writes": collaborator.role == "writer"}
    return _email("role_changed", collaborator.user.email, collaborator.application, **facts)


def removed(collaborator, by):
    """To who is no longer of the team."""
    return _email("removed", collaborator.user.email, collaborator.application, by=by.name)


def _team(application):
    """Those who take part, to write or to read."""
    return set(application.collaborators.present().values_list("user__email", flat=True))


def _writers(application):
    return set(application.collaborators.present().writers().values_list("user__email", flat=True))


def _certifiers(application):
    """Those who may give the visa today, stand-ins included."""
    places = application.organisation.memberships.certifying()
    return set(places.values_list("user__email", flat=True))


def _email(name, to, application, **facts):
    [email] = _emails(name, [to], application, **facts)
    return email


def _emails(name, people, application, **facts):
    """The same message to several people: its facts are read once."""
    due = Application.objects.with_deadline().values_list("due_at", flat=True).get(pk=application.pk)
    context = {
        "title": application.title,
        "call": application.call.title,
        "deadline": deadline_text(due),
        "address": settings.PORTAL_URL + application.get_absolute_url(),
        **facts,
    }
    template = f"applications/emails/{name}.txt"
    return [OutgoingEmail(to=to, template=template, context=dict(context)) for to in sorted(people)]
