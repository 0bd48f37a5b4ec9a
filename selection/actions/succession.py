"""A laureate gives up its grant; the first of the reserve list is proposed, the chair validates or refuses.

The decisions of the session stay as they are: what is given up is a row beside one, what is granted instead is a new
decision, of the chair, on the same item.
"""

import logging

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.actions import notices
from accounts.models import NoticePreference
from applications import rules as application_rules
from applications.actions.filing import give_up
from applications.models import Application
from calls.models import Envelope
from calls.money import euros
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import envelope, lifecycle, rules, succession, succession_emails, tally
from selection.lifecycle import State
from selection.models import AgendaItem, Case, Decision, Promotion, Withdrawal

logger = logging.getLogger(__name__)
WORK = NoticePreference.Kind.WORK
Stands = Promotion.State
NO_AWARD = "Ce projet n’est pas, ou plus, lauréat : il n’y a pas de désistement à enregistrer."
CORRECTION = "Projet de la liste complémentaire, repris à la suite d’un désistement."
CHANGED = "La décision sur ce projet a changé depuis : la proposition est sans objet."


@transaction.atomic(durable=True)
def stand_down(application, *, reason, by):
    """The carrier of a laureate that was told so gives its grant up, for good."""
    application = Application.objects.locked(application)
    require(application_rules.can_withdraw(by, application))
    award = succession.told_award_of(application)
    refuse_unless(award and application.state != Application.State.WITHDRAWN, NO_AWARD)
    give_up(application, reason=reason, by=by)
    return _withdraw(award, reason=reason, given_on=_today(), by=by)


@transaction.atomic(durable=True)
def record_withdrawal(application, *, reason, given_on, by, letter=None):
    """Write down, for the secretariat, what a laureate gave up by letter."""
    application = Application.objects.locked(application)
    require(rules.can_record_withdrawal(by, application))
    award = succession.award_of(application)
    refuse_unless(award and application.state != Application.State.WITHDRAWN, NO_AWARD)
    give_up(application, reason=reason, by=by)
    return _withdraw(award, reason=reason, given_on=given_on, by=by, by_letter=True, letter=letter)


@transaction.atomic(durable=True)
def validate_promotion(promotion, *, by, amount=None, conditions="", milestones=""):
    """Select a project of the reserve list, by the chair, on the envelope as it stands now."""
    promotion, item, case = _locked(promotion)
    require(rules.can_settle_promotion(by, item))
    _refuse_unless_open(promotion, item, case)
    pays = case.application.call.pays
    refuse_unless(amount or not pays, "Un projet retenu par cet appel reçoit un montant.")
    [result] = tally.table([item])
    refuse_unless(not result.below, f"Ce dossier ne peut pas être retenu. {' ; '.join(result.below)}.")
    most = succession.most(promotion.reserve)
    refuse_unless(
        not amount or most is None or amount <= most,
        f"Ce projet ne peut pas recevoir plus de {euros(most)} : c’est ce que le vote accorde ou, à défaut, ce qui a"
        " été demandé. Aucune décision n’a été enregistrée.",
    )
    if pays:
        envelope.draw(promotion.reserve.envelope_id, amount)
    lifecycle.move(case, State.SELECTED)
    case.save(update_fields=["state"])
    last = item.decisions.aggregate(last=Max("revision"))["last"]
    decision = Decision.objects.create(
        item=item,
        promotion=promotion,
        revision=last + 1,
        correction=CORRECTION,
        envelope_id=promotion.reserve.envelope_id,
        outcome=Decision.Outcome.SELECTED,
        amount=amount if pays else None,
        is_conditional=bool(conditions.strip()),
        conditions=conditions,
        milestones=milestones,
        decided_by=by,
        decided_at=clock.now(),
    )
    _settle(promotion, Stands.VALIDATED, by)
    journal.record("case.promoted", case, by=by, **_told(promotion), amount=amount, conditions=conditions)
    notices.tell(WORK, succession_emails.settled(promotion))
    return decision


@transaction.atomic(durable=True)
def refuse_promotion(promotion, *, reason, by):
    """Leave a project on the reserve list, and say why; the next one is proposed in its stead."""
    promotion, item, case = _locked(promotion)
    require(rules.can_settle_promotion(by, item))
    _refuse_unless_open(promotion, item, case)
    refuse_unless(reason.strip(), "Dites pourquoi ce projet n’est pas repris.")
    _settle(promotion, Stands.REFUSED, by, reason)
    journal.record("case.promotion_refused", case, by=by, **_told(promotion), reason=reason)
    notices.tell(WORK, succession_emails.settled(promotion))
    return propose(promotion.withdrawal)


