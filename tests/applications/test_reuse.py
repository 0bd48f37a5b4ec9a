"""Beginning a dossier from an earlier one, or from a file; taking it away as a file."""

import copy
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from applications import actions, dossier_file, transfer
from applications.models import Application, Attachment, Collaborator
from applications.transfer import Content, content_of
from calls.exchange.archive import Unreadable
from calls.models import FormVersion
from journal.models import Entry
from journal.refusals import Refused
from tests.calls.questionnaire import strategies
from tests.factories import (
    CallFactory,
    OrganisationFactory,
    StoredFileFactory,
    UserFactory,
    certifier_of,
    complete_draft,
    contributor_of,
    draft,
    filed_application,
)

TEXT = {"key": "resume", "label": "Résumé du projet", "type": "long_text"}


def form_of(*questions, kinds=()):
    sections = [{"key": "autre", "title": "Autre section", "kind": "text", "questions": list(questions)}]
    return {
        "sections": [*sections, *({"key": kind, "title": kind, "kind": kind} for kind in kinds)],
        "checks": [],
    }


def open_call(*questions, kinds=()):
    return CallFactory(published=True, form=form_of(*questions, kinds=kinds))


def told(application):
    """What the report of a new dossier keeps, in words."""
    return [each["text"] for each in application.form_moves.get().report["set_aside"]]


def answers_of(application):
    return {key: answer for row in application.sections.all() for key, answer in row.answers.items()}


# From an earlier dossier


@pytest.mark.parametrize("state", ["draft", "filed", "withdrawn"])
def test_a_dossier_is_begun_again_for_another_call_whatever_became_of_it(db, state):
    source = complete_draft() if state == "draft" else filed_application()
    if state == "withdrawn":
        actions.withdraw(source, by=certifier_of(source.organisation))
        source.refresh_from_db()

    copied = actions.clone(source, call=CallFactory(published=True), by=source.created_by)

    assert (copied.state, copied.copied_from, copied.organisation) == ("draft", source, source.organisation)
    assert answers_of(copied) == answers_of(source)
    assert content_of(copied).lines == content_of(source).lines
    assert told(copied) == []


def test_an_answer_goes_to_the_question_of_the_same_words_when_its_key_is_another(db):
    source = draft(call=open_call(TEXT))
    source.sections.create(section_key="autre", answers={"resume": "Un guichet."})
    call = open_call(TEXT | {"key": "presentation", "label": "RÉSUMÉ  du projet"})

    copied = actions.clone(source, call=call, by=source.created_by)

    assert answers_of(copied) == {"presentation": "Un guichet."}


def test_an_answer_with_no_place_is_kept_word_for_word_and_shown(client, db):
    source = draft(call=open_call(TEXT))
    source.sections.create(section_key="autre", answers={"resume": "Un guichet, mot pour mot."})
    call = open_call(TEXT | {"label": "Autre chose", "type": "amount"})

    copied = actions.clone(source, call=call, by=source.created_by)

    client.force_login(source.created_by)
    assert told(copied) == ["Un guichet, mot pour mot."]
    assert answers_of(copied) == {}
    assert "Un guichet, mot pour mot." in client.get(copied.get_absolute_url()).text


def test_a_declaration_is_made_anew_for_each_call(db):
    question = {"key": "honneur", "label": "Je certifie", "type": "declaration"}
    source = draft(call=open_call(question))
    source.sections.create(section_key="autre", answers={"honneur": True})

    copied = actions.clone(source, call=open_call(question), by=source.created_by)

    assert (answers_of(copied), told(copied)) == ({}, [])


def test_files_go_along_as_the_same_bytes_and_those_that_nothing_asks_for_are_told(db):
    files = {"key": "lettres", "label": "Lettres", "type": "files"}
    source = draft(call=open_call(files, kinds=["attachments"]))
    letter, plan = StoredFileFactory(), StoredFileFactory()
    for name, file, under in (("lettre.pdf", letter, "lettres"), ("plan.pdf", plan, "")):
        Attachment.objects.create(
            application=source, name=name, file=file, question_key=under, added_by=source.created_by
        )

    copied = actions.clone(source, call=open_call(files), by=source.created_by)

    assert list(copied.attachments.values_list("file", "question_key")) == [
        (letter.pk, "lettres"),
        (plan.pk, ""),
    ]
    assert [file["name"] for file in copied.form_moves.get().report["files"]] == ["plan.pdf"]


def test_a_dossier_is_not_begun_for_a_call_that_is_closed(db):
    source = complete_draft()

    with pytest.raises(Refused):
        actions.clone(
            source, call=CallFactory(published=True, closes_in=timedelta(hours=-1)), by=source.created_by
        )


def test_a_reader_and_a_guest_begin_nothing_with_a_dossier(db):
    source = complete_draft()
    reader, guest = contributor_of(source.organisation), contributor_of(OrganisationFactory())
    Collaborator.objects.create(application=source, user=reader, role="reader")
    Collaborator.objects.create(application=source, user=guest, guest_of="Un partenaire")

    for person in (reader, guest):
        with pytest.raises(PermissionDenied):
            actions.clone(source, call=CallFactory(published=True), by=person)
        assert list(Application.objects.copyable_by(person)) == []


