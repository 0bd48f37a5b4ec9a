"""Rows typed in a form: added, dropped, kept in their order."""

import pytest
from django import forms
from django.test import RequestFactory

from calls.rows import OrderedRows, bound, rows_formset


class LineForm(forms.Form):
    year = forms.IntegerField()
    label = forms.CharField(required=False)


LineFormSet = rows_formset(LineForm)


def post(*rows, total=None, **more):
    data = {"rows-TOTAL_FORMS": len(rows) if total is None else total, "rows-INITIAL_FORMS": 0} | more
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{name}": value for name, value in row.items()}
    return bound(LineFormSet, RequestFactory().post("/", data), written=[])


def test_what_was_written_is_shown_with_room_for_more():
    formset, to_save = bound(LineFormSet, RequestFactory().get("/"), written=[{"year": 2018}], blank=3)

    assert ([form.initial.get("year") for form in formset], to_save) == ([2018, None, None], False)


def test_there_is_always_room_for_one_more():
    written = [{"year": 2018 + n} for n in range(4)]

    formset, _ = bound(LineFormSet, RequestFactory().get("/"), written=written, blank=3)

    assert len(formset.forms) == 5


def test_rows_are_kept_in_their_order():
    formset, to_save = post({"year": 2019, "label": "b"}, {"year": 2018, "label": "a"})

    assert to_save
    assert formset.rows() == [{"year": 2019, "label": "b"}, {"year": 2018, "label": "a"}]


def test_empty_rows_are_dropped():
    formset, to_save = post({"year": ""}, {"year": 2018}, {"year": "", "label": ""})

    assert (to_save, formset.rows()) == (True, [{"year": 2018, "label": ""}])


def test_ticked_rows_are_dropped():
    formset, to_save = post({"year": 2018, "DELETE": "on"}, {"year": 2019})

    assert (to_save, formset.rows()) == (True, [{"year": 2019, "label": ""}])


def test_a_ticked_row_may_hold_anything():
    formset, to_save = post({"year": "n’importe quoi", "DELETE": "on"}, {"year": 2019})

    assert (to_save, formset.rows()) == (True, [{"year": 2019, "label": ""}])


def test_a_bad_row_stops_the_whole_and_keeps_what_was_typed():
    formset, to_save = post({"year": "bientôt"}, {"year": 2019})

    assert to_save is False
    assert [form["year"].value() for form in formset] == ["bientôt", "2019"]


def test_adding_a_row_shows_one_more_and_saves_nothing():
    formset, to_save = post({"year": 2018}, add_row="rows")

    assert (len(formset.forms), to_save, formset[0]["year"].value()) == (2, False, "2018")


@pytest.mark.parametrize("total", ["", "beaucoup", "9" * 5000, "1e9", "²"])
def test_a_forged_number_of_rows_is_refused(total):
    formset, to_save = post(total=total)

    assert (formset.is_valid(), to_save) == (False, False)


@pytest.mark.parametrize("total", ["", "beaucoup", "-1", "9" * 5000, "²"])
def test_adding_a_row_to_a_forged_number_of_rows_does_not_fail(total):
    _, to_save = post(total=total, add_row="rows")

    assert to_save is False


def test_too_many_rows_are_refused():
    formset, to_save = post(*[{"year": 2018}] * 201)

    assert (formset.is_valid(), to_save) == (False, False)


@pytest.mark.parametrize(
    ("ranks", "kept"),
    [
        (("1", "2", "3"), "abc"),
        (("1", "2", "1"), "cab"),
        (("3", "2", "3"), "bca"),
        (("", "2", "1"), "cba"),
    ],
)
def test_ordered_rows_are_kept_in_the_order_of_their_ranks(ranks, kept):
    formset_class = rows_formset(LineForm, formset=OrderedRows)
    data = {"rows-TOTAL_FORMS": 3, "rows-INITIAL_FORMS": 0}
    for number, rank in enumerate(ranks):
        data |= {
            f"rows-{number}-year": 2018,
            f"rows-{number}-label": "abc"[number],
            f"rows-{number}-order": rank,
        }

    formset, _ = bound(formset_class, RequestFactory().post("/", data), written=[])

    assert formset.rows() == [{"year": 2018, "label": label} for label in kept]
