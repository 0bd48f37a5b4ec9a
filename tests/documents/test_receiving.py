"""A large file comes in piece by piece; cut anywhere, it goes on from where the server is."""

import os
import time
from datetime import timedelta

import pytest
from django.conf import settings

from documents import actions, storage, tasks
from documents.models import Incoming
from journal import clock
from journal.refusals import Refused
from tests.factories import UserFactory


def begin(by, **changes):
    facts = {"name": "film.mp4", "size": 9, "fingerprint": "9-1", "under": "film"} | changes
    return actions.begin("dossier", by=by, **facts)


def content_of(incoming):
    return storage.incoming_path(incoming).read_bytes()


def test_pieces_follow_one_another(db):
    incoming = begin(UserFactory())

    for offset, piece in ((0, b"abc"), (3, b"def"), (6, b"ghi")):
        received = actions.append(incoming, offset=offset, piece=piece).received

    assert (received, content_of(incoming)) == (9, b"abcdefghi")


def test_the_same_file_chosen_again_goes_on_where_it_was(db):
    owner = UserFactory()
    actions.append(begin(owner), offset=0, piece=b"abc")

    assert begin(owner).received == 3
    assert begin(owner, fingerprint="9-2").received == 0
    assert begin(UserFactory()).received == 0


@pytest.mark.parametrize("offset", [0, 2, 4])
def test_a_piece_that_does_not_follow_is_refused_and_told_where_to_go_on(db, offset):
    incoming = begin(UserFactory())
    actions.append(incoming, offset=0, piece=b"abc")

    with pytest.raises(actions.Misplaced) as misplaced:
        actions.append(incoming, offset=offset, piece=b"xyz")

    assert misplaced.value.received == 3
    assert content_of(incoming) == b"abc"


def test_a_piece_whose_row_was_undone_is_written_over(db):
    incoming = begin(UserFactory())
    actions.append(incoming, offset=0, piece=b"abc")
    storage.write_at(incoming, 3, b"perdu")

    actions.append(incoming, offset=3, piece=b"def")

    assert content_of(incoming) == b"abcdef"


def test_no_more_is_received_than_was_announced(db):
    incoming = begin(UserFactory())

    with pytest.raises(Refused) as refusal:
        actions.append(incoming, offset=0, piece=bytes(10))

    assert refusal.value.reason.startswith("« film.mp4 » dépasse la taille annoncée.")
    assert not storage.incoming_path(incoming).exists()


def test_nobody_begins_more_than_thirty_at_once(db):
    owner = UserFactory()
    for number in range(30):
        begin(owner, name=f"{number}.mp4")

    with pytest.raises(Refused) as refusal:
        begin(owner)

    assert refusal.value.reason.startswith("« film.mp4 » n’est pas envoyé : 30 envois sont déjà en cours.")


def test_what_was_given_up_leaves_nothing(db, django_capture_on_commit_callbacks):
    incoming = actions.append(begin(UserFactory()), offset=0, piece=b"abc")

    with django_capture_on_commit_callbacks(execute=True):
        actions.forget_incoming(incoming)

    assert not storage.incoming_path(incoming).exists()
    with pytest.raises(Refused):
        actions.append(incoming, offset=3, piece=b"def")


def test_what_is_left_behind_is_swept_and_the_rest_is_kept(db, django_capture_on_commit_callbacks):
    left, kept = (actions.append(begin(UserFactory()), offset=0, piece=b"abc") for _ in range(2))
    long_ago = timedelta(hours=settings.INCOMING_HOURS + 2)
    Incoming.objects.filter(pk=left.pk).update(touched_at=clock.now() - long_ago)
    os.utime(storage.incoming_path(left), (time.time() - long_ago.total_seconds(),) * 2)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_incoming()

    assert list(Incoming.objects.all()) == [kept]
    assert [storage.incoming_path(each).exists() for each in (left, kept)] == [False, True]
