"""The shape of a laureate's giving up, and of what the chair makes of who is proposed instead."""

from django import forms
from django.utils import timezone

from calls.forms.preparation import DayField
from calls.money import AmountField, euros
from documents import storage
from documents.fields import FilesField
from journal import clock
from selection import succession


class StandDownForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi renoncez-vous à la subvention ?",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text="Le secrétariat du fonds le lit ; ce n’est pas publié.",
        error_messages={
            "required": "Donnez un motif : le secrétariat le lit avant de proposer un autre projet."
        },
    )
    confirmed = forms.BooleanField(
        label="Mon organisme renonce à la subvention accordée. Je sais que c’est définitif.",
        error_messages={"required": "Cochez la case : un désistement ne se reprend pas."},
    )


class RecordWithdrawalForm(forms.Form):
    given_on = DayField(label="Date du courrier")
    reason = forms.CharField(
        label="Motif donné par le porteur", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
    files = FilesField(label="Courrier reçu", max_files=1, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = self.fields["files"].told

    def clean_given_on(self):
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate(clock.now()):
            raise forms.ValidationError("Cette date est à venir : donnez celle du courrier reçu.")
        return day

    def clean(self):
        for told in self.fields["files"].refused:
            self.add_error("files", told)
        return super().clean()

    def said(self):
        """What is recorded, its file kept."""
        fit = self.fields["files"].fit
        letter = storage.store(fit[0][0].chunks(), content_type=fit[0][1]) if fit else None
        return {name: self.cleaned_data[name] for name in ("given_on", "reason")} | {"letter": letter}


class PromotionForm(forms.Form):
    """What the chair grants to a project of the reserve list."""

    amount = AmountField(
        label="Subvention accordée (€)", min_value=1, error_messages={"min_value": "Écrivez au moins 1 €."}
    )
    conditions = forms.CharField(
        label="Conditions",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Vide : le projet est retenu sans condition.",
    )
    milestones = forms.CharField(
        label="Jalons attendus", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, promotion, **kwargs):
        super().__init__(*args, initial={"amount": promotion.amount}, **kwargs)
        if not promotion.reserve.item.case.application.call.pays:
            del self.fields["amount"]
            return
        most = succession.most(promotion.reserve)
        self.fields["amount"].help_text = (
            f"Au plus {euros(most)} : ce que le vote accorde ou, à défaut, ce qui a été demandé."
            if most
            else ""
        )


class RefusePromotionForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi ce projet n’est-il pas repris ?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Le secrétariat et le contrôle le lisent ; le porteur n’est pas informé de la proposition.",
    )
