"""The shape of what surrounds an announcement: quotes, contacts, pictures, previews, the carrier's check."""

from datetime import datetime, timedelta

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from calls.forms.preparation import DayField
from calls.rows import rows_formset
from documents import pictures, uploads
from journal import clock
from selection.announced import DEFAULT, FIGURES
from selection.forms import page_texts
from selection.models import LaureateCheck, Preview

HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
PHONE = RegexValidator(r"^[0-9+][0-9 .()-]{3,24}$", "Un numéro s’écrit avec des chiffres : 01 23 45 67 89.")
MOST_DAYS = 30  # that a preview lasts


class QuoteForm(forms.Form):
    text = forms.CharField(label="Citation", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    author = forms.CharField(label="Fonction de la personne citée", max_length=200)


class ContactForm(forms.Form):
    role = forms.CharField(label="Service ou fonction", max_length=160)
    email = forms.EmailField(label="Courriel", required=False)
    phone = forms.CharField(label="Téléphone", max_length=25, required=False, validators=[PHONE])

    def clean(self):
        data = super().clean()
        if data.get("role") and not self.errors and not data["email"] and not data["phone"]:
            raise forms.ValidationError("Donnez un courriel ou un téléphone.")
        return data


ROWS = {
    "citations": ("quotes", "Citations", rows_formset(QuoteForm)),
    "contacts": ("contacts", "Contacts presse", rows_formset(ContactForm)),
}


class FiguresForm(forms.Form):
    figures = forms.MultipleChoiceField(
        label="Chiffres montrés",
        choices=list(FIGURES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="Ils sont calculés sur les fiches des lauréats : ils suivent leurs corrections.",
    )

    def __init__(self, *args, announcement, **kwargs):
        super().__init__(*args, initial={"figures": announcement.figures or DEFAULT}, **kwargs)


class PictureForm(forms.Form):
    upload = forms.FileField(
        label="Image",
        help_text="PNG ou JPEG, 20 Mo au plus. Le lieu et l’appareil de prise de vue en sont retirés.",
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        error_messages={"required": "Choisissez l’image que ce texte et ce crédit décrivent."},
    )
    alternative = forms.CharField(
        label="Texte de remplacement",
        max_length=500,
        help_text="Ce que l’image montre, pour qui ne la voit pas.",
        error_messages={"required": "Dites ce que l’image montre : elle ne se publie pas sans."},
    )
    credit = forms.CharField(
        label="Crédit",
        max_length=160,
        help_text="L’auteur de l’image ou son organisme.",
        error_messages={"required": "Dites de qui est l’image : elle ne se publie pas sans."},
    )
    laureate = forms.ModelChoiceField(
        label="Sujet", queryset=None, required=False, empty_label="L’annonce entière"
    )

    def __init__(self, *args, announcement=None, **kwargs):
        super().__init__(*args, **kwargs)
        if announcement is None:
            del self.fields["laureate"]
        else:
            self.fields["laureate"].queryset = announcement.laureates.all()

    def ask_again(self):
        """No browser sends again the file of a form that was refused: ask for it, unless what is wrong is the file."""
        if self.files and "upload" not in self.errors:
            self.add_error("upload", "Votre saisie est gardée, pas l’image : choisissez-la de nouveau.")

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if not uploads.check(upload).startswith("image/"):
            raise forms.ValidationError("Choisissez une image PNG ou JPEG.")
        self.picture, self.content_type = pictures.for_the_web(upload)
        return upload


class _MomentForm(forms.Form):
    """A day and an hour of Paris, to come."""

    day = DayField(label="Jour")
    hour = forms.TimeField(label="Heure", widget=HOUR)

    def clean(self):
        data = super().clean()
        day, hour = data.pop("day", None), data.pop("hour", None)
        if day and hour:
            data["moment"] = timezone.make_aware(datetime.combine(day, hour))
            if data["moment"] <= clock.now():
                self.add_error("day", "Ce moment est passé : choisissez-en un à venir.")
        return data


class PreviewForm(_MomentForm):
    purpose = forms.ChoiceField(label="Pour", choices=Preview.Purpose, widget=forms.RadioSelect)
    name = forms.CharField(
        label="Destinataire",
        max_length=160,
        help_text="Une fonction ou une rédaction. Il est écrit sur la page.",
    )
    email = forms.EmailField(label="Courriel", help_text="Format attendu : nom@domaine.fr")
    send = forms.BooleanField(
        label="Envoyer le lien par courriel",
        required=False,
        initial=True,
        help_text="Sinon le lien s’affiche une seule fois, à copier.",
    )
    field_order = ["purpose", "name", "email", "day", "hour", "send"]

    def __init__(self, *args, press, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].label, self.fields["hour"].label = "Le lien expire le", "À (heure de Paris)"
        if not press:
            self.fields["purpose"].choices = [Preview.Purpose.choices[0]]
            self.initial["purpose"] = Preview.Purpose.CABINET

    def clean(self):
        data = super().clean()
        if data.get("moment") and data["moment"] > clock.now() + timedelta(days=MOST_DAYS):
            self.add_error("day", f"Un lien vaut {MOST_DAYS} jours au plus.")
        return data


class AskChecksForm(_MomentForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].label, self.fields["hour"].label = (
            "Réponse attendue avant le",
            "À (heure de Paris)",
        )


class CheckForm(forms.ModelForm):
    """What a carrier would have its own page say; it goes on from what it wrote last."""

    short_text = page_texts.short_text(required=True)
    long_text = page_texts.long_text(required=True)

    class Meta:
        model = LaureateCheck
        fields = ["short_text", "long_text", "contact", "remark"]
        widgets = {
            "remark": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "contact": "Contact public",
            "remark": "Remarque au secrétariat",
        }
        help_texts = {
            "contact": "Un service et son courriel ou son téléphone. Il est publié.",
            "remark": "Une erreur de nom, de montant… Elle n’est pas publiée.",
        }

    def __init__(self, *args, laureate, **kwargs):
        written = {
            "short_text": laureate.short_text,
            "long_text": laureate.summary,
            "contact": laureate.contact,
        }
        check = laureate.page_check
        if check.answer == LaureateCheck.Answer.CORRECTED:
            written = {name: getattr(check, name) for name in self.Meta.fields}
        super().__init__(*args, initial=written, **kwargs)
