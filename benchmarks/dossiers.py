"""Measure the applicant's space on a running portal: `make bench`, after the public pages.

Fills the portal of `PORTALS` that comes first with an open call, a dossier of ten sections, sixty answers and eighty
budget rows, and 122 dossiers ready to be filed. Prints the SQL queries of what an applicant does (BEGIN and COMMIT not
counted), its CPU against a view that answers plain text, asked in turns with it, and files the 122 dossiers from eight
clients at once: none may be lost or doubled. Ratios hold from one machine to another, the rest does not.
"""

import http.client
import os
import re
import statistics
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode, urlsplit

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import NoReverseMatch, reverse  # noqa: E402

from accounts.models import Membership, Organisation, User  # noqa: E402
from applications.models import (  # noqa: E402
    Application,
    Collaborator,
    FinancingLine,
    SavingsLine,
    SectionAnswers,
    Submission,
)
from benchmarks.run import spent  # noqa: E402
from calls.models import Call, FormVersion, Fund, Round  # noqa: E402
from calls.questionnaire.definition import sha256  # noqa: E402
from journal import clock  # noqa: E402

FILED, CLIENTS = 122, 8
ROUNDS, REQUESTS = 5, 10
TEXT = "Un guichet pour tous les usagers, partout. " * 77  # 20 KB in six answers
CONTROL = re.compile("^(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PLAIN = "/sante/vivant"


def main():
    portal = os.environ["PORTALS"].split()[0]
    person, dossier = fill()
    client = signed_in(person)
    section = reverse("applications:section", args=[dossier.key, "s0"])
    acts = {
        "mon espace": ("GET", "/espace/", ""),
        "ouvrir un dossier": ("GET", dossier.get_absolute_url(), ""),
    }
    try:
        saved = reverse("applications:autosave", args=[dossier.key, "s0"])
        acts["enregistrer 20 Ko"] = ("POST", saved, section)
    except NoReverseMatch:
        print("l’enregistrement automatique n’est pas mesuré : il n’a pas d’adresse")
    print(f"{'acte':32} {'requêtes SQL':>12} {'ms':>8} {'× texte':>8}")
    for name, (method, path, page) in acts.items():
        queries = counted(client, method, path, page)
        turns = [
            (measured(portal, client, "GET", PLAIN, ""), measured(portal, client, method, path, page))
            for _ in range(ROUNDS)
        ]
        plain, cost = (statistics.median(each) for each in zip(*turns, strict=True))
        print(f"{name:32} {queries:12} {cost * 1000:8.2f} {cost / plain:8.1f}")
    file_together(portal, person)


def counted(client, method, path, page):
    """The SQL queries of one request, the second of its kind: the first one fills what a process keeps."""
    for _ in range(2):
        fields = fields_of(client.get(page).text) if page else {}
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path) if method == "GET" else client.post(path, fields)
    expect(answer.status_code, path)
    return sum(not CONTROL.match(query["sql"]) for query in captured.captured_queries)


def measured(portal, client, method, path, page):
    """CPU seconds per request of the web and of the database; what a page is read for is not counted."""
    place, total = urlsplit(portal), 0
    link = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    for _ in range(REQUESTS if method == "POST" else 1):
        body = urlencode(fields_of(asked(link, client, "GET", page)[1])) if page else None
        before = spent()
        for _ in range(1 if method == "POST" else REQUESTS):
            expect(asked(link, client, method, path, body)[0], path)
        total += spent() - before
    link.close()
    return max(total, 0.01) / REQUESTS


