from django import forms

from calls.forms.preparation import TIME, DayField
from calls.models import Envelope
from calls.money import AmountField
from documents import storage
from documents.fields import FilesField
from selection.forms.criteria import CriteriaForm
from selection.models import Committee, CommitteeSession


class ScorecardForm(CriteriaForm):
    """A member's scores, of round 1 under seal, of round 2 after the discussion.

    `round` and `read` say what the page was made for: which round, and the mark of the card that it showed.
    """

    radios_up_to = 10

    amount = AmountField(
        label="Subvention que vous proposez (€)",
        required=False,
        help_text="Celle qui vous paraît juste, si le projet est retenu.",
    )
    comment = forms.CharField(
        label="Commentaire", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    round = forms.ChoiceField(
        choices=[("1", "1"), ("2", "2")], required=False, widget=forms.HiddenInput, initial="1"
    )
    read = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, call=call, **kwargs)
        if not call.pays:
            del self.fields["amount"]

    @staticmethod
    def initial_of(card):
        if card is None:
            return {}
        return {
            "comment": card.comment,
            "amount": card.amount,
            **{f"score_{each.criterion_id}": each.value for each in card.scores.all()},
        }

    @property
    def again(self):
        """Whether it was sent as scores changed after the discussion."""
        return self.data.get("round") == "2"

    def made_for(self, initial):
        """Say anew what the page is made for, where what was sent is shown again."""
        self.data = self.data.copy()
        for name in ("round", "read"):
            self.data[name] = str(initial[name])

    def facts(self):
        """What was sent, as the arguments of the action that keeps it."""
        data = self.cleaned_data
        scores = {criterion: data[f"score_{criterion.pk}"] for criterion in self.criteria}
        return {
            "scores": scores,
            "comment": data["comment"],
            "amount": data.get("amount"),
            "read": data["read"],
        }


class NoteForm(forms.Form):
    """What a member notes for themselves alone; `section_version` is that of the note that the page had read.

    Its name is what `portal/autosave.js` knows, which sends the form as it is typed. `instead_of` is the version that
    its author chooses to replace, by the button that says so: a copy that a browser had kept does not choose.
    """

    mark_optional = False

    note = forms.CharField(
        label="Mes notes personnelles",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Personne d’autre ne les lit : ni la présidence, ni le secrétariat, ni l’audit.",
    )
    section_version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput, initial=0
    )

    instead_of = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )

    def said(self):
        """What the action is told."""
        data = self.cleaned_data
        return {"note": data["note"], "version": data["instead_of"] or data["section_version"] or 0}


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