def test_the_page_of_a_new_dossier_offers_to_begin_with_an_earlier_one(client, db):
    source, call = filed_application(), CallFactory(published=True)
    client.force_login(source.created_by)
    begun = client.get(f"/dossiers/nouveau/{call.slug}/")
    assert f"/dossiers/{source.key}/recopier/?appel={call.slug}" in begun.text

    page = client.post(f"/dossiers/{source.key}/recopier/", {"call": call.pk})

    assert page.url == Application.objects.get(call=call).get_absolute_url()


# As a file


def imported(content, call, source):
    raw = dossier_file.as_json(
        {
            "format": "fondsportal-dossier",
            "version": 1,
            "dossier": content if isinstance(content, dict) else dossier_file.as_document(content),
        }
    )
    return actions.import_dossier(
        dossier_file.read(raw, by=source.created_by),
        call=call,
        organisation=source.organisation,
        by=source.created_by,
    )


def test_a_dossier_exported_then_imported_is_exported_the_same(client, db):
    source = complete_draft()
    Attachment.objects.create(
        application=source, name="plan.pdf", file=StoredFileFactory(), added_by=source.created_by
    )
    source.partners.create(organisation=OrganisationFactory(), role="Conseil")
    source.indicators.create(label="Délai", target=Decimal("12.5"), target_year=2030)
    source.milestones.create(label="Ouverture", due_on="2030-02-28")
    client.force_login(source.created_by)
    raw = client.get(f"/dossiers/{source.key}/dossier.json").content

    content = dossier_file.read(raw, by=source.created_by)
    copied = actions.import_dossier(
        content, call=source.call, organisation=source.organisation, by=source.created_by
    )

    again = client.get(f"/dossiers/{copied.key}/dossier.json").content
    first, second = json.loads(raw), json.loads(again)
    assert first["dossier"] == second["dossier"]
    assert first["about"] == second["about"]


def test_what_a_form_says_to_the_secretariat_alone_is_not_in_the_file(db):
    source = draft(call=open_call(TEXT | {"annotation": "À lire avec méfiance."}))

    assert "méfiance" not in json.dumps(dossier_file.as_document(content_of(source)), ensure_ascii=False)


@settings(max_examples=40, deadline=None)
@given(
    definition=strategies.definitions(),
    answers=strategies.answers,
    title=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=160),
)
def test_whatever_the_form_and_the_answers_a_file_says_all_of_them(definition, answers, title):
    written = {definition["sections"][0]["key"]: answers}
    content = Content(title, [], {"sections": definition["sections"]}, written, {}, [])
    form = FormVersion(definition=definition)

    placed = transfer.placed(content, form)

    kept = {key: each for section in placed.answers.values() for key, each in section.items()}
    aside = {each["key"] for each in placed.report["set_aside"]}
    questions = {q["key"]: q for section in definition["sections"] for q in section.get("questions", [])}
    for key, answer in answers.items():
        again = questions.get(key, {}).get("type") == "declaration"
        empty = answer in (None, "", [], {})
        assert again or empty or key in aside or kept.get(key) == answer
    # What a form keeps is placed there again, the same.
    second = transfer.placed(
        Content(title, [], content.definition, copy.deepcopy(placed.answers), {}, []), form
    )
    assert second.answers == placed.answers
    assert second.report["set_aside"] == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda d: d.update(title="a\0b"), "dossier.title : ce texte contient un caractère nul."),
        (lambda d: d.update(title=12), "dossier.title : "),
        (lambda d: d.update(title="x" * 161), "dossier.title : "),
        (lambda d: d.update(sections="non"), "dossier.sections : "),
        (lambda d: d.update(answers={"s": {"q": [[[[[[[[[[[[[1]]]]]]]]]]]]]}}), "trop de niveaux emboîtés."),
        (lambda d: d.update(answers={"s": {"q": 10**30}}), "dossier.answers.s.q : ce nombre est trop grand."),
        (lambda d: d.update(answers={"s": {"q": float("inf")}}), ""),
        (
            lambda d: d["lines"]["financing"][0].update(amount="beaucoup"),
            "dossier.lines.financing[0].amount : ",
        ),
        (lambda d: d["lines"]["financing"][0].update(amount="-1"), "dossier.lines.financing[0].__all__ : "),
        (lambda d: d["lines"]["financing"][0].update(amount=[1]), "dossier.lines.financing[0].amount"),
        (
            lambda d: d["lines"]["financing"][0].update(year="29 février"),
            "dossier.lines.financing[0].year : ",
        ),
        (lambda d: d.update(lines={"savings": [{}] * 501}), "dossier.lines.savings : 500 lignes au plus."),
        (lambda d: d.update(files=[{"name": "a", "sha256": "zz"}]), "dossier.files[0].sha256 : "),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place_and_the_reason(db, change, problem):
    source = complete_draft()
    document = dossier_file.as_document(content_of(source))
    change(document)

    with pytest.raises(Unreadable) as refused:
        imported(document, source.call, source)

    assert problem in " ".join(refused.value.problems)
    assert Application.objects.count() == 1


