"""Minutes: produced from what was recorded, corrected, signed by two people, then unchangeable."""

import hashlib
import json
import re
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.timezone import localtime

from applications.models import Recusal
from documents.models import ProducedDocument
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection import rules
from selection.actions import committees, decisions, votes
from selection.actions import minutes as actions
from selection.actions import session as meeting
from selection.minutes import canonical, recording, wording
from selection.models import (
    AgendaItem,
    CommitteeSession,
    Decision,
    Minutes,
    MinutesSignature,
    MinutesVersion,
    Vote,
)
from tests.database import past_the_guards, refused_by_the_database
from tests.factories import (
    ThemeFactory,
    agenda_item,
    chair_of,
    decided,
    head_of,
    member_of,
    moved_to,
    officer_of,
)
from tests.selection.attendance_factories import present_member
from tests.selection.deciding_factories import reasons_for
from tests.selection.minutes_factories import closed_session, code_for, minutes_of, signed, signed_by_both

pytestmark = pytest.mark.django_db
State = CommitteeSession.State


@pytest.fixture
def session():
    return closed_session()


@pytest.fixture
def minutes(session):
    return minutes_of(session)


def recused_from(session, user):
    application = session.items.order_by("position").first().case.application
    Recusal.objects.create(application=application, user=user, reason="Lien familial")
    return user


def told_of(session):
    """{title: text} of the parts of the text, its spaces made plain."""
    text = wording.write(recording.gather(session))
    return dict(wording.sections(re.sub("[\u202f\u00a0]", " ", text)))


# Producing


def test_the_text_tells_what_was_recorded_of_each_point(session):
    item = decided(agenda_item(session), Decision.Outcome.SELECTED, Decimal("600000"))
    seat, other = session.committee.seats.order_by("pk")
    CommitteeSession.objects.filter(pk=session.pk).update(state=State.OPEN)
    AgendaItem.objects.filter(pk=item.pk).update(state=AgendaItem.State.DECIDED)
    vote = Vote.objects.create(item=item, number=1, mode="roll_call", opened_by=seat.user)
    vote.ballots.create(seat=seat, choice="for", amount=Decimal("600000"), cast_at=timezone.now())
    vote.ballots.create(seat=other, choice="against", cast_at=timezone.now())
    vote.closed_at, vote.closed_by, vote.carried = timezone.now(), seat.user, False
    vote.save()

    sections = told_of(session)

    told = sections[f"Point 2 – {item}, {item.case.title}"]
    voted = (
        f"1 pour, 1 contre, 0 abstention. Pour : {seat.title} (jusqu’à 600 000 €)."
        f" Contre : {other.title}. Partage des voix, tranché par la règle écrite. Résultat : non adopté."
    )
    assert (voted in told, "**Décision : retenu, 600 000 €.**" in told) == (True, True)
    assert (
        "Accordé par la séance, sur une enveloppe de 10 000 000 € : 600 000 €." in sections["Récapitulatif"]
    )


def test_a_point_put_off_and_a_vote_overturned_by_a_recusal_are_told(session):
    chair, other = session.committee.seats.order_by("pk")
    CommitteeSession.objects.filter(pk=session.pk).update(state=State.OPEN)
    item = agenda_item(session, state=AgendaItem.State.VOTE_OPEN)
    item.votes.get().ballots.create(seat=other, choice="for", cast_at=timezone.now())
    votes.close_vote(item, by=chair.user)
    Recusal.objects.create(application=item.case.application, user=other.user, reason="Lien familial")
    meeting.put_off(item, reason="L’heure est passée.", by=chair.user)

    rows = wording.rows(recording.gather(session))
    told = told_of(session)[f"Point 2 – {item}, {item.case.title}"]

    assert rows[1][-1] == "renvoyé à une autre séance"
    assert [line for line in told.split("\n\n") if line.startswith(("Déport", "**"))] == [
        f"Déport : {other.title} (Lien familial), sans part à l’examen de ce dossier.",
        "**Renvoyé à une autre séance, sans décision.** Motif : L’heure est passée.",
    ]
    assert told.count("1 bulletin écarté par un déport. Sans eux : non adopté.") == 1


def test_what_a_committee_proposes_is_told_as_such(session):
    committee = session.committee
    committee.power = committee.Power.PROPOSES
    committee.save()
    with past_the_guards() as cursor:
        cursor.execute("UPDATE selection_decision SET envelope_id = NULL")

    told = told_of(session)

    assert "**Proposition : proposition défavorable.**" in next(
        text for title, text in told.items() if title.startswith("Point 1")
    )
    assert told["Récapitulatif"] == "- proposition défavorable : 1\n\nMontant proposé par la séance : 0 €."


