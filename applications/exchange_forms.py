"""What people type in the exchanges with the secretariat."""

import secrets

from django import forms
from django.core import signing

from documents import storage
from documents.fields import FilesField
from documents.models import StoredFile

BIGGEST = 2**63 - 1
KEPT = "applications.message.files"


class ReadForm(forms.Form):
    """How far the page that is sent showed the messages."""

    read = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=BIGGEST)

    def clean_read(self):
        return self.cleaned_data["read"] or 0


class MessageForm(ReadForm):
    """A message and its files. A page that comes back keeps the files that were fit: nobody joins them twice."""

    text = forms.CharField(
        label="Votre message",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Texte simple : une ligne vide sépare deux paragraphes, « - » fait une liste.",
    )
    files = FilesField(label="Pièces à joindre", max_files=5)
    nonce = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("nonce", secrets.token_urlsafe(16))
        self.fields["files"].help_text = self.fields["files"].told

    def clean_nonce(self):
        return self.cleaned_data["nonce"] or secrets.token_urlsafe(16)

    def clean_kept(self):
        """The (SHA-256, name) of the files that came with an earlier sending of this page, which nobody can forge."""
        try:
            return signing.loads(self.cleaned_data["kept"], salt=KEPT)
        except signing.BadSignature:
            return []

    def clean(self):
        for told in self.fields["files"].refused:
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
            self.data["kept"] = signing.dumps([(file.sha256, name) for file, name in files], salt=KEPT)
            names = ", ".join(f"« {name} »" for _, name in files)
            self.fields["files"].help_text += f" Déjà reçus, à ne pas joindre de nouveau : {names}."
        return files

    def said(self):
        return {name: self.cleaned_data[name] for name in ("text", "nonce", "read")}
