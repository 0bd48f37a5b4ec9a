"""The deadline, as the pages tell it and as filing keeps it."""

from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions
from calls.models import Round
from tests.clock import from_now
from tests.factories import (
    CallFactory,
    OrganisationFactory,
    certifier_of,
    complete_draft,
    contributor_of,
    filed_application,
)

RULE = "Une pièce dont l’envoi commence avant la date limite et finit après n’en fait pas partie"
PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\1\0\0\5\0"
    b"\1\r\n-\xb4\0\0\0\0IEND\xaeB`\x82"
)


def send_past_the_deadline(client, application, by):
    """An upload that was begun in time, and of which the last byte came after."""
    address = f"/dossiers/{application.key}/sections/pieces/"
    client.force_login(by)
    client.get(address)
    Round.objects.update(closes_at=from_now(seconds=-1))
    return client.post(address, {"files": SimpleUploadedFile("plan.png", PICTURE)})


def test_a_new_dossier_counts_down_to_the_next_round_of_its_call(client, db):
    call = CallFactory(published=True)
    call.rounds.update(closes_at=from_now(hours=-1))
    Round.objects.create(call=call, number=3, closes_at=from_now(days=40))
    Round.objects.create(call=call, number=2, closes_at=from_now(hours=5, minutes=1))
    client.force_login(contributor_of(OrganisationFactory()))

    page = client.get(f"/dossiers/nouveau/{call.slug}/")

    [told] = [line for line in page.text.splitlines() if "data-deadline" in line]
    due_at = call.rounds.get(number=2).closes_at
    assert f'data-deadline="{int(due_at.timestamp())}"' in told
    assert "<span>Il reste 5\u00a0heures</span>" in told


def test_the_page_of_a_call_and_that_of_a_new_dossier_write_the_rule_of_late_uploads(client, db):
    call = CallFactory(published=True)
    client.force_login(contributor_of(OrganisationFactory()))

    assert RULE in client.get(call.get_absolute_url()).text
    assert RULE in client.get(f"/dossiers/nouveau/{call.slug}/").text


def test_an_upload_that_straddles_the_deadline_stays_in_a_draft_that_cannot_be_filed(client, db):
    application = complete_draft()

    send_past_the_deadline(client, application, application.created_by)

    client.force_login(certifier_of(application.organisation))
    filing = client.post(f"/dossiers/{application.key}/deposer/")
    application.refresh_from_db()
    assert (filing.status_code, application.state, application.submissions.count()) == (409, "draft", 0)
    assert [each.name for each in application.attachments.all()] == ["plan.png"]


def test_an_upload_that_straddles_the_deadline_is_refused_in_what_was_filed_already(client, db):
    application = filed_application()
    actions.take_back(application, by=application.created_by)

    page = send_past_the_deadline(client, application, application.created_by)

    assert page.status_code == 409
    assert application.attachments.count() == 0
    assert application.submissions.count() == 1
