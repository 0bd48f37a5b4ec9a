"""From a draft to a filed dossier: who may, when, and what is frozen."""

import hashlib
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from applications import actions
from applications.models import Application, Submission
from calls.models import Round
from documents.models import ProducedDocument
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.clock import from_now, python_clock_off_by
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

State = Application.State


def closes_in(application, seconds):
    """Move the deadline of a dossier around the database's now."""
    application.round.closes_at = from_now(seconds=seconds)
    application.round.save()


def file_it(application):
    return actions.file_application(application, by=certifier_of(application.organisation))


# Writing


def test_an_agent_begins_a_draft_for_their_body(db):
    call, organisation = CallFactory(published=True), OrganisationFactory()
    agent = contributor_of(organisation)

    application = actions.create_application(call=call, organisation=organisation, title="Projet", by=agent)

    assert (application.state, application.number, application.reference) == (State.DRAFT, None, None)
    assert [each.user for each in application.collaborators.all()] == [agent]


def test_nobody_begins_a_draft_for_a_body_of_others(db):
    stranger = contributor_of(OrganisationFactory())

    with pytest.raises(PermissionDenied):
        actions.create_application(
            call=CallFactory(published=True), organisation=OrganisationFactory(), title="Projet", by=stranger
        )


@pytest.mark.parametrize(("opens_in", "closes_in"), [(60, 120), (-120, -1)])
def test_a_draft_begins_only_while_its_call_is_open(db, opens_in, closes_in):
    call = CallFactory(published=True, opens_at=from_now(seconds=opens_in))
    call.rounds.update(closes_at=from_now(seconds=closes_in))
    organisation = OrganisationFactory()

    with pytest.raises(Refused) as refusal:
        actions.create_application(
            call=call, organisation=organisation, title="Projet", by=contributor_of(organisation)
        )

    assert refusal.value.reason == "Cet appel n’est pas ouvert aux candidatures."


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(db):
    application = draft()
    actions.save_section(application, "projet", {"resume": "Le mien"}, version=0, by=application.created_by)

    with pytest.raises(actions.EditConflict) as conflict:
        actions.save_section(
            application, "projet", {"resume": "L’autre"}, version=0, by=certifier_of(application.organisation)
        )

    assert conflict.value.theirs.answers == {"resume": "Le mien"}
    assert application.sections.get().answers == {"resume": "Le mien"}


def test_both_texts_may_be_brought_together(db):
    application = draft()
    actions.save_section(application, "projet", {"resume": "Le mien"}, version=0, by=application.created_by)

    actions.save_section(application, "projet", {"resume": "Les deux"}, version=1, by=application.created_by)

    assert (application.sections.get().answers, application.sections.get().version) == (
        {"resume": "Les deux"},
        2,
    )


def test_the_financing_plan_is_replaced_as_a_whole(db):
    application = complete_draft()

    actions.set_table(
        application,
        "financing",
        [{"year": 2019, "source": "fund", "label": "", "amount": Decimal("12.50")}],
        by=application.created_by,
    )

    assert (application.requested_grant, application.total_cost) == (Decimal("12.50"), Decimal("12.50"))


def test_a_colleague_who_saved_the_plan_meanwhile_is_not_overwritten(db):
    application = complete_draft()
    actions.set_table(application, "financing", [], version=0, by=application.created_by)

    with pytest.raises(actions.EditConflict):
        actions.set_table(
            application,
            "financing",
            [{"year": 2019, "source": "fund", "label": "", "amount": Decimal(1)}],
            version=0,
            by=certifier_of(application.organisation),
        )

    assert application.financing_lines.count() == 0


def test_while_it_awaits_its_visa_only_a_certifier_writes(db):
    application = complete_draft()
    actions.ask_for_visa(application, by=application.created_by)

    with pytest.raises(Refused):
        actions.set_table(application, "savings", [], by=application.created_by)

    actions.set_table(application, "savings", [], by=certifier_of(application.organisation))
    assert application.savings_lines.count() == 0


