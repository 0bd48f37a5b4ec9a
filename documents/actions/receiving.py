"""Large files on their way in, piece by piece: cut anywhere, they go on from where the server is."""

import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from documents import storage
from documents.models import Incoming
from journal import clock
from journal.refusals import refuse_unless

AT_ONCE = 30  # unfinished, per person and subject


class Misplaced(Exception):
    """A piece that does not go on from where the server is; `received` says where that is."""

    def __init__(self, received):
        super().__init__(received)
        self.received = received


@transaction.atomic(durable=True)
def begin(subject_key, *, name, size, fingerprint, by, under=""):
    """Expect a file, or find again the same one that this person had begun to send."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = Incoming.objects.filter(subject_key=subject_key, owner=by)
    facts = {"under": under, "name": name, "size": size, "fingerprint": fingerprint}
    if known := mine.filter(**facts).first():
        return known
    refuse_unless(
        mine.count() < AT_ONCE,
        f"« {name} » n’est pas envoyé : {AT_ONCE} envois sont déjà en cours. Terminez-en ou abandonnez-en.",
    )
    return Incoming.objects.create(subject_key=subject_key, owner=by, **facts)


@transaction.atomic(durable=True)
def append(incoming, *, offset, piece):
    """Write a piece where it goes and return the file; two windows that send the same one do not mix their pieces.

    The bytes are on disk before the row says so: a row never promises more than the disk holds, and a piece whose
    row was undone is written over.

    Raises:
        Misplaced: the piece does not follow what was received.
    """
    incoming = Incoming.objects.select_for_update().filter(pk=incoming.pk).first()
    refuse_unless(
        incoming, "Cet envoi est terminé ou abandonné. Rechargez la page pour voir ce qui est joint."
    )
    if offset != incoming.received:
        raise Misplaced(incoming.received)
    refuse_unless(
        offset + len(piece) <= incoming.size,
        f"« {incoming.name} » dépasse la taille annoncée. Abandonnez cet envoi, puis choisissez de nouveau le fichier.",
    )
    storage.write_at(incoming, offset, piece)
    incoming.received, incoming.touched_at = offset + len(piece), clock.now()
    incoming.save(update_fields=["received", "touched_at"])
    return incoming


@transaction.atomic(durable=True)
def forget_incoming(incoming):
    """Let go of a file that has arrived, or that its sender gives up."""
    Incoming.objects.filter(pk=incoming.pk).delete()
    transaction.on_commit(lambda: storage.incoming_path(incoming).unlink(missing_ok=True))


@transaction.atomic(durable=True)
def sweep_incoming():
    """Let go of what nobody has sent a piece of for days, on disk too, whatever became of its row."""
    kept = timedelta(hours=settings.INCOMING_HOURS)
    Incoming.objects.filter(touched_at__lt=clock.now() - kept).delete()
    transaction.on_commit(lambda: storage.sweep_incoming(before=time.time() - kept.total_seconds() - 3600))
