"""The dossiers the committee will hear of."""

import pytest

from applications import actions as applications
from applications.models import Recusal
from journal.refusals import Refused
from selection.actions import shortlist as actions
from selection.models import Case, Review
from selection.shortlisting import mark, reviewed_cases, seal
from selection.views.shortlist import AT_MOST
from tests.factories import (
    CallFactory,
    EnvelopeFactory,
    case_in,
    certifier_of,
    officer_of,
    reviewed_case,
)

State = Case.State


def recused_officer(application):
    officer = officer_of(application.call.fund)
    Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")
    return officer


# Shortlist


@pytest.fixture
def call(db):
    return CallFactory(published=True)


def choose(call, by, *, kept=(), left_out=(), reason="Économies non étayées."):
    """Keep choices as the page would, from what stands."""
    choices = {case.pk: (True, "", mark(Case.objects.get(pk=case.pk))) for case in kept}
    choices |= {case.pk: (False, reason, mark(Case.objects.get(pk=case.pk))) for case in left_out}
    return actions.keep_choices(call, choices, by=by)


def draw(call, by):
    return actions.draw_shortlist(call, seen=seal(list(reviewed_cases(call))), by=by)


def shown(client, call, user, page=""):
    client.force_login(user)
    return client.get(f"/secretariat/appels/{call.slug}/preselection/{page}").text


def test_the_shortlist_keeps_the_chosen_and_turns_down_the_others_with_their_reasons(call):
    kept, other = reviewed_case(call=call), reviewed_case(call=call)
    unfinished, officer = case_in(State.UNDER_REVIEW, call=call), officer_of(call.fund)
    choose(call, officer, kept=[kept], left_out=[other])

    count = draw(call, officer)

    found = {pk: rest for pk, *rest in Case.objects.values_list("pk", "state", "shortlist_reason")}
    assert count == 1
    assert found == {
        kept.pk: [State.SHORTLISTED, ""],
        other.pk: [State.NOT_SHORTLISTED, "Économies non étayées."],
        unfinished.pk: [State.UNDER_REVIEW, ""],
    }


def test_choices_are_kept_before_the_shortlist_is_drawn(call, client):
    case, officer = reviewed_case(call=call), officer_of(call.fund)
    client.force_login(officer)
    address, name = f"/secretariat/appels/{call.slug}/preselection/", f"dossier-{case.pk}"

    client.post(
        address,
        {"case": case.pk, f"{name}-choice": "no", f"{name}-reason": "Trop tôt.", f"{name}-read": mark(case)},
    )

    case.refresh_from_db()
    assert (case.state, case.shortlist_choice, case.shortlist_reason) == (
        State.UNDER_REVIEW,
        False,
        "Trop tôt.",
    )


def test_a_choice_is_not_written_over_a_colleague_s_and_both_are_shown(call, client):
    case, officer = reviewed_case(call=call), officer_of(call.fund)
    choose(call, officer_of(call.fund), left_out=[case], reason="Motif du collègue.")
    client.force_login(officer)
    name = f"dossier-{case.pk}"

    page = client.post(
        f"/secretariat/appels/{call.slug}/preselection/",
        {
            "case": case.pk,
            f"{name}-choice": "yes",
            f"{name}-reason": "Mon motif.",
            f"{name}-read": mark(case),
        },
    ).text

    case.refresh_from_db()
    assert case.shortlist_reason == "Motif du collègue."
    assert ("écarter, « Motif du collègue. »" in page, "Mon motif." in page) == (True, True)


@pytest.mark.parametrize("pk", ["\0", "9" * 30, "-1", "x"])
def test_a_choice_about_nothing_is_ignored(call, client, pk):
    client.force_login(officer_of(call.fund))

    response = client.post(f"/secretariat/appels/{call.slug}/preselection/", {"case": pk})

    assert response.status_code == 302


def test_a_shortlist_with_nothing_chosen_is_refused(call):
    case, officer = reviewed_case(call=call), officer_of(call.fund)
    choose(call, officer, left_out=[case])

    with pytest.raises(Refused) as refusal:
        draw(call, officer)

    assert refusal.value.reason == "Présélectionnez au moins un dossier."


def test_a_shortlist_with_a_dossier_still_to_decide_is_refused(call):
    kept, officer = reviewed_case(call=call), officer_of(call.fund)
    reviewed_case(call=call)
    choose(call, officer, kept=[kept])

    with pytest.raises(Refused) as refusal:
        draw(call, officer)

    assert refusal.value.reason == "Un dossier n’a pas encore de choix."


