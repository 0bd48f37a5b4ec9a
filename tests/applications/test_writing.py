"""Writing a section together: what is kept as one types, what two people changed, and the choice between them."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications import actions
from applications.models import SectionAnswers, SectionVersion
from tests.applications.test_questions import ROWS, asking, page_of, posted, question
from tests.clock import from_now
from tests.factories import certifier_of, filed_application

OF_TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
TWO = [question("long_text"), question("long_text") | {"key": "second"}]


def autosave_of(application, section="tout"):
    return f"{page_of(application, section)}enregistrement/"


@pytest.fixture
def application(client, db):
    application = asking(*TWO)
    client.force_login(application.created_by)
    return application


def opened(client, application):
    """What a page just opened posts back, without what one types."""
    page = client.get(page_of(application))
    return {"section_version": str(page.context["version"]), "section_base": page.context["base"]}


def colleague_of(application):
    colleague = Client()
    colleague.force_login(certifier_of(application.organisation))
    return colleague


def kept(application):
    return application.sections.get().answers


# Kept as one types


def test_what_is_typed_is_kept_and_the_time_is_told(client, application):
    answer = client.post(autosave_of(application), opened(client, application) | {"long-text": "Bonjour"})

    told = answer.json()
    assert (answer.status_code, told["version"], told["refused"]) == (200, 1, {})
    assert (len(told["saved_at"]), kept(application)["long-text"]) == (5, "Bonjour")


def test_a_section_of_twenty_kilobytes_is_kept_in_six_queries(client, application):
    page, text, asked = opened(client, application), "Vingt mille signes. " * 1000, []

    for typed in (text, f"{text} Encore.", "Tout autre chose."):
        with CaptureQueriesContext(connection) as queries:
            told = client.post(autosave_of(application), page | {"long-text": typed}).json()
        asked.append(sum(not query["sql"].startswith(OF_TRANSACTIONS) for query in queries))
        page = {"section_version": told["version"], "section_base": told["base"]}

    assert asked == [6, 6, 6]
    assert SectionVersion.objects.count() == 2


def test_a_refused_answer_stays_as_it_was_and_the_others_are_kept(client, db):
    application = asking(question("long_text"), question("integer"), question("rows"))
    client.force_login(application.created_by)
    client.post(page_of(application), posted("long_text", "integer", **ROWS))

    answer = client.post(
        autosave_of(application),
        opened(client, application)
        | ROWS
        | {"long-text": "Récrit", "integer": "beaucoup", "rows-0-prix": "cher"},
    )

    assert sorted(answer.json()["refused"]) == ["integer", "rows-0-prix"]
    assert kept(application) == {
        "long-text": "Récrit",
        "integer": 1200,
        "rows": [{"achat": "Un écran", "prix": "200"}],
    }


def test_the_save_button_too_keeps_what_can_be(client, db):
    application = asking(question("long_text"), question("integer"))
    client.force_login(application.created_by)

    page = client.post(
        page_of(application), opened(client, application) | {"long-text": "Écrit", "integer": "beaucoup"}
    )

    assert (page.status_code, kept(application)) == (200, {"long-text": "Écrit"})
    assert (page.context["version"], page.context["questionnaire"].form["integer"].value()) == (1, "beaucoup")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Co\xadhésion\x0bsociale\x00", "Cohésion\nsociale"),
        ("👩‍🌾 \u200fשלום", "👩‍🌾 \u200fשלום"),
        ("😀" * 200_000, None),
    ],
)
def test_whatever_is_typed_is_kept_clean_or_refused_beside_its_field(client, application, typed, expected):
    body = urlencode(opened(client, application) | {"long-text": typed})

    answer = client.post(autosave_of(application), body, content_type="application/x-www-form-urlencoded")

    refused = [] if expected else ["long-text"]
    assert (answer.status_code, list(answer.json()["refused"])) == (200, refused)
    assert kept(application).get("long-text") == expected


def test_an_expired_session_is_told_and_never_sent_to_the_sign_in_page(client, application):
    answer = Client().post(autosave_of(application), {"long-text": "Bonjour"})

    assert (answer.status_code, answer.json()["sign_in"]) == (401, "/compte/connexion/")


def test_a_page_of_someone_else_is_not_saved_under_this_name(client, application):
    answer = client.post(autosave_of(application), {"section_author": "0", "long-text": "Bonjour"})

    assert (answer.status_code, SectionAnswers.objects.count()) == (401, 0)


def test_a_frozen_dossier_answers_409_with_the_reason(client, db):
    application = filed_application()
    client.force_login(application.created_by)

    answer = client.post(autosave_of(application, "projet"), {"section_version": "1", "resume": "Trop tard"})

    assert (answer.status_code, answer.json()["conflict"]) == (409, False)
    assert answer.json()["reason"].startswith("Ce dossier ne se modifie plus")


def test_past_the_deadline_what_was_taken_back_is_not_kept(client, db):
    application = filed_application()
    actions.take_back(application, by=application.created_by)
    application.call.rounds.update(closes_at=from_now(seconds=-1))
    client.force_login(application.created_by)

    answer = client.post(autosave_of(application, "projet"), {"section_version": "1", "resume": "Trop tard"})

    assert (answer.status_code, answer.json()["reason"][:26]) == (409, "La date limite est passée ")


# Two people


def test_what_each_changed_alone_stands(client, application):
    mine, theirs = opened(client, application), opened(client, application)
    colleague_of(application).post(autosave_of(application), theirs | {"second": "Le sien"})

    answer = client.post(autosave_of(application), mine | {"long-text": "Le mien"}).json()
    again = client.post(
        autosave_of(application),
        {"section_version": answer["version"], "section_base": answer["base"], "long-text": "Le mien, suite"},
    )

    assert answer["changed"] == ["Question long_text"]
    assert (again.status_code, kept(application)) == (
        200,
        {"long-text": "Le mien, suite", "second": "Le sien"},
    )


def test_the_same_answer_changed_twice_is_a_conflict_that_keeps_both(client, application):
    mine, theirs = opened(client, application), opened(client, application)
    colleague_of(application).post(autosave_of(application), theirs | {"long-text": "Le sien"})

    answers = [client.post(autosave_of(application), mine | {"long-text": "Le mien"}) for _ in range(2)]

    assert [(each.status_code, each.json()["conflict"]) for each in answers] == [(409, True)] * 2
    assert kept(application)["long-text"] == "Le sien"
    [refused] = SectionVersion.objects.filter(kept=False)
    assert (refused.saved_by, refused.content["answers"]["long-text"]) == (application.created_by, "Le mien")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("mine", "Le mien, retouché"), ("theirs", "Le sien"), ("both", "Le mien, retouché\n\nLe sien")],
)
def test_a_choice_is_made_for_each_answer(client, application, choice, expected):
    mine, theirs = opened(client, application), opened(client, application)
    colleague_of(application).post(page_of(application), theirs | {"long-text": "Le sien", "second": "Aussi"})
    shown = client.post(page_of(application), mine | {"long-text": "Le mien"})

    client.post(
        page_of(application),
        {
            "section_version": shown.context["version"],
            "section_base": shown.context["base"],
            "long-text": "Le mien, retouché",
            "second": shown.context["questionnaire"].form["second"].value(),
            "@keep-long-text": choice,
        },
    )

    assert [clash.question["key"] for clash in shown.context["clashes"]] == ["long-text"]
    assert kept(application) == {"long-text": expected, "second": "Aussi"}


@pytest.mark.parametrize("base", ["", "[", "[1]", '["x", 3]', "[[],[]]", "[1, {}]", "9" * 5000, "[" * 9000])
def test_a_forged_base_overwrites_nobody(client, application, base):
    page = opened(client, application)
    colleague_of(application).post(autosave_of(application), page | {"long-text": "Le sien"})

    answer = client.post(
        autosave_of(application), {"section_version": "0", "section_base": base, "long-text": "Le mien"}
    )

    assert (answer.status_code, kept(application)["long-text"]) == (409, "Le sien")


def test_a_colleague_is_shown_in_the_section_where_they_are(client, application):
    colleague = certifier_of(application.organisation)
    theirs = Client()
    theirs.force_login(colleague)

    theirs.get(page_of(application))
    told = client.post(f"/dossiers/{application.key}/presence/", {"section": "tout"}).json()

    assert told == {"names": [colleague.name]}
