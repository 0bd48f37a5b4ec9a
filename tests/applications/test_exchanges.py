"""Messages between a carrier and the secretariat: who writes, who is told, what is read."""

from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import NoticePreference
from applications import actions, exchanges
from applications.models import Application, Collaborator, Message, Recusal
from documents.models import StoredFile
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.database import refused_by_the_database, write
from tests.factories import (
    StoredFileFactory,
    UserFactory,
    auditor_of,
    certifier_of,
    contributor_of,
    draft,
    filed_application,
    head_of,
    message_on,
    officer_of,
)

pytestmark = pytest.mark.django_db
EVERY = Application.objects.all
IMAGE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?"
    b"\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82"
)


def picture(name="plan.png"):
    return SimpleUploadedFile(name, IMAGE, content_type="image/png")


def guest_on(application, role=Collaborator.Role.WRITER, guest_of="Région partenaire"):
    user = UserFactory() if guest_of else contributor_of(application.organisation)
    Collaborator.objects.create(application=application, user=user, role=role, guest_of=guest_of)
    return user


def told():
    return [
        email.to
        for email in OutgoingEmail.objects.filter(template__endswith="message_sent.txt").order_by("to")
    ]


# What waits


def test_what_is_unread_is_what_the_other_side_wrote_since():
    application, other = filed_application(), filed_application()
    writer = application.created_by
    first = message_on(application, by_secretariat=True)
    actions.mark_messages_read(application, read=first.pk, by=writer)
    for _ in range(2):
        message_on(application, by_secretariat=True)
    message_on(application)
    message_on(other, by_secretariat=True)

    assert exchanges.unread(writer, EVERY().filter(pk=application.pk)) == {application.pk: 2}
    assert exchanges.unread(contributor_of(application.organisation), EVERY()) == {
        application.pk: 3,
        other.pk: 1,
    }
    assert exchanges.unread(officer_of(application.call.fund), EVERY(), by_secretariat=True) == {
        application.pk: 1
    }


def test_an_answer_settles_what_came_before_it_alone():
    application = filed_application()
    message_on(application)
    message_on(application, by_secretariat=True)
    message_on(application)

    assert exchanges.unanswered(EVERY(), by_secretariat=True) == {application.pk: 1}
    assert exchanges.unanswered(EVERY()) == {}


def test_reading_never_goes_backward_nor_further_than_the_dossier_goes():
    application = filed_application()
    first, second = (message_on(application, by_secretariat=True) for _ in range(2))
    elsewhere = message_on(filed_application(), by_secretariat=True)
    reader = application.created_by

    actions.mark_messages_read(application, read=elsewhere.pk, by=reader)
    actions.mark_messages_read(application, read=first.pk, by=reader)

    assert application.message_readings.get().last_read == second


# Writing


def test_a_message_tells_the_secretariat_but_not_the_recused():
    application = filed_application()
    fund = application.call.fund
    officer, head, recused, at_home = officer_of(fund), head_of(fund), officer_of(fund), officer_of(fund)
    auditor_of(fund)
    Recusal.objects.create(application=application, user=recused, reason="Ancien employeur")
    application.organisation.memberships.create(user=at_home, role="contributor")

    message_on(application, text="Notre chiffrage secret")

    assert told() == sorted([officer.email, head.email])
    assert "Notre chiffrage secret" not in OutgoingEmail.objects.latest("pk").body


def test_an_answer_tells_those_who_take_part_and_are_still_there():
    application = filed_application()
    certifier = application.submissions.get().filed_by
    reader, guest, gone = (
        guest_on(application, "reader", ""),
        guest_on(application),
        guest_on(application, guest_of=""),
    )
    gone.memberships.all().delete()
    certifier_of(application.organisation)

    message_on(application, by_secretariat=True)

    assert told() == sorted([application.created_by.email, certifier.email, reader.email, guest.email])


