from django import forms
from django.db.models import Q

from accounts.models import Organisation, User
from applications.models import Application, Attachment
from documents import uploads
from documents.fields import FilesField


class ApplicationForm(forms.ModelForm):
    """What a draft begins with: the project's name, who carries it, its themes."""

    class Meta:
        model = Application
        fields = ["organisation", "title", "themes"]
        widgets = {"themes": forms.CheckboxSelectMultiple}

    def __init__(self, *args, call, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["themes"].queryset = call.themes.all()
        mine = Organisation.objects.filter(memberships__user=user).distinct()
        self.fields["organisation"].queryset = mine
        self.fields["organisation"].empty_label = None
        if self.instance.pk:
            del self.fields["organisation"]


class AttachmentsForm(forms.Form):
    """Files to join, several at once; what is wrong with some is told once the others are kept."""

    mark_optional = False

    files = FilesField(label="Fichiers", max_files=20)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = self.fields["files"].told

    def clean_files(self):
        field = self.fields["files"]
        if not field.fit and not field.refused:
            raise forms.ValidationError("Choisissez au moins un fichier.", code="required")
        for told in field.refused:
            self.add_error("files", told)
        return field.fit


class AttachmentForm(forms.ModelForm):
    """What a joined file is, and the file that takes its place, if any."""

    upload = forms.FileField(
        label="Fichier",
        required=False,
        help_text="Seulement pour remplacer le fichier actuel, qui reste parmi les versions. "
        f"{uploads.ACCEPTED}, 20 Mo au plus.",
    )

    class Meta:
        model = Attachment
        fields = ["description"]
        help_texts = {"description": "Ce que contient la pièce, en quelques mots."}

    field_order = ["upload", "description"]

    def __init__(self, *args, files=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.files_field = files or FilesField()

    def clean_upload(self):
        upload, files = self.cleaned_data["upload"], self.files_field
        if upload:
            self.content_type = uploads.check(upload, formats=files.formats, max_bytes=files.max_bytes)
        return upload


# Visa and filing


class OwnersForm(forms.Form):
    """Who answers for each section, chosen among the writers who are still here; who does now may go on."""

    mark_optional = False

    def __init__(self, *args, application, **kwargs):
        super().__init__(*args, **kwargs)
        rows = {row.section_key: row.owner_id for row in application.sections.all()}
        writing = Q(pk__in=application.collaborators.present().writers().values("user"))
        for section in application.form.sections:
            self.fields[f"responsable-{section['key']}"] = forms.ModelChoiceField(
                User.objects.filter(writing | Q(pk=rows.get(section["key"]))),
                label=section["title"],
                required=False,
                empty_label="Personne en particulier",
                initial=rows.get(section["key"]),
            )

    @property
    def owners(self):
        """The user or None by section key, once valid."""
        return {name.removeprefix("responsable-"): user for name, user in self.cleaned_data.items()}


class VisaForm(forms.Form):
    comment = forms.CharField(
        label="Un mot pour les valideurs",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text="Ce qui mérite leur attention. Il leur est envoyé par courriel.",
    )


class RemarksForm(forms.Form):
    """What the certifier asks to correct, of the whole dossier or of its sections; something must be said."""

    mark_optional = False
    remarks = forms.CharField(
        label="Sur l’ensemble du dossier",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        required=False,
    )

    def __init__(self, *args, sections=(), **kwargs):
        super().__init__(*args, **kwargs)
        for section in sections:
            self.fields[f"section-{section['key']}"] = forms.CharField(
                label=section["title"],
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=5000,
                required=False,
            )

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(
                "Écrivez au moins une remarque, sur l’ensemble ou sur une section : sans elle, les rédacteurs"
                " ne sauraient pas quoi corriger."
            )
        return data

    @property
    def by_section(self):
        """The remarks by section key, once valid."""
        return {
            name.removeprefix("section-"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("section-") and text
        }


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi renoncez-vous ?",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text="Le secrétariat du fonds le lit si le dossier a été déposé. Vos collègues le reçoivent.",
    )
