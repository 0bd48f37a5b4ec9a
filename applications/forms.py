from django import forms

from accounts.models import Organisation
from applications.models import Application, Attachment
from documents import uploads


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


class AttachmentForm(forms.ModelForm):
    upload = forms.FileField(label="Fichier", help_text=f"{uploads.ACCEPTED}, 20 Mo au plus.")

    class Meta:
        model = Attachment
        fields = ["description"]
        help_texts = {"description": "Ce que contient la pièce, en quelques mots."}

    field_order = ["upload", "description"]

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        self.content_type = uploads.check(upload)
        return upload


class RemarksForm(forms.Form):
    remarks = forms.CharField(
        label="Vos remarques aux rédacteurs",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text="Elles leur sont envoyées par courriel.",
    )
