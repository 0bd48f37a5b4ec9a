"""Preparing the agenda: its amounts, its order, then the committee's book, frozen once and completed by supplements."""

from django.db import transaction
from django.db.models import Max

from calls.questionnaire.definition import sha256
from documents import actions as documents
from journal import actions as journal
from journal.refusals import refuse_unless, require
from selection import rules
from selection.access import whole_book_key
from selection.actions.session import put_on_agenda
from selection.lifecycle import Meeting
from selection.models import CommitteeBook, CommitteeSession

BOOK = "selection.committee_book"
FROZEN = "Ce dossier est dans le livre figé : son rang et son montant n’y changent plus."


@transaction.atomic(durable=True)
def keep_ranking(session, *, added, amounts, by, read=None):
    """Put the cases of these references on the agenda, and keep what is proposed for it and for what it holds already.

    What a book has frozen stays as it is, and what a colleague changed since the page was read; return these items.

    Args:
        amounts: {reference: euros or None}.
        read: {reference: the mark of what the page had read}; what it does not say is overwritten.
    """
    read, clashes = read or {}, []
    session = _locked(session, by)
    put_on_agenda(session, added, amounts={reference: amounts[reference] for reference in added}, by=by)
    items = session.items.filter(case__application__reference__in=set(amounts).difference(added), book=None)
    for item in items.select_related("case__application"):
        require(not rules.is_recused(by, item.case.application))
        reference = item.case.application.reference
        amount = amounts[reference]
        if item.proposed_amount != amount:
            if read.get(reference, item.mark) != item.mark:
                clashes.append(item)
                continue
            item.proposed_amount = amount
            item.save(update_fields=["proposed_amount"])
            journal.record("agenda.amount_proposed", item, by=by, amount=amount)
    return clashes


@transaction.atomic(durable=True)
def move_item(item, *, up, by):
    """Exchange an item with the one before or after it."""
    session = _locked(item.session, by)
    items = _all_items(session, by)
    ranks = {each.pk: rank for rank, each in enumerate(items)}
    refuse_unless(item.pk in ranks, "Ce dossier vient d’être retiré de l’ordre du jour par un collègue.")
    rank = ranks[item.pk]
    other = rank - 1 if up else rank + 1
    refuse_unless(0 <= other < len(items), "Ce dossier est déjà au bout de l’ordre du jour.")
    refuse_unless(items[rank].book_id is None and items[other].book_id is None, FROZEN)
    items[rank], items[other] = items[other], items[rank]
    _number(items)
    journal.record("agenda.ordered", session, by=by, order=[str(each) for each in items])


@transaction.atomic(durable=True)
def rank_items(session, *, by):
    """Order what is not frozen yet by weighted score, after what is."""
    session = _locked(session, by)
    items = _all_items(session, by)
    items.sort(key=_by_score)
    _number(items)
    journal.record("agenda.ordered", session, by=by, order=[str(each) for each in items])


@transaction.atomic(durable=True)
def freeze_book(session, *, seen, by):
    """Freeze what the agenda holds and no book does yet: the book first, then its numbered supplements.

    `seen` is what the page showed, as references in their order: what is frozen is what was read.
    """
    session = _locked(session, by)
    items = [item for item in _all_items(session, by) if item.book_id is None]
    refuse_unless(items, "Tout l’ordre du jour est déjà figé.")
    refuse_unless(
        [str(item) for item in items] == seen,
        "L’ordre du jour a changé depuis que vous l’avez lu. Rien n’est figé : relisez-le, puis confirmez.",
    )
    content = [_frozen(item) for item in items]
    number = (session.books.aggregate(last=Max("number"))["last"] or 0) + 1
    book = CommitteeBook.objects.create(
        session=session, number=number, content=content, sha256=sha256(content), frozen_by=by
    )
    session.items.filter(pk__in=[item.pk for item in items]).update(book=book)
    journal.record("book.frozen", book, by=by, number=number, sha256=book.sha256)
    documents.request(BOOK, f"book/{book.pk}")
    documents.request(BOOK, whole_book_key(session))
    return book


# Steps


def _locked(session, by):
    session = CommitteeSession.objects.locked(session)
    require(rules.can_prepare_session(by, session.fund))
    refuse_unless(session.state in (Meeting.CONVENED, Meeting.OPEN), "Cette séance est close.")
    return session


def _all_items(session, by):
    """The items in their order, locked; who is recused from one leaves the whole to a colleague."""
    items = list(
        session.items.select_for_update(of=["self"])
        .select_related("case__application", "case__submission")
        .order_by("position")
    )
    refuse_unless(
        not any(rules.is_recused(by, item.case.application) for item in items),
        "L’ordre du jour de cette séance est à tenir, et son livre à figer, par un collègue : rien n’est changé.",
    )
    return items


def _by_score(item):
    score = item.case.review_score
    if item.book_id:
        return (0, item.position, 0)
    return (1, score is None, -(score or 0))


def _number(items):
    """Write positions 1, 2, 3…, by way of numbers that nothing has: one position is one item's at all times."""
    changed = [(rank, item) for rank, item in enumerate(items, start=1) if item.position != rank]
    beyond = max((item.position for item in items), default=0) + len(items)
    for shift in (beyond, 0):
        for rank, item in changed:
            item.position = rank + shift
            item.save(update_fields=["position"])


def _frozen(item):
    submission = item.case.submission
    return {
        "position": item.position,
        "reference": item.case.application.reference,
        "submission": submission.pk,
        "sha256": submission.sha256,
        "proposed_amount": None if item.proposed_amount is None else str(item.proposed_amount),
        "review_score": None if item.case.review_score is None else str(item.case.review_score),
    }
