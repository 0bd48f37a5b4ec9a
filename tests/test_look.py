"""The frame and the components: they render alone, and say what they must."""

from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

ROOT = Path(__file__).resolve().parents[1] / "templates"
COMPONENTS = sorted((ROOT / "components").glob("*.html"))


class Person(SimpleNamespace):
    pk, is_authenticated = 1, True

    def __str__(self):
        return "Agent du secrétariat"


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag, **expected):
        return [attrs for name, attrs in self.found if name == tag and expected.items() <= attrs.items()]


def page(template="base.html", user=None, path=None, **context):
    request = RequestFactory().get(path or reverse("front:home"))
    request.user = user or AnonymousUser()
    return render_to_string(template, {"messages": [], **context}, request)


def component(name, **context):
    return " ".join(render_to_string(f"components/{name}.html", context).split())


# --- The frame ---


def test_the_title_is_followed_by_the_portals_name():
    source = '{% extends "base.html" %}{% block title %}Lauréats{% endblock %}'
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    html = engines["django"].from_string(source).render({"messages": []}, request)

    assert "<title>Lauréats – Portail des fonds</title>" in html


def test_the_skip_links_lead_to_places_that_exist():
    tags = Tags(page())
    targets = [link["href"].removeprefix("#") for link in tags.of("a", **{"class": "fr-link"})]

    assert targets == ["contenu", "menu", "pied"]
    assert set(targets) <= {attrs.get("id") for _, attrs in tags.found}


def test_a_stranger_is_invited_to_sign_in():
    tags = Tags(page())

    assert len(tags.of("a", href=reverse("accounts:sign_in"))) == 1
    assert tags.of("form", action=reverse("accounts:sign_out")) == []
    assert tags.of("a", href=reverse("front:desk")) == []


def test_who_is_signed_in_is_named_and_signs_out_by_post():
    html = page(user=Person())
    tags = Tags(html)

    assert "Agent du secrétariat" in html
    assert tags.of("form", action=reverse("accounts:sign_out")) == [
        {"method": "post", "action": reverse("accounts:sign_out"), "data-sign-out": "1"}
    ]
    assert tags.of("input", name="csrfmiddlewaretoken")[0]["value"] != ""
    assert len(tags.of("a", href=reverse("front:desk"))) == 2  # quick link and menu


@pytest.mark.parametrize(
    ("below", "expected"), [("", "page"), ("un-appel/", "true")], ids=["the page itself", "a page below it"]
)
def test_the_menu_says_where_one_is(below, expected):
    tags = Tags(page(path=reverse("calls:list") + below))

    links = [link for link in tags.of("a", **{"class": "fr-nav__link"}) if "aria-current" in link]
    groups = [button for button in tags.of("button", **{"class": "fr-nav__btn"}) if "aria-current" in button]
    assert [(link["href"], link["aria-current"]) for link in links] == [(reverse("calls:list"), expected)]
    assert [button["aria-current"] for button in groups] == ["true"]


def test_each_group_of_the_menu_unfolds_its_own_list():
    tags = Tags(page())
    unfolded = [button["aria-controls"] for button in tags.of("button", **{"class": "fr-nav__btn"})]

    assert unfolded != []
    assert [attrs["id"] for attrs in tags.of("div", **{"class": "fr-collapse fr-menu"})] == unfolded


def test_only_the_closest_place_is_shown_in_the_menu():
    links = Tags(page(path=reverse("selection:figures"))).of("a", **{"class": "fr-nav__link"})

    assert [(link["href"], link["aria-current"]) for link in links if "aria-current" in link] == [
        (reverse("selection:figures"), "page")
    ]


def test_the_demonstration_says_it_is_one(settings):
    settings.PORTAL_DEMO = True
    assert "Site de démonstration" in page()

    settings.PORTAL_DEMO = False
    assert "Site de démonstration" not in page()


def test_every_page_searches_the_portal():
    [bar] = Tags(page()).of("form", role="search")

    assert (bar["method"], bar["action"]) == ("get", reverse("front:search"))


def test_the_states_brand_is_for_the_state_alone(settings):
    settings.PORTAL_STATE_BRAND = True
    assert "fr-logo" in page()

    settings.PORTAL_STATE_BRAND = False
    html = page()
    assert "fr-logo" not in html
    assert "info.gouv.fr" not in html
    assert "portal-neutral.css" in html


def test_messages_take_the_tone_of_their_level():
    html = page(messages=[Message(SUCCESS, "Le dossier est enregistré.")])

    assert '<div class="fr-alert fr-alert--success fr-alert--sm fr-mb-3w" role="status">' in html
    assert "<p>Le dossier est enregistré.</p>" in html


# --- The components ---


def test_a_breadcrumb_leads_home_and_ends_here():
    source = '{% load portal %}{% breadcrumb "Appels" "/appels/" "FTAP 2018" %}'

    tags = Tags(engines["django"].from_string(source).render())

    assert [link.get("href") for link in tags.of("a")] == [reverse("front:home"), "/appels/", None]
    assert tags.of("a")[-1]["aria-current"] == "page"


