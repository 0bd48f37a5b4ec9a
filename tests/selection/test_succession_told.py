"""What a laureate that gives up, who takes its place and the chair are told, on pages and by letters."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from documents import storage
from journal.models import OutgoingEmail
from selection import letters
from selection.actions import letters as letter_actions
from selection.actions import succession as actions
from selection.models import Decision, Letter, Withdrawal
from tests.factories import certifier_of, chair_of, head_of
from tests.selection.letter_factories import sent
from tests.selection.succession_factories import STATED, laureate_of, listed, promoted, reserve_of, stood_down

pytestmark = pytest.mark.django_db


# What is told of it


def test_the_promoted_has_a_letter_that_follows_the_first_one_and_tells_of_nobody():
    session = sent(listed(told=False))
    application = reserve_of(session, 1).item.case.application
    promoted(session)

    sent(session)

    letter = Letter.objects.get(decision__promotion__isnull=False)
    assert (letter.sent_at is not None, letter.content["title"]) == (True, letters.PROMOTED)
    assert letter.content["replaces"].startswith("Cette lettre fait suite à celle du")
    assert laureate_of(session).title not in str(letter.content)
    assert letters.of_carrier(application).count() == 2


def test_before_the_chair_has_validated_its_carrier_knows_nothing(client):
    session = sent(listed(told=False))
    application = reserve_of(session, 1).item.case.application
    client.force_login(certifier_of(application.organisation))
    page = reverse("selection:follow", args=[application.key])
    before, emails = (
        client.get(page).context["history"],
        OutgoingEmail.objects.filter(to=application.created_by.email),
    )
    sent_before = emails.count()

    stood_down(session)

    assert (client.get(page).context["history"], emails.count()) == (before, sent_before)


def test_the_follow_up_of_who_gave_up_says_so(client):
    session = listed()
    application = laureate_of(session)
    stood_down(session)
    client.force_login(certifier_of(application.organisation))

    context = client.get(reverse("selection:follow", args=[application.key])).context

    assert context["stages"][-1][0] == "Désistement"
    assert context["history"][0].text == "Désistement : votre organisme renonce à la subvention"


# Pages


def test_a_carrier_gives_up_from_its_page(client):
    session = listed()
    application = laureate_of(session)
    client.force_login(certifier_of(application.organisation))
    address = reverse("selection:stand_down", args=[application.key])

    unconfirmed = client.post(address, STATED)
    confirmed = client.post(address, STATED | {"confirmed": "on"})

    assert (unconfirmed.status_code, confirmed.status_code, Withdrawal.objects.count()) == (200, 302, 1)


def test_the_chair_reads_what_is_left_and_validates(client):
    session = listed()
    promotion = stood_down(session).promotions.get()
    client.force_login(chair_of(session))

    page = client.get(reverse("selection:promotion", args=[promotion.pk]))
    desk = client.get(reverse("front:desk"))
    response = client.post(
        reverse("selection:validate_promotion", args=[promotion.pk]), {"amount": "450 000"}
    )

    facts = dict(page.context["facts"])
    assert facts["Reste après cette reprise"] == "400\u202f000\u00a0€"
    assert [each.pk for each in desk.context["promotions"]] == [promotion.pk]
    assert (response.status_code, Decision.objects.latest("pk").amount) == (302, 450_000)


def test_who_is_kept_from_the_laureate_is_not_told_its_name(client):
    session = listed()
    application = laureate_of(session)
    promotion = stood_down(session).promotions.get()
    chair = chair_of(session)
    application.recusals.create(user=chair, reason="Lien.")
    client.force_login(chair)

    page = client.get(reverse("selection:promotion", args=[promotion.pk]))

    facts = dict(page.context["facts"])
    assert facts["Proposé à la suite du désistement de"] == "un lauréat"
    assert "Reste après cette reprise" not in facts


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_withdrawals_costs_the_same_however_long(client, django_assert_num_queries, many):
    session = listed(laureates=many, reserves=many, commitments=Decimal(10_000_000))
    for item in session.items.order_by("pk")[:many]:
        application = item.case.application
        actions.stand_down(application, by=certifier_of(application.organisation), **STATED)
    client.force_login(session.prepared_by)

    with django_assert_num_queries(5):
        client.get(reverse("selection:withdrawals"))


def test_a_place_that_nobody_takes_is_told_once_the_last_of_the_list_is_refused(client):
    session = listed(reserves=1)
    promotion = stood_down(session).promotions.get()
    client.force_login(session.prepared_by)
    page = reverse("selection:withdrawals")

    before = client.get(page).text.count("Personne n’est proposé")
    actions.refuse_promotion(promotion, reason="Trop peu avancé.", by=chair_of(session))

    assert (before, client.get(page).text.count("Personne n’est proposé")) == (0, 1)


def test_the_letter_of_the_promoted_is_sent_from_a_page_that_says_what_it_is_granted(client):
    session = listed()
    promoted(session)
    letter_actions.prepare(session, by=session.prepared_by)
    client.force_login(head_of(session.fund))

    page = client.get(reverse("selection:send_letters", args=[session.pk])).text

    assert page.count("Retenu : 600\u202f000\xa0€") == 1


def test_the_letter_of_who_gave_up_is_handed_out_under_a_name_that_opens(client):
    session = listed(told=False)
    file = storage.store([b"%PDF-1.7 courrier"], content_type="application/pdf", trusted=True)
    made = actions.record_withdrawal(
        laureate_of(session), given_on=date(2027, 3, 1), letter=file, by=session.prepared_by, **STATED
    )
    client.force_login(session.prepared_by)

    response = client.get(reverse("selection:withdrawal_letter", args=[made.pk]))
    b"".join(response)  # to its end, where a file closes

    assert response["Content-Disposition"].endswith(f'desistement-{laureate_of(session).reference}.pdf"')
