"""A laureate gives up: its money is free once, the first of the list is proposed, the chair validates or refuses."""

import zipfile
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from applications.actions import withdraw
from calls.models import Envelope
from journal import actions as journal
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection import envelope, tasks
from selection.actions import decisions
from selection.actions import succession as actions
from selection.evidence import archive, verifier
from selection.models import Case, Decision, Promotion, Withdrawal
from tests.database import in_parallel, past_the_guards, refused_by_the_database, write
from tests.factories import certifier_of, chair_of, contributor_of, head_of, member_of, officer_of
from tests.selection.deciding_factories import reasons_for
from tests.selection.evidence_factories import held_session
from tests.selection.letter_factories import sent
from tests.selection.succession_factories import (
    STATED,
    laureate_of,
    listed,
    promoted,
    reserve_of,
    stood_down,
)

pytestmark = pytest.mark.django_db


KEPT = ["decisions.json", "votes.json", "fiches.json", "releve.json", "presences.json"]


def told(template):
    return OutgoingEmail.objects.filter(template=f"selection/emails/{template}.txt")


# Giving up


def test_a_laureate_that_gives_up_frees_its_money_and_keeps_its_decision():
    session = listed()
    item = session.items.first()

    stood_down(session)

    item.refresh_from_db()
    assert (envelope.granted(session.envelope), item.decision.amount) == (0, 500_000)
    assert (item.decision.outcome, Case.objects.get(pk=item.case_id).withdrawn) == ("selected", True)


def test_both_sides_are_told_and_the_journal_says_why():
    session = listed(reserves=0)
    officer = officer_of(session.fund)

    stood_down(session)

    [entry] = Entry.objects.filter(event="case.stood_down")
    assert entry.details.content["reason"] == STATED["reason"]
    assert told("withdrawal_acknowledged").count() == 3  # who wrote it, who filed it, who gave it up
    assert officer.email in told("stood_down").values_list("to", flat=True)


def test_who_does_not_know_that_it_is_a_laureate_cannot_give_up_and_sees_no_page(client):
    session = listed(told=False)
    application = laureate_of(session)
    certifier = certifier_of(application.organisation)
    client.force_login(certifier)

    response = client.get(reverse("selection:stand_down", args=[application.key]))

    assert response.status_code == 404
    with pytest.raises(Refused):
        actions.stand_down(application, by=certifier, **STATED)


def test_a_contributor_gives_nothing_up():
    application = laureate_of(listed())

    with pytest.raises(PermissionDenied):
        actions.stand_down(application, by=contributor_of(application.organisation), **STATED)


def test_giving_up_twice_is_refused():
    session = listed()
    stood_down(session)

    with pytest.raises(Refused):
        stood_down(session)


def test_what_came_by_letter_is_recorded_by_the_secretariat():
    session = listed(told=False)

    made = actions.record_withdrawal(
        laureate_of(session), given_on=date(2027, 3, 1), by=session.prepared_by, **STATED
    )

    assert (made.by_letter, made.given_on, made.promotions.get().state) == (
        True,
        date(2027, 3, 1),
        "proposed",
    )


def test_a_dossier_withdrawn_otherwise_is_taken_up_by_the_worker_once():
    session = listed(told=False)
    application = laureate_of(session)
    withdraw(application, by=certifier_of(application.organisation), reason="Abandon.")

    tasks.fill_places()
    tasks.fill_places()

    made = Withdrawal.objects.get()
    assert (made.reason, made.recorded_by, made.promotions.count()) == ("Abandon.", None, 1)
    assert told("withdrawal_acknowledged").count() == 0


def test_a_withdrawal_never_changes():
    stood_down(listed())

    with refused_by_the_database():
        write("UPDATE selection_withdrawal SET reason = 'autre'")
    with refused_by_the_database():
        write("DELETE FROM selection_withdrawal")


# Who is proposed


def test_the_first_of_the_list_is_proposed_with_what_it_asked():
    session = listed()

    withdrawal = stood_down(session)

    promotion = withdrawal.promotions.get()
    assert (promotion.reserve.rank, promotion.amount) == (1, 600_000)
    assert list(told("promotion_to_settle").values_list("to", flat=True)) == [chair_of(session).email]


