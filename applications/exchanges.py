"""The exchanges with the secretariat: who takes part, what is said, what waits."""

from collections import Counter

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Membership, User
from applications.models import Application, Clarification, Collaborator, Message, MessageReading
from calls.models import FundRole


def unread(user, applications, *, by_secretariat=False):
    """How many messages of the other side this person has not read, by the key in database of each dossier with some.

    What a colleague has read is not read by everyone.
    """
    read = MessageReading.objects.filter(
        application=OuterRef("application"), user=user, last_read__gte=OuterRef("pk")
    )
    return _counted(_from_the_other_side(applications, by_secretariat).filter(~Exists(read)))


def unanswered(applications, *, by_secretariat=False):
    """How many messages of the other side came since the last answer, by the key in database of each dossier."""
    answer = Message.objects.filter(
        application=OuterRef("application"), from_secretariat=by_secretariat, pk__gt=OuterRef("pk")
    )
    return _counted(_from_the_other_side(applications, by_secretariat).filter(~Exists(answer)))


def open_clarifications(applications):
    """The requests for more that wait for an answer on these dossiers, the most pressing first; some may be past."""
    asked = Clarification.objects.open().filter(
        application__in=applications, application__state=Application.State.CLARIFYING
    )
    return asked.select_related("application").order_by("due_at")


def thread(application, user, *, by_secretariat=False):
    """The messages of a dossier, the oldest first, each with `who` wrote it as this person may know.

    `is_new` marks those of the other side that this person has not read; to its carrier, the secretariat has no name.
    """
    reading = application.message_readings.filter(user=user).first()
    read = reading.last_read_id if reading else 0
    messages = list(application.messages.select_related("sent_by").prefetch_related("files__file"))
    for message in messages:
        message.is_ours = message.from_secretariat == by_secretariat
        message.is_new = not message.is_ours and message.pk > read
        hidden = message.from_secretariat and not by_secretariat
        message.who = "Le secrétariat" if hidden else message.sent_by.name
    return messages


def people_of(application):
    """Those on the carrier's side who take part: invited and still there, or who filed it and may again."""
    invited = Collaborator.objects.filter(application=application, user=OuterRef("pk"))
    there = Membership.objects.filter(organisation=application.organisation, user=OuterRef("pk"))
    filed = Q(pk__in=application.submissions.values("filed_by"))
    return User.objects.filter(
        Exists(invited.exclude(guest_of="")) | Exists(invited) & Exists(there) | filed & Exists(there)
    )


def certifiers_of(application):
    """Those who may give the visa today, stand-ins included."""
    return User.objects.filter(pk__in=application.organisation.memberships.certifying().values("user"))


def secretariat_of(application):
    """The officers of the fund who deal with this dossier: the recused do not, nor those who carry it."""
    officers = FundRole.objects.filter(fund=application.call.fund_id, role__in=FundRole.SECRETARIAT)
    people = User.objects.filter(pk__in=officers.values("user"), is_active=True)
    own = Application.objects.filter(pk=application.pk)
    return people.filter(pk__in=[each.pk for each in people if own.not_recusing(each).exists()])


def _from_the_other_side(applications, by_secretariat):
    return Message.objects.filter(application__in=applications, from_secretariat=not by_secretariat)


def _counted(messages):
    return Counter(dict(messages.order_by().values_list("application").annotate(Count("pk"))))