def asked(link, client, method, path, body=None):
    """The status and the text of one request, with the cookies of a signed-in client."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    headers = {"Cookie": cookies}
    if body is not None:
        headers |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": client.cookies[settings.CSRF_COOKIE_NAME].value,
        }
    link.request(method, path, body, headers)
    response = link.getresponse()
    return response.status, response.read().decode()


def fields_of(page):
    """What the page of the long section posts, its hidden fields as they came."""
    hidden = dict(HIDDEN.findall(page))
    return hidden | {f"q0-{number}": TEXT for number in range(6)}


def file_together(portal, person):
    """File all that is ready, eight at a time, as eight people would."""
    ready = list(Application.objects.filter(call__code="MESURE-DEPOT", number=None).order_by("pk"))
    place = urlsplit(portal)

    def send(path_of, method):
        client = signed_in(person)

        def one(application):
            link = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
            status, _ = asked(link, client, method, path_of(application), "" if method == "POST" else None)
            link.close()
            return status

        before = perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            statuses = list(pool.map(one, ready))
        return statuses, perf_counter() - before

    _, plain = send(lambda application: PLAIN, "GET")
    statuses, seconds = send(lambda application: reverse("applications:file", args=[application.key]), "POST")
    numbers = sorted(Application.objects.filter(pk__in=ready_keys(ready)).values_list("number", flat=True))
    filed = Submission.objects.filter(application__in=ready_keys(ready)).count()
    whole = numbers == list(range(1, FILED + 1)) and filed == FILED and set(statuses) == {302}
    print(
        f"déposer {FILED} dossiers, {CLIENTS} à la fois : {seconds:.1f} s, × {seconds / plain:.1f} le texte simple,"
        f" {filed} dépôts, {'aucun perdu, aucun en double' if whole else f'ANOMALIE {set(statuses)}'}"
    )
    if not whole:
        raise SystemExit(1)


def ready_keys(applications):
    return [each.pk for each in applications]


def signed_in(person):
    client = Client(HTTP_HOST="localhost")
    client.force_login(person)
    client.get("/dossiers/importer/")  # a page with a form gives the cookie that a posting needs
    return client


def expect(status, path):
    if status != http.client.OK:
        raise SystemExit(f"{path} : {status}")


def fill():
    """The call, its certifier, the long dossier, and those that are ready."""
    fund = Fund.objects.order_by("pk").first()
    body = Organisation.objects.create(slug="mesure-porteur", name="Porteur de mesure", kind="operator")
    person = User.objects.create(email="valideur@mesure.example", name="Valideur")
    Membership.objects.create(user=person, organisation=body, role=Membership.Role.CERTIFIER)
    long, call = made_call(fund, "MESURE-LONG"), made_call(fund, "MESURE-DEPOT")
    dossier = made_dossier(long, body, person, "Dossier de mesure")
    FinancingLine.objects.bulk_create(
        FinancingLine(
            application=dossier, row=row, year=2027, source="own", label=f"Poste {row}", amount=Decimal(1000)
        )
        for row in range(2, 42)
    )
    SavingsLine.objects.bulk_create(
        SavingsLine(application=dossier, row=row, year=2030, label=f"Achats {row}", amount=Decimal(500))
        for row in range(40)
    )
    for number in range(FILED):
        made_dossier(call, body, person, f"Dossier de mesure {number}")
    return person, dossier


def made_call(fund, code):
    now = clock.now()
    call = Call.objects.create(
        fund=fund, code=code, slug=code.lower(), title=f"Appel {code}", summary="Mesure.",
        opens_at=now - timedelta(days=1), state=Call.State.PUBLISHED, published_at=now - timedelta(days=1),
    )  # fmt: skip
    Round.objects.create(call=call, closes_at=now + timedelta(days=30))
    definition = {
        "sections": [
            *(
                {
                    "key": f"s{at}",
                    "title": f"Section {at}",
                    "kind": "text",
                    "required": True,
                    "questions": asked_in(at),
                }
                for at in range(8)
            ),
            {"key": "financement", "title": "Financement", "kind": "financing", "required": True},
            {"key": "economies", "title": "Économies", "kind": "savings"},
        ],
        "checks": [],
        "criteria": [],
        "scale_max": 5,
        "anonymous": False,
    }
    FormVersion.objects.create(call=call, definition=definition, sha256=sha256(definition))
    return call


def asked_in(at):
    """Sixty questions in eight sections."""
    count = 8 if at < 4 else 7
    return [
        {"key": f"q{at}-{number}", "label": f"Question {number}", "type": "long_text", "required": True}
        for number in range(count)
    ]


def made_dossier(call, body, person, title):
    application = Application.objects.create(
        call=call, round=call.rounds.get(), form=call.form_versions.get(), organisation=body, title=title,
        created_by=person,
    )  # fmt: skip
    Collaborator.objects.create(application=application, user=person)
    SectionAnswers.objects.bulk_create(
        SectionAnswers(
            application=application,
            section_key=section["key"],
            answers={each["key"]: "Une réponse de mesure. " * 20 for each in section["questions"]},
            version=1,
            changed_at=clock.now(),
            changed_by=person,
        )
        for section in application.form.sections
        if section["kind"] == "text"
    )
    for source in ("fund", "own"):
        FinancingLine.objects.create(
            application=application, year=2027, source=source, amount=Decimal(600_000)
        )
    return application


if __name__ == "__main__":
    main()
