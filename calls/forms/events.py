"""The shape of an event, of a registration and of a report."""

from datetime import time

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils import timezone

from calls import rules
from calls.actions.registrations import PUBLIC_AGENTS
from calls.forms.preparation import TIME, end, last_day, paris
from calls.forms.questions import VersionForm
from calls.forms.trap import TrappedForm
from calls.models import Call, Event, Fund, FundRole
from calls.questionnaire.fields import DayField
from calls.rows import rows_formset
from documents import pictures, uploads
from journal import clock


class EventForm(VersionForm, forms.ModelForm):
    """An event on one day, in Paris time."""

    day = DayField(label="Jour")
    starts = forms.TimeField(label="Début", widget=TIME, required=False, help_text="Vide : non communiqué.")
    ends = forms.TimeField(label="Fin", widget=TIME, required=False)
    online_link = forms.URLField(
        label="Lien de connexion",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Pour un événement en ligne. Il est donné aux seules personnes inscrites.",
    )
    until_day = DayField(
        label="Inscriptions jusqu’au", required=False, help_text="Vide : jusqu’au début de l’événement."
    )
    until_time = forms.TimeField(
        label="Heure limite",
        widget=TIME,
        required=False,
        help_text="Vide : minuit, à la fin de ce jour. Au début de l’événement, les inscriptions se ferment toujours.",
    )

    class Meta:
        model = Event
        fields = [
            "fund", "call", "kind", "title", "summary", "place", "address", "online_link", "audience", "capacity",
        ]  # fmt: skip
        widgets = {"summary": forms.Textarea(attrs={"rows": 6}), "audience": forms.RadioSelect}

    helper = FormHelper()
    helper.form_tag, helper.disable_csrf, helper.render_hidden_fields = False, True, True
    helper.layout = Layout(
        Fieldset("Sujet", "fund", "call", "kind", "title", "summary"),
        Fieldset(
            "Date et lieu",
            "day",
            Row(Column("starts"), Column("ends")),
            "place",
            "address",
            "online_link",
        ),
        Fieldset("Inscription", "audience", "capacity", Row(Column("until_day"), Column("until_time"))),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Fund.objects.filter(roles__user=user, roles__role__in=FundRole.SECRETARIAT).distinct()
        self.fields["fund"].queryset = mine
        self.fields["fund"].empty_label = None
        self.fields["call"].queryset = Call.objects.prepared_by(user).order_by("-opens_at", "code")
        self.fields["call"].empty_label = "Aucun appel en particulier"
        self.fields["audience"].choices = Event.Audience.choices
        if self.instance.pk:
            self.fields["fund"].disabled = True
            self.initial["version"] = self.instance.version
            self._fill_dates()
        else:
            del self.fields["version"]

    def _fill_dates(self):
        start = timezone.localtime(self.instance.starts_at)
        self.initial["day"] = start.date()
        self.initial["starts"] = start.time() if self.instance.hours_known else None
        self.initial["ends"] = self.instance.ends_at and timezone.localtime(self.instance.ends_at).time()
        until = last_day(self.instance.registration_until)
        self.initial["until_day"], self.initial["until_time"] = until

    def clean(self):
        data = super().clean()
        day, starts, ends = data.pop("day", None), data.pop("starts", None), data.pop("ends", None)
        until_day, until_time = data.pop("until_day", None), data.pop("until_time", None)
        call, fund = data.get("call"), data.get("fund")
        if call and fund and call.fund_id != fund.pk:
            self.add_error("call", "Cet appel est celui d’un autre fonds.")
        if ends and (not starts or ends <= starts):
            self.add_error("ends", "La fin doit suivre le début.")
            ends = None
        if day:
            data["starts_at"] = paris(day, starts or time(0))
            data["ends_at"] = paris(day, ends) if ends else None
        data["hours_known"] = bool(starts)
        data["registration_until"] = end(until_day, until_time) if until_day else None
        if day and until_day and until_day > day:
            self.add_error("until_day", "Les inscriptions se ferment au plus tard le jour de l’événement.")
        elif day and starts and until_time and data["registration_until"] > data["starts_at"]:
            self.add_error("until_time", "Les inscriptions se ferment au plus tard au début de l’événement.")
        if call and self.instance.state != Event.State.DRAFT and not call.is_known_at(clock.now()):
            self.add_error("call", "Cet appel n’est pas publié : un événement public ne peut pas l’annoncer.")
        return data


class RegistrationForm(TrappedForm):
    """Who wants to come."""

    name = forms.CharField(
        label="Nom et prénom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    body = forms.CharField(
        label="Organisme",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label="Adresse électronique",
        help_text="La confirmation et le lien d’annulation y sont envoyés. Format attendu : nom@domaine.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, event, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.event, self.user = event, user

    def clean_email(self):
        email = self.cleaned_data["email"]
        if not rules.may_register(self.user, self.event, email):
            raise forms.ValidationError(PUBLIC_AGENTS)
        return email


class CancellationForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Il est publié, et envoyé à toutes les personnes inscrites ou en attente.",
    )


# Rows


class ProgrammeRowForm(forms.Form):
    time = forms.TimeField(label="Heure", widget=TIME, required=False)
    title = forms.CharField(label="Sujet", max_length=200)
    speakers = forms.CharField(label="Intervenants (fonctions)", max_length=300, required=False)

    def clean_time(self):
        hour = self.cleaned_data["time"]
        return f"{hour:%H:%M}" if hour else ""


class QuoteForm(forms.Form):
    text = forms.CharField(label="Citation", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    author = forms.CharField(label="Fonction de la personne citée", max_length=200)


class PitchForm(forms.Form):
    title = forms.CharField(label="Projet", max_length=200)
    presenter = forms.CharField(label="Présenté par (organisme)", max_length=200, required=False)
    text = forms.CharField(
        label="En quelques mots", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


ROWS = {
    "programme": ("programme", "Programme", rows_formset(ProgrammeRowForm)),
    "citations": ("quotes", "Citations", rows_formset(QuoteForm)),
    "presentations": ("pitches", "Présentations de projets", rows_formset(PitchForm)),
}


# The report


class ReportForm(VersionForm, forms.ModelForm):
    class Meta:
        model = Event
        fields = ["report_text"]
        widgets = {"report_text": forms.Textarea(attrs={"rows": 16})}
        help_texts = {
            "report_text": "Texte simple : une ligne vide sépare deux paragraphes, « - » fait une liste."
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        self.fields["report_text"].required = True


class PictureForm(forms.Form):
    upload = forms.FileField(label="Image", help_text="PNG ou JPEG, 20 Mo au plus.")
    alternative = forms.CharField(
        label="Texte de remplacement",
        max_length=500,
        help_text="Ce que l’image montre, pour qui ne la voit pas.",
    )
    credit = forms.CharField(
        label="Crédit", max_length=160, help_text="L’auteur de l’image ou son organisme."
    )

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if not uploads.check(upload).startswith("image/"):
            raise forms.ValidationError("Choisissez une image PNG ou JPEG.")
        self.picture, self.content_type = pictures.for_the_web(upload)
        return upload


class ReportDocumentForm(forms.Form):
    upload = forms.FileField(label="Fichier", help_text=f"{uploads.ACCEPTED}, 20 Mo au plus.")
    title = forms.CharField(label="Titre", max_length=160)

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        self.content_type = uploads.check(upload)
        return upload
