"""Two people on one section, in any order, with pages as old as may be: no text that was answered for is lost."""

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.actions import writing
from applications.models import Application
from tests.applications.test_questions import asking, page_of, question
from tests.factories import certifier_of

# Long enough that none may be erased without a version of its own; they share no letter, or one that takes another's
# place would be the same with a few changed.
SENTENCES = [" ".join([word * 5] * 10) for word in "ABCDEF"]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.integers(0, 1)),
        st.tuples(
            st.sampled_from(["autosave", "save"]),
            st.integers(0, 1),
            st.sampled_from(["long-text", "second"]),
            st.lists(st.sampled_from(SENTENCES), max_size=3).map(" ".join),
        ),
        st.tuples(st.just("restore"), st.integers(0, 1), st.integers(0, 5)),
    ),
    max_size=10,
)
QUICK = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


class Person:
    """Someone with a page of the section open, as old as it may be."""

    def __init__(self, application, user):
        self.application, self.client = application, Client()
        self.client.force_login(user)
        self.open()

    def open(self):
        page = self.client.get(page_of(self.application))
        form = page.context["questionnaire"].form
        self.page = {name: form[name].value() or "" for name in ("long-text", "second")}
        self.page |= {"section_version": page.context["version"], "section_base": page.context["base"]}

    def write(self, name, text, *, autosave):
        """Type a text and send the page; what the page then shows is what one goes on from."""
        self.page[name] = text
        address = page_of(self.application) + ("enregistrement/" if autosave else "")
        answer = self.client.post(address, self.page)
        assert answer.status_code in ((200, 409) if autosave else (200, 302))
        if autosave and answer.status_code == 200:
            told = answer.json()
            self.page |= {"section_version": told["version"], "section_base": told["base"]}
        elif not autosave:
            self.open()

    def restore(self, number):
        versions = list(self.application.section_versions.values_list("pk", flat=True))
        if versions:
            address = f"{page_of(self.application)}historique/{versions[number % len(versions)]}/"
            page = self.client.get(address)
            self.client.post(address, {"read": page.context["read"]})


def everything(application):
    """All that the section says, or ever said, as the dossier keeps it."""
    said = [row.answers for row in application.sections.all()]
    said += [version.content["answers"] for version in application.section_versions.all()]
    return json.dumps(said, ensure_ascii=False)


def run(steps):
    """Play the steps; return the sentences that were answered for and are nowhere any more."""
    second = question("long_text") | {"key": "second"}
    application = asking(question("long_text"), second)
    people = [
        Person(application, application.created_by),
        Person(application, certifier_of(application.organisation)),
    ]
    answered = set()
    for what, who, *rest in steps:
        if what == "open":
            people[who].open()
        elif what == "restore":
            people[who].restore(*rest)
        else:
            people[who].write(*rest, autosave=what == "autosave")
            answered |= {sentence for sentence in SENTENCES if sentence in rest[1]}
    kept = everything(Application.objects.get(pk=application.pk))
    return {sentence for sentence in answered if sentence not in kept}


@QUICK
@given(steps=STEPS)
def test_no_interleaving_of_two_people_loses_a_text(db, steps):
    assert run(steps) == set()


@pytest.mark.parametrize("forgotten", ["_remember", "_set_aside"])
def test_without_the_history_texts_are_lost(db, monkeypatch, forgotten):
    monkeypatch.setattr(writing, forgotten, lambda *arguments, **named: None)
    steps = [
        ("autosave", 0, "long-text", SENTENCES[0]),
        ("save", 1, "long-text", SENTENCES[1]),
        ("save", 0, "long-text", SENTENCES[2]),
    ]

    assert run(steps) != set()