def test_who_prefers_a_daily_summary_is_not_written_to_at_once():
    application = filed_application()
    writer, certifier = application.created_by, application.submissions.get().filed_by
    NoticePreference.objects.create(user=writer, kind="messages", pace="daily")

    message_on(application, by_secretariat=True)

    assert (told(), writer.held_notices.count()) == ([certifier.email], 1)


def test_a_form_sent_twice_is_one_message():
    application = filed_application()
    said = {"text": "Bonjour", "nonce": "page", "by": application.created_by}

    first = actions.write_to_secretariat(application, **said)
    again = actions.write_to_secretariat(application, **said)

    assert (first, Message.objects.count()) == (again, 1)
    assert Entry.objects.filter(event="application.message_sent").count() == 1


def test_the_nonce_of_someone_else_s_page_loses_no_message():
    application = filed_application()
    for writer in (application.created_by, guest_on(application)):
        actions.write_to_secretariat(application, text="Bonjour", nonce="page", by=writer)

    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "may"), [("certifier", True), ("guest", True), ("reader", False), ("officer", False)]
)
def test_who_writes_the_dossier_writes_to_the_secretariat(who, may):
    application = filed_application()
    person = {
        "certifier": lambda: certifier_of(application.organisation),
        "guest": lambda: guest_on(application),
        "reader": lambda: guest_on(application, "reader"),
        "officer": lambda: officer_of(application.call.fund),
    }[who]()

    with suppress(PermissionDenied):
        message_on(application, by=person)

    assert Message.objects.exists() == may


@pytest.mark.parametrize("why", ["recused", "other fund", "audits", "carrier"])
def test_only_an_officer_of_the_fund_who_is_not_recused_answers(why):
    application = filed_application()
    officer = {
        "recused": lambda: officer_of(application.call.fund),
        "other fund": lambda: officer_of(filed_application().call.fund),
        "audits": lambda: auditor_of(application.call.fund),
        "carrier": lambda: application.created_by,
    }[why]()
    Recusal.objects.create(application=filed_application(), user=officer, reason="Ailleurs")
    if why == "recused":
        Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")

    with pytest.raises(PermissionDenied):
        message_on(application, by_secretariat=True, by=officer)


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_nobody_writes_before_the_filing_nor_after_the_withdrawal(state):
    application = draft() if state == "draft" else filed_application()
    if state == "withdrawn":
        actions.withdraw(application, by=certifier_of(application.organisation))

    with pytest.raises(Refused):
        message_on(application)


def test_what_was_said_never_changes():
    message_on(filed_application(), file=StoredFileFactory())

    for change in ("DELETE FROM applications_messagefile", "UPDATE applications_message SET text = 'autre'"):
        with refused_by_the_database():
            write(change)


# The pages


def test_the_thread_is_read_by_both_sides_and_the_secretariat_has_no_name_for_the_carrier(client):
    application = filed_application()
    officer = officer_of(application.call.fund)
    message_on(application, text="Une **question**")
    message_on(application, text="La réponse", by_secretariat=True, by=officer, file=StoredFileFactory())
    seen = {}
    for person, address in (
        (application.created_by, reverse("applications:messages", args=[application.key])),
        (officer, reverse("selection:messages", args=[application.reference])),
    ):
        client.force_login(person)
        response = client.get(address)
        seen[person] = [(message.who, message.is_new) for message in response.context["thread"]]
        if person == application.created_by:
            assert officer.name not in response.content.decode()

    assert seen == {
        application.created_by: [(application.created_by.name, False), ("Le secrétariat", True)],
        officer: [(application.created_by.name, True), (officer.name, False)],
    }


def test_answering_marks_what_the_page_showed_as_read(client):
    application = filed_application()
    shown = message_on(application, by_secretariat=True)
    after = message_on(application, by_secretariat=True)
    client.force_login(application.created_by)

    client.post(
        reverse("applications:messages", args=[application.key]),
        {"text": "Voici.", "nonce": "page", "read": shown.pk, "files": [picture()]},
    )

    sent = Message.objects.get(from_secretariat=False)
    assert (sent.text, [file.name for file in sent.files.all()]) == ("Voici.", ["plan.png"])
    assert exchanges.unread(application.created_by, [application]) == {application.pk: 1}
    assert application.message_readings.get().last_read != after


