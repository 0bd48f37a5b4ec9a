"""The words that letters begin with: the call's, else the fund's, else the portal's."""

import pytest
from django.urls import reverse

from selection import letters
from selection.actions.letter_wordings import keep_wording
from selection.models import LetterWording
from tests.factories import officer_of
from tests.selection.letter_factories import over

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return over("reserve")


def opening_of(session):
    [draft] = letters.drafts(session.items.all())
    return draft.content["opening"]


def test_a_call_s_own_words_come_before_those_of_its_fund(session):
    item = session.items.get()
    call, officer = item.case.application.call, officer_of(session.fund)

    keep_wording(session.fund, outcome="reserve", text="Du fonds, {reference}.", by=officer)
    of_the_fund = opening_of(session)
    keep_wording(session.fund, call=call, outcome="reserve", text="De l’appel, {reference}.", by=officer)
    of_the_call = opening_of(session)
    keep_wording(session.fund, call=call, outcome="reserve", text="", by=officer)

    reference = item.case.application.reference
    assert (of_the_fund, of_the_call) == (f"Du fonds, {reference}.", f"De l’appel, {reference}.")
    assert opening_of(session) == of_the_fund


def test_a_field_that_no_letter_fills_in_is_refused(client, session):
    client.force_login(officer_of(session.fund))
    address = reverse("selection:change_letter_wording", args=[session.fund.slug, "reserve"])

    read = client.post(address, {"text": "Rang {rang}."})

    assert (list(read.context["form"].errors), LetterWording.objects.count()) == (["text"], 0)


def test_the_page_shows_the_words_in_force(client, session):
    officer = officer_of(session.fund)
    keep_wording(session.fund, outcome="reserve", text="Nos mots à nous.", by=officer)
    client.force_login(officer)

    read = client.get(reverse("selection:letter_wordings", args=[session.fund.slug])).content.decode()

    assert ("Nos mots à nous." in read, "liste complémentaire." in read) == (True, False)