def test_no_more_is_proposed_than_the_envelope_holds():
    session = listed(laureates=2, commitments=Decimal(1_000_000))

    assert stood_down(session).promotions.get().amount == 500_000


def test_who_gave_up_on_the_list_is_left_out():
    session = listed()
    first = reserve_of(session, 1).item.case.application
    withdraw(first, by=certifier_of(first.organisation), reason="Abandon.")

    assert stood_down(session).promotions.get().reserve.rank == 2


def test_two_places_of_one_list_get_two_projects():
    session = listed(laureates=2, commitments=Decimal(2_000_000))
    [one, other] = [each.case.application for each in session.items.order_by("pk")[:2]]

    for application in (one, other):
        actions.stand_down(application, by=certifier_of(application.organisation), **STATED)

    assert list(Promotion.objects.values_list("reserve__rank", flat=True)) == [1, 2]


def test_an_exhausted_list_proposes_nobody():
    assert stood_down(listed(reserves=0)).promotions.count() == 0


def test_a_proposal_whose_project_gives_up_lapses_and_the_next_is_proposed():
    session = listed()
    withdrawal = stood_down(session)
    first = reserve_of(session, 1).item.case.application
    withdraw(first, by=certifier_of(first.organisation), reason="Abandon.")

    tasks.fill_places()

    assert list(withdrawal.promotions.values_list("state", "reserve__rank")) == [
        ("lapsed", 1),
        ("proposed", 2),
    ]


# The chair


def test_what_the_chair_validates_is_a_new_decision_and_the_first_one_stays():
    session = listed()

    decision = promoted(session)

    reserve = reserve_of(session, 1)
    assert (decision.revision, decision.outcome, decision.amount) == (2, "selected", 600_000)
    assert (reserve.item.decision_id, reserve.item.case.state) == (reserve.pk, "selected")
    assert envelope.granted(session.envelope) == 600_000


@pytest.mark.parametrize("person", ["head", "officer", "member"])
def test_only_who_leads_the_committee_settles(person):
    session = listed()
    promotion = stood_down(session).promotions.get()
    people = {"head": head_of, "officer": officer_of}
    by = people[person](session.fund) if person in people else member_of(session.committee).user

    with pytest.raises(PermissionDenied):
        actions.validate_promotion(promotion, amount=promotion.amount, by=by)
    with pytest.raises(PermissionDenied):
        actions.refuse_promotion(promotion, reason="Non.", by=by)


def test_a_refusal_says_why_and_the_next_of_the_list_is_proposed():
    session = listed()
    promotion = stood_down(session).promotions.get()

    following = actions.refuse_promotion(promotion, reason="Calendrier passé.", by=chair_of(session))

    promotion.refresh_from_db()
    assert (promotion.state, promotion.reason, following.reserve.rank) == ("refused", "Calendrier passé.", 2)
    assert reserve_of(session, 1).item.case.state == "reserve"


def test_a_settled_proposal_is_settled_for_good():
    session = listed()
    promoted(session)

    with pytest.raises(Refused):
        actions.refuse_promotion(Promotion.objects.get(), reason="Non.", by=chair_of(session))
    with refused_by_the_database():
        write("UPDATE selection_promotion SET state = 'proposed'")


def test_more_than_the_envelope_is_refused_and_nothing_is_kept():
    session = listed(commitments=Decimal(550_000))
    promotion = stood_down(session).promotions.get()

    with pytest.raises(envelope.EnvelopeExceeded):
        actions.validate_promotion(promotion, amount=Decimal(600_000), by=chair_of(session))

    assert Decision.objects.filter(promotion__isnull=False).count() == 0


def test_a_chair_alone_grants_no_more_than_was_asked():
    session = listed()
    promotion = stood_down(session).promotions.get()

    with pytest.raises(Refused, match="600\u202f000"):
        actions.validate_promotion(promotion, amount=Decimal(600_001), by=chair_of(session))


