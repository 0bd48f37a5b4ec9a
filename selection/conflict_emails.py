"""The messages about conflicts of interest; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from journal.models import OutgoingEmail
from selection import rules


def declaration_to_settle(declaration, people):
    """To those who may settle it: who is tied to which dossier, and how."""
    return _each(declaration, people, "declaration_to_settle", "selection:settle_declaration")


def declaration_settled(declaration):
    """To who raised it, while they deal with the dossier; to the person it is about, if they ever knew of it.

    Someone recused from it is told that, and nothing more.
    """
    user, raised_by, application = declaration.user, declaration.raised_by, declaration.application
    people = {user} if rules.knows_of(user, declaration) else set()
    if raised_by and raised_by != user and rules.can_raise_declaration(raised_by, application):
        people.add(raised_by)
    people = {person for person in people - {declaration.settled_by} if person.is_active}
    return _each(declaration, sorted(people, key=lambda person: person.pk), "declaration_settled", None)


def recusal_told(case, user, undone, *, by):
    """To who is concerned by what a recusal undid, else to who may do something about it: once, of all of it.

    `undone`: (a sentence, who asked it of them or None) of each.
    """
    application = case.application
    people = {each for each in (case.officer, *(person for _, person in undone)) if each} - {user}
    people = {each for each in people if each.is_active and rules.can_check_eligibility(each, application)}
    people = people or set(rules.settlers(user, application))
    context = {
        "reference": application.reference,
        "call": application.call.title,
        "person": user.name,
        "undone": [sentence for sentence, _ in undone],
        "address": settings.PORTAL_URL + reverse("selection:case", args=[application.reference]),
    }
    return [
        OutgoingEmail(to=to, template="selection/emails/recusal_told.txt", context=context)
        for to in sorted(person.email for person in people - {by})
    ]


def _each(declaration, people, template, page):
    address = reverse(page, args=[declaration.pk]) if page else reverse("selection:interests")
    context = {
        "reference": declaration.application.reference,
        "call": declaration.application.call.title,
        "person": declaration.user.name,
        "grounds": [ground["text"] for ground in declaration.grounds],
        "state": declaration.get_state_display(),
        "reason": declaration.reason,
        "address": settings.PORTAL_URL + address,
    }
    return [
        OutgoingEmail(to=person.email, template=f"selection/emails/{template}.txt", context=context)
        for person in people
    ]
