"""An act on many dossiers: previewed, confirmed once, done dossier by dossier whatever happens to one of them."""

from threading import Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import escape

from applications.models import Message, Recusal
from journal.models import Entry, OutgoingEmail
from selection import batches, desk, eligibility
from selection.actions import batches as actions
from selection.actions import desk as desk_actions
from selection.actions.conflicts import recuse_oneself
from selection.models import Batch, BatchRow, Case
from tests import factories
from tests.clock import from_now
from tests.selection.opinion_factories import opinion_asked

pytestmark = pytest.mark.django_db
Act, State = Batch.Act, BatchRow.State


@pytest.fixture
def call():
    return factories.CallFactory(published=True)


@pytest.fixture
def officer(call):
    return factories.officer_of(call.fund)


def cases_of(call, count):
    return [factories.case_in(Case.State.TO_CHECK, call=call) for _ in range(count)]


def ask(call, act, cases, given, by, nonce="page"):
    rows = [(case.application_id, case.state, "") for case in cases]
    return actions.ask_batch(call.fund, act=act, given=given, rows=rows, nonce=nonce, by=by)


def run(batch):
    while actions.do_next(batch):
        pass


def reported(batch):
    return list(batch.rows.values_list("state", "reason"))


def label_of(call, officer, name="Prioritaire"):
    label = desk_actions.make_label(call.fund, name=name, by=officer)
    return label, {"label": label.pk, "name": label.name}


# Running


def test_opinions_asked_on_many_dossiers_are_told_in_one_message(call, officer):
    fit, asked = cases = cases_of(call, 2)
    expert = factories.UserFactory(email="expert@expertise.example")
    opinion_asked(asked, email=expert.email)
    sent = OutgoingEmail.objects.count()
    given = {
        "body": "Direction du budget",
        "email": expert.email,
        "purpose": "Les économies sont-elles crédibles ?",
        "questions": [],
        "on_criteria": True,
        "confidentiality": "committee",
        "due_at": from_now(days=5).isoformat(),
        "attachments": False,
        "carrier": True,
    }

    batch = ask(call, Act.OPINION, cases, given, officer)
    run(batch)

    assert reported(batch) == [
        (State.DONE, ""),
        (State.REFUSED, f"Un avis y est déjà demandé à {expert.email}."),
    ]
    assert fit.opinion_requests.get().sees == {"sections": None, "attachments": False, "carrier": True}
    assert OutgoingEmail.objects.count() == sent + 1


def test_a_dossier_that_moved_is_refused_with_what_and_why_and_the_rest_is_done(call, officer):
    moved, withdrawn, recused, done, fit = cases = cases_of(call, 5)
    label, given = label_of(call, officer)
    batch = ask(call, Act.LABEL, cases, given, officer)
    factories.taken_up(moved.application, Case.State.ELIGIBLE)
    withdrawn.application.state = "withdrawn"
    withdrawn.application.save()
    Recusal.objects.create(application=recused.application, user=officer, reason="Ancien employeur")
    done.labels.add(label)

    run(batch)

    assert reported(batch) == [
        (
            State.REFUSED,
            "Ce dossier a changé entre-temps : il était « recevabilité à examiner », il est « recevable ».",
        ),
        (State.REFUSED, "Ce dossier est retiré par son porteur : rien ne s’y fait plus."),
        (State.REFUSED, "Vous ne pouvez pas, ou plus, traiter ce dossier."),
        (State.REFUSED, "Porte déjà cette étiquette."),
        (State.DONE, ""),
    ]
    assert set(label.cases.all()) == {done, fit}


def test_a_batch_that_a_worker_left_in_the_middle_is_finished_and_nothing_is_sent_twice(call, officer):
    batch = ask(call, Act.MESSAGE, cases_of(call, 3), {"text": "Bonjour {reference}."}, officer)
    actions.do_next(batch)

    actions.do_next()
    run(batch)
    run(batch)

    references = batch.rows.values_list("application__reference", flat=True)
    assert [message.text for message in Message.objects.order_by("pk")] == [
        f"Bonjour {reference}." for reference in references
    ]
    assert Entry.objects.filter(event="batch.finished").count() == 1


