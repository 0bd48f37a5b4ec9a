"""Who is there, who of them votes on an item, and whether they are enough.

Asked again each time: somebody who leaves, or is recused from a dossier, counts no more in that very moment.
"""

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, Value
from django.utils.translation import ngettext

from selection.models import Attendance, CommitteeSeat, ConflictDeclaration


class Bars(Func):
    """Whether a dossier is among those that a person must have nothing to do with (see `applications_barred`)."""

    arity = 2
    arg_joiner = " IN (SELECT * FROM applications_barred("
    template = "(%(expressions)s)))"
    output_field = BooleanField()


def present(session):
    """The seats whose member is there now, voting or not."""
    there = Attendance.objects.present().filter(session=session, seat=OuterRef("pk"))
    return CommitteeSeat.objects.sitting().filter(Exists(there), committee=session.committee_id)


def voters(item):
    """The seats that may vote on an item now: present, voting, of its theme, neither recused nor to be settled."""
    application = item.case.application
    within_scope = Q(scope=None) | Q(scope__in=application.themes.all())
    barred = Bars(Value(application.pk), F("user"))
    waiting = ConflictDeclaration.objects.filter(
        application=application, user=OuterRef("user"), state=ConflictDeclaration.State.TO_SETTLE
    )
    return present(item.session).filter(within_scope, ~barred, ~Exists(waiting), is_voting=True)


def reached(item):
    """Whether those who may vote on an item are enough; always where no quorum was communicated."""
    quorum = item.session.quorum
    return quorum is None or voters(item).count() >= quorum


def missing_text(item):
    """How many voters an item lacks, in a sentence; empty when they are enough."""
    quorum = item.session.quorum
    count = 0 if quorum is None else voters(item).count()
    if quorum is None or count >= quorum:
        return ""
    there = (
        ngettext("%d votant présent", "%d votants présents", count) % count
        if count
        else "aucun votant présent"
    )
    return f"Le quorum n’est pas atteint sur ce dossier : {there}, pour {quorum} exigés."


def hindrance(item, seat):
    """Why a member of whom this item is cannot vote on it now, and what to do; empty when they can."""
    if voters(item).filter(pk=seat.pk).exists():
        return ""
    if present(item.session).filter(pk=seat.pk).exists():
        return "Un lien d’intérêts reste à trancher : vous voterez une fois que la présidence l’aura fait."
    return "Vous n’êtes pas noté présent à la séance : signalez votre présence, puis votez."
