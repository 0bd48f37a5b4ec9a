"""The pages of the form builder: a section, a question with the settings that its type has.

What they give is validated by `calls.questionnaire.schema`, the one judge of what a form may hold.
"""

from django import forms
from pydantic import ValidationError

from calls.questionnaire import editing, schema
from calls.questionnaire.definition import KINDS
from calls.questionnaire.fields import NumberField
from calls.questionnaire.types import CONFIDENTIALITY, IN_ROWS, TYPES
from calls.rows import ADD, OrderedRows, bound, rows_formset
from documents.uploads import TYPES as FILE_TYPES

LINE, PROSE = 300, 4000
HELP = forms.Textarea(attrs={"rows": 3})


class VersionedForm(forms.Form):
    """A form that remembers which version of the whole questionnaire was read when it was shown."""

    piece = None  # what was typed, as the form keeps it, once it is valid

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)

    def __init__(self, *args, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = version

    @property
    def read_version(self):
        return version_of(self.data)

    def read_again(self, version):
        """Let the next submission replace what a colleague saved: it has been shown."""
        self.data = self.data.copy()
        self.data["version"] = str(version)

    def checked(self, model, values):
        """The piece of form as it is kept, or None: what is wrong is then told beside its field."""
        try:
            return schema.plain(model.model_validate({"key": "cle", **values}))
        except ValidationError as error:
            for each, told in zip(error.errors(), schema.told(error), strict=True):
                name, sentence = each["loc"][:1], told.partition(" : ")[2].capitalize() + "."
                if name and name[0] in self.fields:
                    self.add_error(name[0], sentence)
                else:
                    self.add_error(None, told if name else sentence)
            return None


def version_of(data):
    """The version that a page was read at; -1, which is never one, for anything else."""
    version = data.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1


class SectionForm(VersionedForm):
    title = forms.CharField(label="Titre de la section", max_length=LINE)
    kind = forms.ChoiceField(label="Ce qu’elle demande", widget=forms.RadioSelect)
    help = forms.CharField(
        label="Aide",
        max_length=PROSE,
        required=False,
        widget=HELP,
        help_text="Affichée sous le titre de la section.",
    )
    required = forms.BooleanField(
        label="Section obligatoire", required=False, help_text="Un dossier ne se dépose pas si elle est vide."
    )

    def __init__(self, *args, written, definition, **kwargs):
        super().__init__(*args, initial={"required": True, "kind": "text", **written}, **kwargs)
        if written:
            del self.fields["kind"]
        else:
            taken = editing.kinds_taken(definition)
            self.fields["kind"].choices = [
                (kind, label) for kind, label in KINDS.items() if kind not in taken
            ]
        self.kind = written.get("kind")

    def clean(self):
        data = super().clean()
        if not self.errors:
            values = {name: value for name, value in data.items() if name != "version"}
            self.piece = self.checked(schema.Section, {"kind": self.kind, **values})
        return data


class QuestionForm(VersionedForm):
    """A question: its words, and the settings of its type alone."""

    label = forms.CharField(label="Question", max_length=LINE)
    help = forms.CharField(
        label="Aide",
        max_length=PROSE,
        required=False,
        widget=HELP,
        help_text="Ce qu’il faut écrire, en une phrase ou deux.",
    )
    required = forms.BooleanField(label="Réponse obligatoire", required=False)
    max_words = forms.IntegerField(
        label="Nombre maximal de mots", min_value=1, max_value=10_000, required=False
    )
    minimum = NumberField(label="Minimum", decimal_places=4, required=False)
    maximum = NumberField(label="Maximum", decimal_places=4, required=False)
    unit = forms.CharField(
        label="Unité", max_length=40, required=False, help_text="Par exemple : jours, agents."
    )
    formats = forms.MultipleChoiceField(
        label="Formats acceptés",
        choices=[(suffix, suffix.removeprefix(".").upper()) for suffix in FILE_TYPES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Aucun coché : tous.",
    )
    max_megabytes = forms.IntegerField(
        label="Taille maximale de chaque fichier (Mo)", min_value=1, max_value=200, required=False
    )
    max_files = forms.IntegerField(
        label="Nombre maximal de fichiers", min_value=1, max_value=50, required=False
    )
    max_rows = forms.IntegerField(
        label="Nombre maximal de lignes", min_value=1, max_value=200, required=False
    )
    annotation = forms.CharField(
        label="Note pour les instructeurs",
        max_length=PROSE,
        required=False,
        widget=HELP,
        help_text="Ce que la réponse doit montrer. Les porteurs ne la voient pas.",
    )
    confidentiality = forms.ChoiceField(
        label="Qui pourra lire la réponse", choices=list(CONFIDENTIALITY.items()), initial="administration"
    )
    criterion = forms.ChoiceField(label="Critère que la réponse éclaire", required=False)

    def __init__(self, *args, kind, criteria, written, **kwargs):
        super().__init__(*args, initial=_typed_numbers(written), **kwargs)
        self.kind = kind
        for name in schema.SETTINGS:
            if name in self.fields and name not in TYPES[kind].settings:
                del self.fields[name]
        known = [(each.key, each.label) for each in criteria]
        linked = written.get("criterion")
        if linked and linked not in dict(known):
            known.append((linked, f"critère disparu ({linked})"))
        self.fields["criterion"].choices = [("", "aucun"), *known]
        if kind == "declaration":
            self.fields["label"].label = "Texte de la déclaration"

    def clean(self):
        data = super().clean()
        refuse_backwards(self, data)
        return data

    def values(self):
        """What was typed, as the schema expects it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {name: value for name, value in values.items() if value not in (None, "", [])}


def refuse_backwards(form, data):
    low, high = data.get("minimum"), data.get("maximum")
    if low is not None and high is not None and high < low:
        form.add_error("maximum", "Le maximum est inférieur au minimum.")


def _typed_numbers(written):
    numbers = {
        name: str(written[name]).replace(".", ",") for name in ("minimum", "maximum") if name in written
    }
    return written | numbers


class RowForm(forms.Form):
    """A row that keeps its key."""

    mark_optional = False

    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    label = forms.CharField(label="Réponse proposée", max_length=LINE)

    def has_changed(self):
        """A rank, a type (a list always has one) or a tick alone leave a row empty."""
        return bool(set(self.changed_data) - {"order", "type", "required"})


class ColumnForm(RowForm):
    """A column of a repeated group, with the settings that the simple types have."""

    type = forms.ChoiceField(label="Type", choices=[(key, TYPES[key].label) for key in IN_ROWS])
    required = forms.BooleanField(label="Obligatoire", required=False)
    help = forms.CharField(label="Aide", max_length=PROSE, required=False)
    max_words = forms.IntegerField(label="Mots au plus", min_value=1, max_value=10_000, required=False)
    minimum = NumberField(label="Minimum", decimal_places=4, required=False)
    maximum = NumberField(label="Maximum", decimal_places=4, required=False)
    unit = forms.CharField(label="Unité", max_length=40, required=False)
    choices = forms.CharField(
        label="Réponses proposées, une par ligne",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        empty_value=None,
    )
    field_order = [
        "label",
        "type",
        "required",
        "help",
        "max_words",
        "minimum",
        "maximum",
        "unit",
        "choices",
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["label"].label = "Intitulé"

    def clean(self):
        data = super().clean()
        settings = TYPES[data["type"]].settings if data.get("type") else schema.SETTINGS
        for name in ("max_words", "minimum", "maximum", "unit", "choices"):
            if data.get(name) not in (None, "") and name not in settings:
                self.add_error(name, "Ce type de colonne n’a pas ce réglage : videz cette case.")
        lines = [line.strip().casefold() for line in (data.get("choices") or "").splitlines() if line.strip()]
        if data.get("type") == "choice" and len(lines) < 2:
            self.add_error("choices", "Proposez au moins deux réponses, une par ligne.")
        if len(set(lines)) < len(lines):
            self.add_error("choices", OptionsFormSet.told_twice)
        refuse_backwards(self, data)
        return data


class NamedRows(OrderedRows):
    least, told, told_twice = 1, "", ""

    def clean(self):
        if any(self.errors):
            return
        labels = set()
        for form in self.kept():
            label = form.cleaned_data["label"].casefold()
            if label in labels:
                form.add_error("label", self.told_twice)
            labels.add(label)
        if len(self.kept()) < self.least:
            raise forms.ValidationError(self.told)


class OptionsFormSet(NamedRows):
    row_name = "réponse"
    least, told = 2, "Proposez au moins deux réponses."
    told_twice = "Deux réponses portent le même intitulé."


class ColumnsFormSet(NamedRows):
    row_name = "colonne"
    told = "Décrivez au moins une colonne."
    told_twice = "Deux colonnes portent le même intitulé."


ROWS = {
    "choices": rows_formset(RowForm, formset=OptionsFormSet, max_num=100),
    "columns": rows_formset(ColumnForm, formset=ColumnsFormSet, max_num=12),
}
TITLES = {"choices": "Réponses proposées", "columns": "Colonnes du groupe"}


class QuestionEditor:
    """The form of a question, and the rows that its type may have below it."""

    def __init__(self, request, *, kind, criteria, written, version):
        self.kind, self.written = kind, written
        self.rows = next((name for name in ROWS if name in TYPES[kind].settings), "")
        adding = request.method == "POST" and ADD in request.POST
        posted = request.POST if request.method == "POST" and not adding else None
        shown = {name: request.POST.get(name) for name in QuestionForm.base_fields} if adding else written
        self.form = QuestionForm(posted, kind=kind, criteria=criteria, written=shown, version=version)
        if adding:
            self.form.initial["version"] = request.POST.get("version", "")
        self.formset, ready = None, posted is not None
        if self.rows:
            typed = _typed_rows(written.get(self.rows) or [])
            self.formset, ready = bound(ROWS[self.rows], request, written=typed, blank=2, prefix=self.rows)
        self.form.piece = self._checked() if ready and self.form.is_valid() else None

    @property
    def title(self):
        return TITLES.get(self.rows, "")

    def _checked(self):
        values = {"type": self.kind, **self.form.values()}
        if self.rows:
            known = {each["key"]: each for each in self.written.get(self.rows) or []}
            values[self.rows] = _keyed(self.formset.rows(), known)
        return self.form.checked(schema.Question, values)


def _typed_rows(rows):
    """Options or columns as one types them."""
    return [
        _typed_numbers(row)
        | ({"choices": "\n".join(each["label"] for each in row["choices"])} if "choices" in row else {})
        for row in rows
    ]


def _keyed(rows, known):
    """Rows under the keys that they had, or under new ones: answers refer to them."""
    named, taken = [], {row["key"] for row in rows if row["key"] in known}
    for row in rows:
        values = {name: value for name, value in row.items() if value not in (None, "")}
        key = row["key"]
        if key not in known or key in {each["key"] for each in named}:
            key = editing.fresh_key(row["label"], taken)
        taken.add(key)
        if "choices" in values:
            values["choices"] = _options(values["choices"], known.get(key, {}).get("choices") or [])
        named.append({**values, "key": key})
    return named


def _options(text, known):
    """The answers of a column, typed one a line; those that were there keep their keys, reworded in their place too."""
    labels = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    by_label = {each["label"]: each["key"] for each in known}
    if len(labels) == len(known):
        reworded = zip(labels, known, strict=True)
        by_label |= {
            label: was["key"]
            for label, was in reworded
            if label not in by_label and was["label"] not in labels
        }
    taken, options = {by_label[label] for label in labels if label in by_label}, []
    for label in labels:
        key = by_label.get(label) or editing.fresh_key(label, taken)
        taken.add(key)
        options.append({"key": key, "label": label})
    return options
