"""Rows of a small table typed in a form: as many as one needs, with or without JavaScript."""

from django import forms

ADD = "add_row"


class RowsFormSet(forms.BaseFormSet):
    """A formset read as a whole: what is posted replaces what was there, minus empty rows and ticked ones.

    `row_name`, a feminine noun, is what the page calls a row. Its own checks may need `beside`, the form of the same
    page, or `call`, whose rows they are.
    """

    row_name = "ligne"

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


class OrderedRows(RowsFormSet):
    """Rows that each have a number, `order`, and are kept in the order of those; the ones without come last.

    Of two rows with one number, the one that was moved there takes the place: before if it goes up, after if down.
    """

    def add_fields(self, form, index):
        super().add_fields(form, index)
        shown = (
            index + 1 if not self.is_bound and index is not None and index < len(self.initial or ()) else None
        )
        form.fields["order"] = forms.IntegerField(
            label="Rang", required=False, min_value=0, max_value=1000, initial=shown
        )

    def kept(self):
        return [form for _, form in sorted(_ranked(self.forms, super().kept()), key=lambda each: each[0])]

    def rows(self):
        return [{name: value for name, value in row.items() if name != "order"} for row in super().rows()]


def _ranked(forms_, kept):
    for place, form in enumerate(forms_, start=1):
        if form in kept:
            order = form.cleaned_data.get("order")
            yield (1_001, 0) if order is None else (order, (order > place) - (order < place)), form


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
