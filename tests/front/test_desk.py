"""Everyone's own start page: what awaits them, with a number of queries that does not depend on how much does."""

from datetime import timedelta

from accounts.models import Membership
from applications import actions
from applications.models import Clarification, Collaborator, Message, Remark, SectionAnswers
from calls.models import Registration, deadline_text
from selection.models import Letter
from tests.clock import from_now
from tests.factories import (
    CallFactory,
    EventFactory,
    OrganisationFactory,
    UserFactory,
    certifier_of,
    complete_draft,
    contributor_of,
    draft,
    filed_application,
    officer_of,
)
from tests.selection.announcement_factories import page_to_check
from tests.selection.letter_factories import over, sent


def told(client, user):
    """(what, where, address) of each thing that awaits someone."""
    client.force_login(user)
    return [(each.what, each.where, each.url) for each in client.get("/espace/").context["awaiting"]]


def one_of_each(organisation, person):
    """A dossier of each kind of thing that awaits a writer of a body."""
    filed = filed_application(organisation=organisation, created_by=person)
    Clarification.objects.create(
        application=filed,
        sections=[{"key": "projet", "title": "Le projet", "question": ""}],
        due_at=from_now(days=3),
        asked_by=officer_of(filed.call.fund),
    )
    filed.state = "clarification_requested"
    filed.save()
    Message.objects.create(
        application=filed, text="Bonjour", from_secretariat=True, nonce=filed.key, sent_by=UserFactory()
    )
    returned = draft(organisation=organisation, created_by=person)
    Remark.objects.create(application=returned, kind="visa", text="À préciser", written_by=person)
    SectionAnswers.objects.create(application=returned, section_key="projet", owner=person)
    EventFactory(call=filed.call, fund=filed.call.fund, published=True, starts_at=from_now(days=2))


def test_the_start_page_costs_the_same_with_one_dossier_and_with_three(client, db, django_assert_num_queries):
    person, organisation = UserFactory(), OrganisationFactory()
    one_of_each(organisation, person)
    client.force_login(person)
    client.get("/espace/")

    with django_assert_num_queries(24):
        client.get("/espace/")
    one_of_each(organisation, person)
    one_of_each(organisation, person)
    with django_assert_num_queries(24):
        client.get("/espace/")


def test_a_letter_awaits_its_carrier_until_it_is_opened_and_a_page_until_it_is_answered(client, db):
    session = sent(over("selected"))
    application = session.items.select_related("case__application__created_by").get().case.application
    check = page_to_check(application)
    letter = Letter.objects.get()
    due = deadline_text(check.due_at)

    before = told(client, application.created_by)[:2]
    client.post(f"/dossiers/{application.key}/decisions/{letter.pk}/")
    client.post(f"/dossiers/{application.key}/page-publique/", {"accept": "1"})

    where = application.title
    assert before == [
        ("Ouvrir la lettre de décision", where, f"/dossiers/{application.key}/decisions/{letter.pk}/"),
        (
            f"Relire votre page publique, sous embargo, avant le {due}",
            where,
            f"/dossiers/{application.key}/page-publique/",
        ),
    ]
    assert [what for what, *_ in told(client, application.created_by)] == ["Lire 1 message du secrétariat"]


def test_a_dossier_sent_back_with_remarks_awaits_its_writer(client, db):
    application = draft(call=CallFactory(published=True, closes_in=timedelta(days=30)))
    for text in ("Le budget", "Le calendrier"):
        Remark.objects.create(
            application=application, kind="visa", text=text, written_by=application.created_by
        )

    assert told(client, application.created_by) == [
        ("Corriger : 2 remarques à traiter", application.title, application.get_absolute_url())
    ]


def test_a_dossier_awaits_the_visa_of_its_certifier_and_of_nobody_else(client, db):
    application = complete_draft(call=CallFactory(published=True, closes_in=timedelta(days=30)))
    certifier = certifier_of(application.organisation)
    actions.ask_for_visa(application, by=application.created_by)

    [(what, where, url)] = told(client, certifier)

    assert what.startswith("Donner votre visa et déposer avant le ")
    assert (where, url) == (application.title, application.get_absolute_url())
    assert told(client, application.created_by) == []


def test_a_request_for_more_a_message_and_a_section_of_mine_await_me_in_this_order(client, db):
    person, organisation = UserFactory(), OrganisationFactory()
    Membership.objects.create(user=person, organisation=organisation, role="contributor")
    one_of_each(organisation, person)

    assert [what.split(" ")[0] for what, _, _ in told(client, person)] == [
        "Corriger", "Déposer", "Compléter", "Écrire", "Lire",
    ]  # fmt: skip


def test_a_draft_awaits_its_writer_seven_days_before_its_deadline(client, db):
    soon, later = (CallFactory(published=True, closes_in=timedelta(days=days, minutes=1)) for days in (6, 8))
    application = draft(call=soon)
    draft(call=later, created_by=application.created_by)

    assert told(client, application.created_by) == [
        ("Déposer : il reste 6\u00a0jours", application.title, application.get_absolute_url())
    ]


def test_a_reader_of_a_draft_is_asked_for_nothing(client, db):
    application = draft()
    reader = contributor_of(application.organisation)
    Collaborator.objects.create(application=application, user=reader, role="reader")

    assert told(client, reader) == []


def test_my_place_at_a_meeting_of_my_call_is_told(client, db):
    application = draft()
    event = EventFactory(call=application.call, fund=application.call.fund, published=True)
    place = Registration.objects.create(
        event=event, name="Un agent", email=application.created_by.email.upper()
    )
    client.force_login(application.created_by)

    assert client.get("/espace/").context["events"] == [(event, place)]


def test_who_has_no_dossier_yet_is_told_how_to_begin(client, db):
    CallFactory(published=True)
    client.force_login(contributor_of(OrganisationFactory()))

    assert "Choisissez un appel ouvert" in client.get("/espace/").text


def test_a_partners_agent_finds_the_dossiers_they_are_invited_on(client, db):
    application = draft()
    guest = UserFactory()
    Collaborator.objects.create(application=application, user=guest, guest_of="Un partenaire")
    client.force_login(guest)

    page = client.get("/espace/")

    assert [door[0] for door in page.context["doors"]] == ["Mes dossiers"]
    assert page.context["groups"] == [("Brouillons", [application])]


def test_only_who_certifies_is_shown_the_way_to_lend_their_visa(client, db):
    organisation = OrganisationFactory()
    shown = []

    for person in (certifier_of(organisation), contributor_of(organisation)):
        client.force_login(person)
        shown.append(client.get("/espace/").text.count('href="/compte/delegations/"'))

    assert shown == [1, 0]


def test_the_list_of_all_dossiers_is_offered_only_where_some_are_left_out(client, db, monkeypatch):
    monkeypatch.setattr("fondsportal.front.desk.AT_MOST", 1)
    application = draft()
    client.force_login(application.created_by)

    whole = client.get("/espace/").context["is_cut"]
    draft(created_by=application.created_by, organisation=application.organisation)
    cut = client.get("/espace/").context["is_cut"]

    assert (whole, cut) == (False, True)
