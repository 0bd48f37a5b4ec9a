"""What the secretariat types to ask for an opinion, and what an expert types to give it."""

from django import forms

from applications.exchange_forms import BIGGEST, DueForm, KeptFiles
from selection.forms.criteria import CriteriaForm
from selection.models import Opinion

QUESTIONS = 10


class AskedForm(DueForm):
    """Of whom, for whom, what and until when, whatever the dossier."""

    body = forms.CharField(
        label="Pour le compte de",
        max_length=160,
        help_text="L’organisme ou la direction dont vous demandez l’avis ; plusieurs personnes peuvent en être.",
    )
    email = forms.EmailField(
        label="Adresse électronique de l’expert",
        max_length=254,
        help_text="Un compte à cette adresse reçoit la demande aussitôt ; sinon, un lien d’invitation lui est envoyé.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.CharField(
        label="Ce que vous demandez",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce sur quoi porte l’avis, et ce que vous en ferez.",
    )
    questions = forms.CharField(
        label="Questions précises",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Une par ligne, {QUESTIONS} au plus. L’expert répond à chacune.",
    )
    on_criteria = forms.BooleanField(
        label="Demander une note par critère de l’appel", required=False, initial=True
    )
    attachments = forms.BooleanField(
        label="Ouvrir aussi les pièces jointes de ces parties", required=False, initial=True
    )
    carrier = forms.BooleanField(
        label="Dire qui porte le projet",
        required=False,
        initial=True,
        help_text="Décoché, le nom du porteur est caché. Ce que le porteur a écrit n’est pas changé : n’ouvrez pas les"
        " parties ou les pièces qui le nomment.",
    )
    confidentiality = forms.ChoiceField(
        label="Qui lira l’avis",
        choices=[
            ("secretariat", "Le secrétariat seul (et l’audit du fonds)"),
            ("committee", "Le secrétariat et le comité"),
        ],
        widget=forms.RadioSelect,
    )

    def clean_questions(self):
        lines = [" ".join(line.split()) for line in self.cleaned_data["questions"].splitlines()]
        questions = [line for line in lines if line]
        if len(questions) > QUESTIONS:
            raise forms.ValidationError(f"{QUESTIONS} questions au plus : il y en a {len(questions)}.")
        return questions


