"""Bodies: by their number, or as the directory knows them."""

from django import forms
from django.core.exceptions import ValidationError
from stdnum.fr import siret

from accounts.models import Organisation
from calls.questionnaire.types.base import EMPTY, QuestionType


class Siret(QuestionType):
    """The number alone is kept; the name is read from the directory, where it is known."""

    label = "SIRET"

    def field(self, question):
        return forms.CharField(
            max_length=30, validators=[_check_siret], widget=forms.TextInput(attrs={"inputmode": "numeric"})
        )

    def to_json(self, value):
        return siret.compact(value) if value else ""

    def understands(self, answer, question):
        return isinstance(answer, str) and siret.is_valid(answer)

    def text(self, answer, question):
        if not answer:
            return ""
        name = known_name(answer)
        number = siret.format(answer)
        return f"{number} ({name})" if name else number


class DirectoryOrganisation(QuestionType):
    """A body of the directory, kept by its address there."""

    label = "Organisme de l’annuaire"

    def field(self, question):
        return forms.ModelChoiceField(Organisation.objects.all(), to_field_name="slug", empty_label=EMPTY)

    def to_json(self, value):
        return value.slug if value else None

    def text(self, answer, question):
        if not answer:
            return ""
        found = Organisation.objects.filter(slug=answer).first()
        return found.name if found else answer


def known_name(number):
    """The name that the directory knows for a SIRET, or for its SIREN; empty where it knows none."""
    found = (
        Organisation.objects.filter(siret=number).first()
        or Organisation.objects.filter(siren=number[:9], siret="").first()
    )
    return found.name if found else ""


def _check_siret(value):
    if not siret.is_valid(value):
        raise ValidationError("Ce n’est pas un SIRET : 14 chiffres, dont le dernier vérifie les autres.")