def test_a_page_that_comes_back_keeps_its_text_and_its_files(client):
    application = filed_application()
    client.force_login(application.created_by)
    address = reverse("applications:messages", args=[application.key])

    refused = client.post(
        address, {"text": "Voici.", "nonce": "page", "files": [picture(), picture("virus.exe")]}
    )
    kept = refused.context["form"]["kept"].value()
    nothing_sent = not Message.objects.exists()
    client.post(address, {"text": refused.context["form"]["text"].value(), "nonce": "page", "kept": kept})

    assert refused.context["form"].errors["files"] == [
        "« virus.exe » n’est pas accepté. Formats acceptés : PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, PNG ou JPEG."
    ]
    sent = Message.objects.get()
    assert (nothing_sent, sent.text, [file.name for file in sent.files.all()]) == (
        True,
        "Voici.",
        ["plan.png"],
    )


def test_a_page_sent_again_and_again_keeps_no_more_files_than_a_message_takes(client):
    application = filed_application()
    client.force_login(application.created_by)
    address = reverse("applications:messages", args=[application.key])

    first = client.post(address, {"text": "", "files": [picture(f"{name}.png") for name in "abcd"]})
    kept = first.context["form"]["kept"].value()
    again = client.post(address, {"text": "", "kept": kept, "files": [picture("e.png"), picture("f.png")]})
    kept = again.context["form"]["kept"].value()
    client.post(address, {"text": "Voici.", "kept": kept})

    assert again.context["form"].errors["files"] == [
        "« f.png » n’est pas joint : 5 fichiers au plus par message."
    ]
    assert [file.name for file in Message.objects.get().files.all()] == [f"{name}.png" for name in "abcde"]


@pytest.mark.parametrize(
    "data",
    [
        {"text": "a\0b"},
        {"text": " "},
        {"text": "x" * 10_001},
        {"text": "bien", "nonce": "n" * 61},
        {"text": "bien", "read": "9" * 40},
    ],
)
def test_what_cannot_be_kept_is_told_and_breaks_nothing(client, data):
    application = filed_application()
    client.force_login(application.created_by)

    response = client.post(reverse("applications:messages", args=[application.key]), data)

    assert (response.status_code, Message.objects.count()) == (200, 0)


def test_a_forged_list_of_kept_files_joins_nothing(client):
    application, file = filed_application(), StoredFileFactory()
    client.force_login(application.created_by)

    client.post(
        reverse("applications:messages", args=[application.key]),
        {"text": "Bonjour", "kept": f"[['{file.sha256}', 'vol.pdf']]"},
    )

    assert (Message.objects.get().files.count(), StoredFile.objects.count()) == (0, 1)


def test_a_file_is_handed_out_on_its_own_dossier_alone(client):
    application, other = filed_application(), filed_application()
    file = message_on(other, file=StoredFileFactory()).files.get()
    client.force_login(application.created_by)
    address = reverse("applications:message_file", args=[application.key, file.message_id, file.pk])

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_a_thread_costs_the_same_whatever_its_length(client, rows, django_assert_num_queries):
    application = filed_application()
    officer = officer_of(application.call.fund)
    for _ in range(rows):
        message_on(application, file=StoredFileFactory())
    client.force_login(officer)

    with django_assert_num_queries(12):
        client.get(reverse("selection:messages", args=[application.reference]))


def test_the_secretariat_is_told_that_a_filed_dossier_is_given_up_and_why(db):
    application = filed_application()
    officer = officer_of(application.call.fund)

    actions.withdraw(
        application, by=certifier_of(application.organisation), reason="Le projet change de porteur."
    )

    [email] = OutgoingEmail.objects.filter(template="applications/emails/filed_withdrawn.txt")
    assert (email.to, "Le projet change de porteur." in email.body) == (officer.email, True)