def test_what_a_file_says_and_nobody_knows_is_kept_word_for_word(db):
    source = complete_draft()
    document = dossier_file.as_document(content_of(source))
    document |= {"humeur": "bonne", "answers": {"ailleurs": {"inconnue": "Un texte."}}}
    document["lines"] = {
        "financing": [document["lines"]["financing"][0] | {"couleur": "bleu"}],
        "mobilier": [{"nom": "chaise"}],
    }

    copied = imported(document, source.call, source)

    assert told(copied) == ["Un texte.", '"bonne"', "bleu", '[{"nom": "chaise"}]']


def test_the_hash_of_a_file_that_one_may_not_see_opens_nothing(db):
    secret = StoredFileFactory()
    theirs = complete_draft()
    Attachment.objects.create(application=theirs, name="secret.pdf", file=secret, added_by=theirs.created_by)
    source = complete_draft()
    document = dossier_file.as_document(content_of(source))
    document["files"] = [{"question": "", "name": "secret.pdf", "sha256": secret.sha256}]

    copied = imported(document, source.call, source)

    assert copied.attachments.count() == 0
    assert [file["name"] for file in copied.form_moves.get().report["files"]] == ["secret.pdf"]


def test_nothing_is_created_before_one_has_seen_what_the_file_becomes(client, db):
    source, call = complete_draft(), CallFactory(published=True)
    client.force_login(source.created_by)
    raw = client.get(f"/dossiers/{source.key}/dossier.json").content
    chosen = {"call": call.pk, "organisation": source.organisation_id}

    upload = SimpleUploadedFile("dossier.json", raw)
    preview = client.post("/dossiers/importer/", chosen | {"upload": upload})
    before = Application.objects.filter(call=call).count()
    done = client.post("/dossiers/importer/", chosen | {"content": preview.context["raw"], "create": "1"})

    assert (preview.status_code, before) == (200, 0)
    assert done.url == Application.objects.get(call=call).get_absolute_url()


@pytest.mark.parametrize("by_file", [True, False])
def test_more_than_two_megabytes_are_refused_whichever_way_they_come(client, db, by_file):
    source = complete_draft()
    client.force_login(source.created_by)
    raw = " " * (2 * 1024 * 1024 + 1)
    sent = {"upload": SimpleUploadedFile("d.json", raw.encode())} if by_file else {"content": raw}

    page = client.post(
        "/dossiers/importer/", {"call": source.call_id, "organisation": source.organisation_id} | sent
    )

    assert page.context["form"].errors["upload"][0].startswith("Ce fichier pèse plus de 2 Mo")


def test_the_bodies_of_a_file_are_looked_up_once(db):
    source = complete_draft()
    document = dossier_file.as_document(content_of(source))
    line = {"organisation_id": source.organisation.slug, "name": "", "role": "Pilote", "contribution": 0}
    document["lines"] = {"partners": [line] * 20}
    raw = dossier_file.as_json({"format": dossier_file.FORMAT, "version": 1, "dossier": document})

    with CaptureQueriesContext(connection) as asked:
        read = dossier_file.read(raw, by=source.created_by)

    assert sum('FROM "accounts_organisation"' in query["sql"] for query in asked) == 1
    assert {each["organisation_id"] for each in read.lines["partners"]} == {source.organisation_id}


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"[" * 100_000, b"{}", b'"a"', b'{"format": 1, "format": 2}']
)
def test_a_file_that_is_no_dossier_is_refused_beside_its_field(client, db, raw):
    source = complete_draft()
    client.force_login(source.created_by)

    page = client.post(
        "/dossiers/importer/",
        {
            "call": source.call_id,
            "organisation": source.organisation_id,
            "upload": SimpleUploadedFile("dossier.json", raw or b" "),
        },
    )

    assert list(page.context["form"].errors) == ["upload"]


def test_a_submission_is_exported_as_it_was_frozen(client, db):
    application = filed_application()
    client.force_login(application.created_by)

    document = json.loads(client.get(f"/dossiers/{application.key}/dossier.json?depot=1").content)

    submission = application.submissions.get()
    assert (document["sha256"], document["content"]) == (submission.sha256, submission.content)
    assert client.get(f"/dossiers/{application.key}/dossier.json?depot=2").status_code == 404
    assert client.get(f"/dossiers/{application.key}/dossier.json?depot=²").status_code == 404


def test_what_was_begun_with_another_dossier_says_so_in_the_journal(db):
    source = complete_draft()

    actions.clone(source, call=CallFactory(published=True), by=source.created_by)

    assert Entry.objects.filter(event="application.copied").count() == 1


def test_only_who_may_begin_another_dossier_with_this_one_is_shown_how(client, db):
    application = draft()
    guest = UserFactory()
    Collaborator.objects.create(application=application, user=guest, guest_of="Une région")
    shown = []

    for person in (application.created_by, guest):
        client.force_login(person)
        shown.append("Reprendre pour un autre appel" in client.get(application.get_absolute_url()).text)

    assert shown == [True, False]
