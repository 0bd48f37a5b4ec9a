"""Forms and answers at random: every form has a valid shape, and often refers to what it should not."""

from hypothesis import strategies as st

from calls.questionnaire.conditions import COMPARISONS, OPERATORS, QUANTITIES
from calls.questionnaire.definition import ASKING, KINDS
from calls.questionnaire.schema import Definition, plain
from calls.questionnaire.types import IN_ROWS, TYPES

KEYS = [f"q{number}" for number in range(8)]
CHOICES = [{"key": key, "label": key.upper()} for key in ("a", "b", "c")]
AMOUNTS = st.decimals(-1000, 1000, places=2).map(str)

conditions = st.builds(
    lambda match, tests: {"match": match, "tests": tests},
    st.sampled_from(["all", "any"]),
    st.lists(
        st.fixed_dictionaries(
            {
                "question": st.sampled_from([*KEYS, "absente"]),
                "operator": st.sampled_from(list(OPERATORS)),
                "value": st.sampled_from([True, False, None, "a", "b", "75", "-2.5", "3 fois"]),
            }
        ),
        min_size=1,
        max_size=3,
    ),
)
references = st.one_of(
    st.sampled_from([*KEYS, *QUANTITIES, "@inconnue"]),
    st.builds("{}.{}".format, st.sampled_from(KEYS), st.sampled_from(["#", "c0", "c1", "absente"])),
)
checks = st.builds(
    lambda left, operator, share, right, condition: {
        "left": left,
        "operator": operator,
        "message": "Refusé",
        "condition": condition,
        **({"right": right, "share": share} if right else {"amount": "12.5"}),
    },
    references,
    st.sampled_from(list(COMPARISONS)),
    st.sampled_from([None, "0.5", "2", "0.3333"]),
    st.none() | references,
    st.none() | conditions,
)


def _question(key, kind, condition, columns):
    question = {"key": key, "type": kind, "label": f"Question {key}", "condition": condition}
    if "choices" in TYPES[kind].settings:
        question["choices"] = CHOICES
    if kind == "rows":
        question["columns"] = [
            _question(f"c{number}", each, None, ()) | {"label": f"Colonne {number}"}
            for number, each in enumerate(columns)
        ]
        for column in question["columns"]:
            del column["condition"]
    return question


@st.composite
def definitions(draw):
    """A form of up to eight questions, in the one writing that is kept."""
    sections, keys = [], list(KEYS)
    for number in range(draw(st.integers(1, 3))):
        questions = [
            _question(
                keys.pop(0),
                draw(st.sampled_from(list(TYPES))),
                draw(st.none() | conditions),
                draw(st.lists(st.sampled_from(IN_ROWS), min_size=1, max_size=2)),
            )
            for _ in range(draw(st.integers(0, min(4, len(keys)))))
        ]
        sections.append(
            {
                "key": f"s{number}",
                "title": f"Section {number}",
                "kind": draw(st.sampled_from(ASKING if questions else list(KINDS))),
                "condition": draw(st.none() | conditions),
                "questions": questions,
            }
        )
    made = [{"key": f"k{number}", **each} for number, each in enumerate(draw(st.lists(checks, max_size=3)))]
    return plain(Definition(sections=sections, checks=made))


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-200, 200),
    st.floats(),
    AMOUNTS,
    st.sampled_from(["", "a", "b", "2024-02-30", "1e999999", "NaN", "75"]),
    st.text(max_size=8),
)
json_values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["c0", "c1", "start", "end"]), inner, max_size=2)
    ),
    max_leaves=6,
)
answers = st.dictionaries(st.sampled_from(KEYS), json_values)
