"""What a member reads and notes for themselves: nobody else ever sees it."""

import pytest
from django.core.exceptions import PermissionDenied

from journal.models import EntryDetails
from selection import reading
from selection.actions import reading as actions
from selection.models import Reading
from selection.reading import Progress, minutes_left
from tests.factories import (
    FundFactory,
    agenda_item,
    auditor_of,
    chair_of,
    committee_session,
    head_of,
    member_of,
    officer_of,
)

WORDS = "Marqueur d’une note personnelle"


@pytest.fixture
def session(db):
    return committee_session(FundFactory())


@pytest.fixture
def seat(session):
    return member_of(session.committee)


def address_of(item, page=""):
    return f"/comite/seances/{item.session_id}/dossiers/{item.case.application.reference}/{page}"


def test_a_member_marks_what_they_read_and_may_take_it_back(session, seat, client):
    item = agenda_item(session)
    client.force_login(seat.user)

    marks = []
    for read in ("1", "0"):
        client.post(address_of(item, "lecture/"), {"read": read})
        marks.append(Reading.objects.get().read_at is not None)

    assert marks == [True, False]


def test_how_far_one_is_counts_ones_own_marks_alone(session, seat, client):
    first, second = agenda_item(session), agenda_item(session)
    actions.mark(first, read=True, by=seat.user)
    actions.mark(second, read=True, by=chair_of(session))
    client.force_login(seat.user)

    told = client.get(session.get_absolute_url()).context

    assert (told["progress"].words, told["progress"].next_unread) == ("1 lu sur 2", second)
    assert (told["minutes_left"], minutes_left(Progress([], set()))) == (5, 0)


def test_an_item_stands_between_those_one_reads_before_and_after(session, seat):
    items = [agenda_item(session) for _ in range(3)]

    places = [reading.place(item, items, seat) for item in items]

    assert [(each.rank, each.previous, each.following) for each in places] == [
        (1, None, items[1]),
        (2, items[0], items[2]),
        (3, items[1], None),
    ]


def test_a_note_is_read_again_by_its_author_and_by_nobody_else(session, seat, client):
    item = agenda_item(session)
    client.force_login(seat.user)
    client.post(address_of(item, "notes/"), {"note": WORDS, "section_version": "0"})
    fund = session.fund
    others = [member_of(session.committee).user, chair_of(session)]
    others += [role(fund) for role in (officer_of, head_of, auditor_of)]

    own = client.get(address_of(item)).context["note_form"]["note"].value()
    told = []
    for person in others:
        client.force_login(person)
        pages = (address_of(item), session.get_absolute_url(), "/espace/")
        told += [WORDS in client.get(page).text for page in pages]

    assert (own, any(told), len(told)) == (WORDS, False, 15)
    assert WORDS not in str(list(EntryDetails.objects.values_list("content", flat=True)))


def test_a_note_changed_from_elsewhere_is_shown_beside_what_was_typed(session, seat, client):
    item = agenda_item(session)
    actions.write_note(item, note="Depuis la tablette", version=0, by=seat.user)
    client.force_login(seat.user)

    page = client.post(address_of(item, "notes/"), {"note": "Depuis l’ordinateur", "section_version": "0"})

    kept = page.context["kept_note"]
    assert (page.status_code, kept.note) == (409, "Depuis la tablette")
    assert page.context["note_form"]["note"].value() == "Depuis l’ordinateur"
    assert Reading.objects.get().note == "Depuis la tablette"


def test_only_who_chooses_to_replaces_what_another_device_kept(session, seat, client):
    item = agenda_item(session)
    actions.write_note(item, note="Depuis la tablette", version=0, by=seat.user)
    client.force_login(seat.user)
    typed = {"note": "Depuis l’ordinateur", "section_version": "0"}
    shown = client.post(address_of(item, "notes/"), typed).context

    copied = client.post(address_of(item, "notes/brouillon/"), typed | {"instead_of": ""})
    client.post(address_of(item, "notes/"), typed | {"instead_of": shown["kept_note"].version})

    assert (copied.status_code, Reading.objects.get().note) == (409, "Depuis l’ordinateur")


def test_a_note_is_kept_as_it_is_typed_and_a_conflict_keeps_both_texts(session, seat, client):
    item = agenda_item(session)
    client.force_login(seat.user)
    typed = {"note": "Depuis la tablette", "section_version": "0"}

    kept = client.post(address_of(item, "notes/brouillon/"), typed)
    again = client.post(address_of(item, "notes/brouillon/"), typed | {"note": "Depuis l’ordinateur"})
    long = client.post(address_of(item, "notes/brouillon/"), typed | {"note": "x" * 20_001})

    assert (kept.status_code, kept.json()["version"], kept.json()["refused"]) == (200, 1, {})
    assert (again.status_code, again.json()["conflict"]) == (409, True)
    assert (long.json()["nothing"], list(long.json()["refused"])) == (True, ["note"])
    assert Reading.objects.get().note == "Depuis la tablette"


def test_a_note_typed_by_another_account_of_the_same_browser_is_not_kept(session, seat, client):
    item, other = agenda_item(session), member_of(session.committee).user
    client.force_login(seat.user)
    typed = {"note": WORDS, "section_version": "0", "section_author": str(other.pk)}

    answers = [
        client.post(address_of(item, page), typed).status_code for page in ("notes/", "notes/brouillon/")
    ]

    assert (answers, Reading.objects.count()) == ([409, 401], 0)


def test_only_members_who_deal_with_a_dossier_mark_and_note_it(session):
    item = agenda_item(session)

    for act in (
        lambda by: actions.mark(item, read=True, by=by),
        lambda by: actions.write_note(item, note=WORDS, version=0, by=by),
    ):
        with pytest.raises(PermissionDenied):
            act(officer_of(session.fund))