def test_a_row_forgotten_after_its_message_went_does_not_send_it_again(call, officer):
    batch = ask(call, Act.MESSAGE, cases_of(call, 1), {"text": "Bonjour."}, officer)
    run(batch)
    batch.rows.update(state=State.WAITING)

    run(batch)

    assert Message.objects.count() == 1


def test_the_same_preview_confirmed_twice_is_one_batch(call, officer):
    cases = cases_of(call, 2)

    first = ask(call, Act.MESSAGE, cases, {"text": "Bonjour."}, officer)
    second = ask(call, Act.MESSAGE, cases, {"text": "Bonjour."}, officer)

    assert (first, BatchRow.objects.count()) == (second, 2)


def test_an_unforeseen_failure_stops_that_dossier_alone(call, officer, monkeypatch):
    first, second = cases = cases_of(call, 2)
    label, given = label_of(call, officer)
    batch = ask(call, Act.LABEL, cases, given, officer)
    label_case = actions.STEPS[Act.LABEL]

    def failing(case, batch, by):
        label_case(case, batch, by)
        if case == first:
            raise ZeroDivisionError

    monkeypatch.setitem(actions.STEPS, Act.LABEL, failing)
    run(batch)

    assert reported(batch) == [(State.REFUSED, actions.FAILED), (State.DONE, "")]
    assert list(label.cases.all()) == [second]


def test_who_is_given_many_dossiers_is_told_once(call, officer):
    colleague = factories.officer_of(call.fund)
    given = {"officer": colleague.pk, "name": colleague.name, "before": {}}
    batch = ask(call, Act.ASSIGN, cases_of(call, 3), given, officer)

    run(batch)

    [email] = OutgoingEmail.objects.filter(to=colleague.email)
    assert (email.subject, Case.objects.filter(officer=colleague).count()) == (
        "3 dossiers vous sont confiés",
        3,
    )


def test_a_dossier_entrusted_meanwhile_to_another_is_left_to_them(call, officer):
    [case] = cases_of(call, 1)
    given = {"officer": officer.pk, "name": officer.name, "before": {}}
    batch = ask(call, Act.ASSIGN, [case], given, officer)
    colleague = factories.officer_of(call.fund)
    desk_actions.assign_officer(case.application, colleague, by=colleague)

    run(batch)

    assert reported(batch) == [(State.REFUSED, f"Entre-temps, ce dossier a été confié à {colleague.name}.")]


def test_dossiers_are_declared_eligible_together(call, officer):
    cases = cases_of(call, 2)
    batch = ask(call, Act.ELIGIBLE, cases, {"reason": ""}, officer)

    run(batch)

    assert set(Case.objects.values_list("state", flat=True)) == {Case.State.ELIGIBLE}


