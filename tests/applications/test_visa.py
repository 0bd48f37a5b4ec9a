"""The visa: sent with a word, proofread as it will be seen, returned with remarks on its sections."""

import pytest
from django.urls import reverse

from applications import actions
from applications.models import Application, Remark, Submission
from journal.models import Entry, OutgoingEmail
from tests.factories import CallFactory, certifier_of, complete_draft, remark_on

pytestmark = pytest.mark.django_db


def address(name, application):
    return reverse(f"applications:{name}", args=[application.key])


def awaiting():
    application = complete_draft()
    certifier = certifier_of(application.organisation)
    actions.ask_for_visa(application, by=application.created_by)
    OutgoingEmail.objects.all().delete()
    return application, certifier


def test_the_page_says_to_whom_the_dossier_goes_and_takes_a_word_for_them(client):
    application = complete_draft()
    certifiers = sorted((certifier_of(application.organisation) for _ in range(2)), key=str)
    client.force_login(application.created_by)

    page = client.get(address("visa", application))
    client.post(address("visa", application), {"comment": "Relisez le financement."})

    application.refresh_from_db()
    assert page.context["certifiers"] == certifiers
    assert application.state == Application.State.AWAITING_VISA
    assert {email.context["comment"] for email in OutgoingEmail.objects.all()} == {"Relisez le financement."}


def test_a_dossier_is_returned_with_remarks_on_its_sections(client):
    application, certifier = awaiting()
    client.force_login(certifier)

    client.post(address("return", application), {"remarks": "Presque.", "section-projet": "Chiffrez."})

    application.refresh_from_db()
    remark = Remark.objects.get(section_key="projet")
    [email] = OutgoingEmail.objects.all()
    assert (application.state, application.remarks) == (Application.State.DRAFT, "Presque.")
    assert (remark.kind, remark.section_key, remark.text, remark.written_by) == (
        "visa",
        "projet",
        "Chiffrez.",
        certifier,
    )
    assert email.context["on_sections"] == [["Le projet", "Chiffrez."]]


def test_a_dossier_is_not_returned_without_a_word(client):
    application, certifier = awaiting()
    client.force_login(certifier)

    page = client.post(address("return", application), {"remarks": " "})

    application.refresh_from_db()
    assert len(page.context["form"].non_field_errors()) == 1
    assert application.state == Application.State.AWAITING_VISA


def test_a_remark_stands_at_the_head_of_its_section_until_it_is_settled_and_stays_readable(client):
    application = complete_draft()
    remark = remark_on(application, text="Chiffrez les économies.")
    client.force_login(application.created_by)
    section = reverse("applications:section", args=[application.key, "projet"])

    before = client.get(section).content.decode()
    client.post(reverse("applications:settle_remark", args=[application.key, remark.pk]))
    client.post(reverse("applications:settle_remark", args=[application.key, remark.pk]))
    after = client.get(section).content.decode()

    remark.refresh_from_db()
    assert ("Marquer comme traitée" in before, "Marquer comme traitée" in after) == (True, False)
    assert ("Chiffrez les économies." in before, "Chiffrez les économies." in after) == (True, True)
    assert remark.settled_by == application.created_by
    assert Entry.objects.filter(event="application.remark_settled").count() == 1


def test_a_remark_on_the_whole_is_settled_from_the_task_list_and_stays_readable_once_filed(client):
    application, certifier = awaiting()
    actions.return_to_writers(application, by=certifier, remarks="Resserrez l’ensemble.")
    client.force_login(application.created_by)
    remark = Remark.objects.get()

    before = client.get(application.get_absolute_url()).text
    client.post(reverse("applications:settle_remark", args=[application.key, remark.pk]), follow=True)
    actions.ask_for_visa(application, by=application.created_by)
    actions.file_application(application, by=certifier)
    after = client.get(application.get_absolute_url()).text

    assert [page.count("Resserrez l’ensemble.") for page in (before, after)] == [1, 1]
    assert [page.count("Marquer comme traitée") for page in (before, after)] == [1, 0]


def test_what_is_proofread_is_what_is_then_filed(client):
    application, certifier = awaiting()
    client.force_login(certifier)

    read = client.get(address("proofread", application)).context["dossier"]
    kept = Submission.objects.count()
    submission = actions.file_application(application, by=certifier)

    assert kept == 0
    assert read["sha256"] == submission.sha256


@pytest.mark.parametrize(("visa", "label"), [(True, "Viser et déposer"), (False, "Déposer")])
def test_the_button_names_a_visa_only_where_the_call_asks_for_one(client, visa, label):
    application = complete_draft(call=CallFactory(published=True, visa_required=visa))
    client.force_login(certifier_of(application.organisation))

    page = client.get(address("file", application)).content.decode()

    assert f'class="fr-btn">{label}</button>' in page