class AskForm(AskedForm):
    """An opinion on one dossier, of which the parts are opened one by one."""

    sections = forms.MultipleChoiceField(
        label="Parties du dossier ouvertes à l’expert",
        widget=forms.CheckboxSelectMultiple,
        help_text="Ce qui n’est pas coché n’est pas montré, ni son titre, ni ses totaux.",
        error_messages={"required": "Ouvrez au moins une partie du dossier."},
    )
    field_order = [
        "body",
        "email",
        "purpose",
        "questions",
        "on_criteria",
        "day",
        "hour",
        "sections",
        "attachments",
        "carrier",
        "confidentiality",
    ]

    def __init__(self, *args, content, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sections"].choices = [(each["key"], each["title"]) for each in content["sections"]]
        self.keys = [each["key"] for each in content["sections"]]
        self.fields["sections"].initial = self.keys
        if content.get("anonymous"):
            del self.fields["carrier"]

    def asked(self):
        """The arguments of the action that asks. Every part ticked is the whole, whatever it becomes."""
        data = self.cleaned_data
        chosen, everything = data["sections"], set(data["sections"]) == set(self.keys)
        names = ("body", "email", "purpose", "questions", "on_criteria", "confidentiality", "due_at")
        return {name: data[name] for name in names} | {
            "sees": {
                "sections": None if everything else chosen,
                "attachments": data["attachments"],
                "carrier": data.get("carrier", False),
            }
        }


class ReasonForm(forms.Form):
    """Why one declines, or withdraws a request."""

    reason = forms.CharField(label="Motif", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, told, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = told


class OpinionForm(KeptFiles, CriteriaForm):
    """An opinion, kept as a draft with whatever it lacks, or given whole."""

    mark_optional = False

    position = forms.ChoiceField(
        label="Votre position", choices=Opinion.Position.choices, widget=forms.RadioSelect, required=False
    )
    text = forms.CharField(
        label="Votre avis",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Texte simple : une ligne vide sépare deux paragraphes, « - » fait une liste.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=BIGGEST)

    def __init__(self, *args, asked, **kwargs):
        self.asked = asked
        super().__init__(*args, call=asked.case.application.call, **kwargs)
        if not asked.on_criteria:
            for criterion in self.criteria:
                del self.fields[f"score_{criterion.pk}"]
            self.criteria = []
        answers = {
            f"answer_{number}": forms.CharField(
                label=question, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
            )
            for number, question in enumerate(asked.questions)
        }
        noted = []
        for criterion in self.criteria:
            score, comment = f"score_{criterion.pk}", f"comment_{criterion.pk}"
            self.fields[score].required = False
            self.fields[comment] = forms.CharField(
                label=f"Commentaire – {criterion.label}",
                required=False,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            noted += [score, comment]
        self.fields.update(answers)
        self.order_fields(["position", "text", *answers, *noted, "files"])
        joined = self.read_kept(self.data.get("kept") if self.is_bound else self.initial.get("kept"))
        if joined:
            self.fields["dropped"] = forms.MultipleChoiceField(
                label="Pièces déjà jointes à retirer",
                choices=joined,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def giving(self):
        return "give" in self.data

    def clean_seen(self):
        return self.cleaned_data["seen"] or 0

    def clean(self):
        dropped = self.cleaned_data.get("dropped", [])
        self.cleaned_data["kept"] = [each for each in self.cleaned_data["kept"] if each[0] not in dropped]
        data = super().clean()
        if self.giving:
            self._refuse_unfinished(data)
        return data

    def _refuse_unfinished(self, data):
        if not data.get("position"):
            self._lacks("position", "Choisissez une position pour rendre l’avis.")
        if not data.get("text"):
            self._lacks("text", "Écrivez votre avis pour le rendre.")
        for criterion in self.criteria:
            if data.get(f"score_{criterion.pk}") is None and not data.get(f"comment_{criterion.pk}"):
                told = "Donnez une note, ou dites en commentaire pourquoi vous n’en donnez pas."
                self._lacks(f"score_{criterion.pk}", told)
        for number, _ in enumerate(self.asked.questions):
            if not data.get(f"answer_{number}"):
                self._lacks(f"answer_{number}", "Répondez à cette question pour rendre l’avis.")

    def _lacks(self, name, told):
        if name not in self.errors:
            self.add_error(name, told)

    def read_again(self, version):
        """Make the page that comes back one that has read this version."""
        self.data = self.data.copy()
        self.data["seen"] = version

    def said(self, files):
        """What a draft keeps, so that `initial_of` gives it back."""
        data = self.cleaned_data
        return {
            "position": data["position"],
            "text": data["text"],
            "scores": {
                str(each.pk): [data[f"score_{each.pk}"], data[f"comment_{each.pk}"]] for each in self.criteria
            },
            "answers": self._answers(),
            "files": [[file.sha256, name] for file, name in files],
        }

    def given(self, files):
        """The arguments of the action that gives the opinion."""
        data = self.cleaned_data
        return {
            "position": data["position"],
            "text": data["text"],
            "scores": [
                {
                    "criterion": each,
                    "value": data[f"score_{each.pk}"],
                    "comment": data[f"comment_{each.pk}"],
                }
                for each in self.criteria
            ],
            "answers": self._answers(),
            "files": files,
        }

    def _answers(self):
        return [self.cleaned_data[f"answer_{number}"] for number, _ in enumerate(self.asked.questions)]

    @classmethod
    def initial_of(cls, asked):
        """What the draft says, or else the last version given."""
        said = asked.draft.get("said") or _said_in(asked.opinions.order_by("revision").last())
        initial = {"seen": asked.version, "position": said.get("position"), "text": said.get("text", "")}
        for key, (value, comment) in said.get("scores", {}).items():
            initial |= {f"score_{key}": value, f"comment_{key}": comment}
        for number, answer in enumerate(said.get("answers", [])):
            initial[f"answer_{number}"] = answer
        return initial | {"kept": cls.kept_as(said.get("files", []))}


def _said_in(opinion):
    if opinion is None:
        return {}
    return {
        "position": opinion.position,
        "text": opinion.text,
        "scores": {str(each.criterion_id): [each.value, each.comment] for each in opinion.scores.all()},
        "answers": opinion.answers,
        "files": [[each.file.sha256, each.name] for each in opinion.files.select_related("file")],
    }
