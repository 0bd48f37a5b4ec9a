"""What the chair decides, with all that goes with it, and what a correction changes."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from journal.models import Entry
from journal.refusals import Refused
from selection import envelope
from selection.actions import decisions
from selection.history import history
from selection.models import (
    AgendaItem,
    Case,
    Committee,
    CommitteeSession,
    Decision,
    Minutes,
    MinutesSignature,
)
from tests.database import in_parallel
from tests.factories import FundFactory, agenda_item, announcement_of, chair_of, committee_session, member_of
from tests.selection.attendance_factories import all_present
from tests.selection.deciding_factories import reasons_for, said_of

Item = AgendaItem.State
MILLION = Decimal(1_000_000)


@pytest.fixture
def session(db):
    return all_present(committee_session(FundFactory()))


@pytest.fixture
def item(session):
    return agenda_item(session, state=Item.VOTED)


def decide(item, outcome, **said):
    return decisions.decide(item, outcome=outcome, by=chair_of(item.session), **said_of(item, outcome) | said)


def correct(item, outcome, *, correction="Erreur de saisie.", **said):
    said = said_of(item, outcome) | said
    return decisions.correct(item, outcome=outcome, correction=correction, by=chair_of(item.session), **said)


def address(item, name="decide"):
    return reverse(f"selection:{name}", args=[item.session_id, item.case.application.reference])


def reason_fields(item, text="Motif."):
    return {f"reason_{each.pk}": text for each in item.case.application.call.criteria.all()}


# What goes with an outcome


def test_a_rejection_has_a_reason_on_each_criterion(item):
    reasons = reasons_for(item)
    first = next(iter(reasons))

    with pytest.raises(Refused) as refusal:
        decide(item, "rejected", reasons=reasons | {first: " "})
    decision = decide(item, "rejected", reasons=reasons)

    assert (
        refusal.value.reason
        == f"Un projet non retenu l’est avec un motif par critère ; manque : {first.label}."
    )
    assert {each.criterion: each.text for each in decision.reasons.all()} == reasons


def test_what_is_deferred_says_what_is_asked(item):
    with pytest.raises(Refused) as refusal:
        decide(item, "deferred", asked="")

    assert refusal.value.reason == "Dites ce qui est demandé au porteur pour la prochaine séance."


def test_a_condition_is_said(item):
    with pytest.raises(Refused) as refusal:
        decide(item, "selected", amount=MILLION, is_conditional=True)
    decision = decide(item, "selected", amount=MILLION, is_conditional=True, conditions="Un pilote.")

    assert refusal.value.reason == "Dites à quelle condition le projet est retenu."
    assert decision.words == "retenu, sous condition"


def test_a_rank_of_the_reserve_list_is_given_once(session):
    first, second, third = (agenda_item(session, state=Item.VOTED) for _ in range(3))
    decide(first, "reserve")

    with pytest.raises(Refused) as refusal:
        decide(second, "reserve", rank=1)
    decide(second, "reserve", rank=4)
    decide(third, "reserve")

    assert refusal.value.reason == (
        "Le rang 1 de la liste complémentaire est déjà donné ; le suivant libre est le 2."
        " Aucune décision n’a été enregistrée."
    )
    assert list(Decision.objects.order_by("id").values_list("rank", flat=True)) == [1, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_four_projects_reserved_at_once_have_four_ranks():
    session = all_present(committee_session(FundFactory()))
    items = [agenda_item(session, state=Item.VOTED) for _ in range(4)]

    in_parallel(*[lambda item=item: decide(item, "reserve") for item in items])

    assert sorted(Decision.objects.values_list("rank", flat=True)) == [1, 2, 3, 4]


def test_a_committee_that_proposes_draws_on_nothing_and_hands_the_dossier_on(session, item):
    Committee.objects.update(power=Committee.Power.PROPOSES)

    decision = decide(item, "selected", amount=MILLION)

    item.case.refresh_from_db()
    assert (decision.envelope, envelope.granted(session.envelope)) == (None, 0)
    assert item.case.state == Case.State.SHORTLISTED


# The page


def test_the_amount_proposed_is_that_of_the_majority_and_the_rank_is_the_next(client, session):
    decide(agenda_item(session, state=Item.VOTED), "reserve")
    item = agenda_item(session, state=Item.VOTE_OPEN)
    item.votes.update(
        amount=MILLION, carried=True, closed_at="2018-06-22T10:00Z", closed_by=chair_of(session)
    )
    AgendaItem.objects.filter(pk=item.pk).update(state=Item.VOTED)
    client.force_login(chair_of(session))

    initial = client.get(address(item)).context["form"].initial

    assert initial == {"amount": MILLION, "rank": 2}


def test_what_the_page_proposed_of_itself_does_not_hinder_a_rejection(client, item):
    AgendaItem.objects.update(proposed_amount=MILLION)
    client.force_login(chair_of(item.session))

    said = {"outcome": "rejected", "amount": "1 000 000", "rank": "1", "reason": "Trop tôt."}
    client.post(address(item), said | reason_fields(item))

    decision = Decision.objects.get()
    assert (decision.outcome, decision.amount, decision.rank) == ("rejected", None, None)
    assert {each.text for each in decision.reasons.all()} == {"Motif."}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"outcome": "selected", "amount": ""}, ["amount"]),
        ({"outcome": "selected", "amount": "0"}, ["amount"]),
        ({"outcome": "conditional", "amount": "5"}, ["conditions"]),
        ({"outcome": "selected", "amount": "5", "conditions": "Un pilote."}, ["conditions"]),
        ({"outcome": "deferred"}, ["asked"]),
        ({"outcome": "reserve", "amount": "7"}, ["amount"]),
        ({"outcome": "reserve", "rank": "99999999999999999999"}, ["rank"]),
        ({"outcome": "deferred", "asked": "\0"}, ["asked"]),
    ],
)
def test_what_is_missing_or_astray_is_told_beside_its_field(client, item, said, wrong):
    client.force_login(chair_of(item.session))

    page = client.post(address(item), said)

    assert (list(page.context["form"].errors), Decision.objects.count()) == (wrong, 0)


def test_a_rejection_asks_for_every_reason_and_proposes_none(client, item):
    client.force_login(chair_of(item.session))

    page = client.post(address(item), {"outcome": "rejected"})

    form = page.context["form"]
    assert list(form.errors) == list(reason_fields(item))
    assert {form[name].value() for name in reason_fields(item)} == {None}


def test_a_rank_that_is_taken_is_told_beside_it(client, session, item):
    decide(agenda_item(session, state=Item.VOTED), "reserve")
    client.force_login(chair_of(session))

    page = client.post(address(item), {"outcome": "reserve", "rank": "1"})

    assert list(page.context["form"].errors) == ["rank"]


# Corrections


def test_a_correction_is_a_new_decision_that_the_case_follows(item):
    first = decide(item, "selected", amount=MILLION)

    second = correct(item, "rejected")

    item.refresh_from_db()
    item.case.refresh_from_db()
    assert (item.decision, item.case.state, second.revision) == (second, "rejected", 2)
    assert set(item.decisions.all()) == {first, second}
    assert Entry.objects.get(event="item.corrected").details.content["correction"] == "Erreur de saisie."


def test_a_correction_gives_back_what_it_replaces_and_no_more(session):
    item = agenda_item(session, state=Item.VOTED)
    decide(item, "selected", amount=6 * MILLION)
    decide(agenda_item(session, state=Item.VOTED), "selected", amount=2 * MILLION)

    with pytest.raises(envelope.EnvelopeExceeded):
        correct(item, "selected", amount=8 * MILLION + 1)
    correct(item, "selected", amount=8 * MILLION)

    assert envelope.remaining(session.envelope) == 0


def test_a_correction_may_keep_the_rank_it_had(item):
    decide(item, "reserve")

    assert correct(item, "reserve", rank=1, reason="Précisé.").rank == 1


def test_a_correction_says_why(item):
    decide(item, "reserve")

    with pytest.raises(Refused) as refusal:
        correct(item, "deferred", correction=" ")

    assert refusal.value.reason == "Dites pourquoi la décision est corrigée."


def test_a_correction_is_the_chairs(item):
    decide(item, "reserve")

    with pytest.raises(PermissionDenied):
        decisions.correct(
            item, outcome="reserve", correction="Pourquoi.", by=member_of(item.session.committee).user
        )


def test_a_closed_session_is_corrected_until_somebody_signs_its_minutes(session, item):
    decide(item, "reserve")
    CommitteeSession.objects.update(state="closed")
    correct(item, "deferred")
    minutes = Minutes.objects.create(
        session=session, recorded={}, text="Relevé", sha256="0" * 64, saved_by=chair_of(session)
    )
    MinutesSignature.objects.create(minutes=minutes, role="chair", user=chair_of(session), sha256="0" * 64)

    with pytest.raises(Refused) as refusal:
        correct(item, "reserve")

    assert refusal.value.reason == "Le relevé de décisions est signé : ses décisions ne se corrigent plus."


def test_once_the_session_is_closed_its_chair_corrects_without_being_in_the_room(session, item):
    decide(item, "reserve")
    session.attendances.update(left_at=session.attendances.get().arrived_at)
    CommitteeSession.objects.update(state="closed")

    assert correct(item, "deferred").revision == 2


def test_what_another_session_has_taken_up_is_decided_there(session, item):
    decide(item, "deferred")
    later = committee_session(session.fund)
    AgendaItem.objects.create(session=later, case=item.case, position=1)

    with pytest.raises(Refused) as refusal:
        correct(item, "reserve")

    assert refusal.value.reason.startswith("Ce dossier est depuis à l’ordre du jour d’une autre séance")


def test_what_is_announced_is_not_corrected(item):
    decide(item, "selected", amount=MILLION)
    announcement_of(item.case.call).laureates.update(case=item.case)

    with pytest.raises(Refused) as refusal:
        correct(item, "rejected")

    assert refusal.value.reason.startswith("Ce projet figure dans une annonce")


def test_the_chair_corrects_on_a_page_and_both_decisions_are_read(client, item):
    decide(item, "rejected")
    client.force_login(chair_of(item.session))
    proposed = client.get(address(item, "correct_decision")).context["form"].initial

    said = {"outcome": "selected", "amount": "500 000", "correction": "Montant retrouvé."}
    kept = {name: proposed[name] for name in reason_fields(item)}
    page = client.post(address(item, "correct_decision"), said | kept, follow=True).text

    assert proposed["outcome"] == "rejected"
    assert page.count("Retenu</strong> : 500\u202f000\u00a0€") == 1
    assert (page.count("Décision remplacée"), page.count("Montant retrouvé.")) == (1, 1)
    step = history(item.case.application)[0]
    assert (step.text, step.detail) == ("Décision du comité corrigée : retenu", "Montant retrouvé.")
