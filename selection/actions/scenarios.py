"""The scenarios of a session: saved with what was asked and what it gave, presented to the committee or not."""

from django.db import transaction

from journal import actions as journal
from journal.refusals import refuse_unless, require
from selection import rules
from selection.access import reads_whole_session
from selection.models import CommitteeSession, Scenario

MOST = 40  # of a session: what a page lists at once


@transaction.atomic(durable=True)
def save_scenario(session, *, name, settings, result, by):
    """Keep a choice under a name; it stays what it was, whatever changes afterwards."""
    session = _locked(session, by)
    _refuse_taken(session, name)
    refuse_unless(
        session.scenarios.count() < MOST,
        f"Cette séance a déjà {MOST} scénarios : supprimez-en un, puis enregistrez de nouveau.",
    )
    scenario = Scenario.objects.create(
        session=session, name=name, settings=settings, result=result, saved_by=by
    )
    journal.record("scenario.saved", scenario, by=by, session=session.pk, name=name, query=settings["query"])
    return scenario


@transaction.atomic(durable=True)
def rename_scenario(scenario, *, name, by):
    session = _locked(scenario.session, by)
    scenario = _found(session, scenario)
    if name != scenario.name:
        _refuse_taken(session, name)
        before, scenario.name = scenario.name, name
        scenario.save(update_fields=["name"])
        journal.record("scenario.renamed", scenario, by=by, before=before, name=name)
    return scenario


@transaction.atomic(durable=True)
def delete_scenario(scenario, *, by):
    """What is presented to the committee is not deleted under its eyes."""
    scenario = _found(_locked(scenario.session, by), scenario)
    refuse_unless(
        not scenario.presented,
        "Ce scénario est présenté au comité : cessez de le présenter, puis supprimez-le.",
    )
    journal.record("scenario.deleted", scenario, by=by, name=scenario.name)
    scenario.delete()


@transaction.atomic(durable=True)
def present_scenario(scenario, *, presented, by):
    """Show a scenario to the committee, or no longer; asked twice, it is told once."""
    scenario = _found(_locked(scenario.session, by), scenario)
    if scenario.presented != presented:
        scenario.presented = presented
        scenario.save(update_fields=["presented"])
        event = "scenario.presented" if presented else "scenario.put_away"
        journal.record(event, scenario, by=by, name=scenario.name)


# Steps


def _locked(session, by):
    session = CommitteeSession.objects.locked(session)
    require(rules.can_simulate(by, session))
    refuse_unless(
        reads_whole_session(by, session), "Les scénarios de cette séance sont à tenir par un collègue."
    )
    return session


def _found(session, scenario):
    found = session.scenarios.select_for_update().filter(pk=scenario.pk).first()
    refuse_unless(found, "Ce scénario vient d’être supprimé par un collègue.")
    return found


def _refuse_taken(session, name):
    taken = session.scenarios.filter(name=name).exists()
    refuse_unless(not taken, "Un scénario de cette séance porte déjà ce nom : choisissez-en un autre.")
