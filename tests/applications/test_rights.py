"""Who may do what with a dossier: the rules on one of them, and the lists of those that are open to someone, agree."""

import pytest

from applications import actions, presence, rules
from applications.models import Application, Collaborator
from tests.factories import (
    UserFactory,
    certifier_of,
    complete_draft,
    contributor_of,
    delegation_of,
    draft,
)

pytestmark = pytest.mark.django_db


def placed(application, *, member, role="", guest_of=""):
    user = contributor_of(application.organisation) if member else UserFactory()
    if role:
        Collaborator.objects.create(application=application, user=user, role=role, guest_of=guest_of)
    return user


def stand_in(application):
    user = contributor_of(application.organisation)
    delegation_of(certifier_of(application.organisation), user)
    return user


PEOPLE = {
    "certifier": lambda application: certifier_of(application.organisation),
    "stand-in": stand_in,
    "writer": lambda application: placed(application, member=True, role="writer"),
    "reader": lambda application: placed(application, member=True, role="reader"),
    "guest who writes": lambda application: placed(
        application, member=False, role="writer", guest_of="Région"
    ),
    "guest who reads": lambda application: placed(
        application, member=False, role="reader", guest_of="Région"
    ),
    "writer who left": lambda application: placed(application, member=False, role="writer"),
    "agent who is not invited": lambda application: placed(application, member=True),
    "stranger": lambda application: UserFactory(),
}
# What each sees and does: s sees, w writes, c commits the carrier (and copies), f files.
WITH_VISA = dict(zip(PEOPLE, ["swcf", "swcf", "swc", "s", "sw", "s", "", "", ""], strict=True))
WITHOUT = WITH_VISA | {"writer": "swcf"}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("visa", "expected"), [(True, WITH_VISA), (False, WITHOUT)])
def test_each_person_may_what_the_table_says_wherever_it_is_asked(who, visa, expected):
    application = draft(call__visa_required=visa)
    user, dossiers = PEOPLE[who](application), Application.objects

    by_rules = [
        rules.can_write(user, application),
        rules.can_ask_for_visa(user, application),
        rules.can_file(user, application),
    ]
    by_lists = [
        found.filter(pk=application.pk).exists()
        for found in (dossiers.visible_to(user), dossiers.writable_by(user), dossiers.copyable_by(user))
    ]

    may = [letter in expected[who] for letter in "swcf"]
    assert (by_rules, by_lists) == (may[1:], may[:3])


def test_whoever_may_open_a_section_is_looked_for_there_and_nobody_else():
    application = draft()
    people = {who: make(application) for who, make in PEOPLE.items() if who != "writer who left"}

    looked_for = set(presence.writers(application))

    assert {who for who, user in people.items() if user in looked_for} == {
        who for who in people if WITH_VISA[who]
    }


@pytest.mark.parametrize(("who", "before", "after"), [("certifier", True, True), ("writer", True, False)])
def test_what_was_filed_is_given_up_by_who_files(who, before, after):
    application = complete_draft()
    user = PEOPLE[who](application)
    draft_given_up = rules.can_withdraw(user, application)

    actions.file_application(application, by=certifier_of(application.organisation))

    assert (draft_given_up, rules.can_withdraw(user, application)) == (before, after)
