"""Bytes kept under their hash."""

import hashlib

import pytest

from documents import storage
from documents.models import StoredFile


def test_a_file_is_kept_under_the_hash_of_its_bytes(db):
    file = storage.store([b"Bon", b"jour"], content_type="application/pdf")

    assert file.sha256 == hashlib.sha256(b"Bonjour").hexdigest()
    assert (file.size, file.content_type) == (7, "application/pdf")
    assert storage.path_of(file).read_bytes() == b"Bonjour"


def test_the_same_bytes_are_kept_once(db, settings):
    files = [storage.store([b"Bonjour"], content_type="application/pdf") for _ in range(2)]

    assert files[0] == files[1]
    assert [path for path in settings.FILES_ROOT.rglob("*") if path.is_file()] == [storage.path_of(files[0])]


def test_bytes_that_were_lost_are_kept_again(db):
    file = storage.store([b"Bonjour"], content_type="application/pdf")
    storage.path_of(file).unlink()

    storage.store([b"Bonjour"], content_type="application/pdf")

    assert storage.path_of(file).read_bytes() == b"Bonjour"


def test_an_upload_that_breaks_leaves_nothing(db, settings):
    def broken():
        yield b"Bon"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        storage.store(broken(), content_type="application/pdf")

    assert StoredFile.objects.count() == 0
    assert [path for path in settings.FILES_ROOT.rglob("*") if path.is_file()] == []
