"""A browser on the running portal: who looks, what is checked on each page, and a worker for the PDFs.

Each page that someone lands on is checked: nothing that scrolls sideways at either width, and no axe violation,
unless the same view made of the same pieces was seen already. During the whole test no error may show in the
console, no script or style may break the content security policy, and no answer may be an error, except those the
test said it expects.

Each journey has a heavy edition (`make test-heavy`): there everyone signs in by hand, each test holds anew every page
to axe's rules, and each view to them on a narrow screen too.

With SHOTS=folder each page is also photographed there, for the guides and for our eyes.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.test import Client
from django.urls import resolve
from django.utils.text import slugify
from playwright.sync_api import Error, expect

from tests import factories
from tests.conftest import WEB_ROLE

# Playwright's own event loop makes Django believe that everything here is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 20_000  # milliseconds
QUIET = [
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
LONELY = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
PIECES = (
    "[...new Set([...document.querySelectorAll('main *')].flatMap(n => [...n.classList]))].sort().join(' ')"
)
AMOUNT = ".portal-sheet__cell"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    """Browser tests take the longest: the first started, they leave no process waiting for the last."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_generate_tests(metafunc):
    if "thorough" in metafunc.fixturenames:
        editions = [pytest.param(False, id="quick"), pytest.param(True, id="heavy", marks=pytest.mark.heavy)]
        # A journey that is itself left to the heavy edition has no other.
        only_heavy = metafunc.definition.get_closest_marker("heavy")
        metafunc.parametrize("thorough", editions[1:] if only_heavy else editions)


# The browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium where there is one, else Playwright's own."""
    chromium = shutil.which("chromium")
    own = {"executable_path": chromium} if chromium else {}
    return {**browser_type_launch_args, **own, "args": ["--no-sandbox", "--lang=fr-FR", *QUIET]}


@pytest.fixture(scope="session")
def launch_browser(launch_browser):
    """Fail with what to do, rather than skip, where no browser can be had."""

    def launch(**options):
        try:
            return launch_browser(**options)
        except Error as error:
            pytest.fail(f"Aucun navigateur : « make test » installe Chromium. {error.message}", pytrace=False)

    return launch


@pytest.fixture(autouse=True)
def answered(transactional_db):
    """The tables are emptied once the server has answered all that the closed windows had asked."""
    yield
    for _ in range(30):
        if not any("process_request_thread" in thread.name for thread in threading.enumerate()):
            break
        time.sleep(0.1)
    at_work = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(f"{at_work} AND pid <> pg_backend_pid() AND usename = current_user")
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    pytest.fail("le serveur répond encore à une page fermée depuis dix secondes")


@pytest.fixture(scope="session")
def base_url(live_server):
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": WIDE,
        "reduced_motion": "reduce",
    }


@pytest.fixture
def faults():
    """What went wrong in any window of this test; the test fails on the first."""
    faults = Faults()
    yield faults
    assert faults.found == []


class Faults:
    def __init__(self):
        self.found = []
        self.expected = set()

    def expect(self, *statuses):
        """Answers that this test provokes on purpose."""
        self.expected.update(statuses)

    def watch(self, context):
        context.add_init_script(WATCH_POLICY)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"script: {error.error}"))
        context.on("response", self._response)

    def _console(self, message):
        # Refused answers are told apart by their status, below.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.found.append(f"console: {message.text} ({message.page and message.page.url})")

    def _response(self, response):
        if response.status >= 400 and response.status not in self.expected:
            self.found.append(f"{response.status}: {response.request.method} {response.url}")


# What is checked on a page


@pytest.fixture(scope="session")
def axe():
    return Axe()


@pytest.fixture
def check(axe):
    """Fail where the page on show breaks an accessibility rule (or one of a few), or scrolls sideways."""

    def check(page, *, rules=True, only=None):
        assert page.evaluate(SIDEWAYS) <= 0, f"{page.url} scrolls sideways at {page.viewport_size}"
        if rules:
            chosen = {"runOnly": only} if only else {}
            found = axe.run(page, options={"resultTypes": ["violations"], **chosen})
            assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def shot():
    """Keep a picture of the page in the folder that SHOTS names, if any."""
    folder = os.environ.get("SHOTS")

    def shot(page, name):
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)

    return shot


# People


@pytest.fixture(scope="session")
def met_so_far():
    """The pages of this session's quick editions, by view and pieces."""
    return set()


@pytest.fixture
def enter(new_context, live_server, faults, check, shot, met_so_far, thorough):
    """Open a window for someone, signed in when they have an account: by hand if told, or in a heavy edition."""
    met = set() if thorough else met_so_far

    def enter(role, user=None, *, by_hand=thorough, looking=True, **options):
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        faults.watch(context)
        visitor = Visitor(role, context.new_page(), check, shot, met)
        visitor.scripted, visitor.thorough = options.get("java_script_enabled", True), thorough
        if user and not by_hand:
            context.add_cookies([session_cookie(user, live_server.url)])
        if user:
            visitor.go("/espace/", looking=looking and not by_hand)
        if user and by_hand:
            visitor.fill({"Adresse électronique": user.email, "Mot de passe": factories.PASSWORD})
            visitor.press("Se connecter")
        return visitor

    return enter


