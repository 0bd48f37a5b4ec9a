"""Dossiers turned down by two people, and calls with rules."""

from selection.actions import eligibility as actions
from selection.eligibility import current, examined
from tests.factories import officer_of


def proposed(application, reason="Hors champ", by=None):
    """An ineligibility that an officer proposes; another officer of the fund may decide it."""
    fund = application.call.fund
    officer_of(fund)
    return actions.propose_ineligible(application, reason=reason, by=by or officer_of(fund))


def turned_down(application, reason="Hors champ"):
    """The case of a dossier that one officer proposed to turn down, and another one did."""
    proposal = proposed(application, reason)
    return actions.settle_ineligibility(proposal, accepted=True, by=officer_of(application.call.fund))


def lines_of(application):
    """What the call's rules come to for a filed dossier, by rule."""
    return {line.finding.rule: line for line in examined(current(application.case.pk))}


def found(application, rule):
    """The verdict and the evidence found of a rule."""
    finding = lines_of(application)[rule].finding
    return finding.found, finding.evidence
