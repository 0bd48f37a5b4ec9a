"""Where a dossier is begun again, and from which file."""

from django import forms

from accounts.models import Organisation
from applications import dossier_file
from calls.exchange.archive import Unreadable
from calls.exchange.problems import shortened
from calls.models import Call


class CloneForm(forms.Form):
    """Which open call a dossier is begun again for."""

    call = forms.ModelChoiceField(Call.objects.none(), label="Appel ouvert", empty_label=None)

    def __init__(self, *args, user, source=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["call"].queryset = Call.objects.visible_to(user).open().order_by("closes_at")
        if source:
            own = f"{source.call} (l’appel de ce dossier : il y en aurait deux)"
            self.fields["call"].label_from_instance = lambda call: own if call == source.call else str(call)


class ImportForm(CloneForm):
    """A file, the call and the body that it is for; `content` is the file read once, posted back to be kept."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisme porteur", empty_label=None
    )
    upload = forms.FileField(
        label="Fichier du dossier",
        required=False,
        help_text="Le fichier .json exporté par un portail, 2 Mo au plus.",
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        mine = Organisation.objects.filter(memberships__user=user).distinct()
        self.fields["organisation"].queryset = mine

    def clean(self):
        """The content of the file, in `self.read`."""
        data = super().clean()
        upload = data.get("upload")
        if not upload and not data.get("content"):
            self.add_error("upload", "Choisissez le fichier du dossier.")
            return data
        try:
            # A browser posts the file back with line ends of its own.
            posted = data["content"].replace("\r\n", "\n").encode()
            raw = upload.read(dossier_file.MAX_BYTES + 1) if upload else posted
            if len(raw) > dossier_file.MAX_BYTES:
                raise Unreadable(
                    "Ce fichier pèse plus de 2 Mo : ce n’est pas un dossier exporté par un portail."
                )
            self.read = dossier_file.read(raw, by=self.user)
            data["content"] = raw.decode("utf-8-sig")
        except Unreadable as error:
            self.add_error("upload", shortened(error.problems))
        return data
