"""The pages of a call take as many queries with three of everything as with one."""

from decimal import Decimal

import pytest

from accounts.models import Organisation
from calls.models import Call, CarrierRule, Correction
from tests.factories import (
    CallFactory,
    EventFactory,
    ThemeFactory,
    officer_of,
    published_question,
    specifications,
)


def full_call(rows, **fields):
    """A call with so many of each thing that its page shows."""
    call = CallFactory(published=True, threshold=Decimal(500_000), **fields)
    call.themes.set(ThemeFactory() for _ in range(rows))
    for kind in Organisation.Kind.values[:rows]:
        CarrierRule.objects.create(call=call, kind=kind)
        Correction.objects.create(call=call, text=kind, published_by=officer_of(call.fund))
        specifications(call)
        CallFactory(fund=call.fund, published=True)
        EventFactory(fund=call.fund, call=call, published=True)
        published_question(call, text=f"Question sur {kind} ?")
    return call


def page(rows):
    return full_call(rows).get_absolute_url(), None


def form(rows):
    return f"{full_call(rows).get_absolute_url()}formulaire/", None


def eligibility(rows):
    return f"{full_call(rows).get_absolute_url()}eligibilite/?porteur=operateur&subvention=1", None


def eligibility_of_all(rows):
    for _ in range(rows):
        full_call(rows)
    return "/eligibilite/?porteur=operateur&subvention=1", None


def preparation(rows):
    call = full_call(rows)
    return f"/secretariat/appels/{call.slug}/", officer_of(call.fund)


def copy(rows):
    calls = [full_call(rows) for _ in range(rows)]
    Call.objects.update(fund=calls[0].fund)
    return "/secretariat/appels/nouveau/copier/", officer_of(calls[0].fund)


QUERIES = {page: 16, form: 3, eligibility: 7, eligibility_of_all: 3, preparation: 15, copy: 8}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("rows_of", QUERIES, ids=lambda rows_of: rows_of.__name__)
def test_a_page_takes_the_same_queries_whatever_it_shows(
    client, db, rows_of, rows, django_assert_num_queries
):
    address, person = rows_of(rows)
    if person:
        client.force_login(person)

    with django_assert_num_queries(QUERIES[rows_of]):
        response = client.get(address)

    assert response.status_code == 200