WRITES = {
    "change_identity": lambda application, by: actions.change_identity(
        application, title="x", themes=[], by=by
    ),
    "save_section": lambda application, by: actions.save_section(application, "projet", {}, version=1, by=by),
    "set_financing": lambda application, by: actions.set_table(application, "financing", [], by=by),
    "set_savings": lambda application, by: actions.set_table(application, "savings", [], by=by),
    "attach": lambda application, by: actions.attach(
        application, file=StoredFileFactory(), name="a.pdf", description="", by=by
    ),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_filed_dossier_is_written_by_nobody(db, write):
    application = filed_application()

    with pytest.raises(Refused) as refusal:
        WRITES[write](application, certifier_of(application.organisation))

    assert refusal.value.reason == (
        "Ce dossier ne se modifie plus. S’il est déposé, reprenez-le d’abord, avant la date limite."
    )


@pytest.mark.parametrize("write", WRITES)
def test_a_stranger_writes_nothing(db, write):
    with pytest.raises(PermissionDenied):
        WRITES[write](complete_draft(), UserFactory())


# The visa


def test_asking_for_the_visa_tells_each_certifier(db):
    application = complete_draft()
    certifiers = [certifier_of(application.organisation) for _ in range(2)]

    actions.ask_for_visa(application, by=application.created_by)

    assert sorted(email.to for email in OutgoingEmail.objects.all()) == sorted(
        each.email for each in certifiers
    )


def test_a_returned_dossier_goes_back_to_its_writers_with_the_remarks(db):
    application = complete_draft()
    actions.ask_for_visa(application, by=application.created_by)

    actions.return_to_writers(application, remarks="Chiffrez.", by=certifier_of(application.organisation))

    application.refresh_from_db()
    [email] = OutgoingEmail.objects.all()
    assert (application.state, application.remarks) == (State.DRAFT, "Chiffrez.")
    assert (email.to, email.context["remarks"]) == (application.created_by.email, "Chiffrez.")


def test_an_incomplete_dossier_does_not_ask_for_a_visa(db):
    application = draft()

    with pytest.raises(Refused):
        actions.ask_for_visa(application, by=application.created_by)


# Filing


def test_filing_numbers_freezes_and_orders_the_documents(db):
    application = complete_draft(call=CallFactory(published=True, code="FTAP-2018-1"))

    submission = file_it(application)

    application.refresh_from_db()
    assert (application.state, application.number, application.reference) == (
        State.FILED,
        1,
        "FTAP-2018-1-0001",
    )
    assert (
        submission.revision,
        submission.requested_grant,
        submission.total_cost,
        submission.promised_savings,
    ) == (
        1,
        Decimal("600000"),
        Decimal("1000000"),
        Decimal("900000"),
    )
    assert sorted(ProducedDocument.objects.values_list("kind", "subject_key")) == [
        ("applications.dossier", str(submission.pk)),
        ("applications.receipt", str(submission.pk)),
    ]


def test_the_receipt_goes_once_to_each_person(db):
    application = complete_draft()
    certifier = certifier_of(application.organisation)

    actions.file_application(application, by=certifier)

    assert sorted(email.to for email in OutgoingEmail.objects.all()) == sorted(
        [application.created_by.email, certifier.email]
    )


def test_the_hash_is_that_of_the_canonical_content(db):
    submission = file_it(complete_draft())

    kept = Submission.objects.get(pk=submission.pk)

    canonical = json.dumps(kept.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert kept.sha256 == hashlib.sha256(canonical.encode()).hexdigest()


def test_the_frozen_content_says_everything_in_the_words_it_was_asked_in(db):
    application = complete_draft(title="Guichet numérique")
    actions.attach(
        application,
        file=StoredFileFactory(sha256="a" * 64, size=12),
        name="étude.pdf",
        description="Étude",
        by=application.created_by,
    )

    content = file_it(application).content

    assert content["title"] == "Guichet numérique"
    assert content["sections"][0]["answers"][0] == {
        "key": "resume",
        "label": "Résumé du projet",
        "type": "long_text",
        "confidentiality": "public",
        "value": "Réponse à resume.",
        "text": "Réponse à resume.",
    }
    assert content["financing"][0] == {
        "row": 0,
        "year": 2018,
        "source": "fund",
        "source_label": "subvention du fonds",
        "nature": "",
        "nature_label": "",
        "label": "",
        "amount": "600000.00",
        "payment": None,
    }
    assert content["savings"] == [
        {
            "row": 0,
            "year": 2021,
            "nature": "",
            "nature_label": "",
            "label": "Achats",
            "amount": "900000.00",
            "recurring": True,
        }
    ]
    assert content["attachments"] == [
        {"question": "", "name": "étude.pdf", "description": "Étude", "size": 12, "sha256": "a" * 64}
    ]


def test_filing_twice_gives_one_number(db):
    application = complete_draft()

    first, second = file_it(application), file_it(application)

    assert first == second
    assert Entry.objects.filter(event="application.filed").count() == 1


def test_an_incomplete_dossier_is_refused_with_its_gaps(db):
    application = complete_draft()
    application.savings_lines.all().delete()

    with pytest.raises(Refused) as refusal:
        file_it(application)

    assert refusal.value.reason == (
        "Ce dossier n’est pas complet. Économies attendues : ajoutez au moins une ligne,"
        " même à zéro si le projet n’attend pas d’économie."
    )
    assert Submission.objects.count() == 0


def test_a_writer_does_not_file_where_a_visa_is_required(db):
    application = complete_draft()

    with pytest.raises(PermissionDenied):
        actions.file_application(application, by=application.created_by)


def test_a_writer_files_where_no_visa_is_required(db):
    application = complete_draft(call=CallFactory(published=True, visa_required=False))

    assert actions.file_application(application, by=application.created_by).revision == 1


def test_a_certifier_of_another_body_does_not_file(db):
    with pytest.raises(PermissionDenied):
        actions.file_application(complete_draft(), by=certifier_of(OrganisationFactory()))


def test_numbers_belong_to_a_call(db):
    call, other = CallFactory(published=True), CallFactory(published=True)

    filed = [filed_application(call=each) for each in (call, other, call)]

    assert [application.number for application in filed] == [1, 1, 2]


# The deadline


def test_a_second_before_the_deadline_is_in_time(db):
    application = complete_draft()
    closes_in(application, 1)

    assert file_it(application).revision == 1


def test_a_second_after_the_deadline_is_too_late_and_the_draft_stays(db):
    application = complete_draft()
    closes_in(application, -1)

    with pytest.raises(Refused) as refusal:
        file_it(application)

    application.refresh_from_db()
    assert refusal.value.reason == (
        f"La date limite de dépôt était le {application.round.deadline_text}. Votre brouillon est conservé tel quel."
    )
    assert (application.state, application.number) == (State.DRAFT, None)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_web_server_a_day_late_refuses_nobody_and_one_a_day_early_lets_nobody_in(db, days):
    in_time, late = complete_draft(), complete_draft()
    closes_in(in_time, 5)
    closes_in(late, -5)

    with python_clock_off_by(days=days):
        assert file_it(in_time).revision == 1
        with pytest.raises(Refused):
            file_it(late)


def test_a_postponed_deadline_lets_in_again(db):
    application = complete_draft()
    closes_in(application, -1)
    Round.objects.update(closes_at=from_now(hours=1))

    assert file_it(application).revision == 1


# Taking back and withdrawing


def test_what_is_taken_back_and_filed_again_keeps_its_number(db):
    application = filed_application()
    first = application.reference
    actions.take_back(application, by=application.created_by)
    actions.change_identity(application, title="Mieux", themes=[], by=application.created_by)

    again = file_it(application)

    application.refresh_from_db()
    assert (application.reference, again.revision, again.content["title"]) == (first, 2, "Mieux")


def test_the_last_submission_stands_until_it_is_replaced(db):
    application = filed_application()

    actions.take_back(application, by=application.created_by)
    standing_meanwhile = Submission.objects.standing().get()
    file_it(application)

    assert (standing_meanwhile.revision, Submission.objects.standing().get().revision) == (1, 2)


def test_after_the_deadline_nothing_is_taken_back(db):
    application = filed_application()
    closes_in(application, -1)

    with pytest.raises(Refused):
        actions.take_back(application, by=application.created_by)

    application.refresh_from_db()
    assert application.state == State.FILED


def test_a_draft_is_not_taken_back(db):
    application = complete_draft()

    with pytest.raises(Refused):
        actions.take_back(application, by=application.created_by)


def test_what_was_withdrawn_is_kept_but_no_longer_stands(db):
    application = filed_application()
    OutgoingEmail.objects.all().delete()

    actions.withdraw(application, by=certifier_of(application.organisation))

    assert sorted(email.to for email in OutgoingEmail.objects.all()) == sorted(
        {
            application.created_by.email,
            *application.organisation.memberships.filter(role="certifier").values_list(
                "user__email", flat=True
            ),
        }
    )
    assert (Submission.objects.count(), Submission.objects.standing().count()) == (1, 0)


def test_a_writer_gives_up_a_draft_but_not_what_was_filed(db):
    unfiled, filed = complete_draft(), filed_application()

    actions.withdraw(unfiled, by=unfiled.created_by)
    with pytest.raises(PermissionDenied):
        actions.withdraw(filed, by=filed.created_by)

    assert set(Application.objects.values_list("pk", "state")) == {
        (unfiled.pk, State.WITHDRAWN),
        (filed.pk, State.FILED),
    }


def test_who_left_the_body_writes_nothing_more(db):
    application = complete_draft()
    application.organisation.memberships.all().delete()

    with pytest.raises(PermissionDenied):
        actions.set_table(application, "savings", [], by=application.created_by)


def test_each_act_leaves_one_entry(db):
    application = complete_draft()
    writer = application.created_by

    actions.ask_for_visa(application, by=writer)
    file_it(application)
    actions.take_back(application, by=writer)
    actions.withdraw(application, by=certifier_of(application.organisation))

    events = Entry.objects.filter(subject_type="applications.application").order_by("id")
    assert [entry.event for entry in events] == [
        "application.visa_asked",
        "application.filed",
        "application.taken_back",
        "application.withdrawn",
    ]
