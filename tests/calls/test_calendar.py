"""The calendar of a fund's calls, and what is unwise in it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from calls.calendar_warnings import day_off, warnings_of
from calls.models import Round
from tests.factories import CallFactory, EventFactory, FundFactory, auditor_of, officer_of

PARIS = ZoneInfo("Europe/Paris")
ADDRESS = reverse("calls:calendar")


def paris(*moment):
    return datetime(*moment, tzinfo=PARIS)


def planned(*deadlines, **fields):
    """A call in preparation, opened on a working day, with these deadlines."""
    call = CallFactory(**{"opens_at": paris(2027, 1, 4, 9)} | fields)
    call.rounds.all().delete()
    for number, closes_at in enumerate(deadlines, start=1):
        Round.objects.create(call=call, number=number, closes_at=closes_at)
    call.refresh_from_db()
    return call


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2027, 3, 15), ""),
        (date(2027, 3, 13), "un samedi"),
        (date(2027, 3, 14), "un dimanche"),
        (date(2027, 3, 29), "un jour férié (Lundi de Pâques)"),
        (date(2018, 5, 10), "un jour férié (Ascension)"),
        (date(2027, 7, 14), "un jour férié (Fête nationale)"),
        (None, ""),
    ],
)
def test_the_days_off_are_those_of_france(day, told):
    assert day_off(day) == told


@pytest.mark.parametrize(
    ("fields", "deadlines", "told"),
    [
        ({}, [paris(2027, 3, 15, 18)], []),
        # « minuit » ends the day before: the fifteenth, not the sixteenth; the Sunday, not the Monday.
        ({}, [paris(2027, 3, 13)], []),
        (
            {},
            [paris(2027, 3, 15)],
            ["La date limite de dépôt (14 mars 2027) tombe un dimanche."],
        ),
        (
            {"opens_at": paris(2027, 1, 1, 9)},
            [paris(2027, 3, 15, 18)],
            ["L’ouverture (1er janvier 2027) tombe un jour férié (Jour de l'an)."],
        ),
        (
            {"committee_on": date(2027, 3, 15)},
            [paris(2027, 3, 15, 18)],
            ["Le comité (15 mars 2027) ne vient pas après la date limite de dépôt (15 mars 2027)."],
        ),
        (
            {"committee_on": date(2027, 3, 16)},
            [paris(2027, 3, 15, 18), paris(2027, 6, 15, 18)],
            [
                "Le comité (16 mars 2027) vient avant la dernière date limite (15 juin 2027) :"
                " les relèves suivantes demanderont un autre comité."
            ],
        ),
        (
            {"committee_on": date(2027, 5, 10), "announced_on": date(2027, 5, 7)},
            [paris(2027, 3, 15, 18)],
            ["L’annonce (7 mai 2027) vient avant le comité (10 mai 2027)."],
        ),
        (
            {"announced_on": date(2027, 3, 12)},
            [paris(2027, 3, 15, 18)],
            ["L’annonce (12 mars 2027) ne vient pas après la date limite de dépôt (15 mars 2027)."],
        ),
        ({"opens_at": None}, [], []),
    ],
)
def test_the_dates_of_a_call_are_judged(db, fields, deadlines, told):
    assert warnings_of(planned(*deadlines, **fields)) == told


def test_two_calls_of_a_fund_that_close_the_same_day_are_told(db):
    call = planned(paris(2027, 3, 15, 18))
    planned(paris(2027, 3, 16), fund=call.fund, title="Le voisin")  # the same day, at midnight
    planned(paris(2027, 3, 15, 18))  # of another fund

    assert warnings_of(call) == [
        "Un autre appel du fonds, « Le voisin », se clôt le même jour (15 mars 2027)."
    ]


@pytest.mark.parametrize(("start", "clash"), [(15, False), (14, True)])
def test_meetings_of_a_fund_that_overlap_are_told(db, start, clash):
    call = planned(paris(2027, 3, 15, 18))
    day = {"fund": call.fund, "hours_known": True}
    first = EventFactory(
        **day, call=call, title="A", starts_at=paris(2027, 2, 1, 14), ends_at=paris(2027, 2, 1, 15)
    )
    second = EventFactory(**day, title="B", starts_at=paris(2027, 2, 1, start), ends_at=paris(2027, 2, 1, 16))
    EventFactory(
        **day,
        title="C",
        state="cancelled",
        cancellation_reason="Grève",
        published_at=first.starts_at,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
    )

    told = f"Les réunions « A » ({first.when_text}) et « B » ({second.when_text}) se chevauchent."
    assert warnings_of(call) == ([told] if clash else [])


def test_a_meeting_after_the_last_deadline_is_told(db):
    call = planned(paris(2027, 3, 15, 18))
    late = EventFactory(fund=call.fund, call=call, title="Trop tard", starts_at=paris(2027, 3, 16, 10))

    assert warnings_of(call) == [
        f"La réunion « Trop tard » ({late.when_text}) vient après la dernière date limite de dépôt (15 mars 2027)."
    ]


def test_a_past_call_is_not_judged(db):
    assert warnings_of(planned(paris(2018, 5, 10, 12), imported=True)) == []


def test_a_year_is_read_month_by_month_drafts_included(db, client):
    call = planned(
        paris(2027, 3, 16), paris(2027, 6, 15, 18), committee_on=date(2027, 7, 1), title="Brouillon"
    )
    planned(paris(2027, 3, 16))  # of another fund
    client.force_login(auditor_of(call.fund))

    page = client.get(f"{ADDRESS}?annee=2027")

    told = [
        (month, [(entry.what, entry.when) for entry in entries])
        for month, entries in page.context["calendar"].months
    ]
    assert told == [
        ("janvier 2027", [("Ouverture", "4 janvier 2027")]),
        ("mars 2027", [("Date limite de dépôt (relève 1)", "15 mars 2027 à minuit")]),
        ("juin 2027", [("Date limite de dépôt (relève 2)", "15 juin 2027 à 18:00")]),
        ("juillet 2027", [("Comité", "1er juillet 2027")]),
    ]
    [line] = page.context["calendar"].lines
    assert (line["call"], line["bar"]) == (call, ("0.82%", "44.26%"))
    assert (
        '<rect class="portal-year__bar--draft" x="0.82%" y="52" width="44.26%" height="12"/>'
        in page.content.decode()
    )


def test_a_call_without_dates_waits_for_them(db, client):
    call = planned(opens_at=None)
    client.force_login(officer_of(call.fund))

    assert client.get(ADDRESS).context["calendar"].undated == [call]


def test_the_calendar_of_a_fund_that_is_not_ones_own_does_not_exist(db, client):
    other = FundFactory()
    client.force_login(officer_of(FundFactory()))

    assert client.get(f"{ADDRESS}?fonds={other.slug}").status_code == 404


@pytest.mark.parametrize("year", ["0", "99999", "deux mille", "１９９９", "2027%00"])
def test_an_impossible_year_does_not_exist(db, client, year):
    client.force_login(officer_of(FundFactory()))

    assert client.get(f"{ADDRESS}?annee={year}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_calendar_takes_the_same_queries_whatever_it_shows(db, client, rows, django_assert_num_queries):
    fund = FundFactory()
    for _ in range(rows):
        call = CallFactory(fund=fund)
        EventFactory(fund=fund, call=call)
        EventFactory(fund=fund, starts_at=datetime.now(UTC) + timedelta(days=3))
    client.force_login(officer_of(fund))

    with django_assert_num_queries(9):
        client.get(ADDRESS)
