"""What waits in the exchanges with the secretariat: messages unread or unanswered, requests for more."""

from collections import Counter

from django.db.models import Count, Exists, OuterRef

from applications.models import Clarification, Message, MessageReading


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
    asked = Clarification.objects.open().filter(application__in=applications)
    return asked.select_related("application").order_by("due_at")


def _from_the_other_side(applications, by_secretariat):
    return Message.objects.filter(application__in=applications, from_secretariat=not by_secretariat)


def _counted(messages):
    return Counter(dict(messages.order_by().values_list("application").annotate(Count("pk"))))