def test_gathering_costs_the_same_for_one_point_and_for_three(session, django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(14):
            recording.gather(session)
        for _ in range(2):
            moved_to(agenda_item(session), AgendaItem.State.DECIDED)


def test_nothing_is_told_of_what_other_sessions_drew_on_the_envelope(session):
    before = told_of(session)

    decided(agenda_item(closed_session(session.fund, items=0)), Decision.Outcome.SELECTED, Decimal("777777"))

    assert told_of(session) == before


def test_who_sits_is_told_with_their_place_and_their_stays(session):
    theme = ThemeFactory()
    digital = present_member(session, scope=theme)
    session.attendances.filter(seat=digital).update(left_at=timezone.now())
    absent = member_of(session.committee)

    told = told_of(session)["Présences"]

    stay = session.attendances.get(seat=digital)
    hours = f"de {localtime(stay.arrived_at):%H:%M} à {localtime(stay.left_at):%H:%M}"
    name = recording.name_of(digital)
    assert f"- {name} (pour le thème « {theme.label} ») : {hours}" in told.splitlines()
    assert told.endswith(f"Absents : {recording.name_of(absent)}.")


def test_a_seat_changed_since_is_told_as_it_was_when_the_session_was_closed(session):
    session.closed_at = timezone.now()
    seat, before = session.committee.seats.get(is_chair=False), told_of(session)["Présences"]
    given = {"title": "Conseil", "part": "member", "is_voting": False, "scope": ThemeFactory()}

    committees.change_seat(seat, by=head_of(session.fund), **given)

    assert told_of(session)["Présences"] == before


def test_nothing_is_produced_before_the_session_is_closed(session):
    CommitteeSession.objects.filter(pk=session.pk).update(state=State.OPEN)

    with pytest.raises(Refused) as refusal:
        minutes_of(session)

    assert refusal.value.reason == "La séance est ouverte : son relevé se produit une fois qu’elle est close."


def test_a_point_without_a_decision_is_named(session):
    item = agenda_item(session)

    with pytest.raises(Refused) as refusal:
        minutes_of(session)

    assert (
        refusal.value.reason
        == f"Ces points n’ont pas de décision : {item}. La présidence les décide d’abord."
    )


def test_the_secretariat_that_may_sign_is_told_that_the_minutes_are_there(session):
    away = recused_from(session, officer_of(session.fund))

    minutes_of(session)

    told = OutgoingEmail.objects.filter(template="selection/emails/minutes_to_sign.txt")
    expected = {each.email for each in rules.secretariat_of(session.fund)}
    assert set(told.values_list("to", flat=True)) == expected - {away.email, session.prepared_by.email}


def test_an_officer_recused_from_one_dossier_prepares_nothing(session):
    officer = recused_from(session, officer_of(session.fund))

    with pytest.raises(Refused) as refusal:
        actions.produce(session, by=officer)

    assert refusal.value.reason == actions.IN_PART


def test_a_member_prepares_nothing(session):
    with pytest.raises(PermissionDenied):
        actions.produce(session, by=chair_of(session))


# Correcting


def test_a_second_text_is_refused_with_the_first_beside_it(session, minutes):
    colleague = officer_of(session.fund)
    actions.correct_text(minutes, text="Le mien.", version=1, by=colleague)

    with pytest.raises(actions.TextConflict) as conflict:
        actions.correct_text(minutes, text="Le sien.", version=1, by=session.prepared_by)

    kept = conflict.value.minutes
    assert (kept.text, kept.version, kept.saved_by) == ("Le mien.\n", 2, colleague)


def test_what_is_produced_again_keeps_what_was_typed_among_the_versions(session, minutes):
    actions.correct_text(minutes, text="Tapé à la main.", version=1, by=session.prepared_by)

    again = actions.produce(session, by=session.prepared_by, version=2)

    versions = again.versions.order_by("number").values_list("number", "produced", "text")
    assert list(versions) == [
        (1, True, minutes.text),
        (2, False, "Tapé à la main.\n"),
        (3, True, minutes.text),
    ]


def test_what_was_typed_meanwhile_is_not_written_over_by_producing_again(session, minutes):
    actions.correct_text(minutes, text="Tapé à la main.", version=1, by=session.prepared_by)

    with pytest.raises(actions.TextConflict):
        actions.produce(session, by=officer_of(session.fund), version=1)

    minutes.refresh_from_db()
    assert minutes.text == "Tapé à la main.\n"


def test_a_decision_corrected_since_must_be_produced_again_before_signing(session, minutes):
    item = session.items.get()
    reasons = dict.fromkeys(reasons_for(item), "Autre motif.")
    decisions.correct(item, outcome="rejected", reasons=reasons, correction="Oubli.", by=chair_of(session))

    with pytest.raises(Refused) as refusal:
        signed(minutes, session.prepared_by)
    actions.produce(session, by=session.prepared_by, version=1)

    assert refusal.value.reason.startswith("Ce qui est enregistré de la séance a changé")
    assert signed(minutes, session.prepared_by).sha256


# Signing


def test_both_signatures_say_the_hash_of_what_was_read_and_end_the_session(session):
    minutes = signed_by_both(session)

    session.refresh_from_db()
    said = {"recorded": minutes.recorded, "text": minutes.text, "version": 1}
    again = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical(minutes) == again
    assert set(minutes.signatures.values_list("role", "user", "sha256")) == {
        ("secretary", session.prepared_by.pk, hashlib.sha256(again).hexdigest()),
        ("chair", chair_of(session).pk, minutes.sha256),
    }
    assert session.state == State.MINUTES_SIGNED
    assert ProducedDocument.objects.latest("selection.minutes", str(minutes.pk)).state == "requested"


def test_the_first_signature_tells_the_chair_and_the_second_all_the_members(session, minutes):
    OutgoingEmail.objects.all().delete()
    signed(minutes, session.prepared_by)
    first = list(OutgoingEmail.objects.values_list("template", "to"))
    signed(minutes, chair_of(session))

    members = set(session.committee.seats.values_list("user__email", flat=True))
    secretariat = {each.email for each in rules.secretariat_of(session.fund)}
    last = OutgoingEmail.objects.filter(template="selection/emails/minutes_signed.txt")
    assert first == [("selection/emails/minutes_to_sign.txt", chair_of(session).email)]
    assert set(last.values_list("to", flat=True)) == members | secretariat


def test_a_wrong_code_is_counted_and_changes_nothing_else(session, minutes):
    code_for(minutes, session.prepared_by)

    told = [actions.sign(minutes, version=1, code="000000", by=session.prepared_by) for _ in range(5)]
    right = actions.sign(minutes, version=1, code="123456", by=session.prepared_by)

    assert told[0] == "Ce n’est pas le code qui vous a été envoyé en dernier. Il reste 4 essais."
    assert told[4] == right == actions.confirmation.GONE
    assert not MinutesSignature.objects.exists()
    assert Entry.objects.filter(event="minutes.code_refused").count() == 6


def test_a_text_changed_since_it_was_read_is_not_signed(session, minutes):
    code = code_for(minutes, session.prepared_by)
    actions.correct_text(minutes, text="Autre.", version=1, by=session.prepared_by)

    with pytest.raises(Refused) as refusal:
        actions.sign(minutes, version=1, code=code, by=session.prepared_by)

    assert refusal.value.reason == actions.CHANGED


def test_one_person_does_not_sign_twice(session, minutes):
    chair = chair_of(session)
    session.fund.roles.create(user=chair, role="officer")
    signed(minutes, chair)

    with pytest.raises(Refused) as refusal:
        signed(minutes, chair)

    assert refusal.value.reason == "Vous avez déjà signé ce relevé."


def test_the_deputy_signs_for_a_chair_who_had_left_or_is_recused_from_one_point(session):
    deputy = present_member(session)
    session.committee.seats.filter(pk=deputy.pk).update(is_deputy_chair=True)
    recused_from(session, chair_of(session))

    minutes = signed(minutes_of(session), deputy.user)

    with pytest.raises(PermissionDenied):
        signed(minutes, chair_of(session))
    assert minutes.signatures.get().role == "chair"


def test_a_member_who_led_nothing_does_not_sign(session, minutes):
    with pytest.raises(PermissionDenied):
        signed(minutes, session.committee.seats.get(is_chair=False).user)


def test_who_signed_first_takes_it_back_with_a_reason_until_the_second(session, minutes):
    signed(minutes, session.prepared_by)
    with pytest.raises(Refused):
        actions.correct_text(minutes, text="Corrigé.", version=1, by=session.prepared_by)

    actions.withdraw_signature(minutes, reason="Un montant est faux.", by=session.prepared_by)
    actions.correct_text(minutes, text="Corrigé.", version=1, by=session.prepared_by)

    minutes.refresh_from_db()
    told = Entry.objects.get(event="minutes.signature_withdrawn").details.content
    assert (minutes.text, minutes.sha256, told["reason"]) == ("Corrigé.\n", "", "Un montant est faux.")


def test_two_signatures_are_not_taken_back(session):
    minutes = signed_by_both(session)

    with pytest.raises(Refused) as refusal:
        actions.withdraw_signature(minutes, reason="Trop tard.", by=chair_of(session))

    assert refusal.value.reason == "Le relevé porte ses deux signatures : elles ne se retirent plus."


# What the database refuses by itself


CHANGES = [
    lambda session: Minutes.objects.update(text="Autre."),
    lambda session: Minutes.objects.all().delete(),
    lambda session: MinutesSignature.objects.update(sha256="0" * 64),
    lambda session: MinutesSignature.objects.filter(role="chair").delete(),
    lambda session: MinutesVersion.objects.update(text="Autre."),
    lambda session: CommitteeSession.objects.update(state="closed"),
    lambda session: session.items.update(position=9),
    lambda session: session.attendances.update(left_at=timezone.now()),
    lambda session: session.statements.create(seat=session.committee.seats.first(), text="Trop tard."),
]


def test_nothing_of_a_signed_session_changes(session):
    signed_by_both(session)

    for change in CHANGES:
        with refused_by_the_database():
            change(session)


def test_a_signature_says_the_hash_of_its_minutes(session, minutes):
    with refused_by_the_database():
        minutes.signatures.create(role="chair", user=chair_of(session), sha256="0" * 64)
