"""Letters of decision: what they say, what blocks them, sent once each, opened by their carrier."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from applications.exchanges import people_of
from applications.models import Message, Recusal
from documents.models import ProducedDocument
from journal import actions as journal
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection import letters
from selection.actions import letters as actions
from selection.models import Decision, DecisionReason, Laureate, Letter
from selection.produced import decision_letter
from tests.database import in_parallel, past_the_guards, refused_by_the_database, write
from tests.documents.conforming import failures
from tests.factories import announcement_of, head_of, officer_of
from tests.selection.letter_factories import over, sent

pytestmark = pytest.mark.django_db
EMAIL = "selection/emails/decision_notified.txt"


def drafts_of(session):
    return letters.drafts(session.items.all())


def prepared(session):
    actions.prepare(session, by=session.prepared_by)
    return session


def corrected(item):
    """A second decision, which the item now stands on."""
    first = item.decision
    decision = Decision.objects.create(
        item=item,
        revision=2,
        envelope=first.envelope,
        outcome="reserve",
        rank=1,
        correction="Erreur de saisie.",
        decided_by=first.decided_by,
        decided_at=timezone.now(),
    )
    item.decision = decision
    item.save()
    return decision


# What a letter says


def test_a_laureate_reads_the_amount_the_conditions_and_the_embargo():
    [draft] = drafts_of(over("selected"))

    assert dict(draft.content["facts"])["Subvention accordée"] == "500\u202f000\u00a0€"
    assert [title for title, _ in draft.content["sections"]] == ["Conditions", "Jalons attendus"]
    assert "dont la date vous sera indiquée" in draft.content["embargo"]


@pytest.mark.parametrize(("hours", "said"), [(24, "prévue le"), (-1, "")])
def test_the_embargo_of_a_letter_ends_with_the_announcement(hours, said):
    session = over("selected")
    item = session.items.get()
    at = timezone.now() + timedelta(hours=hours)
    announcement_of(item.case.application.call, publish_at=at)
    Laureate.objects.update(case=item.case)

    [draft] = drafts_of(session)

    assert (said in draft.content["embargo"], bool(draft.content["embargo"])) == (True, bool(said))


def test_a_rejected_carrier_reads_a_reason_on_each_criterion_and_how_to_contest():
    [draft] = drafts_of(over("rejected"))

    call = draft.item.case.application.call
    assert draft.content["reasons"] == [
        [each.label, f"Motif sur {each.label}."] for each in call.criteria.all()
    ]
    assert ("R. 421-1" in draft.content["appeal"], draft.content["embargo"]) == (True, "")


@pytest.mark.parametrize(
    ("outcome", "unsaid", "blocked"),
    [
        ("selected", {"amount": None}, "le montant de la subvention"),
        ("deferred", {"asked": " "}, "ce qui est demandé au porteur"),
        ("reserve", {"rank": None}, "le rang sur la liste complémentaire"),
    ],
)
def test_what_the_decision_leaves_unsaid_blocks_its_letter(outcome, unsaid, blocked):
    [draft] = drafts_of(over(outcome, **unsaid))

    assert draft.blocked == f"Il manque à la décision : {blocked}."


def test_a_missing_reason_blocks_its_letter_and_no_other():
    session = over("rejected", "rejected")
    mute = session.items.first()
    with past_the_guards():
        DecisionReason.objects.filter(decision__item=mute).first().delete()

    first, _ = drafts_of(session)
    sent(session)

    criterion = mute.case.application.call.criteria.first()
    assert first.blocked == f"Il manque à la décision : le motif sur « {criterion.label} »."
    assert [each.decision.item_id for each in Letter.objects.sent()] == [session.items.last().pk]


def test_the_letters_of_a_session_are_read_in_as_many_queries_as_one(django_assert_num_queries):
    one, three = over("rejected"), over("selected", "reserve", "rejected")

    for session in (one, three):
        with django_assert_num_queries(7):
            drafts_of(session)


# Who, and when


def test_an_officer_prepares_and_only_a_head_sends():
    session = prepared(over("selected"))

    with pytest.raises(PermissionDenied):
        actions.ask_sending(session, by=officer_of(session.fund))
    with pytest.raises(PermissionDenied):
        actions.prepare(session, by=session.items.get().case.application.created_by)
    assert actions.ask_sending(session, by=head_of(session.fund)) == 1


def test_the_letter_of_a_dossier_is_not_for_who_is_recused_from_it():
    session = over("selected", "rejected")
    head = head_of(session.fund)
    kept = session.items.first().case.application
    prepared(session)
    Recusal.objects.create(application=kept, user=head, reason="Ancien employeur")

    assert actions.ask_sending(session, by=head) == 1
    actions.send_next()

    assert [each.decision.outcome for each in Letter.objects.sent()] == ["rejected"]


def test_a_session_that_is_not_over_has_no_letter():
    session = over("selected")
    session.state = "open"
    session.save()

    with pytest.raises(Refused):
        prepared(session)


# Sending


def test_a_letter_reaches_the_carrier_in_its_space_by_email_and_as_a_document():
    session = sent(over("selected"))

    letter = Letter.objects.get()
    message = Message.objects.get()
    told = set(OutgoingEmail.objects.filter(template=EMAIL).values_list("to", flat=True))
    assert (message.from_secretariat, "retenu" in message.text) == (True, False)
    assert told == {person.email for person in people_of(session.items.get().case.application)}
    assert ProducedDocument.objects.latest(actions.PDF, str(letter.pk)).revision == 1
    assert Entry.objects.filter(event="case.letter_sent").count() == 1


def test_nothing_is_sent_twice():
    session = sent(over("selected"))

    with pytest.raises(Refused):
        actions.ask_sending(session, by=head_of(session.fund))
    assert (prepared(session), actions.send_next(), Message.objects.count()) == (session, False, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_letter_once():
    session = prepared(over("selected", "reserve", "rejected"))
    actions.ask_sending(session, by=head_of(session.fund))

    def work():
        while actions.send_next():
            pass

    in_parallel(work, work)
    while actions.send_next():
        pass

    assert Letter.objects.sent().count() == 3
    assert Message.objects.count() == 3
    assert (
        OutgoingEmail.objects.filter(template=EMAIL).count() == 6
    )  # who wrote each dossier, and who filed it
    assert ProducedDocument.objects.filter(kind=actions.PDF).count() == 3


def test_a_letter_that_no_longer_says_what_is_decided_does_not_leave():
    session = prepared(over("selected"))
    actions.ask_sending(session, by=head_of(session.fund))
    corrected(session.items.get())

    actions.send_next()

    letter = Letter.objects.get()
    assert (letter.sent_at, Message.objects.count()) == (None, 0)
    assert letter.failure == "La décision a été corrigée entre-temps : préparez la lettre de nouveau."


def test_what_failed_is_told_then_tried_again():
    session = prepared(over("selected"))
    call = session.items.get().case.application.call
    actions.ask_sending(session, by=head_of(session.fund))
    call.contact_email = "fonds@ditp.example"
    call.save()
    actions.send_next()

    [draft] = drafts_of(session)
    prepared(session)
    actions.ask_sending(session, by=head_of(session.fund))
    actions.send_next()

    assert draft.status == "changed"
    assert Letter.objects.get().content["contact"] == "fonds@ditp.example"
    assert Letter.objects.sent().count() == 1


def test_a_worker_killed_in_the_middle_leaves_the_rest_to_the_next(monkeypatch):
    session = prepared(over("selected", "rejected"))
    actions.ask_sending(session, by=head_of(session.fund))
    with monkeypatch.context() as killed:
        killed.setattr(journal, "post", kill)
        with pytest.raises(KeyboardInterrupt):
            actions.send_next()

    before = (Letter.objects.sent().count(), Message.objects.count())
    while actions.send_next():
        pass

    assert (before, Letter.objects.sent().count(), Message.objects.count()) == ((0, 0), 2, 2)


def kill(*emails):
    raise KeyboardInterrupt


def test_the_letter_of_a_corrected_decision_says_that_it_replaces_the_first():
    session = sent(over("selected"))
    corrected(session.items.get())

    sent(session)

    first, second = Letter.objects.order_by("pk")
    assert second.content["replaces"].startswith("Cette lettre annule et remplace celle du")
    assert letters.replacing(first) == second


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE selection_letter SET content = '{}'",
        "UPDATE selection_letter SET sent_at = NULL",
        "DELETE FROM selection_letter",
    ],
)
def test_the_database_keeps_a_letter_as_it_was_sent(sql):
    sent(over("selected"))

    with refused_by_the_database():
        write(sql)


# The carrier


def carrier_page(item, name="carrier_decision"):
    return reverse(f"selection:{name}", args=[item.case.application.key, Letter.objects.get().pk])


def test_a_letter_is_read_once_opened_which_is_noted_the_first_time(client):
    session = sent(over("rejected"))
    item = session.items.select_related("case__application__created_by").get()
    client.force_login(item.case.application.created_by)
    page = carrier_page(item)

    closed = client.get(page).content.decode()
    early = client.get(carrier_page(item, "carrier_decision_pdf")).status_code
    client.post(page)
    opened_at = Letter.objects.get().opened_at
    client.post(page)
    read = client.get(page).content.decode()

    assert ("Motif sur" in closed, early, "Motif sur" in read) == (False, 409, True)
    assert (Letter.objects.get().opened_at, Letter.objects.get().opened_by) == (
        opened_at,
        item.case.application.created_by,
    )


def test_its_follow_page_tells_the_outcome_once_the_letter_is_opened(client):
    session = sent(over("rejected"))
    item = session.items.select_related("case__application__created_by").get()
    client.force_login(item.case.application.created_by)
    page = reverse("selection:follow", args=[item.case.application.key])

    before = client.get(page).content.decode()
    client.post(carrier_page(item))
    after = client.get(page).content.decode()

    assert (carrier_page(item) in before, "non retenu" in before, "non retenu" in after) == (
        True,
        False,
        True,
    )
    assert ["Une lettre de décision vous attend" in page for page in (before, after)] == [True, False]


# The document


@pytest.mark.parametrize("outcome", ["selected", "rejected"])
def test_the_document_conforms_and_says_what_the_page_says(tmp_path, outcome):
    sent(over(outcome))
    letter, path = Letter.objects.get(), tmp_path / "lettre.pdf"

    decision_letter(str(letter.pk), path)

    text = " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
    said = {"selected": ["Un pilote d’abord.", "embargo"], "rejected": ["Motif sur", "R. 421-1"]}[outcome]
    assert (failures(path.read_bytes(), "3a"), failures(path.read_bytes(), "ua1")) == (set(), set())
    assert [each for each in [letter.content["reference"], *said] if each not in text] == []


# The secretariat's pages


def test_the_page_of_letters_tells_what_is_blocked_and_sends_the_rest(client):
    session = over("rejected", "selected")
    with past_the_guards():
        DecisionReason.objects.all().delete()
    client.force_login(head_of(session.fund))
    page = reverse("selection:letters", args=[session.pk])

    client.post(reverse("selection:prepare_letters", args=[session.pk]))
    asked = client.get(reverse("selection:send_letters", args=[session.pk])).context
    client.post(reverse("selection:send_letters", args=[session.pk]))
    read = client.get(page).context

    assert (len(asked["ready"]), len(asked["left"])) == (1, 1)
    assert (read["counts"]["incomplete"], read["counts"]["sending"]) == (1, 1)


def test_a_sent_letter_says_when_it_was_opened(client):
    session = sent(over("selected"))
    item = session.items.get()
    actions.open_letter(Letter.objects.get(), by=item.case.application.created_by)
    client.force_login(officer_of(session.fund))

    read = client.get(
        reverse("selection:decision_letter", args=[session.pk, item.case.application.reference])
    )

    assert f"par {item.case.application.created_by.name}" in read.content.decode()
    assert read.context["draft"].status == "opened"
