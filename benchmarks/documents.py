"""Measure how documents are made, on a portal of their own: `make bench`, after the pages.

Fills the database that its environment names with DOSSIERS filed dossiers (122) of sixteen pages on the agenda of a
session, then starts the portal's own workers. Prints, side by side: a dossier by our press and by WeasyPrint alone; the
dossiers and the committee book by one worker process and by two; the book once one dossier has changed; what a request
for the book costs against a view that answers plain text. Seconds are of the clock where two processes are compared,
of the processor elsewhere; ratios hold from one machine to another if nothing else takes its processors. Memory is
what the workers, their presses and the documents in hand hold together (PSS: what is shared is counted once).
"""

import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import NamedTuple

import django
import pikepdf

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import Membership, Organisation, User  # noqa: E402
from applications import actions as applications  # noqa: E402
from applications.models import SectionAnswers  # noqa: E402
from applications.produced import dossier as build_dossier  # noqa: E402
from benchmarks.dossiers import PLAIN, made_call, made_dossier  # noqa: E402
from calls.models import Envelope, Fund  # noqa: E402
from documents import actions as documents  # noqa: E402
from documents import pdf, press, storage  # noqa: E402
from documents.models import ProducedDocument, Rendering, StoredFile  # noqa: E402
from fondsportal.celery import app  # noqa: E402
from journal import clock  # noqa: E402
from selection import models  # noqa: E402
from selection.access import whole_book_key  # noqa: E402
from selection.book import BOOK  # noqa: E402

DOSSIERS = int(os.environ.get("DOSSIERS") or 122)
TURNS, REQUESTS = 7, 40
TEXT = (
    "Le service instruit chaque année des demandes, dont les deux tiers sur papier, et les reprend à la main. "
    * 7
)
TICKS = os.sysconf("SC_CLK_TCK")
STATES = ProducedDocument.State


def main():
    session, person = fill()
    compare_with_weasyprint(session)
    one = make_book(session, workers=1)
    two = make_book(session, workers=2)
    print(f"livre de {DOSSIERS} dossiers, {two.book.pages} pages, {two.book.file.size / 1e6:.1f} Mo")
    tell(
        "deux processus, contre un seul (horloge)",
        f"{two.clock:.0f} s contre {one.clock:.0f} s",
        two.clock / one.clock,
        0.6,
    )
    tell("mémoire, tout compris (Go)", f"{two.memory / 1e3:.0f} Mo", two.memory / 1e6, 1)
    one = change_one(session, person)
    tell("un dossier changé, contre tout", f"{one.cpu:.1f} s contre {two.cpu:.1f} s", one.cpu / two.cpu, 0.15)
    tell(
        "un dossier changé, contre tout (horloge)",
        f"{one.clock:.1f} s contre {two.clock:.1f} s",
        one.clock / two.clock,
        0.15,
    )
    tell("demander le livre, contre le texte simple", *ask(session), 20)


def tell(what, figures, ratio, goal):
    print(
        f"{what:44} {figures:>24} {ratio:6.2f}{'' if ratio <= goal else f'  au-delà de {goal}'}", flush=True
    )


# A dossier


def compare_with_weasyprint(session):
    """The same dossier, in turns: by the press, a process limited and thrown away, and by WeasyPrint in this one."""
    html, title = html_of(session.items.order_by("position").first().case.submission)
    files = pdf.surroundings()

    def alone(**options):
        fetcher = press.StaticFiles(files["static_address"], files["static_roots"])
        return press.HTML(string=html, base_url=files["base_url"], url_fetcher=fetcher).write_pdf(**options)

    made = pdf.render(html, title=title)
    with pikepdf.open(BytesIO(made)) as opened:
        print(f"un dossier : {len(opened.pages)} pages, {len(made) / 1000:.0f} Ko")
    alone()
    ours, same, bare = [], [], []
    for _ in range(TURNS):
        ours.append(cost(lambda: pdf.render(html, title=title)))
        same.append(cost(lambda: alone(**press.OPTIONS)))
        bare.append(cost(alone))
    ours, same, bare = (statistics.median(each) for each in (ours, same, bare))
    tell("un dossier, contre WeasyPrint, même PDF/A", f"{ours:.2f} s contre {same:.2f} s", ours / same, 1.15)
    tell("un dossier, contre WeasyPrint sans balises", f"{ours:.2f} s contre {bare:.2f} s", ours / bare, 1.15)


def html_of(submission):
    """The HTML and the title that a dossier's builder gives the press."""
    given = []

    def keep(html, *, title, **_):
        given.append((html, title))
        return b""

    render, pdf.render = pdf.render, keep
    try:
        with TemporaryDirectory() as folder:
            build_dossier(str(submission.pk), Path(folder, "x.pdf"))
    finally:
        pdf.render = render
        Rendering.objects.all().delete()
    return given[0]


def cost(act):
    """Processor seconds of this process and of its press, with what they have waited for."""
    pids = [os.getpid(), pdf.press.process.pid]
    before = spent(pids)
    act()
    return spent(pids) - before


def spent(pids):
    """Processor seconds of these processes, and of those that they have waited for."""
    fields = [read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[11:15] for pid in pids]
    return sum(sum(map(int, each)) for each in fields) / TICKS


# A book


