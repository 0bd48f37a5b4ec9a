"""Settings shared by every deployment. The environment is read here and nowhere else."""

import re
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

# --- Who we are -------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Everyone is answered 503 while it lasts, except who asks whether the portal is well.
PORTAL_MAINTENANCE = env.bool("PORTAL_MAINTENANCE", default=False)
# How many proxies stand before the web: the address of who asks is read that far from the end of X-Forwarded-For.
PROXIES = env.int("PROXIES", default=0)
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000")
# Marianne and the State's brand are reserved to State sites; 0 gives a neutral header and font.
PORTAL_STATE_BRAND = env.bool("PORTAL_STATE_BRAND", default=True)
# Whose portal this is, for the legal pages; what is not given is shown as « non communiqué ».
PORTAL_NOTICE = {
    "publisher": env.str("PORTAL_PUBLISHER", default=""),
    "publisher_address": env.str("PORTAL_PUBLISHER_ADDRESS", default=""),
    "director": env.str("PORTAL_DIRECTOR", default=""),
    "host": env.str("PORTAL_HOST_NAME", default=""),
    "host_address": env.str("PORTAL_HOST_ADDRESS", default=""),
    "contact_email": env.str("PORTAL_CONTACT_EMAIL", default=""),
    "dpo_email": env.str("PORTAL_DPO_EMAIL", default=""),
}
# The demonstration shows its accounts, its e-mails and its invented data.
PORTAL_DEMO = env.bool("PORTAL_DEMO", default=False)
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="demonstration-2018")

# --- Applications -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "fondsportal",
    "fondsportal.front",
    "journal",
    "accounts",
    "documents",
    "calls",
    "applications",
    "selection",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "dsfr",
    "widget_tweaks",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "fondsportal.middleware.Maintenance",
    "fondsportal.middleware.CacheRules",
    "fondsportal.middleware.NotAllowedPage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fondsportal.middleware.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "journal.middleware.RefusedMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "fondsportal.urls"
