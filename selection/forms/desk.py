"""What the secretariat types to keep its dossiers in order."""

from django import forms

from accounts.models import User
from selection import desk
from selection.models import Label, Note


class OfficerField(forms.ModelChoiceField):
    def label_from_instance(self, officer):
        return officer.name


class OfficerForm(forms.Form):
    """Who is in charge of a dossier; nobody, when it is put back."""

    officer = OfficerField(
        User.objects.none(), label="Agent chargé du dossier", required=False, empty_label="Personne"
    )
    mark_optional = False

    def __init__(self, *args, application, **kwargs):
        super().__init__(*args, **kwargs)
        self.application = application
        self.fields["officer"].queryset = desk.officers_of(application.call.fund)

    def clean_officer(self):
        officer = self.cleaned_data["officer"]
        if officer and (reason := desk.why_not_in_charge(officer, self.application)):
            raise forms.ValidationError(reason)
        return officer


class PutLabelForm(forms.Form):
    label = forms.ModelChoiceField(Label.objects.none(), label="Étiquette à mettre", empty_label="Choisir")

    def __init__(self, *args, case, fund, **kwargs):
        super().__init__(*args, **kwargs)
        labels = Label.objects.filter(fund=fund)
        self.fields["label"].queryset = labels.exclude(pk__in=case.labels.values("pk"))


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text"]
        labels = {"text": "Votre note"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "text": "Lue par le secrétariat et l’audit du fonds ; jamais par le porteur, un expert ou le comité."
        }


class LabelForm(forms.Form):
    """A new label, or another name for one."""

    name = forms.CharField(label="Nom de l’étiquette", max_length=40)

    def __init__(self, *args, fund, renamed=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fund, self.renamed = fund, renamed
        if renamed:
            self.initial["name"] = renamed.name
            self.fields[
                "name"
            ].help_text = (
                "Le nom d’une autre étiquette fusionne les deux : tous leurs dossiers portent alors celle-là."
            )

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if self.renamed is None and desk.namesake(self.fund, name):
            raise forms.ValidationError(f"L’étiquette « {name} » existe déjà.")
        return name
