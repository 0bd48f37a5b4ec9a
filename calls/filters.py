"""The filters of a public list: a value that means nothing is ignored, and said to be; no address makes it fail."""

from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.validators import EMPTY_VALUES

from calls.money import AmountField

SHOWN = 60  # characters of a value that is told back


class FilterForm(forms.Form):
    mark_optional = False  # every filter is


class AmountFilter(django_filters.Filter):
    field_class = AmountField


class PublicFilterSet(django_filters.FilterSet):
    """A filter set over what a page reads in its address. Subclasses name their filters as the address does, in French.

    `ignored` lists the (label, typed value) that meant nothing: the form no longer holds them, and `qs` is what the
    others keep. Choices are lists checked in Python, never a `ModelChoiceFilter`: a NUL byte would reach PostgreSQL.
    """

    sorting = ()  # the names of fields that choose an order: they narrow nothing

    class Meta:
        form = FilterForm

    def __init__(self, data, queryset, **kwargs):
        super().__init__(data=data, queryset=queryset, **kwargs)
        bad = [name for name in self.form.errors if name in self.filters]
        self.ignored = [(self.filters[name].label, data[name][:SHOWN]) for name in bad]
        if bad:
            self.data = data.copy()
            for name in bad:
                del self.data[name]
            del self._form

    @property
    def values(self):
        """What was asked for and understood, by name."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in EMPTY_VALUES}

    @property
    def active(self):
        """Each filter that narrows the list: its label, its value as text, the address's query without it."""
        return [
            {"label": self.filters[name].label, "value": self.told(name), "query": self.query_without(name)}
            for name in self.values
            if name not in self.sorting
        ]

    def told(self, name):
        """A value as its form shows it: the label of a choice, or what was typed."""
        choices = getattr(self.form.fields[name], "choices", ())
        return dict(choices).get(self.values[name], self.data[name])

    def unchanged(self, queryset, name, value):
        """The method of what orders or presents a list, and narrows nothing."""
        return queryset

    @property
    def query(self):
        """What a link to another page must keep, ended by &, as components/pagination.html wants it."""
        kept = self.query_without("")
        return f"{kept}&" if kept else ""

    def query_without(self, name):
        return urlencode({each: self.data[each] for each in self.values if each != name})
