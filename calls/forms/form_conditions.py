"""Conditions, and checks across answers: typed in rows and lists, without a formula to write."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms

from calls.forms.form_builder import VersionedForm
from calls.money import PercentField
from calls.questionnaire import coherence, schema
from calls.questionnaire.conditions import COMPARISONS, OPERATORS, operators_for
from calls.questionnaire.fields import NumberField
from calls.questionnaire.types import type_of
from calls.rows import ADD, RowsFormSet, bound, rows_formset

REFINE = "refine"  # the button that asks for the operators and the values of the questions just chosen
# With JavaScript, choosing a question is enough: the rows come back with what goes with it.
AT_ONCE = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-include": "closest form",
    "hx-vals": f'{{"{REFINE}": "1"}}',
    "hx-target": "#conditions",
    "hx-select": "#conditions",
    "hx-swap": "outerHTML",
}
ALONE = ("answered", "not_answered")


class MatchForm(VersionedForm):
    match = forms.ChoiceField(
        label="Quand il y a plusieurs lignes",
        choices=[("all", "toutes doivent être vraies"), ("any", "une seule suffit")],
        widget=forms.RadioSelect,
        initial="all",
    )


class BaseTestForm(forms.Form):
    """« question, operator, value »: the last two are those of the question, once it is chosen."""

    mark_optional = False
    asked = {}  # the questions one may choose, by key
    mark_optional = False

    question = forms.ChoiceField(label="Question posée avant", widget=forms.Select(attrs=AT_ONCE))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [
            ("", "Choisir une question"),
            *((key, question["label"]) for key, question in self.asked.items()),
        ]
        self.chosen = self.asked.get(self["question"].value())
        if self.chosen:
            operators = [(operator, OPERATORS[operator]) for operator in operators_for(self.chosen)]
            self.fields["operator"] = forms.ChoiceField(label="Condition", choices=operators)
            field = value_field(self.chosen)
            if field:
                self.fields["value"] = field

    def clean(self):
        data = super().clean()
        operator = data.get("operator")
        if (
            operator
            and operator not in ALONE
            and data.get("value") in (None, "")
            and "value" not in self.errors
        ):
            self.add_error("value", "Dites avec quelle réponse comparer.")
        return data

    def test(self):
        """The row as it is kept in a condition."""
        data = self.cleaned_data
        test = {"question": data["question"], "operator": data["operator"]}
        if data["operator"] not in ALONE:
            test["value"] = from_typed(data["value"], self.chosen)
        return test


def value_field(question):
    """The field that asks what to compare the answers to a question with; None where there is nothing to say."""
    kind = type_of(question)
    if kind.choosable:
        choices = [(typed(value), label) for value, label in kind.options(question)]
        return forms.ChoiceField(label="Réponse", choices=[("", "Choisir"), *choices], required=False)
    if kind.numeric:
        return NumberField(label="Nombre", decimal_places=4, required=False)
    return None


def typed(value):
    """The value of a test as its field shows it."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)


def from_typed(value, question):
    kind = type_of(question)
    if kind.choosable:
        return next(each for each, _ in kind.options(question) if typed(each) == value)
    return f"{value.normalize():f}"


class TestsFormSet(RowsFormSet):
    def tests(self):
        return [
            form.test() for form in self.forms if form.has_changed() and not form.cleaned_data.get("DELETE")
        ]


class ConditionEditor:
    """The rows of a condition, and whether all or one of them must be true."""

    def __init__(self, request, definition, dependent, *, version):
        earlier = coherence.earlier_questions(definition, dependent)
        self.asked = {each["key"]: each for each in earlier if each.get("type") != "files"}
        written = dependent.get("condition") or {"match": "all", "tests": []}
        row = type("TestForm", (BaseTestForm,), {"asked": self.asked})
        rows = rows_formset(row, formset=TestsFormSet, max_num=20)
        refining = request.method == "POST" and (REFINE in request.POST or ADD in request.POST)
        posted = request.POST if request.method == "POST" and not refining else None
        self.form = MatchForm(posted, initial={"match": written["match"]}, version=version)
        if refining:
            self.form.initial |= {name: request.POST.get(name, "") for name in ("match", "version")}
        tests = [{**test, "value": _shown(test, self.asked)} for test in written["tests"]]
        self.formset, ready = bound(rows, request, written=tests)
        if refining:
            # What is not being saved yet is shown as it was typed, without what is missing in it.
            self.formset = rows(initial=_posted_rows(request.POST), prefix="rows")
            self.formset.extra = 1 if request.POST.get(ADD) else 0
        self.complete = posted is not None and self.form.is_valid() and ready
        self.condition = self._condition() if self.complete else None

    def _condition(self):
        tests = self.formset.tests()
        if not tests:
            return None
        values = {"match": self.form.cleaned_data["match"], "tests": tests}
        return schema.plain(schema.Condition.model_validate(values))