@pytest.mark.parametrize(
    ("tone", "expected"),
    [("success", "fr-badge fr-badge--success fr-badge--no-icon"), ("neutral", "fr-badge fr-badge--no-icon")],
)
def test_a_badge_has_a_tone_or_none(tone, expected):
    assert component("badge", label="Ouvert", tone=tone) == f'<p class="{expected}">Ouvert</p>'


def test_facts_are_terms_and_descriptions():
    assert "<dt>Budget</dt><dd>200 M€</dd>" in component("facts", facts=[("Budget", "200 M€")])


def test_a_file_says_its_format_size_and_date():
    html = component(
        "document_link", url="/x", label="Cahier", format="PDF", size="405 Ko", date="12 mars 2018"
    )

    assert '<span class="fr-link__detail">PDF – 405 Ko – 12 mars 2018</span>' in html


def test_sources_open_on_demand_and_say_what_they_are_the_sources_of():
    cited = [
        {"title": "RAP 2019", "publisher": "budget.gouv.fr", "date": "consulté le 3 mai 2026"},
        {"title": "Dossier de presse", "publisher": None, "date": None},
    ]

    html = component("sources", sources=cited, label="Enveloppe de 2019", id="source-2019")

    assert html == (
        '<details class="portal-sources" id="source-2019">'
        ' <summary>Sources<span class="fr-sr-only"> : Enveloppe de 2019</span></summary>'
        " <ul> <li>RAP 2019, budget.gouv.fr, consulté le 3 mai 2026</li><li>Dossier de presse</li> </ul> </details>"
    )


def test_a_fact_without_a_source_pretends_to_none():
    assert component("sources", sources=[]) == ""


def produced(state):
    context = {"label": "Dossier", "poll_url": "/poll/", "download_url": "/file/"}
    return component("produced_document", document=SimpleNamespace(state=state), **context)


@pytest.mark.parametrize("state", ["requested", "making"])
def test_a_document_being_made_is_asked_for_again(state):
    tags = Tags(produced(state))

    assert tags.of("div") == [
        {
            "class": "portal-produced",
            "hx-get": "/poll/",
            "hx-trigger": "every 2s",
            "hx-swap": "outerHTML",
        }
    ]
    assert tags.of("a", href="/file/") == []


def test_a_document_that_is_done_is_a_link_and_is_no_longer_asked_for():
    html = produced("done")

    assert [link["href"] for link in Tags(html).of("a")] == ["/file/"]
    assert "hx-get" not in html


def test_a_document_that_failed_says_so():
    assert "la production a échoué" in produced("failed")


def test_the_current_step_of_a_timeline_is_announced():
    steps = [
        ("Ouverture", "3 janvier", "past"),
        ("Clôture", "12 mars", "current"),
        ("Comité", "avril", "future"),
    ]

    assert [step.get("aria-current") for step in Tags(component("timeline", steps=steps)).of("li")] == [
        None,
        "step",
        None,
    ]


def test_pages_keep_the_rest_of_the_query():
    page = Paginator(range(100), 10).page(5)

    links = Tags(component("pagination", page=page, query="theme=data&")).of("a")

    assert [link.get("href") for link in links] == [
        "?theme=data&page=4",
        "?theme=data&page=1",
        "?theme=data&page=4",
        None,
        "?theme=data&page=6",
        "?theme=data&page=10",
        "?theme=data&page=6",
    ]


def test_a_list_of_one_page_has_no_pagination():
    assert component("pagination", page=Paginator(range(3), 10).page(1)) == ""


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("fictif", {}),
        ("empty", {"title": "Aucun appel", "text": "Revenez bientôt."}),
        ("empty", {"title": "Aucun appel", "text": "…", "action_label": "S’abonner", "action_url": "/x"}),
        ("stepper", {"current": 1, "total": 3, "title": "Projet", "next": "Financement"}),
        ("section_card", {"title": "Projet", "url": "/x", "state": "Complet", "tone": "success"}),
        ("form_buttons", {"submit": "Enregistrer", "secondary": [("draft", "Garder")], "cancel_url": "/x"}),
    ],
)
def test_a_component_stands_alone(name, context):
    html = component(name, **context)

    written = [value for key, value in context.items() if key != "tone" and isinstance(value, str)]
    assert [value for value in written if value not in html] == []


# --- The error pages ---


@pytest.mark.parametrize("code", [400, 405, 429, 500, 503])
def test_the_gravest_errors_need_no_context(code):
    assert f"Erreur {code}" in render_to_string(f"{code}.html")


@pytest.mark.parametrize("code", [403, 404, 409])
def test_an_error_has_one_heading_and_a_way_out(code):
    html = page(f"{code}.html", reason="Le dépôt est clos.")

    assert len(Tags(html).of("h1")) == 1
    assert f"Erreur {code}" in html
    assert ("Le dépôt est clos." in html) == (code == 409)


# --- Every template ---


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_opens_with_its_contract(path):
    assert path.read_text().startswith("{% comment %}")
