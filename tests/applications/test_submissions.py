"""What was filed, as it was filed: its proof, each of its submissions, and what changed between two."""

import pytest
from django.urls import reverse

from accounts.models import Delegation
from applications import actions
from applications.models import Collaborator
from documents import storage
from documents.models import ProducedDocument
from journal.models import OutgoingEmail
from tests.clock import from_now
from tests.factories import (
    UserFactory,
    certifier_of,
    clarified_application,
    complete_draft,
    contributor_of,
    filed_application,
)

pytestmark = pytest.mark.django_db


def address(name, application, *args):
    return reverse(f"applications:{name}", args=[application.key, *args])


def filed_twice():
    application = filed_application()
    actions.take_back(application, by=application.created_by)
    actions.change_identity(application, title="Un autre nom", themes=[], by=application.created_by)
    actions.file_application(application, by=certifier_of(application.organisation))
    application.refresh_from_db()
    return application


def test_filing_ends_on_its_proof(client):
    application = complete_draft()
    certifier = certifier_of(application.organisation)
    client.force_login(certifier)

    page = client.post(address("file", application), follow=True)

    submission = application.submissions.get()
    text = page.content.decode()
    assert page.redirect_chain == [(address("filed", application), 302)]
    assert [part for part in (submission.sha256, "Votre dossier est déposé") if part not in text] == []


def test_more_that_is_asked_is_answered_from_the_request_and_never_by_filing_again(client):
    application = clarified_application()
    client.force_login(certifier_of(application.organisation))

    answer = client.post(reverse("applications:file", args=[application.key]))

    assert (answer.status_code, application.submissions.count()) == (409, 1)


def test_filing_orders_its_documents_and_makes_none(client):
    application = complete_draft()
    client.force_login(certifier_of(application.organisation))

    client.post(address("file", application))

    states = ProducedDocument.objects.values_list("kind", "state", "file")
    assert sorted(states) == [
        ("applications.dossier", "requested", None),
        ("applications.receipt", "requested", None),
    ]


def test_who_filed_by_delegation_is_said_on_the_proof(client):
    application = complete_draft()
    certifier, deputy = certifier_of(application.organisation), contributor_of(application.organisation)
    Delegation.objects.create(
        organisation=application.organisation,
        certifier=certifier,
        delegate=deputy,
        begins_at=from_now(days=-1),
        ends_at=from_now(days=1),
    )
    client.force_login(deputy)

    page = client.post(address("file", application), follow=True)

    assert page.context["filed_by"] == f"{deputy}, par délégation de {certifier}"


def test_there_is_no_proof_of_what_was_never_filed(client):
    application = complete_draft()
    client.force_login(application.created_by)

    assert client.get(address("filed", application)).status_code == 404


def test_everyone_of_the_team_and_the_certifiers_receive_the_proof():
    application = complete_draft()
    reader = UserFactory()
    Collaborator.objects.create(application=application, user=reader, guest_of="Une région", role="reader")
    certifiers = [certifier_of(application.organisation) for _ in range(2)]

    actions.file_application(application, by=certifiers[0])

    told = [email.to for email in OutgoingEmail.objects.filter(template__endswith="filing_receipt.txt")]
    people = [application.created_by, reader, *certifiers]
    assert sorted(told) == sorted(person.email for person in people)


@pytest.mark.parametrize("revision", [1, 2])
def test_each_submission_is_read_as_it_was(client, revision):
    application = filed_twice()
    client.force_login(application.created_by)

    page = client.get(address("submission", application, revision))

    titles = {1: "Projet", 2: "Un autre nom"}
    assert page.context["dossier"]["title"].startswith(titles[revision])
    assert page.context["is_last"] is (revision == 2)


def test_what_was_filed_is_read_after_a_withdrawal(client):
    application = filed_application()
    actions.withdraw(application, reason="Budget retiré.", by=certifier_of(application.organisation))
    client.force_login(application.created_by)

    page = client.get(address("submission", application, 1)).content.decode()
    detail = client.get(application.get_absolute_url()).content.decode()

    assert "n’est plus candidat" in page
    assert "Budget retiré." in detail


def test_the_difference_of_two_submissions_is_seen(client):
    application = filed_twice()
    client.force_login(application.created_by)

    page = client.get(address("difference", application, 1, 2))

    [part] = page.context["parts"]
    assert (part.title, [text.label for text in part.texts]) == ("Identité du projet", ["Nom du projet"])


def test_a_file_is_still_there_once_it_was_taken_off_the_draft(client):
    application = complete_draft()
    file = storage.store([b"%PDF-1.7 annexe"], content_type="application/pdf")
    attached = actions.attach(
        application, file=file, name="étude.pdf", description="", by=application.created_by
    )
    actions.file_application(application, by=certifier_of(application.organisation))
    actions.take_back(application, by=application.created_by)
    actions.detach(attached, by=application.created_by)
    client.force_login(application.created_by)

    answer = client.get(address("file_by_hash", application, file.sha256))

    assert b"".join(answer) == b"%PDF-1.7 annexe"
    assert client.get(address("file_by_hash", application, "0" * 64)).status_code == 404


def test_a_page_open_across_the_deadline_is_told_so_and_keeps_the_draft(client):
    application = complete_draft()
    client.force_login(certifier_of(application.organisation))
    client.get(address("file", application))
    application.call.rounds.update(closes_at=from_now(seconds=-1))

    refused = client.post(address("file", application))
    again = client.get(address("file", application)).content.decode()

    assert refused.status_code == 409
    assert ("Il est trop tard" in again, 'class="fr-btn">Viser' in again) == (True, False)


def test_giving_up_takes_a_reason(client):
    application = complete_draft()
    client.force_login(application.created_by)

    without = client.post(address("withdraw", application), {"reason": " "})
    client.post(address("withdraw", application), {"reason": "Le projet change de porteur."})

    application.refresh_from_db()
    assert list(without.context["form"].errors) == ["reason"]
    assert (application.state, application.withdrawal_reason) == ("withdrawn", "Le projet change de porteur.")
    assert OutgoingEmail.objects.get().context["reason"] == "Le projet change de porteur."
