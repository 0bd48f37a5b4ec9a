"""The distinct values of an indexed column, for a choice list: found by hops along the index.

`DISTINCT` reads the whole table; a hop reads one row per value, whatever the number of laureates.
"""

from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL


def distinct(queryset, column, *, descending=False):
    """The values of `column` in the rows of a queryset, in order, unknown and empty ones left out.

    An index must begin with the column, in the same order; then its ministries or years take one query of a few
    milliseconds.
    """
    field = queryset.model._meta.get_field(column)
    order = F(column).desc(nulls_last=True) if descending else F(column).asc()
    beyond = "lt" if descending else "gt"
    known = queryset.exclude(**{column: None}).exclude(**{column: ""} if field.empty_strings_allowed else {})
    after = RawSQL("hop.value", (), output_field=field)
    first, first_params = _one(known, column, order)
    following, following_params = _one(known.filter(**{f"{column}__{beyond}": after}), column, order)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE hop(value) AS (({first}) UNION ALL SELECT ({following}) FROM hop"  # noqa: S608
            " WHERE hop.value IS NOT NULL) SELECT value FROM hop WHERE value IS NOT NULL",
            (*first_params, *following_params),
        )
        return [value for (value,) in cursor.fetchall()]


def _one(queryset, column, order):
    return queryset.order_by(order).values(column)[:1].query.sql_with_params()
