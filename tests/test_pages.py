"""What pages answer to someone who forgot something, or who has nothing to do there."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from calls.models import Round
from selection.models import AgendaItem, Decision, Laureate
from tests import factories

pytestmark = pytest.mark.django_db


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_only_who_may_apply_is_shown_the_way_to_a_new_dossier(client):
    call = factories.CallFactory(published=True)
    way = reverse("applications:create", args=[call.slug])
    agent = factories.contributor_of(factories.OrganisationFactory())

    shown = {}
    for kind, user in (("anonymous", None), ("agent", agent), ("head", factories.head_of(call.fund))):
        if user:
            client.force_login(user)
        shown[kind] = way in client.get(call.get_absolute_url()).content.decode()

    assert shown == {"anonymous": True, "agent": True, "head": False}


def test_laureates_whose_year_is_unknown_come_last(client):
    fund = factories.FundFactory()
    for name, year in (("Ancien", 2018), ("Sans date", None), ("Récent", 2024)):
        Laureate.objects.create(fund=fund, slug=f"laureat-{year}", name=name, year=year)

    response = client.get(reverse("selection:laureates"))

    assert [laureate.name for laureate in response.context["page"]] == ["Récent", "Ancien", "Sans date"]


def test_an_earlier_deadline_is_refused_beside_the_field(client):
    call = factories.CallFactory(published=True)
    client.force_login(factories.officer_of(call.fund))
    before = Round.objects.get()
    day = timezone.localdate() - timedelta(days=1)

    response = client.post(reverse("calls:postpone", args=[call.slug]), {"closes_on": day.isoformat()})

    assert response.context["form"].errors["closes_on"] == [
        f"La date limite publiée est le {before.deadline_text} : choisissez une date plus tardive."
    ]
    assert Round.objects.get().closes_at == before.closes_at


def test_an_amount_beyond_the_envelope_is_refused_beside_the_field(client):
    session = factories.committee_session(factories.FundFactory(code="FTAP"))
    item = factories.agenda_item(session, state=AgendaItem.State.VOTED)
    client.force_login(factories.chair_of(session))
    address = reverse("selection:decide", args=[session.pk, item.case.application.reference])

    response = client.post(
        address, {"outcome": "selected", "amount": "10 000 000,01", "reason": "Exemplaire."}
    )

    assert response.context["form"].errors["amount"] == [
        "L’enveloppe FTAP 2018 ne contient plus que 10\u202f000\u202f000\u00a0€ : 10\u202f000\u202f000,01\u00a0€"
        " ne peuvent pas être accordés. Aucune décision n’a été enregistrée."
    ]
    assert response.context["form"]["reason"].value() == "Exemplaire."
    assert Decision.objects.count() == 0
