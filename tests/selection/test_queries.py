"""A list takes as many queries with three rows as with one."""

import pytest

from calls.models import Call, Programme
from selection.models import Case
from tests import factories
from tests.clock import from_now


def calls_list(rows):
    for _ in range(rows):
        factories.CallFactory(published=True)
        factories.CallFactory(published=True, opens_at=from_now(days=1))
        past = factories.CallFactory(published=True)
        past.rounds.update(closes_at=from_now(days=-1))
    return "/appels/", None


def funds(rows):
    for _ in range(rows):
        factories.CallFactory(published=True)
    return "/fonds/", None


def fund(rows):
    fund = factories.FundFactory()
    for rank in range(rows):
        factories.CallFactory(published=True, fund=fund)
        factories.EnvelopeFactory(fund=fund, year=2018 + rank)
        factories.FundFactory(parent=fund)
        Programme.objects.create(fund=fund, slug=f"p{rank}", name=f"Programme {rank}", position=rank)
    return fund.get_absolute_url(), None


def home(rows):
    for _ in range(rows):
        call = factories.CallFactory(published=True)
        factories.announcement_of(call)
    return "/", None


def laureates(rows):
    for _ in range(rows):
        factories.announcement_of(factories.CallFactory(published=True))
    return "/laureats/", None


def laureates_filtered(rows):
    theme = factories.ThemeFactory()
    for _ in range(rows):
        announcement = factories.announcement_of(factories.CallFactory(published=True))
        announcement.laureates.get().themes.add(theme)
    return "/laureats/?q=projet&annee=2018&montant_min=1&tri=montant&vue=tableau", None


def laureate(rows):
    call = factories.CallFactory(published=True)
    for number in range(rows):
        factories.laureate(call=call, slug=f"laureat-{number}", carrier="DGFiP")
    return "/laureats/laureat-0/", None


def figures(rows):
    for _ in range(rows):
        factories.announcement_of(factories.CallFactory(published=True))
    return "/laureats/chiffres/", None


def results(rows):
    for _ in range(rows):
        factories.announcement_of(factories.CallFactory(published=True))
    return "/resultats/", None


def fund_results(rows):
    fund = factories.FundFactory()
    for _ in range(rows):
        factories.announcement_of(factories.CallFactory(published=True, fund=fund))
    return f"/resultats/{fund.slug}/", None


def press(rows):
    for _ in range(rows):
        factories.announcement_of(factories.CallFactory(published=True))
    return "/presse/", None


def announcements(rows):
    for _ in range(rows):
        factories.announcement_of(factories.CallFactory(published=True))
    return "/annonces/", None


def preparation_list(rows):
    fund = factories.FundFactory()
    for _ in range(rows):
        factories.CallFactory(fund=fund)
    return "/secretariat/appels/", factories.officer_of(fund)


def secretariat_cases(rows):
    call = factories.CallFactory(published=True)
    for _ in range(rows):
        factories.reviewed_case(call=call)
        factories.filed_application(call=call)
    return "/secretariat/dossiers/", factories.officer_of(call.fund)


def secretariat_door(rows):
    fund = factories.FundFactory()
    for _ in range(rows):
        factories.reviewed_case(call=factories.CallFactory(published=True, fund=fund))
    return "/secretariat/", factories.officer_of(fund)


def call_dashboard(rows):
    call = factories.CallFactory(published=True)
    for _ in range(rows):
        case = factories.reviewed_case(call=call)
        Case.objects.filter(pk=case.pk).update(officer=factories.officer_of(call.fund))
    return f"/secretariat/appels/{call.slug}/tableau-de-bord/", factories.officer_of(call.fund)


def shortlist(rows):
    call = factories.CallFactory(published=True)
    for _ in range(rows):
        factories.reviewed_case(call=call)
    return f"/secretariat/appels/{call.slug}/preselection/", factories.officer_of(call.fund)


def session_of(rows):
    session = factories.committee_session(factories.FundFactory())
    call = factories.CallFactory(fund=session.fund, published=True)
    for _ in range(rows):
        factories.agenda_item(session, call=call)
    return session


def session_as_chair(rows):
    session = session_of(rows)
    return session.get_absolute_url(), factories.chair_of(session)


def session_as_officer(rows):
    session = session_of(rows)
    return session.get_absolute_url(), factories.officer_of(session.fund)


def applications(rows):
    organisation = factories.OrganisationFactory()
    call = factories.CallFactory(published=True)
    for _ in range(rows):
        factories.draft(call=call, organisation=organisation)
    return "/dossiers/", factories.certifier_of(organisation)


def desk(rows):
    return "/espace/", applications(rows)[1]


QUERIES = {
    calls_list: 11,
    funds: 1,
    fund: 9,
    laureates: 8,
    laureates_filtered: 8,
    laureate: 6,
    figures: 4,
    results: 6,
    fund_results: 6,
    press: 7,
    announcements: 4,
    home: 13,
    preparation_list: 5,
    secretariat_door: 15,
    call_dashboard: 11,
    secretariat_cases: 9,
    shortlist: 13,
    session_as_chair: 28,
    session_as_officer: 24,
    applications: 9,
    desk: 22,
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("rows_of", QUERIES, ids=lambda rows_of: rows_of.__name__)
def test_a_list_takes_the_same_queries_whatever_its_rows(
    client, db, rows_of, rows, django_assert_num_queries
):
    address, person = rows_of(rows)
    if person:
        client.force_login(person)

    with django_assert_num_queries(QUERIES[rows_of]):
        response = client.get(address)

    assert (response.status_code, Call.objects.exists()) == (200, True)