def test_the_database_itself_refuses_a_promotion_beyond_the_envelope():
    session = listed()
    promotion = stood_down(session).promotions.get()
    reserve = promotion.reserve

    with refused_by_the_database():
        Decision.objects.create(
            item=reserve.item,
            promotion=promotion,
            revision=2,
            correction="Sans l’action.",
            envelope=reserve.envelope,
            outcome="selected",
            amount=Decimal(1_000_001),
            decided_by=reserve.decided_by,
            decided_at=reserve.decided_at,
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [False, True])
def test_two_promotions_for_the_room_of_one_give_one(locked, monkeypatch):
    """Without the lock of the envelope the trigger still stands; with it the second chair is told why."""
    session = listed(laureates=2, reserves=2, commitments=Decimal(1_000_000))
    for item in session.items.order_by("pk")[:2]:
        application = item.case.application
        actions.stand_down(application, by=certifier_of(application.organisation), **STATED)
    with past_the_guards() as cursor:
        cursor.execute("UPDATE selection_promotion SET amount = 600000")
    tasks.fill_places()
    promotions, chair = list(Promotion.objects.all()), chair_of(session)
    if not locked:
        monkeypatch.setattr(envelope, "draw", lambda *_, **__: None)

    answers = in_parallel(
        *(partial(actions.validate_promotion, each, amount=Decimal(600_000), by=chair) for each in promotions)
    )

    assert (len(promotions), envelope.granted(session.envelope)) == (2, 600_000)
    assert sum(isinstance(each, Decision) for each in answers) == 1
    assert any(isinstance(each, Refused) for each in answers) == locked


@pytest.mark.django_db(transaction=True)
def test_one_proposal_validated_twice_at_once_is_one_decision():
    session = listed()
    promotion, chair = stood_down(session).promotions.get(), chair_of(session)

    answers = in_parallel(
        *[partial(actions.validate_promotion, promotion, amount=Decimal(500_000), by=chair)] * 2
    )

    assert sorted(type(each).__name__ for each in answers) == ["Decision", "Refused"]
    assert envelope.granted(Envelope.objects.get()) == 500_000


def test_who_is_promoted_may_give_up_in_turn():
    session = listed()
    decision = promoted(session)
    application = decision.item.case.application
    sent(session)

    actions.stand_down(application, by=certifier_of(application.organisation), **STATED)

    assert envelope.granted(session.envelope) == 0
    assert Promotion.objects.last().reserve.rank == 2


@pytest.mark.parametrize("whose", ["given up", "promoted"])
def test_what_another_decision_followed_is_not_corrected(whose):
    session = listed()
    item = session.items.first() if whose == "given up" else reserve_of(session, 1).item
    promoted(session)

    with pytest.raises(Refused, match="ne se corrige plus"):
        decisions.correct(
            item,
            correction="Erreur.",
            outcome="rejected",
            reasons=reasons_for(item),
            by=chair_of(session),
        )


# What the session left


def test_the_evidence_of_a_signed_session_still_verifies_and_its_decisions_do_not_change(tmp_path):
    session = held_session()
    selected, reserve = (session.items.get(decision__outcome=each) for each in ("selected", "reserve"))
    journal.seal()
    archive.write(tmp_path / "before.zip", session.pk)

    withdrawal = actions.record_withdrawal(
        selected.case.application, given_on=date(2027, 4, 1), by=session.prepared_by, **STATED
    )
    promotion = withdrawal.promotions.get(reserve=reserve.decision)
    actions.validate_promotion(promotion, amount=Decimal(350_000), by=chair_of(session))
    journal.seal()
    archive.write(tmp_path / "after.zip", session.pk)

    before, after = kept_in(tmp_path / "before.zip"), kept_in(tmp_path / "after.zip")
    report = verifier.Report()
    verifier.check(verifier.Files(tmp_path / "after.zip"), report, None)
    assert (report.altered, before) == ([], after)


def kept_in(path):
    with zipfile.ZipFile(path) as files:
        return {name: files.read(name) for name in KEPT}
