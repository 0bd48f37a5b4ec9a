"""The house's own rules, read off the source: who may write, what stands on its own, what no page may hold."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.migrations import AddField, CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
APPS = ["journal", "accounts", "documents", "calls", "applications", "selection", "fondsportal"]
TEMPLATES = ROOT / "templates"
SOURCES = [
    path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
]
PAGES = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})
OWN_PAGES = [path for path in PAGES if "crispy_dsfr" not in path.parts]


def short(path):
    return str(path.relative_to(ROOT))


# Python

WRITES = {
    "save",
    "create",
    "delete",
    "update",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
WRITERS = re.compile(
    r"actions(/|\.py)|/management/|^fondsportal/demo/|^documents/storage\.py|^accounts/models\.py|^tests/"
)
NOT_A_ROW = {  # receivers that are no row of ours
    ("documents/conformance.py", "update"),
    ("documents/drawing.py", "save"),
    ("documents/merge.py", "save"),
    ("fondsportal/front/open_data/datasets.py", "update"),
    ("documents/pictures.py", "save"),
    ("documents/produced.py", "update"),
    ("selection/evidence/archive.py", "update"),
    ("selection/evidence/verifier.py", "update"),
    ("selection/press_kit/printing.py", "save"),
    ("selection/press_kit/release.py", "save"),
}


def test_rows_are_written_by_actions_alone():
    written = {
        (short(path), node.func.attr)
        for path in SOURCES
        if not WRITERS.search(short(path))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and not is_plain(node.func.value)
    }

    assert written - NOT_A_ROW == set()


def is_plain(receiver):
    """Whether a call is on a dictionary, a set or a hash, which also know `update`."""
    text = ast.unparse(receiver)
    return text in {"self.fields", "vars()"}


def test_a_file_is_short_enough_to_be_read():
    lines = {short(path): len(path.read_text().splitlines()) for path in SOURCES}

    assert {name: count for name, count in lines.items() if count >= 400} == {}


def test_nothing_is_left_to_do_and_no_machine_is_named():
    sign = re.compile(r"\b(?:TODO|FIXME|XXX)\b|/(?:home|root|work)/\w+|\bpypi\.\w+")
    found = {short(path): sign.findall(path.read_text()) for path in SOURCES + OWN_PAGES}

    assert {name: signs for name, signs in found.items() if signs} == {}


def views(patterns=None):
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback


def name_of(view):
    return f"{view.__module__}.{getattr(view, '__name__', view)}"


def is_of_the_api(view):
    """Whether a view is one of the API's, which all read only: `tests/front/test_api.py` tries the other methods."""
    return hasattr(view, "names_its_methods")


def decorators():
    """The decorators of each function of our views, by « module.function »."""
    found = {}
    for path in SOURCES:
        if "views" in short(path):
            module = short(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef):
                    found[f"{module}.{node.name}"] = [ast.unparse(each) for each in node.decorator_list]
    return found


def test_every_view_names_its_methods():
    named, silent = decorators(), set()
    for view in views():
        if hasattr(view, "view_class"):
            names_methods = "http_method_names" in vars(view.view_class)
        elif is_of_the_api(view):
            names_methods = True
        else:
            names_methods = any(each.startswith("require_") for each in named.get(name_of(view), []))
        if not names_methods:
            silent.add(name_of(view))

    assert silent == set()


# The number of the first migration of each app whose columns suit the release that is still running.
SUITED_FROM = {"journal": 4, "accounts": 3, "documents": 2, "calls": 12, "applications": 4, "selection": 10}


@pytest.mark.parametrize("app", SUITED_FROM)
def test_the_release_before_goes_on_writing_while_a_column_is_added(app):
    """It knows nothing of the column: it is null, or the database itself fills it."""
    unknown = []
    for (label, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if label != app or int(name[:4]) < SUITED_FROM[app]:
            continue
        born = {each.name_lower for each in migration.operations if isinstance(each, CreateModel)}
        added = [each for each in migration.operations if isinstance(each, AddField)]
        unknown += [
            f"{name}: {each.model_name}.{each.name}"
            for each in added
            if each.model_name_lower not in born
            and not (each.field.null or each.field.many_to_many or each.field.generated)
            and each.field.db_default is NOT_PROVIDED
        ]

    assert unknown == []


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# Templates

PULLED_IN = re.compile(r"""{%-?\s*(?:include|extends)\s+(?:"([^"]+)"|'([^']+)'|(\S+))""")


def pulled_in(path):
    """The templates that a template includes or extends by name."""
    return [
        double or single for double, single, variable in PULLED_IN.findall(path.read_text()) if not variable
    ]


def named_in_python():
    """Every text of our code that could name a template; in one with a gap, the gap is any word."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                yield "".join(
                    re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+"
                    for part in node.values
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)


# Parts of printed documents that only the samples of tests/documents use so far.
AWAITED = {"print/components/amount_table.html"}
ERRORS = {"400.html", "403.html", "403_csrf.html", "404.html"}


def test_no_template_is_unused():
    from_python = {text for text in named_in_python() if re.search(r"html|txt", text)}
    from_templates = {name for path in PAGES for name in pulled_in(path)}

    unused = [
        name
        for name in (str(path.relative_to(TEMPLATES)) for path in OWN_PAGES)
        if name not in ERRORS | AWAITED | from_templates
        and not any(re.fullmatch(text, name) for text in from_python)
    ]

    assert unused == []


LAYERS = ["accounts", "documents", "calls", "applications", "selection"]


def may_pull_in(own, other):
    """Whether a template of a folder may use one of another: its own, those to its left, components, prints."""
    if other in {own, "components", "print", "base.html"}:
        return True
    if own not in LAYERS:
        return own in {"front", "demo"}
    return other in LAYERS[: LAYERS.index(own)]


def test_a_template_uses_its_own_app_and_those_to_its_left():
    strangers = {
        (short(path), name)
        for path in OWN_PAGES
        for name in pulled_in(path)
        if not may_pull_in(path.relative_to(TEMPLATES).parts[0], name.split("/")[0])
        and not (path.parent == TEMPLATES and name.startswith("components/"))
    }

    assert strangers == set()


def test_an_included_template_is_given_only_what_it_is_told():
    includes = {
        (short(path), tag)
        for path in OWN_PAGES
        for tag in re.findall(r"{%\s*include\s[^%]*%}", path.read_text())
    }

    assert {each for each in includes if not re.search(r"\sonly\s*%}$", each[1])} == set()


INLINE = {
    "a style": re.compile(r"\sstyle\s*=|<style\b", re.I),
    # schema.org's block of data is no script: no browser runs it, whatever the policy.
    "a script": re.compile(r"""<script(?![^>]*\ssrc=)(?!\stype="application/ld\+json">)""", re.I),
    "a handler": re.compile(r"""<[^>]*\son\w+\s*=\s*["'{]""", re.I),
    "an address that runs": re.compile(r"""(?:href|src|action)\s*=\s*["']?\s*javascript:""", re.I),
    "an htmx script": re.compile(r"\shx-on\b|js:", re.I),
}


def test_no_template_holds_what_the_security_policy_blocks():
    found = {
        (short(path), what)
        for path in PAGES
        for what, pattern in INLINE.items()
        if pattern.search(path.read_text())
    }

    assert found == set()


def test_a_component_opens_with_its_contract():
    components = (TEMPLATES / "components").glob("*.html")

    assert [each.name for each in components if not re.match(r"{% comment %}|{#", each.read_text())] == []