def test_what_is_left_out_needs_a_reason(call):
    kept, other, officer = reviewed_case(call=call), reviewed_case(call=call), officer_of(call.fund)
    choose(call, officer, kept=[kept], left_out=[other], reason="")

    with pytest.raises(Refused) as refusal:
        draw(call, officer)

    assert refusal.value.reason.startswith("Un dossier écarté n’a pas de motif")


def test_a_shortlist_changed_since_its_preview_is_not_drawn(call):
    case, officer = reviewed_case(call=call), officer_of(call.fund)
    choose(call, officer, kept=[case])
    seen = seal(list(reviewed_cases(call)))
    reviewed_case(call=call)

    with pytest.raises(Refused) as refusal:
        actions.draw_shortlist(call, seen=seen, by=officer)

    assert refusal.value.reason.startswith("La préparation a changé depuis votre aperçu")


def test_a_dossier_of_another_call_is_not_chosen(call):
    other = reviewed_case()

    assert choose(call, officer_of(call.fund), kept=[other]) == ([], 1)


def test_what_was_withdrawn_is_not_chosen(call):
    case = reviewed_case(call=call)
    applications.withdraw(case.application, by=certifier_of(case.application.organisation))

    assert choose(call, officer_of(call.fund), kept=[case]) == ([], 1)


def test_a_call_without_a_shortlist_draws_none(db):
    call = CallFactory(published=True, has_shortlist=False)
    reviewed_case(call=call)

    with pytest.raises(Refused):
        draw(call, officer_of(call.fund))


def test_who_is_recused_from_a_dossier_of_a_call_does_not_draw_its_shortlist(call):
    mine, other = reviewed_case(call=call), reviewed_case(call=call)
    officer = recused_officer(mine.application)
    choose(call, officer_of(call.fund), kept=[other], left_out=[mine])

    with pytest.raises(Refused):
        draw(call, officer)

    assert set(Case.objects.values_list("state", flat=True)) == {State.UNDER_REVIEW}


def test_who_owes_a_review_sees_nothing_of_the_others_and_does_not_draw(call, client):
    case, officer = reviewed_case(call=call), officer_of(call.fund)
    Case.objects.update(proposed_amount=123_456, shortlist_choice=True)
    Review.objects.create(case=case, reviewer=officer)

    pages = [shown(client, call, officer, page) for page in ("", "apercu/")]

    assert [page.count("123\u202f456") + page.count("123 456") + page.count("4,00") for page in pages] == [
        0,
        0,
    ]
    with pytest.raises(Refused):
        draw(call, officer)


def test_a_reason_is_first_the_synthesis_of_the_review(call, client):
    case = reviewed_case(call=call)
    case.reviews.update(comment="Synthèse de l’évaluation.")

    page = shown(client, call, officer_of(call.fund))

    assert page.count("Synthèse de l’évaluation.") == 1


def test_the_page_adds_up_what_is_proposed_against_what_is_left(call, client):
    EnvelopeFactory(fund=call.fund, commitments=1000)
    reviewed_case(call=call), reviewed_case(call=call)
    Case.objects.update(proposed_amount=800, shortlist_choice=True)

    page = shown(client, call, officer_of(call.fund)).replace("\u202f", " ").replace("\xa0", " ")

    assert ("1 600 €" in page, "600 €</dd>" in page) == (True, True)


def test_a_review_still_to_come_is_counted_and_linked(call, client):
    reviewed_case(call=call)
    waiting = case_in(State.ELIGIBLE, call=call)

    page = shown(client, call, officer_of(call.fund))

    assert "1 dossier attend encore une évaluation terminée" in page
    assert page.count(f'href="{waiting.get_absolute_url()}"') == 1


def test_the_page_names_the_first_of_those_that_wait_and_counts_the_others(call, client):
    for _ in range(AT_MOST + 1):
        case_in(State.ELIGIBLE, call=call)
    client.force_login(officer_of(call.fund))

    unfinished = client.get(f"/secretariat/appels/{call.slug}/preselection/").context["unfinished"]

    assert (len(unfinished["first"]), unfinished["count"], unfinished["more"]) == (AT_MOST, AT_MOST + 1, 1)
