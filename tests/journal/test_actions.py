"""Writing in the journal, the chain of its entries, and the outbox."""

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from celery import Celery
from django.core import mail
from django.db import connection, transaction

from fondsportal.celery import app as portal_celery
from journal import actions, tasks
from journal.models import Entry, EntryDetails, OutgoingEmail, Seal
from tests.database import in_parallel
from tests.factories import OrganisationFactory, UserFactory


def visa_request(**context):
    """A message as some `emails.py` builds it."""
    return OutgoingEmail(
        to="valideur@interieur.example",
        template="applications/emails/visa_requested.txt",
        context={
            "title": "Projet",
            "call": "Appel",
            "deadline": "demain",
            "address": "/dossiers/1/",
            "by": "Un agent",
        }
        | context,
    )


def waiting_email(subject="Objet", **fields):
    return OutgoingEmail.objects.create(
        to="porteur@interieur.example", template="-", subject=subject, body="Texte", **fields
    )


# Writing


def test_an_entry_says_what_happened_to_what_and_by_whom(db):
    organisation, agent = OrganisationFactory(), UserFactory()

    entry = actions.record("organisation.seen", organisation, by=agent, reason="essai")

    assert (entry.event, entry.actor_id, entry.subject_type, entry.subject_id) == (
        "organisation.seen",
        agent.pk,
        "accounts.organisation",
        str(organisation.pk),
    )
    assert entry.details.content == {"reason": "essai"}


def test_an_entry_keeps_dates_and_amounts_as_json(db):
    at = datetime(2018, 3, 15, 23, tzinfo=UTC)

    entry = actions.record("essai", OrganisationFactory(), at=at, amount=Decimal("1200.50"))

    assert EntryDetails.objects.get(entry=entry).content == {
        "at": "2018-03-15T23:00:00Z",
        "amount": "1200.50",
    }


def test_the_hash_of_the_details_is_that_of_their_salted_canonical_json():
    expected = hashlib.sha256('sel{"a":[1,2],"été":"où"}'.encode()).hexdigest()

    assert actions.details_hash("sel", {"été": "où", "a": [1, 2]}) == expected


def test_the_same_details_never_have_the_same_hash_twice(db):
    organisation = OrganisationFactory()

    entries = [actions.record("essai", organisation, vote="pour") for _ in range(2)]

    assert entries[0].details_sha256 != entries[1].details_sha256


# The chain


def recomputed_chain():
    """The hash of each link, computed from the rows alone, without the portal's code."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT entry.id, entry.at, event, actor_id, subject_type, subject_id, details_sha256
            FROM journal_entry entry JOIN journal_seal seal ON seal.entry_id = entry.id ORDER BY seal.id
        """)
        rows = cursor.fetchall()
    previous, chain = "0" * 64, []
    for pk, at, *others in rows:
        said = [previous, pk, at.astimezone(UTC).isoformat(timespec="microseconds"), *others]
        previous = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
        chain.append(previous)
    return chain


def test_sealing_chains_every_entry_to_the_one_before(db):
    organisation = OrganisationFactory()
    for number in range(3):
        actions.record("essai", organisation, number=number)

    assert actions.seal() == 3
    assert list(Seal.objects.values_list("sha256", flat=True)) == recomputed_chain()


def test_sealing_again_adds_nothing(db):
    actions.record("essai", OrganisationFactory())
    actions.seal()

    assert actions.seal() == 0
    assert Seal.objects.count() == 1


def test_the_chain_goes_on_where_it_stood(db):
    organisation = OrganisationFactory()
    for _ in range(2):
        actions.record("essai", organisation)
        actions.seal()

    first, second = Seal.objects.all()

    assert second.previous_sha256 == first.sha256


@pytest.mark.django_db(transaction=True)
def test_sealers_that_run_together_make_one_chain():
    organisation = OrganisationFactory()
    for _ in range(30):
        actions.record("essai", organisation)

    sealed = in_parallel(*[actions.seal] * 4)

    assert sorted(sealed) == [0, 0, 0, 30]
    assert list(Seal.objects.values_list("sha256", flat=True)) == recomputed_chain()


# The outbox


def test_a_message_is_written_when_it_is_posted(db):
    actions.post(visa_request(title="Guichet numérique"))

    [email] = OutgoingEmail.objects.all()
    assert email.subject == "Un dossier attend votre visa : Guichet numérique"
    assert email.body.startswith("Bonjour,\n\nUn agent vous demande le visa du dossier « Guichet numérique »")
    assert email.state == OutgoingEmail.State.WAITING


def test_a_message_leaves_with_its_headers(db):
    email = visa_request()
    email.headers = {"List-Unsubscribe": "<https://portail.example/non/>"}
    actions.post(email)

    tasks.send_waiting()

    [sent] = mail.outbox
    assert sent.message()["List-Unsubscribe"] == "<https://portail.example/non/>"


