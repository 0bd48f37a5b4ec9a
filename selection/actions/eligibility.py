"""Letting a filed application through to its review, or turning it down: one proposes, another one decides."""

from django.db import transaction

from applications.actions import take_up
from applications.models import Application
from documents import actions as documents
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import eligibility, eligibility_emails, emails, lifecycle, rules
from selection.actions.standing import locked_case
from selection.follow import LETTER
from selection.lifecycle import State
from selection.models import EligibilityCheck, EligibilityFact, IneligibilityProposal


@transaction.atomic(durable=True)
def settle_fact(application, rule, *, verdict, reason, by):
    """Confirm what was found of a rule, or overrule it with a reason."""
    case = _to_check(application, by)
    line = {line.finding.rule: line for line in eligibility.examined(case)}.get(rule)
    refuse_unless(line, "Cette règle n’est pas, ou n’est plus, de celles de l’appel.")
    overruled = verdict != line.finding.found
    refuse_unless(not overruled or reason.strip(), "Motivez ce que vous retenez contre le constat.")
    fact = _retain(case, line.finding, verdict=verdict, reason=reason, by=by)
    event = "case.rule_overruled" if overruled else "case.rule_confirmed"
    journal.record(event, case, by=by, rule=rule, verdict=verdict, reason=reason)
    return fact


@transaction.atomic(durable=True)
def confirm_facts(application, *, by):
    """Confirm whatever could be told and nobody settled yet; return how many."""
    case = _to_check(application, by)
    count = _confirm(case, eligibility.examined(case), by)
    journal.record("case.rules_confirmed", case, by=by, count=count)
    return count


@transaction.atomic(durable=True)
def declare_eligible(application, *, by, reason=""):
    """Let an application through to its review; what is found respected is confirmed with it."""
    return let_through(application, by=by, reason=reason)


@transaction.atomic(durable=True)
def propose_ineligible(application, *, reason, by):
    """Propose to turn down an application that fails the eligibility check; someone else decides."""
    case = _to_check(application, by)
    refuse_unless(reason.strip(), "Motivez l’irrecevabilité : le porteur recevra ce texte.")
    lines = eligibility.examined(case)
    _confirm(case, lines, by)
    proposal = IneligibilityProposal.objects.create(
        case=case,
        reason=reason,
        rules=[line.finding.rule for line in eligibility.broken(lines)],
        proposed_by=by,
    )
    journal.record("case.ineligibility_proposed", case, by=by, reason=reason, rules=proposal.rules)
    people = rules.who_settles_ineligibility(proposal)
    refuse_unless(people, "Une seconde personne du secrétariat est nécessaire pour en décider.")
    journal.post(*eligibility_emails.ineligibility_proposed(proposal, people))
    return proposal


@transaction.atomic(durable=True)
def settle_ineligibility(proposal, *, accepted, answer="", by):
    """Accept the proposal of another, and tell the applicant why their dossier is turned down; or refuse it."""
    application, case = _locked(proposal.case.application)
    proposal = IneligibilityProposal.objects.select_for_update(of=["self"]).get(pk=proposal.pk)
    require(rules.can_settle_ineligibility(by, proposal))
    refuse_unless(proposal.settled_at is None, "Cette proposition est déjà tranchée.")
    refuse_unless(accepted or answer.strip(), "Dites pourquoi vous refusez la proposition.")
    refuse_unless(
        not accepted or case.filed_at <= proposal.proposed_at,
        "Le dossier a été redéposé depuis cette proposition : refusez-la, puis réexaminez le nouveau dépôt.",
    )
    proposal.accepted, proposal.answer = accepted, answer
    proposal.settled_by, proposal.settled_at = by, clock.now()
    proposal.save(update_fields=["accepted", "answer", "settled_by", "settled_at"])
    journal.record("case.ineligibility_settled", case, by=by, accepted=accepted, answer=answer)
    if accepted:
        _turn_down(application, case, proposal.reason, by)
    journal.post(*eligibility_emails.ineligibility_settled(proposal))
    return case


# Steps


def let_through(application, *, by, reason=""):
    """Let an application through once every rule of its call is settled; what is found respected is confirmed."""
    case = _to_check(application, by)
    lines = eligibility.examined(case)
    left = [line.finding.label for line in eligibility.unsettled(lines)]
    refuse_unless(
        not left,
        f"Des règles ne sont pas respectées, ou restent à vérifier : {' '.join(left)} Tranchez-les d’abord.",
    )
    _confirm(case, lines, by)
    take_up(case.application)
    EligibilityCheck.objects.create(case=case, eligible=True, reason=reason, checked_by=by)
    lifecycle.move(case, State.ELIGIBLE)
    case.save(update_fields=["state"])
    journal.record("case.declared_eligible", case, by=by, reason=reason)
    return case


def _turn_down(application, case, reason, by):
    _stands(application, case)
    take_up(application)
    EligibilityCheck.objects.create(case=case, eligible=False, reason=reason, checked_by=by)
    lifecycle.move(case, State.INELIGIBLE)
    case.save(update_fields=["state"])
    journal.record("case.declared_ineligible", case, by=by, reason=reason)
    documents.request(LETTER, str(case.pk))
    journal.post(*emails.ineligibility_notice(case, reason))


def _locked(application):
    """The dossier and its case, locked in that order."""
    application = Application.objects.locked(application)
    case = locked_case(application)
    case.application = application
    return application, case


def _stands(application, case):
    stands = Application.objects.filed().filter(pk=application.pk).exists()
    refuse_unless(stands, "Ce dossier n’est pas déposé, ou il a été retiré.")
    refuse_unless(case.state == State.TO_CHECK, "La recevabilité de ce dossier est déjà décidée.")


def _to_check(application, by):
    """The locked case of a dossier whose eligibility this person may settle, and nobody has yet."""
    application, case = _locked(application)
    require(rules.can_check_eligibility(by, application))
    _stands(application, case)
    refuse_unless(
        not case.ineligibility_proposals.filter(settled_at=None).exists(),
        "Une irrecevabilité est proposée sur ce dossier : elle s’accepte ou se refuse d’abord.",
    )
    return case


def _confirm(case, lines, by):
    """Confirm what was found, where nobody said anything of it; what could not be told is nobody's to confirm."""
    to_confirm = [line.finding for line in lines if not line.fact and line.finding.found != UNKNOWN]
    for finding in to_confirm:
        _retain(case, finding, verdict=finding.found, reason="", by=by)
    return len(to_confirm)


def _retain(case, finding, *, verdict, reason, by):
    fact, _ = EligibilityFact.objects.update_or_create(
        case=case,
        submission_id=case.submission_id,
        rule=finding.rule,
        defaults={
            "label": finding.label,
            "found": finding.found,
            "evidence": finding.evidence,
            "verdict": verdict,
            "reason": reason,
            "settled_at": clock.now(),
            "settled_by": by,
        },
    )
    return fact


UNKNOWN = EligibilityFact.Verdict.UNKNOWN
