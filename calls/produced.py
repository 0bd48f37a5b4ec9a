"""The documents of a call. Each is made from a frozen form alone; the subject's key is the form's."""

from urllib.parse import urljoin

from django.conf import settings

from calls.models import FormVersion
from calls.questionnaire.definition import BLANK_FORM
from calls.questionnaire.reading import checked, readable
from documents import pdf
from documents.produced import builder
from journal import dates

BLANK_LINES = 6


@builder(BLANK_FORM)
def blank_form(subject_key, target):
    """The whole application form with room to write: dates are left to the call's page, which may postpone them."""
    form = FormVersion.objects.select_related("call__fund").get(pk=int(subject_key))
    call = form.call
    context = {
        "call": call,
        "fund_name": call.fund.name,
        "sections": readable(form.definition),
        "checks": checked(form.definition),
        "anonymous": form.definition.get("anonymous", False),
        "criteria": form.definition["criteria"],
        "lines": range(BLANK_LINES),
        "scale_max": form.definition["scale_max"],
        "facts": [
            ("Appel à projets", call.title),
            ("Référence", call.code),
            ("Formulaire", f"version {form.number}"),
            ("Publié le", dates.day(form.published_at if form.number > 1 else call.published_at)),
            ("Dates, corrections, dépôt", urljoin(settings.PORTAL_URL, call.get_absolute_url())),
        ],
    }
    title = f"Dossier vierge – {call.title}"
    target.write_bytes(pdf.render_template("calls/print/blank_form.html", context, title=title))