def _shown(test, asked):
    value, question = test.get("value"), asked.get(test["question"])
    if question and type_of(question).numeric and isinstance(value, str):
        return value.replace(".", ",")
    return "" if value is None else typed(value)


def _posted_rows(data, prefix="rows"):
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    count = min(int(total), 20) if total.isascii() and total.isdigit() and len(total) < 5 else 0
    names = ("question", "operator", "value")
    rows = [{name: data.get(f"{prefix}-{number}-{name}", "") for name in names} for number in range(count)]
    return [row for number, row in enumerate(rows) if f"{prefix}-{number}-DELETE" not in data]


class CheckForm(VersionedForm):
    """A computed check: one quantity against a share of another, or against a number."""

    mark_optional = False  # what is optional says what it means when empty; one of the other two is needed

    left = forms.ChoiceField(label="Grandeur vérifiée")
    operator = forms.ChoiceField(
        label="Vaut", choices=[(key, label) for key, (label, _) in COMPARISONS.items()]
    )
    share = PercentField(
        label="Part (%)",
        required=False,
        max_value=100_000,
        help_text="Vide : 100 %.",
        error_messages={"max_value": "Ce pourcentage est trop grand."},
    )
    right = forms.ChoiceField(label="De cette autre grandeur", required=False)
    amount = NumberField(
        label="Ou bien un nombre fixe",
        decimal_places=4,
        required=False,
        help_text="En euros pour un montant. Laissez vide si vous comparez à une autre grandeur.",
    )
    message = forms.CharField(
        label="Message affiché au porteur",
        max_length=300,
        help_text="Dites ce qui ne va pas et quoi corriger.",
    )
    blocking = forms.TypedChoiceField(
        label="Effet",
        choices=[("oui", "le dépôt est empêché"), ("non", "c’est un conseil : le dépôt reste possible")],
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
        initial="oui",
    )

    helper = FormHelper()
    helper.form_tag, helper.disable_csrf = False, True
    helper.layout = Layout(
        "version",
        Fieldset(
            "La règle",
            Row(Column("left"), Column("operator")),
            Row(Column("share"), Column("right")),
            "amount",
        ),
        Fieldset("Quand elle n’est pas respectée", "message", "blocking"),
    )

    def __init__(self, *args, written, definition, **kwargs):
        super().__init__(*args, initial=_typed_check(written), **kwargs)
        known = [("", "Choisir"), *coherence.quantities(definition)]
        for name in ("left", "right"):
            self.fields[name].choices = known

    def clean(self):
        data = super().clean()
        if not self.errors:
            if bool(data["right"]) == (data["amount"] is not None):
                self.add_error(
                    "right", "Choisissez une autre grandeur, ou bien écrivez un nombre fixe : l’un des deux."
                )
            elif data["share"] is not None and not data["right"]:
                self.add_error("right", "Choisissez la grandeur dont vous prenez une part.")
            elif data["share"] == 0:
                self.add_error("share", "La part doit dépasser 0 %.")
            else:
                values = {name: value for name, value in data.items() if name != "version"}
                values = {name: value for name, value in values.items() if value not in (None, "")}
                self.piece = self.checked(schema.Check, values)
        return data


def _typed_check(written):
    initial = dict(written)
    if "share" in written:
        initial["share"] = Decimal(str(written["share"]))
    if "amount" in written:
        initial["amount"] = str(written["amount"]).replace(".", ",")
    if "blocking" in written:
        initial["blocking"] = "oui" if written["blocking"] else "non"
    return initial
