"""Who may file, for whom they stand in, and whether they were reached in time."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import actions, rules
from applications.certifiers import lenders, who_can_file
from applications.models import Application, Collaborator
from calls.models import Round
from journal.models import Entry
from tests.clock import from_now
from tests.factories import (
    UserFactory,
    certifier_of,
    complete_draft,
    contributor_of,
    delegation_of,
    draft,
)

pytestmark = pytest.mark.django_db


def read(application):
    """The dossier as its pages read it, with its deadline."""
    return Application.objects.with_deadline().select_related("call", "organisation").get(pk=application.pk)


def in_hours(application, hours):
    Round.objects.filter(pk=application.round_id).update(closes_at=from_now(hours=hours))


def test_a_stand_in_may_file_and_is_said_to_stand_in():
    application = draft()
    certifier = certifier_of(application.organisation)
    delegation = delegation_of(certifier, application.created_by)

    filers = {filer.user: filer for filer in who_can_file(read(application)).filers}

    assert {user: filer.in_place_of for user, filer in filers.items()} == {
        certifier: (),
        application.created_by: (certifier.name,),
    }
    assert filers[application.created_by].until == delegation.ends_at


@pytest.mark.parametrize(
    ("dates", "lent"),
    [
        ({"begins_at": (-2, 0), "ends_at": (0, 1)}, True),
        ({"begins_at": (0, 1), "ends_at": (0, 2)}, False),
        ({"begins_at": (-2, 0), "ends_at": (0, -1)}, False),
        ({"begins_at": (-2, 0), "ends_at": (0, 1), "revoked_at": (0, -1)}, False),
    ],
    ids=["running", "to come", "over", "revoked"],
)
def test_a_delegation_holds_between_its_bounds_by_the_database_s_clock(dates, lent):
    application = draft()
    moments = {name: from_now(days=days, hours=hours) for name, (days, hours) in dates.items()}
    delegation_of(certifier_of(application.organisation), application.created_by, **moments)

    assert rules.can_file(application.created_by, application) == lent


@pytest.mark.parametrize("leaving", ["membership", "account", "delegate"])
def test_who_leaves_ends_a_delegation(leaving):
    application = draft()
    certifier, delegate = certifier_of(application.organisation), contributor_of(application.organisation)
    delegation_of(certifier, delegate)

    if leaving == "membership":
        certifier.memberships.all().delete()
    elif leaving == "account":
        certifier.is_active = False
        certifier.save()
    else:
        delegate.memberships.all().delete()

    assert rules.can_file(delegate, application) is False


def test_a_stand_in_files_in_their_own_name_and_the_page_says_for_whom(client):
    application = complete_draft()
    certifier, delegate = certifier_of(application.organisation), contributor_of(application.organisation)
    delegation_of(certifier, delegate)

    submission = actions.file_application(application, by=delegate)

    client.force_login(delegate)
    page = client.get(reverse("applications:filed", args=[application.key]))
    entry = Entry.objects.get(event="application.filed")
    assert (submission.filed_by, entry.actor_id, entry.details.content["in_place_of"]) == (
        delegate,
        delegate.pk,
        [certifier.pk],
    )
    assert page.context["filed_by"] == f"{delegate.name}, par délégation de {certifier.name}"


def test_a_certifier_who_also_holds_a_delegation_files_in_their_own_right():
    application = draft()
    certifier, colleague = certifier_of(application.organisation), certifier_of(application.organisation)
    delegation_of(certifier, colleague)

    assert lenders(colleague, application) == []


@pytest.mark.parametrize(
    ("hours", "seen", "to_alert"),
    [(47, False, True), (47, True, False), (49, False, False), (-1, False, False)],
)
def test_a_silence_is_worrying_only_when_the_deadline_is_near(hours, seen, to_alert):
    application = complete_draft()
    certifier = certifier_of(application.organisation)
    actions.ask_for_visa(application, by=application.created_by)
    in_hours(application, hours)
    if seen:
        certifier.last_login = timezone.now()
        certifier.save()

    assert who_can_file(read(application)).to_alert == to_alert


def test_who_signed_in_before_the_dossier_was_sent_for_visa_did_not_since():
    application = complete_draft()
    certifier = certifier_of(application.organisation)
    certifier.last_login = timezone.now()
    certifier.save()

    actions.ask_for_visa(application, by=application.created_by)

    assert who_can_file(read(application)).signed_in is False


def test_without_a_visa_whoever_writes_for_the_carrier_may_file():
    application = draft()
    application.call.visa_required = False
    application.call.save()
    for role, guest_of in (("reader", ""), ("writer", "Une région")):
        Collaborator.objects.create(
            application=application,
            user=contributor_of(application.organisation) if not guest_of else UserFactory(),
            role=role,
            guest_of=guest_of,
        )

    found = who_can_file(read(application))

    assert ([filer.user for filer in found.filers], found.signed_in) == ([application.created_by], True)


@pytest.mark.parametrize("stand_ins", [1, 3])
def test_the_facts_cost_the_same_whoever_may_file(stand_ins, django_assert_num_queries):
    application = complete_draft()
    certifier = certifier_of(application.organisation)
    for _ in range(stand_ins):
        delegation_of(certifier, contributor_of(application.organisation))
    actions.ask_for_visa(application, by=application.created_by)
    application = read(application)

    with django_assert_num_queries(4):
        who_can_file(application)