@transaction.atomic(durable=True)
def take_up_next(*, after=0):
    """Draw the consequence of the next laureate whose carrier withdrew its dossier; return its key, None at the end.

    Its carrier may not have known that it was one.
    """
    award = succession.given_up_unseen().filter(pk__gt=after).order_by("pk").first()
    if award is None:
        return None
    try:
        with transaction.atomic():
            application = Application.objects.locked(award.item.case.application)
            if succession.given_up_unseen().filter(pk=award.pk).exists():
                _withdraw(award, reason=application.withdrawal_reason, given_on=_today(), by=None)
    except Exception:
        logger.exception("the withdrawal of decision %s could not be taken up", award.pk)
    return award.pk


@transaction.atomic(durable=True)
def propose_next(*, after=0):
    """Propose again for the next place that nobody holds, or that a proposal holds which lapsed; None at the end."""
    withdrawals = Withdrawal.objects.filter(pk__gt=after).exclude(
        pk__in=Promotion.objects.filter(state=Stands.VALIDATED).values("withdrawal")
    )
    withdrawal = withdrawals.order_by("pk").select_related("decision").first()
    if withdrawal is None:
        return None
    try:
        with transaction.atomic():
            standing = withdrawal.promotions.proposed().first()
            if standing:
                promotion, item, case = _locked(standing)
                if promotion.state == Stands.PROPOSED and _has_lapsed(promotion, item, case):
                    _settle(promotion, Stands.LAPSED, None, CHANGED)
                    journal.record("case.promotion_lapsed", case, **_told(promotion))
            propose(withdrawal)
    except Exception:
        logger.exception("nobody could be proposed for withdrawal %s", withdrawal.pk)
    return withdrawal.pk


# Steps


def propose(withdrawal):
    """Propose the first of the reserve list for the place of a laureate; None where nobody, or nothing, is left.

    The envelope is locked first: two places of one list never get the same project.
    """
    if withdrawal.decision.envelope_id is None:
        return None
    purse = Envelope.objects.select_for_update().get(pk=withdrawal.decision.envelope_id)
    if withdrawal.promotions.live().exists():
        return None
    reserve = succession.waiting(withdrawal).first()
    if reserve is None:
        return None
    amount = succession.proposed_amount(reserve, succession.room_of(purse))
    if not amount and reserve.item.case.application.call.pays:
        return None
    promotion = Promotion.objects.create(withdrawal=withdrawal, reserve=reserve, amount=amount)
    case = reserve.item.case
    journal.record("case.promotion_proposed", case, **_told(promotion), amount=amount)
    item = succession.item_of(promotion)
    notices.tell(WORK, succession_emails.to_settle(promotion, rules.who_settles_promotion(item)))
    return promotion


def _withdraw(award, *, reason, given_on, by, by_letter=False, letter=None):
    """Free what a decision granted, tell both sides, and propose who comes next."""
    case = Case.objects.locked(award.item.case)
    withdrawal = Withdrawal.objects.create(
        decision=award, reason=reason, given_on=given_on, by_letter=by_letter, letter=letter, recorded_by=by
    )
    facts = {"withdrawal": withdrawal.pk, "amount": award.amount, "reason": reason, "by_letter": by_letter}
    journal.record("case.stood_down", case, by=by, **facts, given_on=given_on)
    if by:  # else they were told of the withdrawal of their dossier, maybe before they knew more
        journal.post(*succession_emails.acknowledged(withdrawal))
    promotion = propose(withdrawal)
    notices.tell(WORK, succession_emails.stood_down(withdrawal, promotion))
    return withdrawal


def _locked(promotion):
    """(promotion, item, case) of a proposal, its dossier locked first."""
    item = succession.item_of(promotion)
    application = Application.objects.locked(item.case.application)
    case = Case.objects.locked(item.case)
    case.application = application
    promotion = Promotion.objects.select_for_update(of=["self"]).get(pk=promotion.pk)
    item = AgendaItem.objects.select_related("session__committee__fund", "decision").get(pk=item.pk)
    item.case = case
    return promotion, item, case


def _has_lapsed(promotion, item, case):
    given_up = case.application.state == Application.State.WITHDRAWN
    return given_up or item.decision_id != promotion.reserve_id or case.state != State.RESERVE


def _refuse_unless_open(promotion, item, case):
    refuse_unless(
        promotion.state == Stands.PROPOSED, f"Cette proposition est déjà {promotion.get_state_display()}."
    )
    refuse_unless(not _has_lapsed(promotion, item, case), CHANGED)


def _settle(promotion, state, by, reason=""):
    promotion.state, promotion.settled_at, promotion.settled_by = state, clock.now(), by
    promotion.reason = reason
    promotion.save(update_fields=["state", "settled_at", "settled_by", "reason"])


def _told(promotion):
    return {"promotion": promotion.pk, "withdrawal": promotion.withdrawal_id, "rank": promotion.reserve.rank}


def _today():
    return timezone.localdate(clock.now())
