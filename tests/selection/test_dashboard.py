"""The secretariat's dashboard: counts of what one may read, and what waits."""

from datetime import timedelta

import pytest

from applications.models import Recusal
from journal import clock
from selection import dashboard, listing, opinions
from selection.models import Case, ConflictDeclaration, IneligibilityProposal, OpinionRequest, Review
from selection.waiting import mine
from tests import factories
from tests.selection.opinion_factories import opinion_asked

pytestmark = pytest.mark.django_db


def alerts_of(call, user):
    cases = dashboard.cases_of(call, user)
    _, _, counts = dashboard.pipeline(call, cases)
    return {
        alert.url.removeprefix(f"/secretariat/dossiers/?appel={call.slug}&"): alert.count
        for alert in dashboard.alerts(call, cases, counts)
    }


def test_what_waits_is_counted_once_per_dossier():
    call = factories.CallFactory(published=True)
    officer, other = factories.officer_of(call.fund), factories.officer_of(call.fund)
    case = factories.case_in(Case.State.UNDER_REVIEW, call=call)
    factories.message_on(case.application)
    factories.message_on(case.application, text="Et encore.")
    IneligibilityProposal.objects.create(case=case, reason="Hors champ.", proposed_by=other)
    ConflictDeclaration.objects.create(application=case.application, user=other)
    Case.objects.update(
        opinion_due_at=clock.now() - timedelta(days=1), opinions_asked=1, open_flags=2, reviews_asked=1
    )

    assert alerts_of(call, officer) == {
        "attend=irrecevabilite": 1,
        "/secretariat/declarations/": 1,
        "avis=en-retard": 1,
        "attend=message": 1,
        "attend=instruction&agent=personne": 1,
        "evaluation=inachevees": 1,
        "attend=instruction&alertes=ouvertes": 1,
    }


FORMER = ["attend=agent", "attend=avis", "attend=evaluation", "attend=signalement"]
ASKED = [
    "attend=irrecevabilite",
    "avis=en-retard",
    "attend=message",
    "attend=instruction",
    "attend=instruction&agent=personne",
    "evaluation=inachevees",
    "attend=instruction&alertes=ouvertes",
]


@pytest.mark.parametrize("query", ASKED + FORMER)
def test_the_list_finds_what_an_alert_counts_and_as_views_kept_before_say_it(query):
    call = factories.CallFactory(published=True)
    officer = factories.officer_of(call.fund)
    case = factories.case_in(Case.State.UNDER_REVIEW, call=call)
    factories.message_on(case.application)
    IneligibilityProposal.objects.create(case=case, reason="Hors champ.", proposed_by=officer)
    factories.case_in(Case.State.REJECTED, call=call)
    Case.objects.update(
        opinion_due_at=clock.now() - timedelta(days=1), opinions_asked=1, open_flags=2, reviews_asked=1
    )

    found = list(listing.rows(officer, f"appel={call.slug}&{query}"))

    assert found == [case]


def test_an_ended_or_withdrawn_dossier_waits_for_nothing():
    call = factories.CallFactory(published=True)
    factories.case_in(Case.State.REJECTED, call=call)
    factories.filed_application(call=call)
    Case.objects.filter(state=Case.State.TO_CHECK).update(withdrawn=True)

    assert alerts_of(call, factories.officer_of(call.fund)) == {}


def test_a_recused_officer_s_figures_leave_the_dossier_out():
    call = factories.CallFactory(published=True)
    officer = factories.officer_of(call.fund)
    factories.filed_application(call=call)
    Recusal.objects.create(
        application=factories.filed_application(call=call), user=officer, reason="Ancien employeur"
    )

    figures, states, _ = dashboard.pipeline(call, dashboard.cases_of(call, officer))

    assert (figures["dossiers"], [state["count"] for state in states]) == (1, [1])


def test_the_workload_tells_what_is_open_from_what_is_done():
    call = factories.CallFactory(published=True)
    officer = factories.officer_of(call.fund)
    opened, ended = factories.reviewed_case(call=call), factories.case_in(Case.State.REJECTED, call=call)
    Case.objects.filter(pk__in=[opened.pk, ended.pk]).update(officer=officer)
    Review.objects.create(case=opened, reviewer=officer)
    cases = dashboard.cases_of(call, officer)

    [in_charge] = dashboard.officers(cases)
    first, second = dashboard.reviewers(cases)

    assert (in_charge["name"], in_charge["waiting"], in_charge["ended"]) == (officer.name, 1, 1)
    assert (first["name"], first["waiting"], first["ended"]) == (officer.name, 1, 0)
    assert (second["waiting"], second["ended"]) == (0, 1)


def test_the_one_who_proposed_does_not_find_it_waiting_for_them():
    call = factories.CallFactory(published=True)
    officer, other = factories.officer_of(call.fund), factories.officer_of(call.fund)
    IneligibilityProposal.objects.create(
        case=factories.case_in(Case.State.TO_CHECK, call=call), reason="Hors champ.", proposed_by=officer
    )

    assert [mine(officer), [alert.count for alert in mine(other)]] == [[], [1]]


def test_the_page_shows_no_score(client):
    call = factories.CallFactory(published=True)
    case = factories.reviewed_case(call=call)
    Case.objects.filter(pk=case.pk).update(review_score="3.777")
    client.force_login(factories.officer_of(call.fund))

    page = client.get(f"/secretariat/appels/{call.slug}/tableau-de-bord/").content.decode()

    assert ("3,77" in page, "3.77" in page, "En instruction" in page) == (False, False, True)


def test_an_opinion_is_late_until_the_session_that_closes_it_opens():
    call = factories.CallFactory(published=True)
    session = factories.committee_session(call.fund, state="convened")
    case = factories.agenda_item(session, call=call).case
    asked = opinion_asked(case)
    OpinionRequest.objects.update(due_at=clock.now() - timedelta(days=1))
    Case.objects.update(opinion_due_at=clock.now() - timedelta(days=1))
    reader = factories.auditor_of(call.fund)

    def told():
        found = listing.rows(reader, f"appel={call.slug}&avis=en-retard")
        return alerts_of(call, reader).get("avis=en-retard", 0), opinions.late(case).count(), len(found)

    before = told()
    session.state = "open"
    session.save()

    assert (before, told()) == ((1, 1, 1), (0, 0, 0))
    assert opinions.standing_of(asked, clock.now(), closed=True) == ("close sans avis", "neutral")
