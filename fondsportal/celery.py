"""The Celery application: the worker makes documents and sends mail, beat rings for what was missed."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondsportal.settings.dev")

app = Celery("fondsportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
