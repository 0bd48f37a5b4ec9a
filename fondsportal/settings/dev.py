"""The demonstration and development: invented data, mail read in the portal, plain static files."""

from fondsportal.settings.base import *

PORTAL_DEMO = True
SECRET_KEY = SECRET_KEY or "demonstration-only-not-a-secret-demonstration-only"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