WSGI_APPLICATION = "fondsportal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fondsportal.context_processors.portal",
            ],
            "builtins": ["journal.templatetags.dates"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["crispy_dsfr"]
CRISPY_TEMPLATE_PACK = "crispy_dsfr"
CRISPY_FAIL_SILENTLY = False
# Manifest storage rewrites the DSFR's CSS, which integrity checks would then refuse.
DSFR_USE_INTEGRITY_CHECKSUMS = False

# --- Database, broker, cache ------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgresql://portal_web@/portal"),
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# `DATABASE_URL` on a Unix socket is postgresql://role@/portal?host=/directory.
# `REDIS_URL` is redis://host:6379/0 or unix:///path/to/socket?db=0; Celery spells the latter otherwise.
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
# The cache has the next database for itself, so that emptying it leaves the queue alone.
CACHE_URL = re.sub(r"\d+$", lambda number: str(int(number[0]) + 1), REDIS_URL)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
# In the database alone: signing in and filing must not depend on Valkey.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TIMEZONE = "Europe/Paris"
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000  # KB: what a long task took is given back once it is over
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A killed worker's task comes back after the visibility timeout: just above the hard time limit.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 960,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
# What is long has a worker of its own (fondsportal/services/supervisor.py): a message never waits for a document, a
# reading or an export. That worker takes from its two queues in turn.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("documents"), Queue("long")]
CELERY_TASK_ROUTES = {
    "documents.tasks.tell_failures": {"queue": "celery"},
    "documents.tasks.*": {"queue": "documents"},
    "selection.tasks.sweep_radar": {"queue": "long"},
    "selection.tasks.index_waiting": {"queue": "long"},
    "selection.tasks.run_batch": {"queue": "long"},
    "selection.tasks.run_batches": {"queue": "long"},
    "selection.tasks.send_letters": {"queue": "long"},
    "selection.tasks.export": {"queue": "long"},
    "selection.tasks.calibrate": {"queue": "long"},
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE = {
    "journal-seal": {"task": "journal.tasks.seal", "schedule": 5.0},
    "journal-send-waiting": {"task": "journal.tasks.send_waiting", "schedule": 60.0},
    "documents-produce-waiting": {"task": "documents.tasks.produce_waiting", "schedule": 60.0},
    "documents-tell-failures": {"task": "documents.tasks.tell_failures", "schedule": 300.0},
    "documents-scan-waiting": {"task": "documents.tasks.scan_waiting", "schedule": 60.0},
    "documents-sweep-incoming": {"task": "documents.tasks.sweep_incoming", "schedule": 3600.0},
    "calls-notify-subscribers": {"task": "calls.tasks.notify_subscribers", "schedule": 60.0},
    "accounts-send-summaries": {"task": "accounts.tasks.send_summaries", "schedule": 600.0},
    "applications-remind": {"task": "applications.tasks.remind", "schedule": 300.0},
    "applications-follow-forms": {"task": "applications.tasks.follow_forms", "schedule": 60.0},
    "selection-sweep-radar": {"task": "selection.tasks.sweep_radar", "schedule": 60.0},
    "selection-index-waiting": {"task": "selection.tasks.index_waiting", "schedule": 60.0},
    "selection-run-batches": {"task": "selection.tasks.run_batches", "schedule": 60.0},
    "selection-send-letters": {"task": "selection.tasks.send_letters", "schedule": 60.0},
    "selection-remind-experts": {"task": "selection.tasks.remind_experts", "schedule": 300.0},
    # Exports
    "selection-settle-withdrawals": {"task": "selection.tasks.settle_withdrawals", "schedule": 60.0},
    "selection-remind-checks": {"task": "selection.tasks.remind_checks", "schedule": 300.0},
    "selection-fill-places": {"task": "selection.tasks.fill_places", "schedule": 60.0},
    "selection-export-waiting": {"task": "selection.tasks.export_waiting", "schedule": 60.0},
    "selection-forget-exports": {"task": "selection.tasks.forget_exports", "schedule": 3600.0},
    "selection-calibrate-waiting": {"task": "selection.tasks.calibrate_waiting", "schedule": 60.0},
    "calls-forget-unconfirmed": {"task": "calls.tasks.forget_unconfirmed", "schedule": 3600.0},
}
# A tick that no worker took before the next one is dropped: one that comes back finds no heap of them.
for tick in CELERY_BEAT_SCHEDULE.values():
    tick["options"] = {"expires": tick["schedule"]}

# --- Accounts ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# How long the link of an invitation lives, and how many of them one person may send in an hour.
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
INVITATIONS_AN_HOUR = env.int("INVITATIONS_AN_HOUR", default=30)
# The code asked again before a signature: how long it lives, how many times it may be mistyped, how many are sent.
CONFIRMATION_MINUTES = env.int("CONFIRMATION_MINUTES", default=15)
CONFIRMATION_TRIES = 5
CONFIRMATIONS_AN_HOUR = 6
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "front:desk"
LOGOUT_REDIRECT_URL = "front:home"
# Locked per account, never per address: a whole ministry may come from one.
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
# The form names its field so; by default axes would look for the model's (« email ») and count nothing.
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "accounts.views.account_tried"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"

# --- Language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
FILES_ROOT = Path(env.str("FILES_ROOT", default=str(BASE_DIR / ".data" / "files")))
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
# Files that a dossier takes by themselves; a question says how many it takes.
ATTACHMENTS_MAX = env.int("ATTACHMENTS_MAX", default=100)
# What is left of an upload that was cut is kept for as long.
INCOMING_HOURS = env.int("INCOMING_HOURS", default=48)
# The files that the secretariat exports are kept for as long, and so many are made at once for one person.
EXPORT_HOURS = env.int("EXPORT_HOURS", default=72)
EXPORTS_AT_ONCE = env.int("EXPORTS_AT_ONCE", default=5)
# clamd, ClamAV's daemon: host:port, or the path of its socket. Empty, files are not scanned, and pages say so.
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", default="")
DATA_UPLOAD_MAX_NUMBER_FIELDS = (
    6000  # a section of a form may ask for 5,000 (calls/questionnaire/coherence.py)
)
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    10 * 1024 * 1024
)  # texts: a long one is refused beside its field, not by a bare page
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Mail -------------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Portail des fonds <ne-pas-repondre@portail.example>"
)

# The hour of Paris at which those who want their news once a day get them.
NOTICE_SUMMARY_HOUR = env.int("NOTICE_SUMMARY_HOUR", default=8)
# How many days before a deadline its subscribers are reminded of it.
REMINDER_DAYS = env.list("REMINDER_DAYS", cast=int, default=[15, 7, 1])
# How many hours before it those who write a draft are.
DRAFT_REMINDER_HOURS = env.list("DRAFT_REMINDER_HOURS", cast=int, default=[168, 48, 3])
# How many hours before it the certifiers whom nobody has reached are alerted; the longest is when a page worries.
CERTIFIER_ALERT_HOURS = env.list("CERTIFIER_ALERT_HOURS", cast=int, default=[48, 3])
# How many hours before a request for more on a filed dossier is over those who may answer it are reminded.
CLARIFICATION_REMINDER_HOURS = env.int("CLARIFICATION_REMINDER_HOURS", default=48)
# How many hours before an opinion is due its expert is reminded.
OPINION_REMINDER_HOURS = env.int("OPINION_REMINDER_HOURS", default=72)
# How many days before the deadline of its page's check a carrier that has not answered is reminded.
PAGE_CHECK_REMINDER_DAYS = env.list("PAGE_CHECK_REMINDER_DAYS", cast=int, default=[3, 1])
# How long, in minutes, a certifier may be silent after a dossier was sent for visa.
CERTIFIER_SILENCE_MINUTES = env.int("CERTIFIER_SILENCE_MINUTES", default=60)

# --- Safety -----------------------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "fondsportal.front.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
    },
}
