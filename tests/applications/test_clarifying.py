"""More is asked on a filed dossier: what opens again, what the answer freezes, what happens past the time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from applications import actions, exchanges
from applications.lifecycle import State
from applications.models import Application, Attachment, Clarification, Message, Recusal
from calls.models import Round
from journal.models import OutgoingEmail
from journal.refusals import Refused
from selection.actions import eligibility
from tests.clock import from_now
from tests.database import refused_by_the_database, write
from tests.factories import (
    StoredFileFactory,
    certifier_of,
    clarified_application,
    complete_draft,
    filed_application,
    officer_of,
)
from tests.selection.eligibility_factories import turned_down

pytestmark = pytest.mark.django_db
NEW = {"resume": "Un résumé précisé."}


def ask(application, *keys, by=None, **delta):
    actions.ask_clarification(
        application,
        questions=dict.fromkeys(keys or ["projet"], "Précisez."),
        due_at=from_now(**delta or {"days": 5}),
        by=by or officer_of(application.call.fund),
    )
    application.refresh_from_db()


def let_time_pass(application):
    Clarification.objects.filter(application=application).update(due_at=from_now(seconds=-1))


def answers_of(application, key):
    return application.sections.get(section_key=key).answers


def complete(application, **changed):
    section = application.sections.get(section_key="projet")
    answers = section.answers | (changed or NEW)
    actions.save_section(application, "projet", answers, version=section.version, by=application.created_by)


def answer(application, **said):
    return actions.answer_clarification(application, by=certifier_of(application.organisation), **said)


def told(name):
    emails = OutgoingEmail.objects.filter(template=f"applications/emails/{name}.txt")
    return sorted(emails.values_list("to", flat=True))


def test_asking_opens_the_sections_named_and_them_alone():
    application = clarified_application(questions={"projet": "Précisez."})
    writer = application.created_by

    closed = {
        section["key"]
        for section in application.form.sections
        if actions.why_not_writable(application, writer, section["key"])
    }

    assert application.state == State.CLARIFYING
    assert closed == {section["key"] for section in application.form.sections} - {"projet"}
    assert actions.why_not_writable(application, writer)


def test_asking_tells_the_carrier_and_who_may_file_for_it():
    application = filed_application()
    certifier = application.submissions.get().filed_by

    ask(application)

    assert told("clarification_asked") == sorted([application.created_by.email, certifier.email])


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("UPDATE applications_sectionanswers SET version = 9 WHERE section_key = 'projet'", False),
        ("UPDATE applications_sectionanswers SET version = 9 WHERE section_key <> 'projet'", True),
        ("UPDATE applications_sectionanswers SET section_key = 'autre' WHERE section_key = 'projet'", True),
        ("DELETE FROM applications_financingline", True),
        ("UPDATE applications_savingsline SET amount = 1", False),
        ("UPDATE applications_attachment SET name = 'autre.pdf' WHERE question_key = ''", True),
        ("UPDATE applications_attachment SET name = 'autre.pdf' WHERE question_key = 'resume'", False),
    ],
)
def test_the_database_itself_refuses_what_was_not_asked_for(statement, refused):
    application = complete_draft()
    for question in ("", "resume"):
        Attachment.objects.create(
            application=application,
            file=StoredFileFactory(),
            name="annexe.pdf",
            question_key=question,
            added_by=application.created_by,
        )
    actions.file_application(application, by=certifier_of(application.organisation))
    savings = next(each["key"] for each in application.form.sections if each["kind"] == "savings")
    ask(application, "projet", savings)

    if refused:
        with refused_by_the_database():
            write(statement)
    else:
        write(statement)


def test_the_answer_freezes_the_sections_named_and_nothing_else_that_was_typed():
    """Taken back and never filed again, the dossier holds words that were not filed: they stay out."""
    application = filed_application()
    actions.take_back(application, by=application.created_by)
    application.financing_lines.update(amount=1)
    others = application.sections.exclude(section_key="projet")
    others.update(answers={"autre": "jamais déposé"})
    Round.objects.update(closes_at=from_now(seconds=-1))
    before = application.submissions.latest()
    ask(application)
    complete(application)

    after = answer(application)

    application.refresh_from_db()
    assert (application.state, after.revision) == (State.FILED, before.revision + 1)
    assert (after.requested_grant, after.content["financing"]) == (
        before.requested_grant,
        before.content["financing"],
    )
    changed = [
        new["key"]
        for new, old in zip(after.content["sections"], before.content["sections"], strict=True)
        if new != old
    ]
    assert changed == ["projet"]
    assert after.content["sections"][0]["answers"][0]["value"] == NEW["resume"]


def test_an_answer_is_a_filing_with_its_proof_and_tells_the_secretariat():
    application = filed_application()
    officer = officer_of(application.call.fund)
    ask(application, by=officer)
    complete(application)
    OutgoingEmail.objects.all().delete()

    submission = answer(application, text="Voici le calendrier.")

    assert told("clarification_answered") == [officer.email]
    assert application.created_by.email in told("filing_receipt")
    assert application.clarifications.get().submission == submission
    assert Message.objects.get().text == "Voici le calendrier."


def test_answering_twice_makes_one_submission():
    application = clarified_application()
    complete(application)

    first, again = answer(application, text="Voici."), answer(application, text="Voici.")

    assert (first, application.submissions.count(), Message.objects.count()) == (again, 2, 1)


def test_an_answer_that_changes_and_says_nothing_is_refused():
    application = clarified_application()

    with pytest.raises(Refused, match="Rien n’a changé"):
        answer(application)

    assert application.submissions.count() == 1


def test_an_incomplete_answer_is_refused_for_its_own_sections_alone():
    application = clarified_application()
    application.call.refresh_from_db()
    complete(application, resume="")

    with pytest.raises(Refused, match="ne sont pas complets"):
        answer(application, text="Voici.")


def test_a_late_answer_is_refused_and_the_last_submission_stands():
    application = clarified_application()
    complete(application)
    let_time_pass(application)

    with pytest.raises(Refused, match="Votre dernier dépôt fait foi"):
        answer(application)

    assert actions.why_not_writable(application, application.created_by, "projet")
    assert application.submissions.standing().count() == 1


def test_the_writer_prepares_and_the_certifier_files():
    application = clarified_application()
    complete(application)

    with pytest.raises(PermissionDenied):
        actions.answer_clarification(application, by=application.created_by)
    actions.hand_clarification_over(application, by=application.created_by)

    assert told("clarification_ready") == [application.submissions.get().filed_by.email]


def test_more_time_reopens_what_had_closed():
    application = clarified_application()
    let_time_pass(application)

    actions.extend_clarification(application, due_at=from_now(days=1), by=officer_of(application.call.fund))
    complete(application)

    assert answer(application).revision == 2


def test_time_given_is_never_taken_back():
    application = clarified_application()

    with pytest.raises(Refused, match="jamais raccourci"):
        actions.extend_clarification(
            application, due_at=from_now(days=1), by=officer_of(application.call.fund)
        )


def test_calling_off_leaves_the_dossier_as_it_was_filed():
    application = clarified_application()
    complete(application)

    actions.call_off_clarification(application, by=officer_of(application.call.fund))

    application.refresh_from_db()
    assert (application.state, application.submissions.count()) == (State.FILED, 1)
    assert list(exchanges.open_clarifications(Application.objects.all())) == []
    assert told("clarification_called_off") != []


def test_the_most_pressing_request_comes_first_and_one_of_a_withdrawn_dossier_is_not_told():
    late, soon, withdrawn = (clarified_application(due_in=timedelta(hours=n)) for n in (48, 24, 1))
    actions.withdraw(withdrawn, by=certifier_of(withdrawn.organisation))

    found = exchanges.open_clarifications(Application.objects.all())

    assert [asked.application for asked in found] == [soon, late]


@pytest.mark.parametrize("late", [False, True])
def test_the_instruction_goes_on_once_the_time_is_past(late):
    application = clarified_application()
    officer = officer_of(application.call.fund)
    if late:
        let_time_pass(application)
        eligibility.declare_eligible(application, by=officer)
    else:
        with pytest.raises(Refused, match="levez d’abord la demande"):
            eligibility.declare_eligible(application, by=officer)

    application.refresh_from_db()
    assert application.state == (State.FILED if late else State.CLARIFYING)
    assert Clarification.objects.open().exists() != late


@pytest.mark.parametrize("why", ["recused", "carrier", "elsewhere"])
def test_only_its_secretariat_asks(why):
    application = filed_application()
    by = {
        "recused": lambda: officer_of(application.call.fund),
        "carrier": lambda: application.created_by,
        "elsewhere": lambda: officer_of(filed_application().call.fund),
    }[why]()
    if why == "recused":
        Recusal.objects.create(application=application, user=by, reason="Ancien employeur")

    with pytest.raises(PermissionDenied):
        ask(application, by=by)


# The pages


def posted(**said):
    day = from_now(days=3).date().isoformat()
    return {"question-projet": "Précisez le calendrier.", "day": day, **said}


def test_the_officer_asks_section_by_section(client):
    application = filed_application()
    client.force_login(officer_of(application.call.fund))

    client.post(reverse("selection:clarify", args=[application.reference]), posted(text="Pour le comité."))

    asked = Clarification.objects.get()
    [section] = asked.sections
    assert (section["key"], section["question"]) == ("projet", "Précisez le calendrier.")
    assert asked.text == "Pour le comité."


@pytest.mark.parametrize(
    ("said", "field"),
    [({"question-projet": ""}, "__all__"), ({"day": "2018-01-01"}, "day"), ({"day": ""}, "day")],
)
def test_what_is_wrong_with_a_request_is_told_beside_its_field(client, said, field):
    application = filed_application()
    client.force_login(officer_of(application.call.fund))

    response = client.post(reverse("selection:clarify", args=[application.reference]), posted(**said))

    assert list(response.context["form"].errors) == [field]
    assert Clarification.objects.count() == 0


def test_a_dossier_already_decided_is_asked_for_nothing(client):
    application = filed_application()
    officer = officer_of(application.call.fund)
    turned_down(application)
    client.force_login(officer)

    response = client.post(reverse("selection:clarify", args=[application.reference]), posted())

    assert (response.status_code, Clarification.objects.count()) == (409, 0)


def test_the_certifier_answers_from_the_page(client):
    application = clarified_application()
    complete(application)
    client.force_login(certifier_of(application.organisation))
    address = reverse("applications:clarification", args=[application.key])

    shown = client.get(address)
    client.post(address, {"text": ""})
    after = client.get(address)

    assert [section["question"] for section, _ in shown.context["sections"]] == ["Précisez le calendrier."]
    assert (after.context["asked"], after.context["former"][0][1]) == (None, 1)


def test_a_refused_answer_keeps_the_word_that_was_typed(client):
    application = clarified_application()
    complete(application, resume="")
    client.force_login(certifier_of(application.organisation))

    response = client.post(
        reverse("applications:clarification", args=[application.key]), {"text": "Mon long mot."}
    )

    assert (response.status_code, response.context["form"]["text"].value()) == (409, "Mon long mot.")


def test_past_the_time_the_page_says_what_stands_and_offers_no_section(client):
    application = clarified_application()
    let_time_pass(application)
    client.force_login(application.created_by)

    page = client.get(reverse("applications:clarification", args=[application.key])).content.decode()

    assert "Votre dernier dépôt fait foi" in page
    assert reverse("applications:section", args=[application.key, "projet"]) not in page


def test_both_sides_see_what_the_answer_changed(client):
    application = clarified_application()
    complete(application)
    answer(application)
    seen = {}
    for person, address in (
        (application.created_by, reverse("applications:difference", args=[application.key, 1, 2])),
        (
            officer_of(application.call.fund),
            reverse("selection:difference", args=[application.reference, 1, 2]),
        ),
    ):
        client.force_login(person)
        seen[person] = [part.title for part in client.get(address).context["parts"]]

    assert list(seen.values()) == [[application.form.section("projet")["title"]]] * 2


def test_a_section_asked_for_shows_the_question_and_leads_back_to_what_is_asked(client):
    application = clarified_application()
    client.force_login(application.created_by)
    address = reverse("applications:section", args=[application.key, "projet"])
    answers = dict.fromkeys(answers_of(application, "projet"), "Précisé.")

    asked = client.get(address).context["asked_more"]["question"]
    response = client.post(address, {**answers, "section_version": 1, "save_and_next": "1"})

    assert asked == application.clarification.sections[0]["question"]
    assert response.url == reverse("applications:clarification", args=[application.key])
