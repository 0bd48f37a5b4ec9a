from django import forms

from calls.money import AmountField


class ProposalForm(forms.Form):
    """What is simulated for one dossier of the ranking, and whether it goes on the agenda."""

    mark_optional = False
    amount = AmountField(required=False)
    add = forms.BooleanField(required=False)

    def __init__(self, data=None, *, case, amount):
        reference = case.application.reference
        super().__init__(data, prefix=f"dossier-{case.pk}", initial={"amount": amount})
        self.case, self.item = case, case.here[0] if case.here else None
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

    @property
    def simulated(self):
        """The amount as typed where it is one, as it stood otherwise."""
        if self.is_typed and self.is_valid():
            return self.cleaned_data["amount"]
        return self.initial["amount"]
