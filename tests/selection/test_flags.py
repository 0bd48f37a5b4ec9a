"""Alerts on a dossier."""

import pytest
from django.core.exceptions import PermissionDenied

from journal.refusals import Refused
from selection.actions import flags as actions
from selection.models import Case, Flag
from tests.factories import auditor_of, case_in, officer_of


@pytest.fixture
def case(db):
    return case_in(Case.State.ELIGIBLE)


@pytest.fixture
def officer(case):
    return officer_of(case.application.call.fund)


def raised(case, officer):
    return actions.raise_flag(case, kind=Flag.Kind.RISK, text="Marché non notifié.", by=officer)


def test_an_alert_counts_until_it_is_lifted(case, officer):
    flag = raised(case, officer)
    case.refresh_from_db()
    before = case.open_flags

    actions.lift_flag(flag, because="Marché notifié.", by=officer)

    case.refresh_from_db()
    flag.refresh_from_db()
    assert (before, case.open_flags, flag.lifted_because, flag.lifted_by) == (
        1,
        0,
        "Marché notifié.",
        officer,
    )


def test_an_alert_is_lifted_once(case, officer):
    flag = raised(case, officer)
    actions.lift_flag(flag, because="Marché notifié.", by=officer)

    with pytest.raises(Refused):
        actions.lift_flag(flag, because="Encore.", by=officer)


def test_an_auditor_raises_nothing(case):
    with pytest.raises(PermissionDenied):
        raised(case, auditor_of(case.application.call.fund))


def test_an_open_alert_shows_on_the_dossier(client, case, officer):
    raised(case, officer)
    client.force_login(officer)

    response = client.get(case.get_absolute_url())

    assert [flag.text for flag in response.context["open_flags"]] == ["Marché non notifié."]
