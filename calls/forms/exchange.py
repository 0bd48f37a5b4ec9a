"""A call that begins with what another one holds: what one chooses for it."""

from django import forms

from calls.exchange import archive, problems
from calls.forms.preparation import checked_code
from calls.models import LATEST_FIRST, Call, Fund, FundRole


class BeginningForm(forms.ModelForm):
    """The fund, the code and the title of a call whose rules come from elsewhere."""

    class Meta:
        model = Call
        fields = ["fund", "code", "title"]
        error_messages = {
            "code": {"unique": "Un appel porte déjà cette référence : choisissez-en une autre."}
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        funds = Fund.objects.filter(roles__user=user, roles__role__in=FundRole.SECRETARIAT)
        self.fields["fund"].queryset = funds.distinct()
        self.fields["fund"].empty_label = None

    def clean_code(self):
        return checked_code(self.cleaned_data["code"]) if self.cleaned_data["code"] else ""


class CopyForm(BeginningForm):
    call = forms.ModelChoiceField(
        Call.objects.none(), to_field_name="slug", label="Appel à copier", empty_label=None
    )

    field_order = ["call"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        earlier = Call.objects.prepared_by(user).select_related("fund")
        self.fields["call"].queryset = earlier.order_by(*LATEST_FIRST)
        self.fields["call"].label_from_instance = lambda call: (
            f"{call.fund.code} : {call.title} ({call.code})"
        )


class ImportForm(BeginningForm):
    """A file, read and checked whole; what is left empty is the file's."""

    upload = forms.FileField(
        label="Fichier de l’appel",
        help_text="L’archive .zip exportée par le portail, 60 Mo au plus, ou le seul fichier appel.json, 2 Mo au plus.",
    )

    field_order = ["upload"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("code", "title"):
            self.fields[name].required = False
        self.fields["code"].help_text = "Vide : celle du fichier."
        self.fields["title"].help_text = "Vide : celui du fichier."

    def clean_upload(self):
        try:
            self.content, self.carried = archive.read(self.cleaned_data["upload"])
        except archive.Unreadable as error:
            raise forms.ValidationError(problems.shortened(error.problems)) from error
        return self.cleaned_data["upload"]

    def clean(self):
        """What the portal knows of what the file names: its programme, its themes, its documents."""
        data = super().clean()
        if "upload" not in data or "fund" not in data:
            return data
        self.known = problems.known_files(self.content, self.user)
        unknown = problems.unknown_here(
            self.content, fund=data["fund"], files=self.carried.keys() | self.known.keys()
        )
        if unknown := list(unknown):
            self.add_error("upload", problems.shortened(unknown))
        data["title"] = data.get("title") or self.content.title
        if not data.get("code", "-"):
            self._take_the_code(data)
        return data

    def _take_the_code(self, data):
        """The file's code, held to what one may type."""
        data["code"] = self.content.code or ""
        if not data["code"]:
            self.add_error("code", "Le fichier ne donne pas de référence : écrivez-en une.")
            return
        try:
            data["code"] = self.clean_code()
        except forms.ValidationError as error:
            self.add_error("code", f"call.code : {' '.join(error.messages)}")
            return
        if Call.objects.filter(code=data["code"]).exists():
            told = f"call.code : un appel porte déjà la référence {data['code']}. Écrivez-en une autre."
            self.add_error("code", told)