@pytest.mark.django_db(transaction=True)
def test_two_people_running_on_the_same_dossiers_do_each_thing_once(call, officer):
    cases = cases_of(call, 4)
    _, given = label_of(call, officer)
    other = factories.officer_of(call.fund)
    asked = [
        ask(call, Act.LABEL, cases, given, officer, nonce="a"),
        ask(call, Act.LABEL, cases[::-1], given, other, nonce="b"),
    ]

    threads = [Thread(target=run_apart, args=[batch]) for batch in asked * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert BatchRow.objects.filter(state=State.DONE).count() == 4
    assert BatchRow.objects.filter(state=State.REFUSED, reason="Porte déjà cette étiquette.").count() == 4
    assert Entry.objects.filter(event="case.labelled").count() == 4
    assert Entry.objects.filter(event="batch.finished").count() == 2


def run_apart(batch):
    try:
        run(batch)
    finally:
        connection.close()


# The pages


def test_a_selection_is_previewed_then_done_and_reported(call, officer, client):
    first, second = cases_of(call, 2)
    label, _ = label_of(call, officer)
    second.labels.add(label)
    client.force_login(officer)
    address = reverse("selection:new_batch")
    ticked = [first.application.reference, second.application.reference]

    details = client.post(address, {"reference": [*ticked, "INCONNU-1"], "act": "label"})
    typed = {"references": details.context["form"]["references"].value(), "act": "label", "label": label.pk}
    preview = client.post(address, typed | {"step": "details"})
    before = BatchRow.objects.count()
    report = client.post(
        reverse("selection:confirm_batch"), {"signed": preview.context["signed"]}, follow=True
    )

    assert (details.context["unknown"], before) == (["INCONNU-1"], 0)
    assert (preview.context["able_count"], preview.context["unable"]) == (
        1,
        [(second, "Porte déjà cette étiquette.")],
    )
    assert report.context["counts"] == {State.WAITING: 0, State.DONE: 1, State.REFUSED: 1}


def test_what_moved_between_the_preview_and_its_confirmation_is_reported_by_name_and_the_rest_done(
    call, officer, client
):
    moved, withdrawn, fit = cases = cases_of(call, 3)
    label, _ = label_of(call, officer)
    client.force_login(officer)
    references = " ".join(case.application.reference for case in cases)
    preview = client.post(
        reverse("selection:new_batch"),
        {"references": references, "act": "label", "label": label.pk, "step": "details"},
    )
    factories.taken_up(moved.application, Case.State.ELIGIBLE)
    withdrawn.application.state = "withdrawn"
    withdrawn.application.save()

    report = client.post(
        reverse("selection:confirm_batch"), {"signed": preview.context["signed"]}, follow=True
    )

    said = {row.application.reference: row.reason for row in BatchRow.objects.select_related("application")}
    assert preview.context["able_count"] == 3
    assert list(label.cases.all()) == [fit]
    assert ("a changé entre-temps" in said[str(moved)], "retiré par" in said[str(withdrawn)]) == (True, True)
    assert [reason for reason in said.values() if escape(reason) not in report.text] == []


def test_the_whole_of_a_list_is_chosen_by_its_query(call, officer, client):
    first, _ = cases_of(call, 2)
    factories.taken_up(first.application, Case.State.ELIGIBLE)
    client.force_login(officer)

    details = client.post(
        reverse("selection:new_batch"), {"all": f"appel={call.slug}&etat=to_check", "act": "eligible"}
    )

    assert details.context["count"] == 1


def test_a_preview_is_changed_without_typing_everything_again(call, officer, client):
    [case] = cases_of(call, 1)
    client.force_login(officer)
    address = reverse("selection:new_batch")
    typed = {"references": case.application.reference, "act": "message", "text": "Bonjour.", "template": ""}

    preview = client.post(address, typed | {"step": "details"})
    again = client.post(address, dict(preview.context["typed"]) | {"step": "edit"})

    form = again.context["form"]
    assert (form["text"].value(), form["step"].value()) == ("Bonjour.", "details")


def test_a_field_that_no_dossier_fills_in_is_refused_beside_the_message(call, officer, client):
    [case] = cases_of(call, 1)
    client.force_login(officer)
    typed = {"references": case.application.reference, "act": "message", "step": "details"}

    response = client.post(reverse("selection:new_batch"), typed | {"text": "Bonjour {prenom}."})

    assert response.context["form"].errors["text"] == ["Aucun dossier ne sait remplir « {prenom} »."]


def test_a_dossier_without_a_value_for_a_field_is_told_in_the_preview(call, officer):
    [case] = cases_of(call, 1)

    reasons = batches.why_not(Act.MESSAGE, [case], {"text": "Avant le {date_limite}."}, officer)

    assert reasons == {case.pk: "Rien à écrire à la place de « {date_limite} » pour ce dossier."}


def test_a_preview_of_eligibility_names_the_rules_that_are_left_to_settle(call, officer):
    [case] = cases_of(call, 1)
    before = batches.why_not(Act.ELIGIBLE, [case], {}, officer)
    call.carrier_rules.create(kind="ministere")  # the carrier is an operator

    reasons = batches.why_not(Act.ELIGIBLE, [Case.objects.get()], {}, officer)

    [line] = eligibility.unsettled(eligibility.examined(case))
    assert (before, reasons) == (
        {},
        {
            case.pk: "Des règles ne sont pas respectées, ou restent à vérifier :"
            f" {line.finding.label} Tranchez-les d’abord."
        },
    )


def test_a_tie_to_settle_is_told_in_the_preview(call, officer):
    [case] = cases_of(call, 1)
    colleague = factories.officer_of(call.fund)
    colleague.interests.create(organisation=case.application.organisation, nature="former_employer")

    reasons = batches.why_not(Act.ASSIGN, [case], {"officer": colleague.pk}, officer)

    assert reasons == {case.pk: desk.why_not_in_charge(colleague, case.application)}
    assert "à trancher" in reasons[case.pk]


def test_a_preview_of_someone_else_is_not_confirmed(call, officer, client):
    [case] = cases_of(call, 1)
    client.force_login(officer)
    typed = {"references": case.application.reference, "act": "eligible", "step": "details"}
    preview = client.post(reverse("selection:new_batch"), typed)

    client.force_login(factories.head_of(call.fund))
    client.post(reverse("selection:confirm_batch"), {"signed": preview.context["signed"]})

    assert Batch.objects.count() == 0


def test_dossiers_of_two_funds_are_not_treated_together(call, officer, client):
    [case] = cases_of(call, 1)
    other = factories.case_in(Case.State.TO_CHECK)
    other.call.fund.roles.create(user=officer, role="officer")
    client.force_login(officer)
    typed = f"{case.application.reference} {other.application.reference}"

    response = client.post(reverse("selection:new_batch"), {"references": typed, "act": "label"})

    assert response.context["form"].errors["references"] == [
        "Ces dossiers relèvent de plusieurs fonds : faites une action groupée par fonds."
    ]


def test_a_report_hides_the_dossiers_one_is_recused_from(call, officer, client):
    first, second = cases = cases_of(call, 2)
    _, given = label_of(call, officer)
    batch = ask(call, Act.LABEL, cases, given, officer)
    run(batch)
    colleague = factories.officer_of(call.fund)
    Recusal.objects.create(application=first.application, user=colleague, reason="Ancien employeur")
    client.force_login(colleague)

    response = client.get(reverse("selection:batch", args=[batch.pk]))
    [listed] = client.get(reverse("selection:batches"), {"de": "tous"}).context["page"]

    assert [row.application.case for row in response.context["page"]] == [second]
    assert (listed.done, listed.refused, listed.waiting) == (1, 0, 0)


def test_a_batch_of_dossiers_that_are_all_kept_from_someone_does_not_exist_for_them(call, officer, client):
    [case] = cases_of(call, 1)
    _, given = label_of(call, officer)
    batch = ask(call, Act.LABEL, [case], given, officer)
    colleague = factories.officer_of(call.fund)
    Recusal.objects.create(application=case.application, user=colleague, reason="Ancien employeur")
    client.force_login(colleague)

    report = client.get(reverse("selection:batch", args=[batch.pk]))
    listed = client.get(reverse("selection:batches"), {"de": "tous"})

    assert (report.status_code, list(listed.context["page"])) == (404, [])


def test_who_is_recused_from_a_dossier_since_is_not_told_that_it_is_theirs(call, officer):
    cases = cases_of(call, 2)
    colleague = factories.officer_of(call.fund)
    batch = ask(call, Act.ASSIGN, cases, {"officer": colleague.pk}, officer)
    actions.do_next(batch)
    recuse_oneself(cases[0].application, reason="Conjoint", by=colleague)
    OutgoingEmail.objects.all().delete()

    run(batch)

    assert OutgoingEmail.objects.get(to=colleague.email).context["count"] == 1


@pytest.mark.parametrize("act", [Act.LABEL, Act.UNLABEL, Act.MESSAGE])
def test_a_preview_costs_as_much_for_three_dossiers_as_for_one(act, call, officer, django_assert_num_queries):
    cases_of(call, 3)
    _, label = label_of(call, officer)
    given = {"text": "Bonjour {date_limite}.", "officer": officer.pk, "reason": ""} | label

    for count in (1, 3):
        cases = list(batches.treatable_by(officer)[:count])
        with django_assert_num_queries(2):
            batches.why_not(act, cases, given, officer)
