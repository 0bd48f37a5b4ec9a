"""The messages about conflicts of interest; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from journal.models import OutgoingEmail
from selection import rules


def declaration_to_settle(declaration, people):
    """To those who may settle it: who is tied to which dossier, and how."""
    session = rules.session_deciding(declaration.user, declaration.application)
    desk = reverse("selection:settle_declaration", args=[declaration.pk])
    room = reverse("selection:settle_tie", args=[session.pk, declaration.pk]) if session else desk
    fund = declaration.application.call.fund
    return [
        email
        for person in people
        for email in _each(
            declaration, [person], "declaration_to_settle", desk if rules.reads_fund(person, fund) else room
        )
    ]


def ties_to_settle(session, seat, declarations):
    """To who leads a session: what a member is tied to, of all that they may settle; one message."""
    told = {}
    for each in declarations:
        for person in rules.settlers(seat.user, each.application):
            told.setdefault(person, []).append(each)
    return [
        OutgoingEmail(
            to=person.email,
            template="selection/emails/ties_to_settle.txt",
            context={
                "person": seat.user.name,
                "session": session.title,
                "ties": [
                    (each.application.reference, " ; ".join(ground["text"] for ground in each.grounds))
                    for each in theirs
                ],
                "address": settings.PORTAL_URL + reverse("selection:attendance", args=[session.pk]),
            },
        )
        for person, theirs in told.items()
    ]


def declaration_settled(declaration):
    """To who raised it, while they deal with the dossier; to the person it is about, if they ever knew of it.

    Someone recused from it is told that, and nothing more.
    """
    user, raised_by, application = declaration.user, declaration.raised_by, declaration.application
    people = {user} if rules.knows_of(user, declaration) else set()
    if raised_by and raised_by != user and rules.can_raise_declaration(raised_by, application):
        people.add(raised_by)
    people = {person for person in people - {declaration.settled_by} if person.is_active}
    return _each(declaration, sorted(people, key=lambda person: person.pk), "declaration_settled")


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


def _each(declaration, people, template, address=""):
    address = address or reverse("selection:interests")
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
