"""What people type in the exchanges with the secretariat."""

import secrets

from django import forms
from django.core import signing

from applications.models import Remark
from calls.forms.preparation import TIME, end
from calls.questionnaire.fields import DayField
from documents import storage
from documents.fields import FilesField
from documents.models import StoredFile
from journal import clock

BIGGEST = 2**63 - 1
KEPT = "applications.message.files"


class ReadForm(forms.Form):
    """How far the page that is sent showed the messages."""

    read = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=BIGGEST)

    def clean_read(self):
        return self.cleaned_data["read"] or 0


class KeptFiles(forms.Form):
    """Files beside words. A page that comes back keeps the files that were fit: nobody joins them twice."""

    files = FilesField(label="Pièces à joindre", max_files=5)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = self.fields["files"].told

    @staticmethod
    def kept_as(files):
        """The (SHA-256, name) of files as the page carries them, which nobody can forge."""
        return signing.dumps([list(each) for each in files], salt=KEPT)

    @staticmethod
    def read_kept(typed):
        try:
            return signing.loads(typed or "", salt=KEPT)
        except signing.BadSignature:
            return []

    def clean_kept(self):
        """The (SHA-256, name) of the files that came with an earlier sending of this page."""
        return self.read_kept(self.cleaned_data["kept"])

    def clean(self):
        field = self.fields["files"]
        room = max(0, field.max_files - len(self.cleaned_data.get("kept", [])))
        field.refused += [
            f"« {upload.name} » n’est pas joint : {field.max_files} fichiers au plus par message."
            for upload, _ in field.fit[room:]
        ]
        field.fit = field.fit[:room]
        for told in field.refused:
            self.add_error("files", told)
        return super().clean()

    def stored(self):
        """Keep what came in, whatever else is wrong; return each file as (stored file, name)."""
        known = StoredFile.objects.in_bulk(
            [sha256 for sha256, _ in self.cleaned_data.get("kept", [])], field_name="sha256"
        )
        files = [(known[sha256], name) for sha256, name in self.cleaned_data.get("kept", [])]
        for upload, content_type in self.fields["files"].fit:
            files.append((storage.store(upload.chunks(), content_type=content_type), upload.name))
        if files:
            self.data = self.data.copy()
            self.data["kept"] = self.kept_as((file.sha256, name) for file, name in files)
            names = ", ".join(f"« {name} »" for _, name in files)
            self.fields["files"].help_text += f" Déjà reçus, à ne pas joindre de nouveau : {names}."
        return files


class MessageForm(KeptFiles, ReadForm):
    """A message and its files."""

    text = forms.CharField(
        label="Votre message",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Texte simple : une ligne vide sépare deux paragraphes, « - » fait une liste.",
    )
    nonce = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    field_order = ["text", "files"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("nonce", secrets.token_urlsafe(16))

    def clean_nonce(self):
        return self.cleaned_data["nonce"] or secrets.token_urlsafe(16)

    def said(self):
        return {name: self.cleaned_data[name] for name in ("text", "nonce", "read")}


class WordForm(forms.Form):
    """A word that goes with an answer."""

    text = forms.CharField(
        label="Un mot pour le secrétariat",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Il s’ajoute aux messages du dossier.",
    )


class DueForm(forms.Form):
    """Until when an answer is awaited, in Paris time."""

    day = DayField(label="Réponse attendue au plus tard le")
    hour = forms.TimeField(
        label="Heure limite", widget=TIME, required=False, help_text="Vide : minuit, à la fin de ce jour."
    )

    def __init__(self, *args, after=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.after = after

    def clean(self):
        data = super().clean()
        if data.get("day") and "hour" in data:
            data["due_at"] = end(data["day"], data["hour"])
            if data["due_at"] <= clock.now():
                self.add_error("day", "Ce moment est passé : choisissez-en un à venir.")
            elif self.after and data["due_at"] <= self.after:
                self.add_error("day", "Le délai accordé peut être prolongé, jamais raccourci.")
        return data


class ClarificationForm(DueForm):
    """What the secretariat asks: a question for each section of what was filed, none where it asks nothing."""

    text = forms.CharField(
        label="Votre demande en général",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Pourquoi vous demandez ces compléments, et ce que vous en ferez.",
    )

    def __init__(self, *args, sections, **kwargs):
        super().__init__(*args, **kwargs)
        self.sections = sections
        for section in sections:
            self.fields[f"question-{section['key']}"] = forms.CharField(
                label=f"Votre question sur « {section['title']} »",
                required=False,
                max_length=3000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.order_fields(["text", *(f"question-{section['key']}" for section in sections), "day", "hour"])

    def clean(self):
        data = super().clean()
        data["questions"] = {
            section["key"]: data[f"question-{section['key']}"]
            for section in self.sections
            if data.get(f"question-{section['key']}")
        }
        if not data["questions"] and not any(name.startswith("question-") for name in self.errors):
            self.add_error(
                None, "Posez au moins une question : seules les sections qui en ont une sont rouvertes."
            )
        return data


class SupportForm(forms.Form):
    text = forms.CharField(
        label="Ce que vous attendez du secrétariat",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Votre question, la section qui vous arrête, ce que vous cherchez : un projet proche, un expert…",
    )


class DraftRemarksForm(forms.Form):
    """The secretariat's remarks on a draft: one for each section, and one on the whole, as many as one wants."""

    def __init__(self, *args, sections, **kwargs):
        super().__init__(*args, **kwargs)
        places = [("", "Sur l’ensemble du dossier")]
        places += [(section["key"], f"Sur « {section['title']} »") for section in sections]
        self.names = {f"remark-{key}": key for key, _ in places}
        for key, label in places:
            self.fields[f"remark-{key}"] = forms.CharField(
                label=label, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
            )

    def clean(self):
        data = super().clean()
        data["remarks"] = {key: data[name] for name, key in self.names.items() if data.get(name)}
        if not data["remarks"] and not self.errors:
            self.add_error(None, "Écrivez au moins une remarque.")
        return data


class ProposalForm(forms.ModelForm):
    """A similar project, or an expert, that the secretariat names to the writers of a draft."""

    kind = forms.ChoiceField(
        label="Ce que vous proposez",
        choices=[(Remark.Kind.SIMILAR, "Un projet proche"), (Remark.Kind.EXPERT, "Un expert")],
        widget=forms.RadioSelect,
    )
    link = forms.URLField(
        label="Lien",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="La page publique du projet, ou celle de l’expert. Format attendu : https://exemple.fr/page",
    )

    class Meta:
        model = Remark
        fields = ["kind", "text", "link"]
        labels = {"text": "Lequel, et pourquoi"}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
