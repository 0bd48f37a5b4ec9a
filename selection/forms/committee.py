from django import forms

from calls.forms.preparation import TIME, DayField
from calls.models import Envelope
from calls.money import AmountField
from documents import storage
from documents.fields import FilesField
from selection.forms.criteria import CriteriaForm
from selection.models import Ballot, Committee, CommitteeSession, Decision


class ScorecardForm(CriteriaForm):
    comment = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Scellé avec vos notes jusqu’à ce que la présidence les révèle.",
    )

    @staticmethod
    def initial_of(card):
        if card is None:
            return {}
        return {
            "comment": card.comment,
            **{f"score_{each.criterion_id}": each.value for each in card.scores.all()},
        }

    def scores(self):
        return {criterion: self.cleaned_data[f"score_{criterion.pk}"] for criterion in self.criteria}


class BallotForm(forms.Form):
    choice = forms.ChoiceField(label="Votre vote", choices=Ballot.Choice.choices, widget=forms.RadioSelect)


class DecisionForm(forms.ModelForm):
    """What the call's own outcomes offer, or else the usual ones; `below` says what prevents selecting."""

    mark_optional = False
    outcome = forms.ChoiceField(label="Décision", widget=forms.RadioSelect)
    amount = AmountField(
        label="Subvention accordée (€)", required=False, help_text="Pour un projet retenu, et lui seul."
    )

    class Meta:
        model = Decision
        fields = ["outcome", "amount", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, call, below=(), **kwargs):
        super().__init__(*args, **kwargs)
        if not call.pays:
            del self.fields["amount"]
        self.below, self.outcomes = below, {str(outcome.pk): outcome for outcome in call.outcomes.all()}
        named = [(key, outcome.label) for key, outcome in self.outcomes.items()]
        self.fields["outcome"].choices = named or Decision.Outcome.choices

    def clean_outcome(self):
        """The state that the choice stands for; its words go in `label`."""
        chosen = self.outcomes.get(self.cleaned_data["outcome"])
        self.cleaned_data["label"] = chosen.label if chosen else ""
        outcome = chosen.state if chosen else self.cleaned_data["outcome"]
        if outcome == Decision.Outcome.SELECTED and self.below:
            raise forms.ValidationError(f"Ce dossier ne peut pas être retenu. {' ; '.join(self.below)}.")
        return outcome

    def clean(self):
        data = super().clean()
        selected = data.get("outcome") == Decision.Outcome.SELECTED
        asked = "amount" in self.fields and "amount" not in self.errors
        if selected and asked and not data.get("amount"):
            self.add_error("amount", "Écrivez le montant accordé.")
        if not selected and data.get("amount"):
            self.add_error("amount", "Un montant accompagne un projet retenu, et lui seul.")
        return data


class SessionForm(forms.ModelForm):
    class Meta:
        model = CommitteeSession
        fields = ["committee", "envelope", "title", "held_on", "starts_at", "place"]
        field_classes = {"held_on": DayField}
        widgets = {"starts_at": TIME}
        help_texts = {"starts_at": "À Paris.", "place": "Une salle, ou le lien d’une visioconférence."}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = {"fund__roles__user": user, "fund__roles__role__in": ["officer", "head"]}
        self.fields["committee"].queryset = Committee.objects.filter(**mine).distinct()
        self.fields["envelope"].queryset = Envelope.objects.filter(**mine).select_related("fund").distinct()

    def clean(self):
        data = super().clean()
        committee, envelope = data.get("committee"), data.get("envelope")
        if committee and envelope and committee.fund_id != envelope.fund_id:
            self.add_error("envelope", "Cette enveloppe est celle d’un autre fonds.")
        return data


class SessionDetailsForm(forms.ModelForm):
    """When and where a session that is convened meets."""

    class Meta:
        model = CommitteeSession
        fields = ["title", "held_on", "starts_at", "place"]
        field_classes = SessionForm.Meta.field_classes
        widgets = SessionForm.Meta.widgets
        help_texts = SessionForm.Meta.help_texts


class SessionDocumentForm(forms.Form):
    files = FilesField(label="Documents à ajouter", max_files=5)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = self.fields["files"].told

    def clean(self):
        """The fit files are kept whatever is wrong with the others: a browser sends each once."""
        field = self.fields["files"]
        self.told = field.refused
        if not field.fit and "files" not in self.errors:
            for told in field.refused or ["Choisissez au moins un fichier."]:
                self.add_error("files", told)
        return super().clean()

    def stored(self):
        fit = self.fields["files"].fit
        return [(storage.store(upload.chunks(), content_type=kind), upload.name) for upload, kind in fit]
