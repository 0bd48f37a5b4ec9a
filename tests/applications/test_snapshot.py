"""Any form, answered at random: what is frozen is what was asked, in the words it is read in."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import completeness, snapshot
from applications.dossier import present
from applications.models import SectionAnswers, Submission
from calls.models import FormVersion
from calls.questionnaire.conditions import shown
from calls.questionnaire.definition import ASKING, questions_of, sha256
from calls.questionnaire.types import TYPES, text_of
from tests.calls.questionnaire.strategies import definitions
from tests.factories import draft

# Answers as they are kept, by type of question.
KEPT = {
    "short_text": ["", "a", "75"],
    "long_text": ["", "Un\n\ndeux"],
    "markdown": ["**gras**"],
    "integer": [0, 75],
    "decimal": ["-2.5", "75"],
    "amount": ["75.00"],
    "percentage": ["50"],
    "date": ["2026-03-15"],
    "period": [{"start": "2026-03-15", "end": None}],
    "choice": ["a", "partie"],
    "choices": [["a", "b"], []],
    "boolean": [True, False],
    "email": ["a@b.example"],
    "phone": ["+33123456789"],
    "url": ["https://a.example"],
    "siret": ["13002526500013"],
    "organisation": ["absent"],
    "department": ["2A"],
    "declaration": [True],
}


@st.composite
def answered(draw):
    """A form, and answers to some of its questions; now and then one of another type, left by a correction."""
    definition = draw(definitions())
    answers = {}
    for _, question in questions_of(definition):
        kinds = [question["type"]] * 9 + ["boolean"]
        if question["type"] == "rows":
            columns = question["columns"]
            one = {column["key"]: st.none() | st.sampled_from(KEPT[column["type"]]) for column in columns}
            answers[question["key"]] = draw(st.lists(st.fixed_dictionaries(one), max_size=2))
        elif question["type"] != "files":
            answers[question["key"]] = draw(st.none() | st.sampled_from(KEPT[draw(st.sampled_from(kinds))]))
    return definition, answers


def test_every_type_has_its_kept_answers():
    assert set(KEPT) == set(TYPES) - {"files", "rows"}


def test_only_what_is_asked_is_frozen_as_it_is_read(db):
    application = draft()

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(answered())
    def check(form_and_answers):
        definition, answers = form_and_answers
        application.form = FormVersion(definition=definition, number=1, sha256=sha256(definition))
        application.sections.all().delete()
        SectionAnswers.objects.create(application=application, section_key="s0", answers=answers)

        content = snapshot.content(application)
        states = completeness.sections(application)
        read = present(
            Submission(
                application=application, content=content, requested_grant=0, total_cost=0, promised_savings=0
            )
        )

        sections, questions = shown(definition, answers)
        asked = {
            question["key"]: text_of(question, answers.get(question["key"]))
            for section, question in questions_of(definition)
            if question["key"] in questions and section["kind"] in ASKING
        }
        frozen = {answer["key"]: answer["text"] for each in content["sections"] for answer in each["answers"]}
        assert frozen == asked
        assert {state.key for state in states if state.asked} == sections
        assert len(read["sections"]) == len(sections)

    check()
