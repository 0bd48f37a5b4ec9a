"""The letters of a session: prepared, asked for by a head, sent once each, opened by their carrier.

The rows are the queue: whoever runs takes the next one that nobody holds, so that a worker killed in the middle
leaves what it did not send to the next.
"""

import logging

from django.core.exceptions import PermissionDenied
from django.db import transaction

from applications import exchanges
from applications.actions.exchanges import send
from applications.models import Application
from documents import actions as documents
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require
from selection import letter_emails, letters, rules
from selection.access import items_readable_by
from selection.letters import Status
from selection.models import AgendaItem, CommitteeSession, Letter

logger = logging.getLogger(__name__)
PDF = "selection.decision_letter"
TO_PREPARE = (Status.TO_PREPARE, Status.CHANGED, Status.FAILED)
TO_SEND = (Status.READY, Status.FAILED)
MESSAGE = (
    "La décision du comité sur votre projet vous est notifiée par une lettre. Elle se lit, et se télécharge en PDF,"
    " depuis la page « Suivi de la candidature » de ce dossier."
)
NONE_READY = "Aucune lettre n’est prête : rien n’est envoyé. Préparez d’abord celles que rien ne bloque."
FAILED = "Une erreur du portail a empêché cet envoi : rien n’est parti. L’équipe du portail en est prévenue."


@transaction.atomic(durable=True)
def prepare(session, *, by):
    """Write down what each letter says today, where nothing is missing and none is sent; return how many."""
    session = CommitteeSession.objects.locked(session)
    require(rules.can_prepare_letters(by, session))
    refuse_unless(session.state in letters.OVER, "Les lettres se préparent une fois la séance close.")
    found = [each for each in _drafts(session, by) if each.status in TO_PREPARE]
    for draft in found:
        letter, _ = Letter.objects.update_or_create(
            decision=draft.decision,
            defaults={
                "content": draft.content,
                "prepared_at": clock.now(),
                "prepared_by": by,
                "asked_at": None,
                "asked_by": None,
                "failure": "",
            },
        )
        journal.record("case.letter_prepared", draft.item.case, by=by, **_told(letter, draft.item))
    return len(found)


@transaction.atomic(durable=True)
def ask_sending(session, *, by):
    """Have all that is ready sent, and what failed tried again; return how many. The worker does it, one by one."""
    session = CommitteeSession.objects.locked(session)
    require(rules.can_send_letters(by, session))
    ready = [each.letter.pk for each in _drafts(session, by) if each.status in TO_SEND]
    refuse_unless(ready, NONE_READY)
    Letter.objects.filter(pk__in=ready).update(asked_at=clock.now(), asked_by=by, failure="")
    journal.record("letters.asked", session.fund, by=by, session=session.pk, letters=ready)
    from selection import tasks

    journal.ring(tasks.send_letters)
    return len(ready)


@transaction.atomic(durable=True)
def send_next():
    """Send the next letter that was asked for; say whether there was one. What prevents it is kept on its row."""
    waiting = Letter.objects.waiting().select_for_update(skip_locked=True, of=["self"])
    letter = waiting.select_related("asked_by", "decision").order_by("id").first()
    if letter is None:
        return False
    try:
        with transaction.atomic():
            _send(letter)
    except Refused as refusal:
        _fail(letter, refusal.reason)
    except PermissionDenied:
        _fail(letter, "La personne qui a demandé l’envoi ne peut pas, ou plus, traiter ce dossier.")
    except Exception:
        logger.exception("letter %s could not be sent", letter.pk)
        _fail(letter, FAILED)
    return True


@transaction.atomic(durable=True)
def open_letter(letter, *, by):
    """Note who of the carrier first opens a letter, and when."""
    letter = Letter.objects.sent().select_for_update(of=["self"]).select_related("decision").get(pk=letter.pk)
    item = letter.decision.item
    theirs = Application.objects.visible_to(by).filter(pk=item.case.application_id)
    require(theirs.exists())
    if letter.opened_at:
        return
    letter.opened_at, letter.opened_by = clock.now(), by
    letter.save(update_fields=["opened_at", "opened_by"])
    journal.record("case.letter_opened", item.case, by=by, **_told(letter, item))


# Steps


def _drafts(session, by):
    """Those of the dossiers that this person deals with."""
    return letters.drafts(items_readable_by(by, session))


def _send(letter):
    """Send a letter that still says what its decision says: to the carrier's space, by e-mail, with its PDF asked."""
    item = AgendaItem.objects.select_related("case").get(pk=letter.decision.item_id)
    application = Application.objects.locked(item.case.application)
    item = AgendaItem.objects.locked(item)
    by = letter.asked_by
    require(rules.can_send_letters(by, item.session) and not rules.is_recused(by, application))
    [draft] = letters.drafts(AgendaItem.objects.filter(pk=item.pk))
    refuse_unless(
        draft.decision.pk == letter.decision_id,
        "La décision a été corrigée entre-temps : préparez la lettre de nouveau.",
    )
    refuse_unless(not draft.blocked, draft.blocked)
    refuse_unless(
        draft.content == letter.content,
        "Ce que dit la lettre a changé depuis qu’elle a été préparée : relisez-la, préparez-la de nouveau.",
    )
    people = exchanges.people_of(application).filter(is_active=True).order_by("pk")
    refuse_unless(people, "Personne, chez le porteur, n’a plus de compte : écrivez-lui par un autre moyen.")
    letter.sent_at = clock.now()
    letter.save(update_fields=["sent_at"])
    nonce = f"letter {letter.pk}"
    send(application, text=MESSAGE, nonce=nonce, by=by, from_secretariat=True, quietly=True)
    journal.record("case.letter_sent", item.case, by=by, **_told(letter, item))
    documents.request(PDF, str(letter.pk))
    journal.post(*letter_emails.decision_notified(letter, application, people))


def _fail(letter, reason):
    letter.sent_at, letter.failure = None, reason
    letter.save(update_fields=["sent_at", "failure"])


def _told(letter, item):
    """What the journal keeps of a letter; its words are those of the row."""
    return {"letter": letter.pk, "session": item.session_id, "outcome": letter.content["outcome"]}
