from datetime import datetime, time, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils import timezone

from calls.models import Call, CallDocument, Criterion, Fund, FundRole, Programme
from calls.money import AmountField, PercentField
from calls.questionnaire.fields import DayField
from calls.readiness import questions_gaps
from calls.rows import RowsFormSet, rows_formset
from documents import uploads

RESERVED = {"nouveau"}  # words that stand where a call's slug does in addresses
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CallForm(forms.ModelForm):
    """Identity, calendar and money rules of a call. Dates are days in Paris; midnight is the end of the day."""

    opens_on = DayField(label="Ouverture des dépôts", required=False)
    opens_time = forms.TimeField(
        label="Heure d’ouverture", widget=TIME, required=False, help_text="Vide : dès le début de ce jour."
    )
    closes_on = DayField(label="Date limite de dépôt", required=False)
    closes_time = forms.TimeField(
        label="Heure limite", widget=TIME, required=False, help_text="Vide : minuit, à la fin de ce jour."
    )
    threshold = AmountField(
        label="Seuil (€)", required=False, help_text="Montant minimal, par exemple 500 000."
    )
    ceiling = AmountField(label="Plafond (€)", required=False)
    max_rate = PercentField(
        label="Taux maximal de la subvention (%)", required=False, help_text="Vide : non communiqué."
    )
    questions_on = DayField(label="Questions du public jusqu’au", required=False)
    questions_time = forms.TimeField(
        label="Heure limite des questions",
        widget=TIME,
        required=False,
        help_text="Vide : minuit, à la fin de ce jour.",
    )
    grouped_accepted = forms.TypedChoiceField(
        label="Dossiers groupés",
        choices=[("", "non précisé"), ("True", "acceptés"), ("False", "refusés")],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        help_text="Un dossier porte plusieurs petits projets dont les montants s’ajoutent.",
    )

    class Meta:
        model = Call
        fields = [
            "fund", "programme", "code", "title", "summary", "description", "contact_email", "themes",
            "committee_on", "announced_on", "threshold", "threshold_base", "ceiling",
            "cofinancing_required", "max_rate", "grouped_accepted", "visa_required", "has_shortlist", "scale_max",
        ]  # fmt: skip
        field_classes = {"committee_on": DayField, "announced_on": DayField}
        widgets = {
            "themes": forms.CheckboxSelectMultiple,
            "summary": forms.Textarea(attrs={"rows": 3}),
            "description": forms.Textarea(attrs={"rows": 8}),
        }

    helper = FormHelper()
    helper.form_tag, helper.disable_csrf = False, True
    helper.layout = Layout(
        Fieldset(
            "Identité",
            *("fund", "programme", "code", "title", "summary", "description", "contact_email", "themes"),
        ),
        Fieldset(
            "Calendrier",
            Row(Column("opens_on"), Column("opens_time")),
            Row(Column("closes_on"), Column("closes_time")),
            Row(Column("questions_on"), Column("questions_time")),
            Row(Column("committee_on"), Column("announced_on")),
        ),
        Fieldset(
            "Règles financières",
            Row(Column("threshold"), Column("threshold_base")),
            Row(Column("ceiling"), Column("max_rate")),
            "cofinancing_required",
        ),
        Fieldset("Dépôt et notation", "grouped_accepted", "visa_required", "has_shortlist", "scale_max"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.filter(
            roles__user=user, roles__role__in=FundRole.SECRETARIAT
        ).distinct()
        self.fields["fund"].empty_label = None
        self.fields["programme"].queryset = Programme.objects.filter(
            fund__in=self.fields["fund"].queryset
        ).select_related("fund")
        self.fields["programme"].label_from_instance = lambda programme: (
            f"{programme.fund.code} : {programme.name}"
        )
        self.fields["programme"].empty_label = "aucun"
        if self.instance.pk:
            self.fields["fund"].disabled = True
            self._fill_dates()

    def _fill_dates(self):
        opening = self.instance.opens_at and timezone.localtime(self.instance.opens_at)
        if opening:
            self.initial["opens_on"] = opening.date()
            self.initial["opens_time"] = opening.time() if opening.time() != time(0) else None
        last = self.instance.rounds.order_by("-closes_at").first()
        self.initial["closes_on"], self.initial["closes_time"] = last_day(last and last.closes_at)
        self.initial["questions_on"], self.initial["questions_time"] = last_day(self.instance.questions_until)

    def clean_code(self):
        code = self.cleaned_data["code"].strip().upper()
        if not code.replace("-", "").isalnum() or not code.isascii():
            raise forms.ValidationError("Des lettres sans accent, des chiffres et des tirets seulement.")
        if code.lower() in RESERVED:
            raise forms.ValidationError("Cette référence est réservée : choisissez-en une autre.")
        return code

    def clean(self):
        data = super().clean()
        opens_on, closes_on = data.pop("opens_on", None), data.pop("closes_on", None)
        opens_time, closes_time = data.pop("opens_time", None), data.pop("closes_time", None)
        data["opens_at"] = paris(opens_on, opens_time or time(0)) if opens_on else None
        questions_on, questions_time = data.pop("questions_on", None), data.pop("questions_time", None)
        data["closes_at"] = end(closes_on, closes_time) if closes_on else None
        data["questions_until"] = end(questions_on, questions_time) if questions_on else None
        if data["opens_at"] and data["closes_at"] and data["closes_at"] <= data["opens_at"]:
            self.add_error("closes_on", "La date limite doit suivre l’ouverture.")
        for gap in questions_gaps(data["questions_until"], data["opens_at"], data["closes_at"]):
            self.add_error("questions_on", gap)
        if data.get("programme") and data["programme"].fund != data.get("fund"):
            self.add_error("programme", "Ce programme est celui d’un autre fonds.")
        return data


def paris(day, hour):
    return timezone.make_aware(datetime.combine(day, hour))


def end(day, hour):
    """The first instant that is too late: the hour said, or the midnight that ends the day."""
    return paris(day, hour) if hour else paris(day + timedelta(days=1), time(0))


def last_day(instant):
    """The day and the hour that `end` makes an instant of; no hour stands for midnight, none of both for None."""
    if instant is None:
        return None, None
    local = timezone.localtime(instant)
    if local.time() == time(0):
        return (local - timedelta(seconds=1)).date(), None
    return local.date(), local.time()


class CriterionForm(forms.ModelForm):
    class Meta:
        model = Criterion
        fields = ["label", "weight", "guidance"]
        widgets = {"guidance": forms.Textarea(attrs={"rows": 2})}


class BaseCriteriaFormSet(RowsFormSet):
    def clean(self):
        if any(self.errors):
            return
        total = sum(row["weight"] for row in self.rows())
        if total not in (0, 100):
            raise forms.ValidationError(
                f"Les poids font {total} % : ils doivent faire 100 %. Corrigez-les, rien n’est perdu."
            )


CriteriaFormSet = rows_formset(CriterionForm, formset=BaseCriteriaFormSet)


class DocumentForm(forms.ModelForm):
    upload = forms.FileField(label="Fichier", help_text=f"{uploads.ACCEPTED}, 20 Mo au plus.")

    class Meta:
        model = CallDocument
        fields = ["kind", "title"]

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        self.content_type = uploads.check(upload)
        return upload


class DeadlineForm(forms.Form):
    """A later deadline for a published call."""

    closes_on = DayField(label="Nouvelle date limite")
    closes_time = forms.TimeField(
        label="Heure limite", widget=TIME, required=False, help_text="Vide : minuit, à la fin de ce jour."
    )

    def __init__(self, *args, last, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = last

    def clean(self):
        data = super().clean()
        if "closes_on" in data and "closes_time" in data and self.closes_at() <= self.last.closes_at:
            self.add_error(
                "closes_on",
                f"La date limite publiée est le {self.last.deadline_text} : choisissez une date plus tardive.",
            )
        return data

    def closes_at(self):
        return end(self.cleaned_data["closes_on"], self.cleaned_data["closes_time"])
