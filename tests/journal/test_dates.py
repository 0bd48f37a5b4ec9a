"""Days as French writes them, by the clock of Paris."""

from datetime import UTC, date, datetime

import pytest

from journal import dates


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2018, 2, 1), "1er février 2018"),
        (date(2018, 2, 11), "11 février 2018"),
        (datetime(2018, 1, 31, 23, tzinfo=UTC), "1er février 2018"),
        (None, ""),
    ],
)
def test_the_first_of_a_month_is_not_a_plain_number(value, text):
    assert dates.day(value) == text


def test_a_moment_is_told_in_paris_to_the_minute_or_the_second():
    moment = datetime(2018, 6, 30, 22, 5, 9, tzinfo=UTC)

    assert (dates.moment(moment), dates.moment(moment, seconds=True)) == (
        "1er juillet 2018 à 00:05",
        "1er juillet 2018 à 00:05:09",
    )
