"""Until one's own review is finished, nothing tells what the others say: no page, no average, no order."""

import pytest

from selection.models import Case
from tests.factories import CallFactory, auditor_of, committee_session, head_of, officer_of, reviewed_case
from tests.selection.review_factories import assigned, review, reviewed_by

WORDS = "Marque que seul un lecteur permis voit."


@pytest.fixture
def case(db):
    """Finished by one reviewer, with words of theirs; entrusted to another."""
    case = reviewed_by(call=CallFactory(published=True))
    review(case, 1, 1, 1, 1, comment=WORDS)
    case.refresh_from_db()
    return case


@pytest.fixture
def blind(case):
    return assigned(case).reviewer


def reads(client, user, case, address=""):
    client.force_login(user)
    return (
        WORDS in client.get(f"/secretariat/dossiers/{case.application.reference}/{address}").content.decode()
    )


@pytest.mark.parametrize("address", ["", "evaluations/", "evaluation/"])
def test_who_has_not_finished_reads_nothing_of_the_others(client, case, blind, address):
    assert not reads(client, blind, case, address)


@pytest.mark.parametrize("address", ["", "evaluations/"])
def test_who_has_finished_reads_the_others(client, case, blind, address):
    review(case, 5, 5, 5, 5, by=blind)

    assert reads(client, blind, case, address)


@pytest.mark.parametrize("role", [head_of, auditor_of, officer_of])
def test_who_does_not_review_the_dossier_reads_all(client, case, blind, role):
    assert reads(client, role(case.application.call.fund), case, "evaluations/")


def test_a_head_who_reviews_is_as_blind_as_anyone(client, case):
    head = head_of(case.application.call.fund)
    assigned(case, head)

    assert not reads(client, head, case, "evaluations/")


def test_a_draft_is_read_by_nobody_else(client, case):
    writer = assigned(case).reviewer
    review(case, 2, 2, 2, 2, by=writer, finished=False, comment="Brouillon.")
    client.force_login(head_of(case.application.call.fund))

    response = client.get(f"/secretariat/dossiers/{case.application.reference}/evaluations/")

    assert "Brouillon." not in response.content.decode()


def test_an_average_is_not_told_to_who_has_not_finished(case, blind):
    seen = Case.objects.with_scores_for(blind).get(pk=case.pk)
    other = Case.objects.with_scores_for(officer_of(case.application.call.fund)).get(pk=case.pk)

    assert (seen.seen_score, seen.seen_spread, seen.seen_recommendation, seen.seen_amount) == (None,) * 4
    assert (other.seen_score, other.seen_recommendation) == (case.review_score, "favourable")


def test_what_will_never_be_finished_hides_nothing(case, blind):
    Case.objects.filter(pk=case.pk).update(state=Case.State.SHORTLISTED)

    assert Case.objects.with_scores_for(blind).get(pk=case.pk).seen_score == case.review_score


def test_the_agenda_neither_shows_nor_ranks_what_one_has_to_review(client, case, blind):
    call = case.application.call
    type(call).objects.filter(pk=call.pk).update(has_shortlist=False)
    better, session = reviewed_case(value=0, call=call), committee_session(call.fund, state="convened")
    client.force_login(blind)

    response = client.get(f"/secretariat/seances/{session.pk}/classement/")

    cases = [form.case for form in response.context["forms"]]
    found = [(each.pk, each.seen_score) for each in cases]
    assert found == [(better.pk, 0), (case.pk, None)]
