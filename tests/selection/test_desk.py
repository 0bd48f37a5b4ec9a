"""The secretariat's own order: who is in charge of a dossier, its labels, its notes."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from applications.models import Recusal
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection.actions import desk as actions
from selection.models import Case, Label, Note
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return factories.case_in(Case.State.TO_CHECK)


@pytest.fixture
def officer(case):
    return factories.officer_of(case.call.fund)


def label_on(case, name="Prioritaire"):
    label = Label.objects.create(fund=case.call.fund, name=name, made_by=factories.officer_of(case.call.fund))
    case.labels.add(label)
    return label


def events(case):
    return list(
        Entry.objects.filter(subject_type="selection.case", subject_id=str(case.pk))
        .order_by("pk")
        .values_list("event", flat=True)
    )


# In charge


def test_who_is_given_a_dossier_is_told_and_who_takes_one_is_not(case, officer):
    colleague = factories.officer_of(case.call.fund)
    sent = OutgoingEmail.objects.count()

    actions.assign_officer(case.application, officer, by=officer)
    taken = OutgoingEmail.objects.count() - sent
    actions.assign_officer(case.application, colleague, by=officer)
    actions.assign_officer(case.application, colleague, by=officer)

    email = OutgoingEmail.objects.get(template="selection/emails/dossier_entrusted.txt")
    case.refresh_from_db()
    assert (taken, email.to, case.officer) == (0, colleague.email, colleague)
    assert events(case) == ["case.entrusted", "case.entrusted"]


def test_a_dossier_put_back_is_nobody_s(case, officer):
    actions.assign_officer(case.application, officer, by=officer)

    actions.assign_officer(case.application, None, by=officer)

    case.refresh_from_db()
    assert (case.officer, events(case)[-1]) == (None, "case.released")


def test_a_dossier_is_not_entrusted_to_who_may_not_deal_with_it(case, officer):
    recused = factories.officer_of(case.call.fund)
    Recusal.objects.create(application=case.application, user=recused, reason="Ancien employeur")

    for other in (
        recused,
        factories.auditor_of(case.call.fund),
        factories.officer_of(factories.FundFactory()),
    ):
        with pytest.raises(Refused):
            actions.assign_officer(case.application, other, by=officer)


def test_the_page_says_why_a_colleague_may_not_be_in_charge(case, officer, client):
    recused = factories.officer_of(case.call.fund)
    Recusal.objects.create(application=case.application, user=recused, reason="Ancien employeur")
    client.force_login(officer)

    response = client.post(
        reverse("selection:assign", args=[case.application.reference]), {"officer": recused.pk}
    )

    assert response.context["officer_form"].errors["officer"] == [
        f"{recused.name} ne peut pas traiter ce dossier : déport enregistré (Ancien employeur)."
    ]


# Labels


def test_a_label_is_put_once_and_removed_once(case, officer):
    label = Label.objects.create(fund=case.call.fund, name="À relire", made_by=officer)

    actions.put_label(case.application, label, by=officer)
    actions.put_label(case.application, label, by=officer)
    actions.remove_label(case.application, label, by=officer)
    actions.remove_label(case.application, label, by=officer)

    assert events(case) == ["case.labelled", "case.unlabelled"]


def test_the_label_of_another_fund_is_not_put(case, officer):
    label = Label.objects.create(fund=factories.FundFactory(), name="Ailleurs", made_by=officer)

    with pytest.raises(Refused):
        actions.put_label(case.application, label, by=officer)


def test_giving_a_label_the_name_of_another_merges_them(case, officer):
    kept, merged = label_on(case, "Prioritaire"), label_on(case, "Urgent")
    other = factories.case_in(Case.State.TO_CHECK, call=case.call)
    other.labels.add(merged)

    actions.rename_label(merged, name="prioritaire", by=officer)

    assert (Label.objects.get(), set(kept.cases.all())) == (kept, {case, other})


def test_a_label_does_not_count_the_dossiers_that_are_kept_from_who_reads(case, officer, client):
    label = label_on(case)
    factories.case_in(Case.State.TO_CHECK, call=case.call).labels.add(label)
    Recusal.objects.create(application=case.application, user=officer, reason="Ancien employeur")
    client.force_login(officer)

    [(_, [listed], _)] = client.get(reverse("selection:labels")).context["funds"]
    deleted = client.get(reverse("selection:delete_label", args=[label.pk]))

    assert (listed.carried, deleted.context["carried"]) == (1, 1)


def test_a_label_changes_the_capitals_of_its_own_name(case, officer):
    label = label_on(case, "urgent")

    actions.rename_label(label, name="Urgent", by=officer)

    assert Label.objects.get().name == "Urgent"


def test_deleting_a_label_says_how_many_dossiers_lose_it(case, officer, client):
    label = label_on(case)
    client.force_login(officer)
    address = reverse("selection:delete_label", args=[label.pk])

    asked = client.get(address)
    client.post(address)

    assert (asked.context["carried"], Label.objects.count()) == (1, 0)
    assert Entry.objects.get(event="label.deleted").details.content["dossiers"] == 1


def test_a_label_that_exists_is_refused_beside_the_field(case, officer, client):
    label_on(case, "Prioritaire")
    client.force_login(officer)

    response = client.post(
        reverse("selection:new_label", args=[case.call.fund.slug]), {"name": "  PRIORITAIRE "}
    )

    assert response.context["form"].errors["name"] == ["L’étiquette « PRIORITAIRE » existe déjà."]


# Notes


def test_a_note_is_kept_once_however_often_its_page_is_sent(case, officer):
    for _ in range(2):
        actions.write_note(case.application, text="À rapprocher du projet voisin.", by=officer)

    assert (Note.objects.count(), events(case)) == (1, ["case.note_written"])


def test_a_note_is_deleted_by_its_author_alone(case, officer):
    note = actions.write_note(case.application, text="À rapprocher.", by=officer)

    with pytest.raises(PermissionDenied):
        actions.delete_note(note, by=factories.head_of(case.call.fund))
    actions.delete_note(note, by=officer)

    note.refresh_from_db()
    assert (note.deleted_at is not None, events(case)[-1]) == (True, "case.note_deleted")


def test_a_note_is_read_by_the_secretariat_and_the_audit_alone(client):
    session = factories.committee_session(factories.FundFactory())
    item = factories.agenda_item(session)
    application = item.case.application
    officer = factories.officer_of(session.fund)
    actions.write_note(application, text="Mot secret du secrétariat", by=officer)
    actions.put_label(application, actions.make_label(session.fund, name="Mot caché", by=officer), by=officer)

    own = reverse("selection:notes", args=[application.reference])
    theirs = [
        (application.created_by, reverse("applications:messages", args=[application.key])),
        (application.created_by, reverse("selection:follow", args=[application.key])),
        (factories.chair_of(session), reverse("selection:item", args=[session.pk, application.reference])),
        (factories.chair_of(session), reverse("selection:session", args=[session.pk])),
        (factories.chair_of(session), own),
        (application.created_by, own),
    ]

    assert shows(client, officer, own) == (200, True)
    assert shows(client, factories.auditor_of(session.fund), own) == (200, True)
    assert [shows(client, *page) for page in theirs] == [(200, False)] * 4 + [(404, False)] * 2


def shows(client, user, address):
    client.force_login(user)
    response = client.get(address)
    page = response.content.decode()
    return response.status_code, "Mot secret" in page or "Mot caché" in page


def test_nothing_more_is_done_with_a_dossier_given_up(case, officer):
    case.application.state = "withdrawn"
    case.application.save()

    with pytest.raises(Refused, match="retiré par son porteur"):
        actions.assign_officer(case.application, officer, by=officer)
