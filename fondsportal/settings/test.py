"""Tests: the demonstration's pages, on the tests' own PostgreSQL and Valkey."""

import re

from fondsportal.settings.dev import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
AXES_ENABLED = False
# A thread of the live server lives as long as the browser keeps its line open: its session of the database must not,
# or the tests' database could not be dropped at the end.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# A database that holds the schema already, if there is one: the migrations since are applied on its copy.
DATABASES["default"]["TEST"] = {"TEMPLATE": env.str("TEST_TEMPLATE", default="") or None}
WHITENOISE_AUTOREFRESH = True  # otherwise each test client would list every static file

# Each parallel process of the tests has two databases of Valkey for itself: one empties its cache and its queue
# without touching another's.
_process = int(env.str("PYTEST_XDIST_WORKER", default="gw0").removeprefix("gw"))
CELERY_BROKER_URL = re.sub(r"\d+$", str(2 * _process), CELERY_BROKER_URL)
CACHES["default"]["LOCATION"] = re.sub(r"\d+$", str(2 * _process + 1), CACHE_URL)
