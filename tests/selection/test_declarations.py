"""Declaring what ties one to a body, and having it settled by someone else."""

import pytest
from django.core.exceptions import PermissionDenied

from applications.models import Recusal
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection import conflicts
from selection.actions import conflicts as actions
from selection.models import Case, ConflictDeclaration
from tests.database import refused_by_the_database
from tests.factories import (
    OrganisationFactory,
    UserFactory,
    auditor_of,
    filed_application,
    head_of,
    officer_of,
)
from tests.selection.conflicts_factories import declaration, link, officer_from

State = ConflictDeclaration.State


@pytest.fixture
def application(db):
    filed = filed_application()
    OutgoingEmail.objects.all().delete()
    return filed


@pytest.fixture
def fund(application):
    return application.call.fund


def raised(application, user, by):
    return actions.raise_declaration(application, user, text="Un proche y travaille.", by=by)


def test_a_link_is_declared_once_and_ended(db):
    person, body = UserFactory(), OrganisationFactory()
    declared = actions.declare_interest(body, nature="mandate", text="", by=person)

    with pytest.raises(Refused):
        actions.declare_interest(body, nature="mandate", text="", by=person)
    actions.end_interest(declared, by=person)

    declared.refresh_from_db()
    assert declared.ended_at is not None


def test_nobody_ends_the_link_of_another(db):
    declared = link(UserFactory(), OrganisationFactory())

    with pytest.raises(PermissionDenied):
        actions.end_interest(declared, by=UserFactory())


def test_what_is_raised_says_what_was_found_and_tells_the_heads(application, fund):
    officer, head = officer_of(fund), head_of(fund)
    link(officer, application.organisation)

    made = raised(application, officer, by=officer)

    found = conflicts.to_settle(officer, application)[0].text
    assert [ground["text"] for ground in made.grounds] == [found, "Un proche y travaille."]
    assert [email.to for email in OutgoingEmail.objects.all()] == [head.email]


def test_the_declaration_of_the_only_head_goes_to_the_officers(application, fund):
    head, officer = head_of(fund), officer_of(fund)

    raised(application, head, by=head)

    assert [email.to for email in OutgoingEmail.objects.all()] == [officer.email]


def test_a_declaration_without_any_ground_is_refused(application, fund):
    officer = officer_of(fund)
    head_of(fund)

    with pytest.raises(Refused):
        actions.raise_declaration(application, officer, by=officer)


def test_there_is_nothing_to_settle_for_who_is_barred(application, fund):
    member = officer_from(application.organisation, fund)

    with pytest.raises(Refused):
        raised(application, member, by=head_of(fund))


def test_nobody_settles_their_own(application, fund):
    head = head_of(fund)
    officer_of(fund)
    made = raised(application, head, by=head)

    with pytest.raises(PermissionDenied):
        actions.settle_declaration(made, recused=False, reason="Rien à craindre.", by=head)
    with refused_by_the_database():
        ConflictDeclaration.objects.filter(pk=made.pk).update(
            state="cleared", settled_at=made.raised_at, settled_by=head, reason="Rien à craindre."
        )


def test_who_is_cleared_may_be_given_the_dossier(application, fund):
    officer, head = officer_of(fund), head_of(fund)
    made = raised(application, officer, by=officer)

    actions.settle_declaration(made, recused=False, reason="Lien ancien.", by=head)

    assert conflicts.why_not_assigned(officer, application) == ""
    assert Entry.objects.filter(event="declaration.settled").count() == 1


def test_who_is_recused_no_longer_sees_it_nor_has_it_in_charge(application, fund):
    officer, head = officer_of(fund), head_of(fund)
    Case.objects.update(officer=officer)
    made = raised(application, officer, by=head)

    actions.settle_declaration(made, recused=True, reason="Conjoint au porteur.", by=head)

    assert Case.objects.readable_by(officer).count() == 0
    assert (Case.objects.get().officer, Recusal.objects.get().reason) == (None, "Conjoint au porteur.")


def test_a_declaration_is_settled_once(application, fund):
    head = head_of(fund)
    made = raised(application, officer_of(fund), by=head)
    actions.settle_declaration(made, recused=False, reason="Lien ancien.", by=head)

    with pytest.raises(Refused):
        actions.settle_declaration(made, recused=True, reason="Après tout…", by=head)


def test_one_recuses_oneself_without_asking(application, fund):
    officer = officer_of(fund)

    actions.recuse_oneself(application, reason="Ami du porteur", by=officer)

    assert Case.objects.readable_by(officer).count() == 0
    with pytest.raises(PermissionDenied):
        actions.recuse_oneself(application, reason="Encore", by=officer)


def test_an_auditor_raises_nothing(application, fund):
    with pytest.raises(PermissionDenied):
        raised(application, officer_of(fund), by=auditor_of(fund))


# Pages


def test_the_page_of_the_declarations_shows_grounds_and_reasons(application, fund, client):
    head = head_of(fund)
    made = declaration(officer_of(fund), application, grounds=[{"kind": "said", "text": "un mandat"}])
    client.force_login(head)

    waiting = client.get("/secretariat/declarations/").content.decode()
    client.post(f"/secretariat/declarations/{made.pk}/", {"recused": "non", "reason": "Mandat échu."})
    settled = client.get("/secretariat/declarations/").content.decode()

    assert ("Un mandat" in waiting, "Mandat échu." in settled) == (True, True)


def test_settling_without_a_reason_is_asked_again(application, fund, client):
    made = declaration(officer_of(fund), application)
    client.force_login(head_of(fund))

    page = client.post(f"/secretariat/declarations/{made.pk}/", {"recused": "oui", "reason": ""})

    made.refresh_from_db()
    assert (page.status_code, made.state) == (200, State.TO_SETTLE)


@pytest.mark.parametrize("asked", ["abc", "9" * 40, "\0", "٣"])
def test_a_person_that_is_no_key_is_nobody(application, fund, client, asked):
    client.force_login(head_of(fund))

    page = client.get(f"/secretariat/dossiers/{application.reference}/interets/", {"personne": asked})

    assert page.status_code == 200


def test_one_declares_a_link_on_the_page_of_one_s_account(db, client):
    person, body = UserFactory(), OrganisationFactory()
    client.force_login(person)

    page = client.post("/compte/interets/", {"organisation": body.pk, "nature": "mandate", "text": "2019"})

    assert (page.status_code, person.interests.get().text) == (302, "2019")
