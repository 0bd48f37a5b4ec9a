"""Keeping the words of files, so that they can be searched."""

from django.db import transaction

from documents import reading
from documents.models import FileText


def read_words(file):
    """Read a file outside any transaction and keep its words; a file is read once, whoever asks.

    Raises:
        documents.apart.Busy: it has to be asked for again.
    """
    state, text = reading.words_of(file)
    with transaction.atomic(durable=True):
        FileText.objects.get_or_create(file=file, defaults={"state": state, "text": text})
