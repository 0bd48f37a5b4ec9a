"""The reserve list: its ranks, unique among the standing decisions of an envelope.

The ranks of a committee that only proposes are those of its session.
"""

from django.db.models import Max

from journal.refusals import Refused
from selection.models import Decision


class RankTaken(Refused):
    """Another project has this rank."""


def ranked(session):
    """The standing decisions of the reserve list that a session adds to."""
    reserve = Decision.objects.standing().filter(outcome=Decision.Outcome.RESERVE)
    if session.committee.proposes:
        return reserve.filter(item__session=session)
    return reserve.filter(envelope=session.envelope_id)


def next_rank(session):
    """The rank after the last one."""
    return (ranked(session).aggregate(last=Max("rank"))["last"] or 0) + 1


def take(session, rank, *, instead_of=None):
    """A step, under the envelope's lock: the rank asked, if it is free, or else the next one."""
    if rank is None:
        return next_rank(session)
    if ranked(session).filter(rank=rank).exclude(pk=instead_of and instead_of.pk).exists():
        raise RankTaken(
            f"Le rang {rank} de la liste complémentaire est déjà donné ; le suivant libre est le"
            f" {next_rank(session)}. Aucune décision n’a été enregistrée."
        )
    return rank
