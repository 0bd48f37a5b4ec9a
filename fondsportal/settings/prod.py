"""Production: everything is asked from the environment, nothing is guessed."""

import re

from django.core.exceptions import ImproperlyConfigured

from fondsportal.settings.base import *

for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PORTAL_URL", "ALLOWED_HOSTS"):
    if not env.str(name, default=""):
        raise ImproperlyConfigured(f"{name} est obligatoire en production.")
if not re.search(r"[/=]\d+$", REDIS_URL):
    raise ImproperlyConfigured(
        "REDIS_URL se termine par le numéro de sa base, par exemple redis://valkey:6379/0."
    )

PORTAL_DEMO = False

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
PROXIES = env.int("PROXIES", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
