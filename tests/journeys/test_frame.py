"""The frame around every public page: both themes, a very narrow screen, a page zoomed twice, paper, no script."""

from django.urls import reverse
from playwright.sync_api import expect

from tests import factories
from tests.journeys.conftest import PIECES
from tests.test_access import ADDRESSES, OK, world  # noqa: F401 (a fixture)

TINY, ZOOMED = {"width": 320, "height": 640}, {"width": 640, "height": 450}  # 1280 seen at 200 %
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that a theme may break
THEME = "document.documentElement.getAttribute('data-fr-theme')"


def test_every_public_page_holds_on_a_tiny_screen_and_zoomed(world, live_server, enter, thorough):  # noqa: F811
    """In light, then its colours in dark where it shows a piece that no page before it did; heavy, all in dark too."""
    for scheme in ["light", "dark"] if thorough else ["light"]:
        reader = enter("lecteur", color_scheme=scheme)
        seen, coloured = [], set()

        for name, (arguments, on_get, _) in ADDRESSES.items():
            address = reverse(name, args=[world[argument] for argument in arguments])
            if on_get["anonymous"] == OK and is_a_page(reader, address):
                reader.page.goto(address)
                assert reader.page.evaluate(THEME) == scheme, address
                for size in (ZOOMED, TINY):
                    reader.page.set_viewport_size(size)
                    reader.shot(reader.page, f"{name.replace(':', '-')}-{scheme}")
                    reader.check(reader.page, rules=size == TINY)
                pieces = set(reader.page.evaluate(PIECES).split())
                if not thorough and pieces - coloured:
                    check_the_colours_in_dark(reader)
                coloured |= pieces
                seen.append(name)

        assert {"front:home", "calls:list", "calls:detail", "selection:laureates"} <= set(seen)


def check_the_colours_in_dark(reader):
    reader.page.emulate_media(color_scheme="dark")
    expect(reader.page.locator("html")).to_have_attribute("data-fr-theme", "dark")
    reader.check(reader.page, only=COLOURS)
    reader.page.emulate_media(color_scheme="light")


def is_a_page(reader, address):
    """Files and feeds are asked for, but not shown."""
    return "text/html" in reader.page.request.get(address).headers["content-type"]


def test_the_theme_chosen_is_kept_from_page_to_page(live_server, enter):
    reader = enter("lecteur", color_scheme="light")
    reader.go("/", looking=False)

    reader.page.get_by_role("banner").get_by_role("button", name="Paramètres d’affichage").click()
    settings = reader.page.get_by_role("dialog", name="Paramètres d’affichage")
    settings.get_by_text("Thème sombre").click()
    expect(reader.page.locator("html")).to_have_attribute("data-fr-theme", "dark")
    reader.check(reader.page)
    reader.shot(reader.page, "parametres-d-affichage")
    settings.get_by_role("button", name="Fermer").click()
    reader.go(reverse("calls:list"), looking=False)

    assert reader.page.evaluate(THEME) == "dark"


def test_the_systems_theme_is_there_before_the_design_systems_script(live_server, enter):
    reader = enter("lecteur", color_scheme="dark")
    reader.page.route("**/*.module.min.js", lambda route: route.abort())

    reader.go("/", looking=False)

    assert reader.page.evaluate(THEME) == "dark"


def test_paper_is_white_and_has_no_menu(live_server, enter):
    call = factories.CallFactory(published=True)
    reader = enter("lecteur", color_scheme="dark")
    reader.go(call.get_absolute_url(), looking=False)

    reader.page.emulate_media(media="print")

    expect(reader.page.locator("html")).to_have_attribute("data-fr-theme", "light")
    expect(reader.page.get_by_role("navigation", name="Menu principal")).to_be_hidden()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(call.title)
    expect(reader.page.locator(".portal-paper")).to_be_visible()

    reader.page.emulate_media(media="screen")

    expect(reader.page.locator("html")).to_have_attribute("data-fr-theme", "dark")


def test_without_a_script_no_theme_is_offered(live_server, enter):
    reader = enter("lecteur", java_script_enabled=False)

    reader.go("/", looking=False)

    assert reader.page.get_by_text("Paramètres d’affichage").locator("visible=true").count() == 0


def test_a_reader_is_given_no_cookie_and_keeps_what_the_cookies_page_says(live_server, enter):
    reader = enter("lecteur")

    for address in ("/", reverse("calls:list"), reverse("selection:laureates"), reverse("front:cookies")):
        reader.go(address, looking=False)

    kept = reader.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert reader.page.context.cookies() == []
    assert kept == ["scheme", "htmx-current-path-for-history"]
    for name in kept:
        reader.sees(name)
