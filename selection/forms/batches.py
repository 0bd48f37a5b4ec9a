"""An act on many dossiers: which ones, then what exactly."""

from django import forms

from accounts.models import User
from selection import batches, desk, message_templates
from selection.forms.desk import OfficerField
from selection.forms.opinions import AskedForm
from selection.models import Batch, Label, MessageTemplate

Act = Batch.Act


class SelectionForm(forms.Form):
    """The dossiers, and the act. References that name no dossier are told (`unknown`), the others go on."""

    mark_optional = False
    references = forms.CharField(
        label="Références des dossiers",
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Une par ligne, ou séparées par des espaces ou des virgules.",
    )
    act = forms.ChoiceField(
        label="Action", choices=[("", "Choisir"), *((act, act.label.capitalize()) for act in Act)]
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.cases, self.unknown = [], []

    def clean_references(self):
        references = batches.references_typed(self.cleaned_data["references"])
        if len(references) > batches.MOST:
            raise forms.ValidationError(
                f"{batches.MOST} dossiers au plus à la fois : vous en avez choisi {len(references)}."
            )
        self.cases, self.unknown = batches.named(self.user, references)
        if not self.cases:
            raise forms.ValidationError("Aucun dossier que vous puissiez traiter ne porte ces références.")
        if len({case.application.call.fund_id for case in self.cases}) > 1:
            raise forms.ValidationError(
                "Ces dossiers relèvent de plusieurs fonds : faites une action groupée par fonds."
            )
        return "\n".join(references)

    @property
    def fund(self):
        return self.cases[0].application.call.fund


class DetailForm(forms.Form):
    """What an act needs to be told; the dossiers and the act come along unseen."""

    mark_optional = False
    references = forms.CharField(widget=forms.HiddenInput)
    act = forms.CharField(widget=forms.HiddenInput)
    step = forms.CharField(widget=forms.HiddenInput, initial="details")

    def __init__(self, *args, fund, **kwargs):
        super().__init__(*args, **kwargs)
        self.fund = fund

    def own_fields(self):
        """What was typed, to be sent again as it is."""
        return [(field.html_name, field.value() or "") for field in self if field.name != "step"]


class AssignForm(DetailForm):
    officer = OfficerField(None, label="Confier à", empty_label="Choisir")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = desk.officers_of(self.fund)

    def given(self):
        officer = self.cleaned_data["officer"]
        return {"officer": officer.pk, "name": officer.name}


class LabelledForm(DetailForm):
    label = forms.ModelChoiceField(None, label="Étiquette", empty_label="Choisir")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["label"].queryset = Label.objects.filter(fund=self.fund)

    def given(self):
        label = self.cleaned_data["label"]
        return {"label": label.pk, "name": label.name}


class WriteForm(DetailForm):
    """A message to each carrier: a template as it is, or one's own words."""

    template = forms.ModelChoiceField(None, label="Modèle", required=False, empty_label="Aucun")
    text = forms.CharField(
        label="Message",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Laissez vide pour prendre le texte du modèle : vous le relirez, et pourrez encore le changer."
        f" Chaque dossier remplit : {', '.join(f'{{{name}}}' for name in message_templates.FIELDS)}.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = MessageTemplate.objects.filter(fund=self.fund)

    def clean(self):
        data = super().clean()
        if "text" in data and not data["text"].strip():
            data["text"] = data["template"].text if data.get("template") else ""
            if not data["text"]:
                self.add_error("text", "Écrivez le message, ou choisissez un modèle.")
        if unknown := message_templates.unknown_fields(data.get("text") or ""):
            self.add_error("text", f"Aucun dossier ne sait remplir {message_templates.listed(unknown)}.")
        return data

    def own_fields(self):
        """With the words of the template, so that they may be changed."""
        own = dict(super().own_fields())
        return list((own | {"text": self.cleaned_data["text"], "template": ""}).items())

    def given(self):
        return {"text": self.cleaned_data["text"]}


class LetThroughForm(DetailForm):
    reason = forms.CharField(
        label="Mention, la même pour tous (facultatif)",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Gardée avec chaque décision, lue du secrétariat et de l’audit.",
    )

    def given(self):
        return {"reason": self.cleaned_data["reason"]}


class OpinionForm(DetailForm, AskedForm):
    """The same opinion on each dossier, the whole of which is opened; asked of someone who has an account."""

    def clean_email(self):
        email = self.cleaned_data["email"].strip().lower()
        if not User.objects.filter(email__iexact=email, is_active=True).exists():
            raise forms.ValidationError(
                "Cette adresse n’a pas encore de compte : demandez d’abord un avis sur un seul dossier, qui l’invite."
            )
        return email

    def given(self):
        data = self.cleaned_data
        names = ("body", "email", "purpose", "questions", "on_criteria", "confidentiality")
        return {name: data[name] for name in names} | {
            "name": f"{data['body']} ({data['email']})",
            "due_at": data["due_at"].isoformat(),
            "attachments": data["attachments"],
            "carrier": data["carrier"],
        }


DETAILS = {
    Act.ASSIGN: AssignForm,
    Act.LABEL: LabelledForm,
    Act.UNLABEL: LabelledForm,
    Act.MESSAGE: WriteForm,
    Act.OPINION: OpinionForm,
    Act.ELIGIBLE: LetThroughForm,
}