def session_cookie(user, address):
    client = Client()
    client.force_login(user)
    [cookie] = client.cookies.values()
    return {"name": cookie.key, "value": cookie.value, "url": address}


class Visitor:
    """Someone at a browser, who clicks and types as people do; each page they land on is looked at."""

    def __init__(self, role, page, check, shot, met):
        self.role, self.page, self.check, self.shot, self.met = role, page, check, shot, met
        self.looked = 0
        self.scripted, self.thorough = True, False

    def go(self, address, *, looking=True):
        self.page.goto(address)
        if looking:
            self.look()

    def follow(self, name, *, within=None, looking=True, exact=False):
        """Click a link of the page's content, known by its words, or by all of them."""
        scope = within or self.page.get_by_role("main")
        self._click(scope.get_by_role("link", name=name, exact=exact), looking)

    def press(self, name, *, looking=True):
        """Push a button, known by all of its words."""
        self._click(self.page.get_by_role("main").get_by_role("button", name=name, exact=True), looking)

    def fill(self, values):
        """Type each value in the field that this label names; True and False tick and untick."""
        for label, value in values.items():
            field = self.field(label)
            if isinstance(value, bool):
                # The DSFR draws the box on the label.
                if field.is_checked() != value:
                    self.page.locator(f"label[for='{field.get_attribute('id')}']").click()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    def field(self, label, row=None, called="ligne"):
        name = f"{called.capitalize()} {row}"
        scope = self.page if row is None else self.page.get_by_role("group", name=name, exact=True)
        return scope.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).first

    def fill_row(self, row, values, called="ligne"):
        for label, value in values.items():
            field = self.field(label, row, called)
            if value is True:
                self.page.locator(f"label[for='{field.get_attribute('id')}']").click()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    def fill_grid(self, row, said, amount):
        """Fill in a row of a grid of amounts: what it says by head, and the amount of its first year."""
        line = self.page.locator(f"#rows-{row - 1}")
        for name, value in said.items():
            control = line.locator(f"[name$='-{name}']")
            if value is True:
                line.locator(f"label[for$='-{name}']").click()
            elif control.evaluate("node => node.tagName") == "SELECT":
                control.select_option(label=value)
            else:
                control.fill(value)
        line.locator(AMOUNT).first.fill(amount)

    def choose(self, label):
        """Choose one of the radio buttons on show."""
        self.page.locator("label", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")).click()

    def sees(self, text):
        expect(self.page.locator("main")).to_contain_text(text)

    def sees_not(self, text):
        expect(self.page.locator("main")).not_to_contain_text(text)

    def download(self, name):
        """The bytes of the file that a link hands out."""
        with self.page.expect_download() as handed:
            self.page.get_by_role("main").get_by_role("link", name=name).click()
        return Path(handed.value.path()).read_bytes()

    def look(self, name=None):
        """Check the page at both widths, and keep its picture."""
        self.looked += 1
        heading = self.page.locator("h1").first.text_content()
        name = name or f"{self.role}-{self.looked:02d}-{slugify(heading)[:40]}"
        view = resolve(urlsplit(self.page.url).path).view_name
        made_of = (view, self.page.evaluate(PIECES)) if self.scripted else None
        if made_of in self.met and self.scripted:
            return
        for size, new in (
            (NARROW, self.thorough and view not in self.met),
            (WIDE, made_of not in self.met),
        ):
            self.page.set_viewport_size(size)
            self.shot(self.page, name)
            self.check(self.page, rules=self.scripted and new)
        self.met |= {view, made_of}

    def behold(self):
        """Hold to axe's rules what is on show and no address tells: in a heavy edition, on a narrow screen too."""
        for size in (NARROW, WIDE) if self.thorough else (WIDE,):
            self.page.set_viewport_size(size)
            self.check(self.page)

    def _click(self, target, looking):
        with self.page.expect_navigation():
            target.click()
        if looking:
            self.look()


# The worker


@pytest.fixture
def worker(settings, live_server):
    """A real Celery worker on this test's database, queue and files."""
    settings.PORTAL_URL = live_server.url
    place = urlsplit(os.environ["DATABASE_URL"])
    query = "&".join(filter(None, [place.query, f"options=-c%20role%3D{WEB_ROLE}"]))
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "fondsportal",
            "worker",
            "-P",
            "solo",
            "-l",
            "WARNING",
            *LONELY,
        ],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "fondsportal.settings.test",
            "DATABASE_URL": place._replace(path=f"/{connection.settings_dict['NAME']}", query=query).geturl(),
            "FILES_ROOT": str(settings.FILES_ROOT),
        },
    )
    yield process
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
