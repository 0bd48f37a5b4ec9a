"""Support before filing: which draft the secretariat reads, for how long, and what it knows of the others."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from applications import actions
from applications.models import Application, Attachment, Collaborator, Recusal, Remark, SupportRequest
from calls.models import Round
from documents import storage
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.clock import from_now
from tests.factories import (
    CallFactory,
    OrganisationFactory,
    UserFactory,
    auditor_of,
    certifier_of,
    complete_draft,
    draft,
    filed_application,
    head_of,
    officer_of,
    support_on,
)

pytestmark = pytest.mark.django_db


def read_by(user):
    return list(Application.objects.supported_by(user))


def told(name):
    return sorted(
        OutgoingEmail.objects.filter(template=f"applications/emails/{name}.txt").values_list("to", flat=True)
    )


def test_the_secretariat_reads_the_draft_that_asks_and_it_alone():
    call = CallFactory(published=True)
    asking, _silent = draft(call=call), draft(call=call)
    officer = officer_of(call.fund)

    support_on(asking)

    assert read_by(officer) == [asking]
    assert read_by(auditor_of(call.fund)) == []
    assert read_by(officer_of(filed_application().call.fund)) == []


@pytest.mark.parametrize("end", ["closed", "filed", "taken back", "withdrawn", "recused", "hired"])
def test_the_draft_is_read_no_more_once(end):
    application = complete_draft()
    officer = officer_of(application.call.fund)
    asked = support_on(application)
    certifier = certifier_of(application.organisation)

    if end == "closed":
        actions.close_support(asked, by=application.created_by)
    elif end == "filed":
        actions.file_application(application, by=certifier)
    elif end == "taken back":
        actions.file_application(application, by=certifier)
        actions.take_back(application, by=certifier)
    elif end == "withdrawn":
        actions.withdraw(application, by=certifier)
    elif end == "recused":
        Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")
    else:
        application.organisation.memberships.create(user=officer, role="contributor")

    assert read_by(officer) == []


def test_filing_ends_the_support_without_a_letter():
    application = complete_draft()
    asked = support_on(application)
    certifier = certifier_of(application.organisation)

    actions.file_application(application, by=certifier)

    asked.refresh_from_db()
    assert (asked.closed_at is None, asked.closed_by) == (False, certifier)
    assert Entry.objects.filter(event="application.support_closed").count() == 1
    assert (told("support_given"), told("support_withdrawn")) == ([], [])


def test_asking_twice_is_asking_once_and_tells_the_secretariat():
    application = draft()
    officer, head = officer_of(application.call.fund), head_of(application.call.fund)

    assert support_on(application) == support_on(application)

    assert told("support_asked") == sorted([officer.email, head.email])


def test_a_partner_s_agent_does_not_open_the_draft_to_the_secretariat():
    application = draft()
    guest = UserFactory()
    Collaborator.objects.create(application=application, user=guest, guest_of="Région partenaire")

    with pytest.raises(PermissionDenied):
        actions.ask_for_support(application, text="Aidez-nous.", by=guest)


@pytest.mark.parametrize("when", ["filed", "late"])
def test_support_is_asked_before_the_filing_and_its_deadline(when):
    application = filed_application() if when == "filed" else draft()
    if when == "late":
        Round.objects.update(closes_at=from_now(seconds=-1))

    with pytest.raises(Refused):
        support_on(application)


def test_remarks_are_those_of_the_sections_and_one_e_mail():
    application = draft()
    officer = officer_of(application.call.fund)
    asked = support_on(application)

    actions.comment_draft(
        asked, remarks={"projet": "Chiffrez.", "": "Bon départ.", "inconnue": "?"}, by=officer
    )

    remarks = application.section_remarks.values_list("section_key", "kind", "text")
    assert sorted(remarks) == [("", "support", "Bon départ."), ("projet", "support", "Chiffrez.")]
    assert told("support_given") == [application.created_by.email]


@pytest.mark.parametrize("act", ["take_charge", "comment_draft", "propose"])
def test_nothing_is_given_once_it_is_closed(act):
    application = draft()
    officer = officer_of(application.call.fund)
    asked = support_on(application)
    actions.close_support(asked, by=officer)
    said = {
        "take_charge": {},
        "comment_draft": {"remarks": {"": "Bien."}},
        "propose": {"kind": Remark.Kind.EXPERT, "text": "Un statisticien"},
    }[act]

    with pytest.raises(Refused):
        getattr(actions, act)(asked, by=officer, **said)


@pytest.mark.parametrize("act", ["take_charge", "close_support"])
def test_a_recused_officer_gives_no_support(act):
    application = draft()
    officer = officer_of(application.call.fund)
    Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")

    with pytest.raises(PermissionDenied):
        getattr(actions, act)(support_on(application), by=officer)


# The pages


def test_the_officer_reads_the_draft_with_its_files_comments_and_proposes(client):
    application = draft()
    file = storage.store([b"%PDF-1.7 annexe"], content_type="application/pdf")
    Attachment.objects.create(
        application=application, file=file, name="annexe.pdf", added_by=application.created_by
    )
    asked = support_on(application)
    client.force_login(officer_of(application.call.fund))

    shown = client.get(reverse("applications:supported", args=[asked.pk]))
    joined = client.get(reverse("applications:supported_file", args=[asked.pk, file.sha256]))
    client.post(reverse("applications:comment_draft", args=[asked.pk]), {"remark-projet": "Chiffrez."})
    client.post(
        reverse("applications:propose", args=[asked.pk]),
        {"kind": "similar", "text": "Un lauréat proche", "link": "https://exemple.example/laureat"},
    )
    after = client.get(reverse("applications:supported", args=[asked.pk]))

    assert shown.context["dossier"]["title"] == application.title
    assert b"".join(joined) == b"%PDF-1.7 annexe"
    assert [(title, remark.text) for title, remark in after.context["remarks"]] == [
        (application.form.section("projet")["title"], "Chiffrez.")
    ]
    assert [each.link for each in after.context["proposals"]] == ["https://exemple.example/laureat"]


def test_a_link_that_would_run_is_refused_beside_its_field(client):
    asked = support_on(draft())
    client.force_login(officer_of(asked.application.call.fund))

    response = client.post(
        reverse("applications:propose", args=[asked.pk]),
        {"kind": "expert", "text": "Une experte", "link": "javascript:alert(1)"},
    )

    assert list(response.context["proposal_form"].errors) == ["link"]
    assert Remark.objects.count() == 0


def test_the_carrier_asks_reads_the_remarks_without_a_name_and_closes(client):
    application = draft()
    officer = officer_of(application.call.fund)
    client.force_login(application.created_by)
    address = reverse("applications:support", args=[application.key])

    client.post(address, {"text": "Comment chiffrer ?"})
    actions.comment_draft(SupportRequest.objects.get(), remarks={"projet": "Chiffrez."}, by=officer)
    page = client.get(address).content.decode()
    client.post(reverse("applications:close_support", args=[application.key]))

    assert ("Chiffrez." in page, officer.name in page) == (True, False)
    assert SupportRequest.objects.get().closed_by == application.created_by


def test_of_the_other_drafts_the_secretariat_knows_their_number_by_kind_alone(client):
    call = CallFactory(published=True)
    carriers = [OrganisationFactory(name=f"Porteur caché {n}", kind="ministere") for n in range(2)]
    for carrier in carriers:
        draft(call=call, organisation=carrier, title="Titre caché")
    filed_application(call=call)
    client.force_login(officer_of(call.fund))

    response = client.get(reverse("applications:draft_counts", args=[call.slug]))
    desk = client.get(reverse("applications:support_desk"))

    assert response.context["counts"] == [("ministère", 2)]
    assert "caché" not in response.content.decode() + desk.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_costs_the_same_whatever_waits(client, rows, django_assert_num_queries):
    call = CallFactory(published=True)
    for _ in range(rows):
        support_on(draft(call=call))
    client.force_login(officer_of(call.fund))

    with django_assert_num_queries(5):
        client.get(reverse("applications:support_desk"))


def test_a_draft_that_the_secretariat_reads_is_not_said_to_be_seen_by_nobody(client, db):
    support = support_on(draft())
    client.force_login(support.application.created_by)

    page = client.get(support.application.get_absolute_url())

    assert page.context["standing"].text.startswith("Le secrétariat le lit pour vous accompagner")
