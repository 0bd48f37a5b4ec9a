"""Keeping what is searched of the dossiers; asked by the worker, every minute."""

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models.expressions import RawSQL

from documents.actions import read_words
from documents.words import MOST
from selection import indexing
from selection.models import Case


def index(pk):
    """Read the files of a case that nobody read yet, outside any transaction, then keep what is searched of it.

    Nothing is kept again while the submission and the files still awaited are the same.

    Raises:
        documents.apart.Busy: the rest is for another time.
    """
    case = Case.objects.select_related("submission").get(pk=pk)
    files = indexing.files_of(case.submission.content)
    awaited = [file for file in files if not indexing.is_read(file)]
    ready = [file for file in awaited if not file.withheld]
    for file in ready:
        read_words(file)
    if ready or case.indexed_id != case.submission_id or case.files_awaited != len(awaited):
        keep_search(pk)


@transaction.atomic(durable=True)
def keep_search(pk):
    """Write what is searched of a case, from what stands now."""
    case = Case.objects.select_for_update(of=["self"]).select_related("submission").get(pk=pk)
    content = case.submission.content
    files = indexing.files_of(content)
    read = "\n".join(file.text.text for file in files if indexing.is_read(file))
    search, cut = indexing.vector(case.title, case.carrier, indexing.answers_of(content))
    files_search, files_cut = indexing.vector("", "", f"{indexing.names_of(content)}\n{read}")
    case.search, case.files_search = _as_vector(search), _as_vector(files_search)
    long = any(len(file.text.text) >= MOST for file in files if indexing.is_read(file))
    case.search_cut = cut or files_cut or long
    case.files_awaited = sum(not indexing.is_read(file) for file in files)
    case.indexed_id = case.submission_id
    case.save(update_fields=["search", "files_search", "search_cut", "files_awaited", "indexed"])


# Steps


def _as_vector(text):
    return RawSQL("%s::tsvector", [text], output_field=SearchVectorField())
