"""People and bodies."""

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import Organisation, PublicDomain, User
from tests.factories import PASSWORD, OrganisationFactory, UserFactory


def test_an_address_is_one_account_whatever_its_case(db):
    UserFactory(email="agent@interieur.example")

    with pytest.raises(IntegrityError):
        UserFactory(email="Agent@Interieur.example")


def test_one_signs_in_whatever_the_case_of_the_address(db):
    user = UserFactory(email="agent@interieur.example")

    assert User.objects.get_by_natural_key("AGENT@interieur.example") == user
    assert authenticate(request=None, username="AGENT@interieur.example", password=PASSWORD) == user


def test_an_administrator_is_made_by_command(db):
    admin = User.objects.create_superuser("admin@portail.example", PASSWORD, name="Administration")

    assert (admin.is_staff, admin.is_superuser, admin.check_password(PASSWORD)) == (True, True, True)


def test_a_person_is_called_by_their_name():
    user = User(name="Agent du secrétariat")

    assert (str(user), user.get_full_name(), user.get_short_name()) == ("Agent du secrétariat",) * 3


def test_a_ministry_answers_for_itself(db):
    ministry = OrganisationFactory(kind=Organisation.Kind.MINISTRY)

    assert ministry.ministry == ministry


def test_an_operator_is_answered_for_by_its_ministry(db):
    ministry = OrganisationFactory(kind=Organisation.Kind.MINISTRY)

    assert OrganisationFactory(supervising_ministry=ministry).ministry == ministry


def test_the_ministry_of_some_operators_is_unknown(db):
    assert OrganisationFactory().ministry is None


@pytest.mark.parametrize(
    ("email", "known"),
    [
        ("agent@etat.example", True),
        ("agent@Direction.ETAT.example", True),
        ("agent@faux-etat.example", False),
        ("agent@etat.example.mal.example", False),
        ("agent@example", False),
    ],
)
def test_a_domain_covers_its_subdomains_and_nothing_that_looks_like_it(db, email, known):
    PublicDomain.objects.create(domain="etat.example")

    assert PublicDomain.objects.covering(email).exists() is known


def test_a_domain_is_written_in_lower_case_without_its_sign(db):
    for wrong in ("@etat.example", "ETAT.example", "etat example"):
        with pytest.raises(ValidationError):
            PublicDomain(domain=wrong).full_clean()

    PublicDomain(domain="etat.example").full_clean()