class Making(NamedTuple):
    """A book made, the seconds that it took, by the clock and of the workers' processors, the most kilobytes held."""

    book: ProducedDocument
    clock: float
    cpu: float
    memory: int


def make_book(session, *, workers):
    """Have the dossiers and the book made from nothing."""
    forget_all()
    return made(session, workers, before=lambda: None)


def change_one(session, person):
    """File a dossier again, and have it and its book made."""
    application = session.items.order_by("position").last().case.application
    applications.take_back(application, by=person)
    changed = SectionAnswers.objects.filter(application=application).first()
    answers = changed.answers | {"q0-0": f"Changé. {TEXT}"}
    SectionAnswers.objects.filter(pk=changed.pk).update(answers=answers)
    return made(session, 2, before=lambda: applications.file_application(application, by=person))


def made(session, workers, *, before):
    with running(workers) as worker, watched(worker) as memory:
        begun, cpu = time.perf_counter(), spent(family(worker))
        before()
        book = wait_for(documents.order(BOOK, whole_book_key(session)))
        return Making(book, time.perf_counter() - begun, spent(family(worker)) - cpu, max(memory))


def ask(session):
    """What a request for the book costs, when all of it is to be made, against a view that answers plain text."""
    member = Client(HTTP_HOST="localhost")
    member.force_login(session.committee.seats.get().user)
    costs = {}
    for method, path in (("get", PLAIN), ("post", reverse("selection:book", args=[session.pk]))):
        before = time.process_time()
        for _ in range(REQUESTS):
            ProducedDocument.objects.filter(kind=BOOK).delete()
            getattr(member, method)(path)
        costs[method] = (time.process_time() - before) * 1000 / REQUESTS
    return f"{costs['post']:.1f} ms contre {costs['get']:.1f} ms", costs["post"] / costs["get"]


def forget_all():
    """Leave nothing that was made, on the disk either."""
    ProducedDocument.objects.all().delete()
    files = list(StoredFile.objects.filter(renderings__isnull=False).distinct())
    Rendering.objects.all().delete()
    for file in files:
        storage.forget(file)


@contextmanager
def running(processes):
    """The portal's own worker, each of its processes ready to print."""
    argv = [
        "celery",
        "-q",
        "-A",
        "fondsportal",
        "worker",
        "-l",
        "ERROR",
        "--without-mingle",
        "-Q",
        "documents",
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    worker = subprocess.Popen([*argv, "-c", str(processes)], **quiet)  # noqa: S603
    try:
        while not app.control.ping(timeout=0.5):
            pass
        yield worker.pid
    finally:
        worker.terminate()
        worker.wait()


@contextmanager
def watched(pid):
    """The kilobytes that a process and all below it hold, ten times a second."""
    seen, over = [0], Event()

    def watch():
        while not over.wait(0.1):
            seen.append(sum(map(held, family(pid))))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def family(pid):
    """A process and all below it."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in read(task).split()
    ]
    return [pid, *(each for child in children for each in family(child))]


def held(pid):
    words = read(Path(f"/proc/{pid}/smaps_rollup")).split()
    return int(words[words.index("Pss:") + 1]) if "Pss:" in words else 0


def read(path):
    try:
        return path.read_text()
    except OSError:  # it has ended
        return ""


def wait_for(document):
    """The document, once it is made."""
    while document.state in (STATES.REQUESTED, STATES.MAKING):
        time.sleep(0.1)
        document.refresh_from_db()
    if document.state == STATES.FAILED:
        raise SystemExit(f"{document} : {document.error}")
    return document


# What is measured


def fill():
    """A session with the dossiers on its agenda; and who filed them, who also sits there."""
    now = clock.now()
    fund = Fund.objects.create(slug="mesure-documents", code="MESURE", name="Fonds de mesure")
    body = Organisation.objects.create(slug="mesure-documents", name="Porteur de mesure", kind="operator")
    person = User.objects.create(email="valideur@documents.example", name="Valideur")
    member = User.objects.create(email="membre@documents.example", name="Membre")
    Membership.objects.create(user=person, organisation=body, role=Membership.Role.CERTIFIER)
    committee = models.Committee.objects.create(fund=fund, name="Comité de mesure")
    models.CommitteeSeat.objects.create(committee=committee, user=member, title="Membre", is_chair=True)
    envelope = Envelope.objects.create(fund=fund, year=now.year, commitments=100_000_000)
    session = models.CommitteeSession.objects.create(
        committee=committee, envelope=envelope, title="Séance de mesure", held_on=now.date(),
        state="convened", prepared_by=member,
    )  # fmt: skip
    call = made_call(fund, "MESURE-DOCUMENTS")
    for position in range(1, DOSSIERS + 1):
        dossier = made_dossier(call, body, person, f"Dossier de mesure {position}")
        for section in SectionAnswers.objects.filter(application=dossier):
            said = dict.fromkeys(section.answers, f"Dossier {position}. {TEXT}")
            SectionAnswers.objects.filter(pk=section.pk).update(answers=said)
        applications.file_application(dossier, by=person)
        models.AgendaItem.objects.create(
            session=session, case=models.Case.objects.get(application=dossier), position=position,
            proposed_amount=400_000,
        )  # fmt: skip
    return session, person


if __name__ == "__main__":
    main()
