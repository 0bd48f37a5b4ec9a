"""The messages around an opinion; built here, sent by the outbox. None says more of the dossier than was opened.

None goes to an expert who may have nothing to do with the dossier any more: they are lists, which may be empty.
"""

from django.conf import settings
from django.urls import reverse

from journal import dates
from journal.models import OutgoingEmail
from selection import rules
from selection.opinions import due_text


def asked(request, token=None):
    """To the expert: what is asked, until when, and the way in, which is an invitation for who has no account."""
    return _to_expert("opinion_asked", request, token)


def reminder(request, token=None, *, late):
    """To the expert: it is nearly due, or late. A new link, with a token."""
    return _to_expert("opinion_reminder", request, token, late=late)


def postponed(request):
    """To the expert: they have more time."""
    return _to_expert("opinion_postponed", request)


def revoked(request):
    """To the expert: nothing is asked any more, and why."""
    return _to_expert("opinion_revoked", request, reason=request.revoke_reason)


def given(opinion):
    """To who asked, and to who is in charge of the dossier: an opinion is there."""
    facts = {
        "revision": opinion.revision,
        "by": opinion.given_by.name,
        "position": opinion.get_position_display(),
    }
    return _to_secretariat("opinion_given", opinion.request, **facts)


def declined(request):
    """To the same: the expert gives no opinion, and why."""
    return _to_secretariat("opinion_declined", request, by=request.expert.name, reason=request.decline_reason)


def is_barred(request):
    """Whether the expert may have nothing to do with the dossier any more."""
    return request.expert is not None and rules.is_recused(request.expert, request.case.application)


def _to_expert(name, request, token=None, **facts):
    if is_barred(request):
        return []
    if token:
        address = reverse("selection:accept_opinion", args=[token])
    elif request.expert_id:
        address = request.get_absolute_url()
    else:
        address = ""  # nothing gives again the link of an invitation
    context = _facts(request) | {
        "purpose": request.purpose,
        "due": due_text(request),
        "address": settings.PORTAL_URL + address if address else "",
        "contact": request.case.application.call.contact_email,
        "preferences": "",
        "until": dates.moment(request.invitation.expires_at) if token else "",
    }
    return [_email(name, request.expert.email if request.expert else request.email, context | facts)]


def _to_secretariat(name, request, **facts):
    application = request.case.application
    people = {each for each in (request.asked_by, request.case.officer) if each and each.is_active}
    people = {each.email for each in people if rules.can_ask_opinions(each, application)}
    path = reverse("selection:opinions", args=[request.case.application.reference])
    context = _facts(request) | {"address": settings.PORTAL_URL + path} | facts
    return [_email(name, address, context) for address in sorted(people)]


def _facts(request):
    application = request.case.application
    return {"reference": application.reference, "call": application.call.title, "body": request.body}


def _email(name, to, context):
    return OutgoingEmail(to=to, template=f"selection/emails/{name}.txt", context=context)
