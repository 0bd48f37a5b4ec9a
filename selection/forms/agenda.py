from django import forms

from calls.money import AmountField, euros

NOT_THERE = "-"  # what a page has read of a dossier that was not on the agenda


class ProposalForm(forms.Form):
    """What is simulated for one dossier of the ranking, and whether it goes on the agenda."""

    mark_optional = False
    amount = AmountField(required=False)
    add = forms.BooleanField(required=False)
    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, case, amount):
        reference = case.application.reference
        self.case, self.item = case, case.here[0] if case.here else None
        initial = {"amount": amount, "read": self.item.mark if self.item else NOT_THERE}
        super().__init__(data, prefix=f"dossier-{case.pk}", initial=initial)
        self.fields["amount"].label = f"Montant simulé (€) – {reference}"
        self.fields["add"].label = f"Inscrire {reference}"
        if self.item:
            del self.fields["add"]
        if self.item and self.item.book_id:
            self.fields["amount"].disabled = True

    @property
    def is_typed(self):
        """Whether the page that was sent had this row: a colleague may have put it on the agenda since."""
        return self.is_bound and self.add_prefix("amount") in self.data

    def tell_of_clash(self, item):
        """Say what a colleague proposed meanwhile; sent again, what is typed takes its place."""
        proposed = "aucun montant" if item.proposed_amount is None else euros(item.proposed_amount)
        self.add_error(
            "amount",
            f"Un collègue a proposé entre-temps {proposed}. Votre montant est dans le champ, pas enregistré : gardez de"
            " nouveau pour qu’il le remplace.",
        )
        self.data = self.data.copy()
        self.data[self.add_prefix("read")] = item.mark

    def tell_of_refusal(self, reasons):
        """Say beside its box why this dossier may not go on the agenda, if it is one of those."""
        reason = reasons.get(self.case.application.reference)
        if reason and "add" in self.fields:
            self.add_error("add", reason)

    @property
    def simulated(self):
        """The amount as typed where it is one, as it stood otherwise."""
        if self.is_typed and self.is_valid():
            return self.cleaned_data["amount"]
        return self.initial["amount"]
