"""Questions of every type on the pages of a dossier: typed, kept, read again, joined."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions
from calls.questionnaire.types import TYPES
from tests.documents.test_uploads import mp4
from tests.factories import CallFactory, OrganisationFactory, StoredFileFactory, certifier_of, draft

COLUMNS = [
    {"key": "achat", "type": "short_text", "label": "Achat"},
    {"key": "prix", "type": "amount", "label": "Prix"},
]
CHOICES = [{"key": "a", "label": "Premier"}, {"key": "b", "label": "Second"}]
SETTINGS = {"choice": {"choices": CHOICES}, "choices": {"choices": CHOICES}, "rows": {"columns": COLUMNS}}
TYPED = {
    "short_text": {"": "Une ligne"},
    "long_text": {"": "Un\n\ndeux"},
    "markdown": {"": "**gras**"},
    "integer": {"": "1 200"},
    "decimal": {"": "12,5"},
    "amount": {"": "1 234 567,89"},
    "percentage": {"": "50 %"},
    "date": {"": "2026-03-15"},
    "period": {"debut": "2026-03-15", "fin": "2026-04-15"},
    "choice": {"": "b"},
    "choices": {"": ["a", "b"]},
    "boolean": {"": "oui"},
    "email": {"": "service@ministere.example"},
    "phone": {"": "01 23 45 67 89"},
    "url": {"": "https://ministere.example/projet"},
    "siret": {"": "130 025 265 00013"},
    "organisation": {"": "dinum"},
    "department": {"": "2A"},
    "declaration": {"": "on"},
}
READ = {
    "short_text": "Une ligne",
    "long_text": "Un\n\ndeux",
    "markdown": "**gras**",
    "integer": "1\u202f200",
    "decimal": "12,5",
    "amount": "1\u202f234\u202f567,89\u00a0€",
    "percentage": "50\u00a0%",
    "date": "15 mars 2026",
    "period": "du 15 mars 2026 au 15 avril 2026",
    "choice": "Second",
    "choices": "Premier, Second",
    "boolean": "Oui",
    "email": "service@ministere.example",
    "phone": "+33 1 23 45 67 89",
    "url": "https://ministere.example/projet",
    "siret": "130 025 265 00013",
    "organisation": "Direction du numérique",
    "department": "Corse-du-Sud (2A)",
    "declaration": "Déclaré",
    "rows": "Un écran ; 200\u00a0€",
}


def question(kind, **settings):
    return (
        {"key": kind.replace("_", "-"), "type": kind, "label": f"Question {kind}"}
        | SETTINGS.get(kind, {})
        | settings
    )


def form_of(*questions, checks=()):
    section = {"key": "tout", "kind": "text", "title": "Tout", "required": True, "questions": list(questions)}
    return {"sections": [section], "checks": list(checks)}


def asking(*questions, checks=(), **call):
    """A draft whose form has one section, of these questions."""
    return draft(call=CallFactory(published=True, form=form_of(*questions, checks=checks), **call))


def page_of(application, section="tout"):
    return f"/dossiers/{application.key}/sections/{section}/"


def posted(*kinds, **more):
    data = {"section_version": "0", **more}
    for kind in kinds:
        for suffix, value in TYPED[kind].items():
            data[kind.replace("_", "-") + (f"-{suffix}" if suffix else "")] = value
    return data


ROWS = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-achat": "Un écran", "rows-0-prix": "200"}


def test_every_type_is_kept_and_typed_back(client, db):
    OrganisationFactory(slug="dinum", name="Direction du numérique")
    application = asking(*(question(kind) for kind in TYPES))
    client.force_login(application.created_by)

    client.post(page_of(application), posted(*TYPED, **ROWS))
    page = client.get(page_of(application)).content.decode()
    kept = application.sections.get().answers
    again = client.post(page_of(application), posted(*TYPED, **ROWS, section_version="1"))

    assert set(kept) == {kind.replace("_", "-") for kind in TYPES if kind != "files"}
    assert [value for value in ("1234567,89", "Un écran", "2026-04-15", "12,5") if value not in page] == []
    assert (again.status_code, application.sections.get().answers) == (302, kept)


def test_a_forged_version_overwrites_nobody(client, db):
    application = asking(question("short_text"))
    actions.save_section(application, "tout", {"short-text": "Écrit"}, version=0, by=application.created_by)
    client.force_login(application.created_by)

    for version in ("", "-1", "zéro", "9" * 30):
        client.post(page_of(application), posted("short_text", section_version=version))

    assert application.sections.get().answers == {"short-text": "Écrit"}


def test_who_saves_second_reads_the_other_answer_in_words(client, db):
    application = asking(question("choices"), question("period"), question("rows"))
    theirs = {
        "choices": ["a"],
        "period": {"start": "2026-01-01", "end": None},
        "rows": [{"achat": "Un bureau"}],
    }
    actions.save_section(application, "tout", theirs, version=0, by=certifier_of(application.organisation))
    client.force_login(application.created_by)

    page = client.post(page_of(application), posted("choices", "period", **ROWS))

    assert [(clash.question["label"], clash.theirs) for clash in page.context["clashes"]] == [
        ("Question choices", "Premier"),
        ("Question period", "du 1er janvier 2026 au ?"),
        ("Question rows", "Un bureau"),
    ]


# Files under a question


FILM = question("files", formats=[".mp4", ".pdf"], max_megabytes=60, max_files=2)


def film(name="film.mp4"):
    return SimpleUploadedFile(name, mp4() + b"")


def test_files_are_joined_under_their_question_and_taken_off(client, db):
    application = asking(FILM, question("short_text"))
    client.force_login(application.created_by)

    client.post(page_of(application), posted("short_text", files=[film(), film("deux.mp4")]))
    joined = [(each.name, each.question_key) for each in application.attachments.all()]
    gone = application.attachments.first().pk
    page = client.post(
        page_of(application), posted(section_version="1", detach_file=str(gone), **{"short-text": "Pas fini"})
    )

    assert joined == [("film.mp4", "files"), ("deux.mp4", "files")]
    assert [each.name for each in application.attachments.all()] == ["deux.mp4"]
    assert page.context["questionnaire"].form["short-text"].value() == "Pas fini"
    assert application.sections.get().answers == {"short-text": "Une ligne"}


def test_a_fit_file_is_kept_though_the_page_be_refused(client, db):
    application = asking(FILM, question("integer"))
    client.force_login(application.created_by)
    wrong = SimpleUploadedFile("programme.exe", b"MZ")

    page = client.post(
        page_of(application), {"section_version": "0", "integer": "beaucoup", "files": [film(), wrong]}
    )

    assert [each.name for each in application.attachments.all()] == ["film.mp4"]
    assert page.context["questionnaire"].files.errors == {
        "files": ["« programme.exe » n’est pas accepté. Formats acceptés : PDF ou MP4."]
    }


def test_a_question_takes_no_more_files_than_it_says(client, db):
    application = asking(FILM)
    client.force_login(application.created_by)

    page = client.post(page_of(application), posted(files=[film("1.mp4"), film("2.mp4"), film("3.mp4")]))

    assert application.attachments.count() == 2
    assert page.context["questionnaire"].files.errors == {
        "files": ["« 3.mp4 » n’est pas joint : au plus 2 à la fois."]
    }


def test_a_file_sent_twice_is_joined_once(client, db):
    application = asking(FILM)
    client.force_login(application.created_by)

    for version in ("0", "1"):
        client.post(page_of(application), posted(section_version=version, files=[film()]))

    assert application.attachments.count() == 1


@pytest.mark.parametrize("pk", ["", "0", "1e3", "9" * 40, "-1"])
def test_taking_off_a_file_that_is_not_there_changes_nothing(client, db, pk):
    application = asking(FILM)
    client.force_login(application.created_by)

    assert client.post(page_of(application), posted(detach_file=pk)).status_code == 200


# What is frozen, and what is not asked

GROUPED = question("boolean", required=True)


def if_grouped(**given):
    return given | {
        "condition": {"match": "all", "tests": [{"question": "boolean", "operator": "is", "value": True}]}
    }


def filed(application):
    actions.file_application(application, by=certifier_of(application.organisation))
    return application.submissions.get()


def answering(application, section="tout", **answers):
    answers = {key.replace("_", "-"): answer for key, answer in answers.items()}
    actions.save_section(application, section, answers, version=0, by=application.created_by)
    return application


def test_every_answer_is_frozen_as_it_is_read(client, db):
    OrganisationFactory(slug="dinum", name="Direction du numérique")
    application = asking(*(question(kind) for kind in TYPES), FILM | {"key": "film"})
    client.force_login(application.created_by)
    client.post(page_of(application), posted(*TYPED, film=[film()], **ROWS))

    content = filed(application).content

    answers = {answer["key"]: answer for answer in content["sections"][0]["answers"]}
    texts = {kind: answers[kind.replace("_", "-")]["text"] for kind in TYPES if kind != "files"}
    assert texts == READ
    assert (answers["rows"]["columns"], answers["rows"]["rows"]) == (
        ["Achat", "Prix"],
        [["Un écran", "200\u00a0€"]],
    )
    assert [(file["name"], file["question"]) for file in content["attachments"]] == [("film.mp4", "film")]


def test_what_is_not_asked_is_neither_required_nor_frozen_and_stays_in_the_draft(db):
    application = asking(GROUPED, if_grouped(**question("integer", required=True)), question("short_text"))
    answering(application, boolean=False, integer=12, short_text="Écrit")

    frozen = filed(application).content["sections"][0]["answers"]

    assert [answer["key"] for answer in frozen] == ["boolean", "short-text"]
    assert application.sections.get().answers["integer"] == 12


def test_a_section_that_is_not_asked_is_left_out(client, db):
    form = form_of(GROUPED)
    form["sections"].append(
        if_grouped(key="composants", kind="components", title="Composants", required=True, help="")
    )
    application = draft(call=CallFactory(published=True, form=form))
    answering(application, boolean=False)
    client.force_login(application.created_by)

    task_list = client.get(application.get_absolute_url())
    frozen = filed(application).content

    assert [(state.key, state.label) for state in task_list.context["sections"]] == [
        ("tout", "Complet"),
        ("composants", "Sans objet"),
    ]
    assert ([section["key"] for section in frozen["sections"]], frozen["components"]) == (["tout"], [])


def test_a_file_that_the_form_no_longer_asks_for_is_not_frozen(db):
    application = asking(question("short_text"))
    for key in ("", "film", "short-text"):
        actions.attach(
            application, file=StoredFileFactory(), name="a.pdf", question_key=key, by=application.created_by
        )

    assert filed(application).content["attachments"] == []


def test_a_text_asked_under_the_key_of_a_file_is_read_as_a_text(db):
    application = asking(question("short_text"))
    actions.attach(
        application,
        file=StoredFileFactory(),
        name="a.pdf",
        question_key="short-text",
        by=application.created_by,
    )
    answering(application, short_text="Un texte")

    [[answer]] = [section["answers"] for section in filed(application).content["sections"]]

    assert (answer["value"], answer["text"]) == ("Un texte", "Un texte")
