from django import forms
from django.core.exceptions import ValidationError

from selection.models import Export

Kind, Format = Export.Kind, Export.Format


class ExportForm(forms.Form):
    """What to export, and how; the dossiers are those of the filters that the page was opened with."""

    mark_optional = False
    kind = forms.ChoiceField(
        label="Contenu",
        choices=[
            (Kind.LIST, "La liste des dossiers : une ligne par dossier"),
            (Kind.SCORES, "Les notes : une ligne par évaluation terminée et par critère"),
            (Kind.OPINIONS, "Les avis rendus : une ligne par version et par critère noté"),
            (Kind.FINANCING, "Les plans de financement : une ligne par ressource et par année"),
            (Kind.DOSSIERS, "Les dossiers complets : PDF et données de chacun, en ZIP"),
        ],
        widget=forms.RadioSelect,
        initial=Kind.LIST,
    )
    format = forms.ChoiceField(
        label="Format des tableaux",
        choices=[
            (Format.ODS, "ODS (LibreOffice)"),
            (Format.XLSX, "XLSX (Excel)"),
            (Format.CSV, "CSV (points-virgules, UTF-8)"),
        ],
        required=False,
        initial=Format.ODS,
        help_text="Sans effet sur les dossiers complets, toujours en ZIP.",
    )
    with_files = forms.BooleanField(
        label="Joindre aussi les pièces des dossiers complets",
        required=False,
        help_text="Le fichier peut devenir très lourd.",
    )
    query = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def clean(self):
        given = super().clean()
        if given.get("kind") == Kind.DOSSIERS:
            given["format"] = Format.ZIP
        else:
            given["with_files"] = False
            if "kind" in given and not given.get("format") and "format" not in self.errors:
                self.add_error("format", ValidationError("Choisissez un format."))
        return given