def test_several_messages_are_written_at_once(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        actions.post(visa_request(), visa_request())

    assert OutgoingEmail.objects.count() == 2


def test_what_is_forgotten_is_of_one_address_and_one_template(db):
    kept = [waiting_email(), waiting_email()]
    OutgoingEmail.objects.filter(pk=kept[0].pk).update(template="autre.txt")
    OutgoingEmail.objects.filter(pk=kept[1].pk).update(to="autre@interieur.example")
    waiting_email()

    actions.forget("porteur@interieur.example", templates=["-"])

    assert set(OutgoingEmail.objects.all()) == set(kept)


def test_messages_of_late_may_be_kept_when_older_ones_are_forgotten(db):
    waiting_email()
    before = OutgoingEmail.objects.get().created_at
    recent = waiting_email()

    actions.forget("porteur@interieur.example", templates=["-"], before=recent.created_at)

    assert (list(OutgoingEmail.objects.all()), before < recent.created_at) == ([recent], True)


@pytest.mark.parametrize(
    "title", ["Projet\rCc: autre@exemple.fr", "Projet\nBcc: autre@exemple.fr", "A\u2028B"]
)
def test_a_line_break_in_a_title_neither_adds_a_header_nor_blocks_the_outbox(db, title):
    actions.post(visa_request(title=title))
    waiting_email(subject="Le suivant")

    tasks.send_waiting()

    assert [sorted(message.message().keys()) for message in mail.outbox] == [
        [
            "Content-Transfer-Encoding",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To",
        ]
    ] * 2


def test_a_sent_message_reaches_its_reader_as_it_was_written(db):
    email = waiting_email()

    actions.send_next()

    email.refresh_from_db()
    [sent] = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["porteur@interieur.example"], "Objet", "Texte")
    assert (email.state, email.attempts) == (OutgoingEmail.State.SENT, 1)


def test_an_empty_outbox_says_so(db):
    assert actions.send_next() is False


@pytest.fixture
def no_mail_server(settings):
    """The real SMTP client, towards a port where nobody listens."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def test_a_message_waits_while_the_mail_server_is_away(db, no_mail_server):
    email = waiting_email()

    tasks.send_waiting()

    email.refresh_from_db()
    assert (email.state, email.attempts, email.sent_at) == (OutgoingEmail.State.WAITING, 1, None)
    assert email.last_error == "[Errno 111] Connection refused"


def test_a_message_fails_after_its_last_attempt(db, no_mail_server):
    email = waiting_email()

    for _ in range(actions.MAX_ATTEMPTS):
        tasks.send_waiting()

    email.refresh_from_db()
    assert (email.state, email.attempts) == (OutgoingEmail.State.FAILED, actions.MAX_ATTEMPTS)


def test_a_message_that_cannot_be_composed_does_not_block_the_others(db):
    broken = waiting_email(subject="Deux\rlignes")
    waiting_email(subject="Le suivant")

    for _ in range(2):
        tasks.send_waiting()

    broken.refresh_from_db()
    assert [sent.subject for sent in mail.outbox] == ["Le suivant"]
    assert (broken.state, broken.attempts) == (OutgoingEmail.State.WAITING, 2)


def test_a_failed_message_is_not_sent_again(db):
    waiting_email(state=OutgoingEmail.State.FAILED, attempts=actions.MAX_ATTEMPTS)

    tasks.send_waiting()

    assert mail.outbox == []


def test_a_message_that_failed_lets_the_others_pass(db):
    waiting_email(subject="a échoué", attempts=3)
    waiting_email(subject="est neuf")

    tasks.send_waiting()

    assert [sent.subject for sent in mail.outbox] == ["est neuf", "a échoué"]


@pytest.mark.django_db(transaction=True)
def test_senders_that_run_together_send_each_message_once():
    for number in range(20):
        waiting_email(subject=f"Message {number}")

    in_parallel(*[tasks.send_waiting] * 4)

    assert sorted(sent.subject for sent in mail.outbox) == sorted(f"Message {number}" for number in range(20))
    assert set(OutgoingEmail.objects.values_list("state", "attempts")) == {("sent", 1)}


# The bell


@pytest.fixture
def ringing(settings):
    """Make a Celery application current, with its broker, for the time of a test."""

    def use(broker, queue="celery"):
        other = Celery("apart", broker=broker)
        other.config_from_object("django.conf:settings", namespace="CELERY")
        other.conf.update(broker_url=broker, task_default_queue=queue)
        other.set_current()
        return other

    yield use
    portal_celery.set_current()


def test_posting_rings_for_the_worker_once_committed(
    db, ringing, settings, django_capture_on_commit_callbacks
):
    celery = ringing(settings.CELERY_BROKER_URL, queue=f"essai-{uuid4()}")

    with django_capture_on_commit_callbacks(execute=True):
        actions.post(visa_request())

    with celery.connection_for_read() as connected:
        queue = connected.SimpleQueue(celery.conf.task_default_queue)
        assert queue.get(timeout=2).headers["task"] == "journal.tasks.send_waiting"
        queue.clear()


def test_a_broker_that_is_away_fails_nothing(
    db, ringing, tmp_path, caplog, django_capture_on_commit_callbacks
):
    ringing(f"redis+socket://{tmp_path}/nobody.sock")

    with django_capture_on_commit_callbacks(execute=True):
        actions.post(visa_request())

    assert OutgoingEmail.objects.get().state == OutgoingEmail.State.WAITING
    assert [record.getMessage() for record in caplog.records if record.name == "journal.actions"] == [
        "the broker is away; journal.tasks.send_waiting waits for the next round"
    ]


def test_what_is_undone_leaves_neither_entry_nor_message(db):
    def fail_at_the_end():
        actions.record("essai", OrganisationFactory())
        actions.post(visa_request())
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        fail_at_the_end()

    assert (Entry.objects.count(), OutgoingEmail.objects.count()) == (0, 0)
