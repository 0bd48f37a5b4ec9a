from django import forms

from selection.models import SavedView


class ViewForm(forms.ModelForm):
    """The name of a way to look at the list, and whether the whole secretariat may take it."""

    class Meta:
        model = SavedView
        fields = ["name", "shared"]
        labels = {"name": "Nom de la vue", "shared": "Partager avec tout le secrétariat du fonds"}


class NewViewForm(ViewForm):
    """The same, with the choices to keep and for which fund."""

    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, funds, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["fund"].queryset = funds
        self.fields["fund"].empty_label = None
        if len(funds) == 1:
            self.fields["fund"].widget = forms.HiddenInput()
            self.initial["fund"] = funds[0].pk

    class Meta(ViewForm.Meta):
        fields = ["name", "fund", "shared"]
