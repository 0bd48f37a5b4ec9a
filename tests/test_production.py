"""Production's own settings, in a process of their own."""

import os
import subprocess
import sys

import pytest

ENVIRONMENT = {
    **os.environ,
    "DJANGO_SETTINGS_MODULE": "fondsportal.settings.prod",
    "SECRET_KEY": "une-longue-suite-de-caracteres-que-personne-ne-devine-0123456789",
    "ALLOWED_HOSTS": "fonds.example",
    "PORTAL_URL": "https://fonds.example",
    "PORTAL_DEMO": "1",
    "EMAIL_URL": "smtp://courrier.example:25",
    "DATABASE_URL": "postgresql://portal_web@base/portal",
    "REDIS_URL": "redis://valkey:6379/0",
}
OF_TESTS = ["DJANGO_ALLOW_ASYNC_UNSAFE"]  # set for the browser's journeys, refused in production


def python(*arguments, without=""):
    return subprocess.run(
        [sys.executable, *arguments],
        env={name: value for name, value in ENVIRONMENT.items() if name not in (without, *OF_TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_clean():
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "EMAIL_URL", "DATABASE_URL", "REDIS_URL", "PORTAL_URL"])
def test_production_guesses_nothing(name):
    done = python("manage.py", "check", without=name)

    assert f"{name} est obligatoire en production." in done.stderr


def test_the_letter_box_of_the_demonstration_does_not_exist_in_production():
    code = """
import django
django.setup()
from django.urls import Resolver404, resolve
try:
    resolve("/demo/courriels/")
except Resolver404:
    print("absente")
"""

    done = python("-c", code)

    assert (done.stdout.strip(), done.returncode) == ("absente", 0)
