"""Rows of a small table typed in a form: as many as one needs, with or without JavaScript."""

from django import forms

ADD = "add_row"


class RowsFormSet(forms.BaseFormSet):
    """A formset read as a whole: what is posted replaces what was there, minus empty rows and ticked ones.

    Its own checks may need `beside`, the form of the same page, or `call`, whose rows they are.
    """

    def __init__(self, *args, beside=None, call=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.beside, self.call = beside, call

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.empty_permitted, form.use_required_attribute = True, False
        return form

    def kept(self):
        """The rows that stand, in their order."""
        return [form for form in self.forms if form.has_changed() and not form.cleaned_data.get("DELETE")]

    def rows(self):
        """Their values."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.kept()
        ]


def rows_formset(form, *, formset=RowsFormSet, max_num=200):
    return forms.formset_factory(
        form,
        formset=formset,
        extra=0,
        can_delete=True,
        max_num=max_num,
        validate_max=True,
        absolute_max=max_num + 20,  # what is shown again of a post that asks for more, whatever it asks for
    )


def bound(formset_class, request, *, written, blank=1, prefix="rows", **options):
    """The formset as posted, or as written so far with `blank` empty rows; and whether it is to be saved.

    The button that adds a row posts everything typed, with its formset's prefix; it gets all of it back with one more
    row, and saves nothing.
    """
    if request.method != "POST":
        formset = formset_class(initial=written, prefix=prefix, **options)
        formset.extra = max(1, blank - len(written))
        return formset, False
    data = request.POST.copy()
    if data.get(ADD) == prefix:
        name = f"{prefix}-TOTAL_FORMS"
        total = data.get(name, "")
        data[name] = (int(total) if total.isdecimal() and len(total) < 5 else 0) + 1
    formset = formset_class(data, prefix=prefix, **options)
    return formset, ADD not in data and formset.is_valid()
