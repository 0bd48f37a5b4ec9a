"""From the committee's decisions to what the public will read."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Membership
from applications import actions as applications
from applications.models import FinancingLine, Recusal, Submission
from documents.models import ProducedDocument
from journal.models import Entry
from journal.refusals import Refused
from selection.actions import announcement as actions
from selection.actions import decisions
from selection.models import AgendaItem, Announcement, Case, Laureate
from selection.press_kit.keys import key_of
from tests.clock import from_now
from tests.database import past_the_guards, refused_by_the_database
from tests.factories import (
    CallFactory,
    FundFactory,
    ThemeFactory,
    agenda_item,
    certifier_of,
    chair_of,
    committee_session,
    complete_draft,
    head_of,
    moved_to,
    officer_of,
    taken_up,
)
from tests.selection.deciding_factories import said_of

State = Announcement.State


@pytest.fixture
def call(db):
    return CallFactory(published=True)


def decided(call, outcome="selected", **fields):
    session = committee_session(call.fund) if not call.fund.committees.exists() else None
    session = session or call.fund.committees.get().sessions.get()
    item = agenda_item(session, call=call, state=AgendaItem.State.VOTED, **fields)
    amount = Decimal(500_000) if outcome == "selected" else None
    decisions.decide(item, outcome=outcome, amount=amount, by=chair_of(session), **said_of(item, outcome))
    return item


def prepared(call, **fields):
    """An announcement of one selected project, drawn up by an officer."""
    decided(call, **fields)
    return actions.prepare_announcement(
        call=call, title="Les lauréats", introduction="", by=officer_of(call.fund)
    )


def test_what_no_form_asked_stays_unknown_and_is_not_zero(call):
    decided(call)
    with past_the_guards():
        content = Submission.objects.get().content | {"financing": [], "savings": []}
        Submission.objects.update(content=content, total_cost=0, promised_savings=0)

    actions.prepare_announcement(call=call, title="Les lauréats", introduction="", by=officer_of(call.fund))

    laureate = Laureate.objects.get()
    assert (laureate.total_cost, laureate.expected_savings) == (None, None)


def test_selected_projects_become_laureates_and_no_other(call):
    kept = decided(call, title="Guichet numérique")
    for outcome in ("reserve", "deferred", "rejected"):
        decided(call, outcome)

    announcement = actions.prepare_announcement(
        call=call, title="Les lauréats", introduction="", by=officer_of(call.fund)
    )

    [laureate] = announcement.laureates.all()
    assert (laureate.name, laureate.case, laureate.amount, laureate.summary) == (
        "Guichet numérique",
        kept.case,
        Decimal(500_000),
        "Réponse à resume.",
    )


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        (["secret", "public", "public"], "Texte 2"),
        (["secret", "administration", "secret"], ""),
        ([None, None, None], "Texte 1"),
        (["public boolean", "secret", "public"], "Texte 3"),
    ],
)
def test_the_summary_is_the_first_answer_that_the_form_said_public(call, said, summary):
    """The first dossiers did not say it of any answer: their summary came first."""
    decided(call)
    answers = [
        {"key": f"q{number}", "label": "Question", "text": f"Texte {number}"}
        | (dict(zip(("confidentiality", "type"), each.split(), strict=False)) if each else {})
        for number, each in enumerate(said, start=1)
    ]
    section = {"key": "projet", "title": "Projet", "kind": "text", "answers": answers}
    with past_the_guards():
        Submission.objects.update(content=Submission.objects.get().content | {"sections": [section]})

    actions.prepare_announcement(call=call, title="Les lauréats", introduction="", by=officer_of(call.fund))

    assert Laureate.objects.get().summary == summary


def test_a_laureate_is_as_rich_as_its_dossier(call):
    theme = ThemeFactory()
    item = decided(call, themes=[theme])
    organisation = item.case.application.organisation

    announcement = actions.prepare_announcement(
        call=call, title="Les lauréats", introduction="", by=officer_of(call.fund)
    )

    laureate = announcement.laureates.get()
    assert (laureate.organisation, laureate.total_cost, laureate.expected_savings) == (
        organisation,
        Decimal(1_000_000),
        Decimal(900_000),
    )
    assert list(laureate.themes.all()) == [theme]


def test_the_partners_of_a_laureate_are_those_who_bring_money(call):
    application = complete_draft(call=call)
    for year in (2019, 2020):
        FinancingLine.objects.create(
            application=application, year=year, source="partner", label="Région Bretagne", amount=1
        )
    applications.file_application(application, by=certifier_of(application.organisation))
    session = committee_session(call.fund)
    case = taken_up(application, Case.State.ON_AGENDA)
    item = moved_to(AgendaItem.objects.create(session=session, case=case, position=1), AgendaItem.State.VOTED)
    decisions.decide(item, outcome="selected", amount=Decimal(5), by=chair_of(session))

    announcement = actions.prepare_announcement(
        call=call, title="Les lauréats", introduction="", by=officer_of(call.fund)
    )

    assert announcement.laureates.get().partners == "Région Bretagne"


def test_a_project_never_takes_the_address_of_the_figures(call):
    announcement = prepared(call, title="Chiffres")

    assert announcement.laureates.get().slug == "chiffres-2"


def test_the_themes_of_a_laureate_are_described_too(call):
    laureate, theme = prepared(call).laureates.get(), ThemeFactory()

    actions.describe_laureate(laureate, by=officer_of(call.fund), name="Mieux dit", themes=[theme])

    entry = Entry.objects.get(event="laureate.described")
    assert (list(laureate.themes.all()), entry.details.content["fields"]) == ([theme], ["name", "themes"])


def test_without_a_selected_project_nothing_is_announced(call):
    decided(call, "rejected")

    with pytest.raises(Refused):
        actions.prepare_announcement(call=call, title="T", introduction="", by=officer_of(call.fund))


def test_a_project_is_announced_once(call):
    prepared(call)

    with pytest.raises(Refused):
        actions.prepare_announcement(call=call, title="Encore", introduction="", by=officer_of(call.fund))

    assert Laureate.objects.count() == 1


def test_what_its_carrier_withdrew_is_not_announced(call):
    application = decided(call).case.application
    applications.withdraw(application, by=certifier_of(application.organisation))

    with pytest.raises(Refused):
        actions.prepare_announcement(call=call, title="T", introduction="", by=officer_of(call.fund))


def test_projects_of_the_same_name_have_addresses_of_their_own(call):
    for _ in range(2):
        decided(call, title="Guichet unique")

    actions.prepare_announcement(call=call, title="T", introduction="", by=officer_of(call.fund))

    assert sorted(Laureate.objects.values_list("slug", flat=True)) == ["guichet-unique", "guichet-unique-2"]


def test_a_name_without_a_single_letter_still_has_an_address(call):
    decided(call, title="???")

    announcement = actions.prepare_announcement(
        call=call, title="!!!", introduction="", by=officer_of(call.fund)
    )

    assert announcement.laureates.get().get_absolute_url() == "/laureats/laureat/"


def test_a_laureate_is_described_until_the_announcement_is_validated(call):
    announcement = prepared(call)
    laureate = announcement.laureates.get()

    actions.describe_laureate(laureate, by=officer_of(call.fund), name="Mieux dit")
    actions.validate_announcement(announcement, by=head_of(call.fund))
    with pytest.raises(Refused):
        actions.describe_laureate(laureate, by=officer_of(call.fund), name="Trop tard")

    laureate.refresh_from_db()
    assert laureate.name == "Mieux dit"


def test_validating_orders_the_press_kit(call):
    announcement = prepared(call)
    ProducedDocument.objects.all().delete()

    actions.validate_announcement(announcement, by=head_of(call.fund))

    assert [(made.kind, made.subject_key) for made in ProducedDocument.objects.order_by("pk")] == [
        ("selection.press_kit", key_of(announcement)),
        ("selection.press_kit_archive", key_of(announcement)),
    ]


def test_who_prepared_an_announcement_does_not_publish_it(call):
    head = head_of(call.fund)
    decided(call)
    announcement = actions.prepare_announcement(call=call, title="T", introduction="", by=head)

    with pytest.raises(PermissionDenied):
        actions.validate_announcement(announcement, by=head)


def test_who_wrote_in_an_announcement_does_not_publish_it_whoever_wrote_after_them(call):
    head = head_of(call.fund)
    announcement = prepared(call)
    officer, laureate = announcement.prepared_by, announcement.laureates.get()

    actions.describe_laureate(laureate, by=head, name="Dit par la responsable")
    actions.describe_laureate(laureate, by=officer, name="Dit par l’agent")

    announcement.refresh_from_db()
    assert announcement.prepared_by == officer
    with pytest.raises(PermissionDenied):
        actions.validate_announcement(announcement, by=head)


def test_who_prepared_an_announcement_does_not_publish_it_once_another_wrote_in_it(call):
    head = head_of(call.fund)
    decided(call)
    announcement = actions.prepare_announcement(call=call, title="T", introduction="", by=head)

    actions.describe_laureate(announcement.laureates.get(), by=officer_of(call.fund), name="Mieux dit")

    with pytest.raises(PermissionDenied):
        actions.validate_announcement(announcement, by=head)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_who_is_barred_from_a_dossier_does_not_see_its_award_before_its_minute(call, client, withdrawn):
    announcement, barred = prepared(call), head_of(call.fund)
    application = Case.objects.get().application
    if withdrawn:
        actions.withdraw_announcement(announcement, by=head_of(call.fund))
    Membership.objects.create(user=barred, organisation=application.organisation, role="contributor")
    client.force_login(barred)

    preparation = client.get(f"/secretariat/annonces/{announcement.slug}/")
    desk = client.get("/secretariat/annonces/")

    assert (preparation.status_code, client.get(announcement.get_absolute_url()).status_code) == (404, 404)
    assert (list(desk.context["announcements"]), list(desk.context["waiting"])) == ([], [])


def test_once_public_an_announcement_is_no_longer_said_to_be_scheduled(call, client):
    announcement = prepared(call)
    client.force_login(officer_of(call.fund))
    addresses = ("/secretariat/annonces/", f"/secretariat/annonces/{announcement.slug}/")

    told = []
    for moment in (from_now(days=1), from_now()):
        Announcement.objects.update(state="scheduled", publish_at=moment)
        told += ["programmée" in client.get(address).content.decode() for address in addresses]

    assert told == [True, True, False, False]


def test_who_is_barred_from_a_selected_dossier_announces_the_others_only(call):
    kept_from, other = decided(call), decided(call)
    officer = officer_of(call.fund)
    Recusal.objects.create(application=kept_from.case.application, user=officer, reason="Conjoint")

    announcement = actions.prepare_announcement(call=call, title="T", introduction="", by=officer)

    assert announcement.laureates.get().case == other.case


@pytest.mark.parametrize("role", [officer_of, lambda fund: head_of(FundFactory())])
def test_only_the_head_of_the_fund_publishes_an_announcement(call, role):
    announcement = prepared(call)

    with pytest.raises(PermissionDenied):
        actions.validate_announcement(announcement, by=role(call.fund))


def test_a_publication_is_a_whole_minute(call):
    announcement = prepared(call)
    actions.validate_announcement(announcement, by=head_of(call.fund))

    actions.schedule_announcement(
        announcement, publish_at=datetime(2038, 6, 22, 10, 30, 59, 999, tzinfo=UTC), by=head_of(call.fund)
    )

    announcement.refresh_from_db()
    assert (announcement.state, announcement.publish_at) == (
        State.SCHEDULED,
        datetime(2038, 6, 22, 10, 30, tzinfo=UTC),
    )


def test_a_minute_that_has_passed_is_refused(call):
    announcement = prepared(call)
    actions.validate_announcement(announcement, by=head_of(call.fund))

    with pytest.raises(Refused):
        actions.schedule_announcement(announcement, publish_at=from_now(minutes=-2), by=head_of(call.fund))


def test_a_minute_to_come_may_be_moved_and_one_that_came_may_not(call):
    announcement, head = prepared(call), head_of(call.fund)
    actions.validate_announcement(announcement, by=head)
    actions.schedule_announcement(announcement, publish_at=from_now(hours=1), by=head)

    actions.schedule_announcement(announcement, publish_at=from_now(hours=2), by=head)
    Announcement.objects.update(publish_at=from_now(seconds=-1))

    with pytest.raises(Refused):
        actions.schedule_announcement(announcement, publish_at=from_now(hours=3), by=head)


def test_a_draft_is_not_scheduled(call):
    with pytest.raises(Refused):
        actions.schedule_announcement(prepared(call), publish_at=from_now(), by=head_of(call.fund))


def test_a_withdrawn_announcement_is_public_no_more(call):
    announcement, head = prepared(call), head_of(call.fund)
    actions.validate_announcement(announcement, by=head)
    actions.schedule_announcement(announcement, publish_at=from_now(), by=head)
    before = Laureate.objects.public().count()

    actions.withdraw_announcement(announcement, by=head)

    assert (before, Laureate.objects.public().count(), Announcement.objects.public().count()) == (1, 0, 0)


def test_a_scheduled_announcement_has_its_minute(call):
    announcement = prepared(call)

    with refused_by_the_database():
        Announcement.objects.filter(pk=announcement.pk).update(state=State.SCHEDULED)


def test_each_act_leaves_one_entry(call):
    announcement, head = prepared(call), head_of(call.fund)

    actions.validate_announcement(announcement, by=head)
    actions.schedule_announcement(announcement, publish_at=from_now(hours=1), by=head)
    actions.withdraw_announcement(announcement, by=head)

    events = Entry.objects.filter(subject_type="selection.announcement").order_by("id")
    assert [entry.event for entry in events] == [
        "announcement.prepared",
        "announcement.validated",
        "announcement.scheduled",
        "announcement.withdrawn",
    ]


def test_an_embargo_may_be_postponed_while_it_holds(call):
    announcement, head = prepared(call), head_of(call.fund)
    actions.validate_announcement(announcement, by=head)
    actions.schedule_announcement(announcement, publish_at=from_now(hours=1), by=head)

    actions.schedule_announcement(announcement, publish_at=from_now(hours=2), by=head)

    announcement.refresh_from_db()
    assert announcement.publish_at > from_now(minutes=90)


def test_what_is_public_is_not_rescheduled(call):
    announcement, head = prepared(call), head_of(call.fund)
    actions.validate_announcement(announcement, by=head)
    actions.schedule_announcement(announcement, publish_at=from_now(), by=head)

    with pytest.raises(Refused):
        actions.schedule_announcement(announcement, publish_at=from_now(hours=2), by=head)


def test_a_publication_in_the_past_is_refused(call):
    announcement, head = prepared(call), head_of(call.fund)
    actions.validate_announcement(announcement, by=head)

    with pytest.raises(actions.TooEarly):
        actions.schedule_announcement(announcement, publish_at=from_now(days=-365), by=head)


def test_the_projects_of_a_withdrawn_announcement_may_be_announced_again(call):
    announcement, head = prepared(call), head_of(call.fund)
    actions.withdraw_announcement(announcement, by=head)

    again = prepared(call)  # with one more project

    assert again.laureates.count() == announcement.laureates.count() + 1


def test_a_validated_announcement_may_go_back_to_its_preparation(call):
    announcement, head = prepared(call), head_of(call.fund)
    actions.validate_announcement(announcement, by=head)

    actions.return_to_draft(announcement, by=head)

    announcement.refresh_from_db()
    assert announcement.state == State.DRAFT


def test_an_announcement_may_go_back_to_its_preparation_until_its_minute(call):
    announcement, head = prepared(call), head_of(call.fund)
    actions.validate_announcement(announcement, by=head)
    actions.schedule_announcement(announcement, publish_at=from_now(hours=1), by=head)

    actions.return_to_draft(announcement, by=head)

    announcement.refresh_from_db()
    assert (announcement.state, announcement.publish_at) == (State.DRAFT, None)


def test_what_is_public_does_not_go_back_to_its_preparation(call):
    announcement, head = prepared(call), head_of(call.fund)
    actions.validate_announcement(announcement, by=head)
    actions.schedule_announcement(announcement, publish_at=from_now(), by=head)

    with pytest.raises(Refused):
        actions.return_to_draft(announcement, by=head)
