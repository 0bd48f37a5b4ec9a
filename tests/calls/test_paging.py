"""Long lists, page by page."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from accounts.models import Organisation
from calls import paging
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def bodies(prefix, count):
    """Bodies named by their rank, as a queryset."""
    for rank in range(count):
        OrganisationFactory(name=f"{prefix}{rank}")
    return Organisation.objects.filter(name__startswith=prefix).order_by("name")


def page(number, *querysets):
    return paging.page_of(RequestFactory().get("/", {"page": number}), *querysets, per_page=3)


@pytest.mark.parametrize(
    ("number", "names"),
    [("", ["a0", "a1", "b0"]), ("1", ["a0", "a1", "b0"]), ("2", ["b1", "b2", "c0"]), ("3", ["c1"])],
)
def test_lists_follow_one_another_across_pages(number, names):
    shown = page(number, bodies("a", 2), bodies("b", 3), bodies("z", 0), bodies("c", 2))

    assert [body.name for body in shown] == names


@pytest.mark.parametrize("number", ["4", "0", "-1", "abc", "1.5", "٢", "\x00", "9" * 5000])
def test_a_page_that_does_not_exist_is_not_found(number):
    rows = bodies("a", 7)

    with pytest.raises(Http404):
        page(number, rows)


def test_an_empty_list_has_one_empty_page():
    assert list(page("1", bodies("a", 0))) == []


def test_a_page_counts_and_reads_no_more_than_it_must(django_assert_num_queries):
    first, second = bodies("a", 4), bodies("b", 4)

    with django_assert_num_queries(3):
        page("1", first, second)
    with django_assert_num_queries(4):
        page("2", first, second)


def test_no_more_than_a_limit_is_counted_or_shown(monkeypatch):
    monkeypatch.setattr(paging, "LIMIT", 4)
    rows, others = bodies("a", 3), bodies("b", 3)

    last = page("2", rows, others)

    assert ([body.name for body in last], last.paginator.count_text) == (["b0"], "plus de 4")
    with pytest.raises(Http404):
        page("3", rows, others)


def test_a_list_within_the_limit_is_counted_whole():
    paginator = page("1", bodies("a", 2)).paginator

    assert (paginator.is_capped, paginator.count_text) == (False, "2")
