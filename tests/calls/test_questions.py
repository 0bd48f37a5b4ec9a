"""A question: who may ask until when, who answers, what becomes public, and what never does."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from calls.actions import questions as actions
from calls.models import Call, PublicQuestion
from journal.models import Entry, EntryDetails, OutgoingEmail
from journal.refusals import Refused
from tests import factories
from tests.clock import from_now, python_clock_off_by
from tests.database import in_parallel

ASKER = "curieux@exemple.example"
State = PublicQuestion.State


@pytest.fixture
def call(db):
    return factories.CallFactory(published=True)


def asked(call, **fields):
    form = {"text": "Qui peut candidater ?", "body": "", "email": ASKER, "website": "", **fields}
    return form, reverse("calls:ask", args=[call.slug])


def officer_signed_in(client, call):
    officer = factories.officer_of(call.fund)
    client.force_login(officer)
    return officer


# Asking


def test_a_question_waits_for_the_secretariat(call, client):
    form, address = asked(call)

    response = client.post(address, form)

    question = PublicQuestion.objects.get()
    assert (response.status_code, response.url) == (302, reverse("calls:questions", args=[call.slug]))
    assert (question.state, question.email, question.text) == (State.RECEIVED, ASKER, form["text"])


def test_the_same_question_sent_twice_is_one_question(call, client):
    form, address = asked(call)

    answers = [client.post(address, {**form, "email": email}) for email in (ASKER, ASKER.upper())]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert PublicQuestion.objects.count() == 1


def test_the_same_sentence_with_other_details_is_another_question(call, client):
    form, address = asked(call)

    for body in ("Pour un opérateur ?", "Pour un ministère ?", "Pour un ministère ?"):
        client.post(address, {**form, "body": body})

    assert list(PublicQuestion.objects.order_by("id").values_list("body", flat=True)) == [
        "Pour un opérateur ?",
        "Pour un ministère ?",
    ]


def test_a_question_that_was_set_aside_may_be_asked_again(call):
    first = factories.question_on(call)
    actions.set_aside(first, reason="Incomplète.", version=0, by=factories.officer_of(call.fund))

    again = factories.question_on(call)

    assert (again.pk != first.pk, again.state) == (True, State.RECEIVED)


@pytest.mark.django_db(transaction=True)
def test_the_same_question_sent_ten_times_at_once_is_one_question():
    call = factories.CallFactory(published=True)

    kept = in_parallel(*[lambda: factories.question_on(call).pk for _ in range(10)])

    assert kept == [PublicQuestion.objects.get().pk] * 10


def test_a_machine_that_fills_every_field_is_thanked_and_forgotten(call, client):
    form, address = asked(call, website="https://exemple.example")

    response = client.post(address, form)

    assert (response.status_code, PublicQuestion.objects.count()) == (302, 0)


def test_a_question_lasts_until_the_deadline_when_no_date_is_set(call, client):
    call.rounds.update(closes_at=from_now(minutes=-1))
    form, address = asked(call)

    response = client.post(address, form)

    assert (response.status_code, PublicQuestion.objects.count()) == (409, 0)


def test_the_instant_when_questions_close_is_too_late_by_the_databases_clock(call):
    Call.objects.update(questions_until=from_now(seconds=-1))

    with python_clock_off_by(days=-1), pytest.raises(Refused):
        factories.question_on(call)

    assert not PublicQuestion.objects.exists()


def test_a_closed_call_says_since_when_and_shows_its_answers(call, client):
    factories.published_question(call)
    Call.objects.update(questions_until="2018-03-15T12:00:00+01:00")

    page = client.get(reverse("calls:questions", args=[call.slug])).content.decode()

    assert "étaient reçues jusqu’au 15 mars 2018 à 12:00" in page
    assert "Oui, toujours." in page
    assert reverse("calls:ask", args=[call.slug]) not in page


def test_an_imported_call_takes_no_question(call):
    Call.objects.update(imported=True)

    with pytest.raises(Refused):
        factories.question_on(call)


def test_one_address_does_not_flood_a_call(call):
    for number in range(actions.MOST_PER_HOUR_AND_ADDRESS):
        factories.question_on(call, text=f"Question {number} ?")

    with pytest.raises(Refused):
        factories.question_on(call, text="Une de trop ?")

    assert factories.question_on(call, text="Et moi ?", email="autre@exemple.example").pk


def test_what_was_asked_an_hour_ago_no_longer_counts(call):
    for number in range(actions.MOST_PER_HOUR_AND_ADDRESS):
        factories.question_on(call, text=f"Question {number} ?")
    PublicQuestion.objects.update(asked_at=from_now(hours=-1, seconds=-1))

    assert factories.question_on(call, text="Une de plus ?").pk


def test_the_first_step_shows_answers_that_share_a_word_nearest_first(call, client):
    factories.published_question(call, text="Quel cofinancement faut-il ?", answer="La moitié.")
    factories.published_question(call, text="Les cofinancements européens comptent-ils ?", answer="Oui.")
    factories.published_question(call, text="Quand se réunit le comité ?", answer="En mai.")

    response = client.get(
        reverse("calls:ask", args=[call.slug]), {"text": "Un cofinancement européen est-il exigé ?"}
    )

    assert [question.number for question in response.context["near"]] == [2, 1]
    assert response.context["form"].initial == {"text": "Un cofinancement européen est-il exigé ?"}


def test_what_an_address_carries_besides_a_question_asks_nothing(call, client):
    response = client.get(reverse("calls:ask", args=[call.slug]), {"utm_source": "lettre"})

    assert response.context["draft"].errors == {}


def test_saving_an_answer_unchanged_writes_to_nobody_and_says_so(call, client):
    question = factories.published_question(call)
    officer_signed_in(client, call)
    OutgoingEmail.objects.all().delete()

    response = client.post(
        reverse("calls:question", args=[question.pk]),
        {"version": 1, "published_text": question.published_text, "answer": question.answer},
        follow=True,
    )

    assert [str(each) for each in response.context["messages"]] == [
        "Rien n’a changé : aucun message n’est envoyé."
    ]
    assert OutgoingEmail.objects.count() == 0


@pytest.mark.parametrize("text", ["or or or", '"', "-", "é" * 300, "le la les", "a & b | !c", "'); --"])
def test_any_text_can_be_compared(call, client, text):
    response = client.get(reverse("calls:ask", args=[call.slug]), {"text": text})

    assert response.status_code == 200


@pytest.mark.parametrize("text", ["\0", "x" * 301])
def test_a_text_that_cannot_be_a_question_is_refused_beside_its_field(call, client, text):
    response = client.get(reverse("calls:ask", args=[call.slug]), {"text": text})

    assert list(response.context["draft"].errors) == ["text"]


# Answering


def test_publishing_keeps_what_was_asked_and_tells_the_asker(call):
    question = factories.question_on(call, text="Moi, maire de X, puis-je ?")

    actions.publish_question(
        question,
        published_text="Un maire peut-il ?",
        answer="Oui.",
        version=0,
        by=factories.officer_of(call.fund),
    )

    question.refresh_from_db()
    [email] = OutgoingEmail.objects.all()
    assert (question.text, question.published_text, question.number) == (
        "Moi, maire de X, puis-je ?",
        "Un maire peut-il ?",
        1,
    )
    assert (email.to, email.context["answer"]) == (ASKER, "Oui.")
    assert email.context["address"].endswith(f"/appels/{call.slug}/questions/#question-1")


def test_a_private_answer_is_sent_and_shown_nowhere(call, client):
    question = factories.question_on(call)

    actions.answer_privately(question, answer="Secret.", version=0, by=factories.officer_of(call.fund))

    [email] = OutgoingEmail.objects.all()
    page = client.get(reverse("calls:questions", args=[call.slug]), {"q": "secret"})
    assert (email.to, "Secret." in email.body, list(page.context["questions"])) == (ASKER, True, [])


def test_setting_aside_tells_the_asker_why(call):
    question = factories.question_on(call)

    actions.set_aside(question, reason="Hors sujet.", version=0, by=factories.officer_of(call.fund))

    [email] = OutgoingEmail.objects.all()
    assert (email.to, email.context["reason"]) == (ASKER, "Hors sujet.")


def test_two_officers_on_one_question_the_second_is_refused(call, client):
    question = factories.question_on(call)
    officer_signed_in(client, call)
    address = reverse("calls:question", args=[question.pk])
    form = {"version": 0, "published_text": "Oui ?", "answer": "Oui."}
    client.post(address, form)

    response = client.post(address, {**form, "answer": "Non."})

    question.refresh_from_db()
    assert (response.status_code, question.answer) == (409, "Oui.")


def test_a_correction_shows_its_date_and_tells_the_asker(call, client):
    question = factories.published_question(call)
    officer_signed_in(client, call)
    form = {"version": question.version, "published_text": question.published_text, "answer": "Non."}

    client.post(reverse("calls:question", args=[question.pk]), form)

    page = client.get(reverse("calls:questions", args=[call.slug])).content.decode()
    assert ("modifiée le" in page, "Non." in page, "Oui, toujours." in page) == (True, True, False)
    assert OutgoingEmail.objects.first().template == "calls/emails/question_corrected.txt"


def test_answering_without_publishing_asks_for_no_published_text(call, client):
    question = factories.question_on(call)
    officer_signed_in(client, call)

    response = client.post(
        reverse("calls:question", args=[question.pk]),
        {"version": 0, "published_text": "", "answer": "Oui.", "private": "1"},
    )

    question.refresh_from_db()
    assert (response.status_code, question.state, question.published_text) == (
        302,
        State.ANSWERED_PRIVATELY,
        "",
    )


def test_the_journal_holds_no_address(call):
    factories.published_question(call)

    events = list(Entry.objects.order_by("id").values_list("event", flat=True))
    told = " ".join(str(details.content) for details in EntryDetails.objects.all())
    assert (events, ASKER in told) == (["question.received", "question.published"], False)


# What shows where


def test_an_unpublished_question_shows_nowhere(call, client):
    question = factories.question_on(call, text="Le marqueur introuvable est-il là ?")
    actions.answer_privately(
        question, answer="Le marqueur introuvable.", version=0, by=factories.officer_of(call.fund)
    )
    addresses = [
        call.get_absolute_url(),
        reverse("calls:questions", args=[call.slug]),
        reverse("calls:questions", args=[call.slug]) + "?q=marqueur",
        reverse("calls:ask", args=[call.slug]) + "?text=introuvable",
    ]

    pages = [client.get(address).content.decode() for address in addresses]

    assert ["Le marqueur introuvable" in page for page in pages] == [False] * 4
    assert PublicQuestion.objects.public().count() == 0


def test_the_askers_address_is_on_no_public_page(call, client):
    factories.published_question(call)

    for address in (call.get_absolute_url(), reverse("calls:questions", args=[call.slug])):
        assert ASKER not in client.get(address).content.decode()


def test_the_call_page_shows_its_last_answers(call, client):
    for number in range(4):
        factories.published_question(call, text=f"Question {number} ?")

    response = client.get(call.get_absolute_url())

    assert [question.number for question in response.context["questions"]] == [4, 3, 2]


def test_a_draft_calls_answers_are_not_public(call):
    factories.published_question(call)
    Call.objects.update(state=Call.State.DRAFT, published_at=None)

    assert PublicQuestion.objects.public().count() == 0


def test_a_rehearsals_answers_are_not_public(call):
    factories.published_question(call)
    type(call.fund).objects.update(rehearsal=True)

    assert PublicQuestion.objects.public().count() == 0


def test_accents_and_plurals_do_not_matter_in_a_search(call, client):
    factories.published_question(call, text="Les dépenses récurrentes comptent-elles ?")

    page = client.get(reverse("calls:questions", args=[call.slug]), {"q": "depense recurrente"})

    assert [question.number for question in page.context["questions"]] == [1]


def test_a_search_that_cannot_be_read_is_ignored_with_a_notice(call, client):
    factories.published_question(call)

    page = client.get(reverse("calls:questions", args=[call.slug]), {"q": "\0"})

    assert (page.context["ignored"], len(page.context["questions"])) == (True, 1)


# The secretariat's list


def test_the_list_is_the_funds_own_oldest_first(call, client):
    factories.question_on(factories.CallFactory(published=True))
    recent, old = (factories.question_on(call, text=f"{text} ?") for text in ("Récente", "Ancienne"))
    PublicQuestion.objects.filter(pk=old.pk).update(asked_at=from_now(days=-2))
    officer_signed_in(client, call)

    response = client.get(reverse("calls:question_list"))

    assert list(response.context["page"]) == [old, recent]


def test_the_list_is_filtered_by_state(call, client):
    factories.published_question(call, text="Publiée ?")
    waiting = factories.question_on(call, text="En attente ?")
    officer_signed_in(client, call)

    response = client.get(reverse("calls:question_list"), {"etat": "received", "appel": call.slug})

    assert list(response.context["page"]) == [waiting]


@pytest.mark.parametrize("value", ["inconnu", "\0", "9" * 5000, "١٢"])
def test_a_bad_filter_is_ignored_with_a_notice(call, client, value):
    question = factories.question_on(call)
    officer_signed_in(client, call)

    response = client.get(reverse("calls:question_list"), {"etat": value, "appel": value})

    assert list(response.context["page"]) == [question]
    assert [label for label, _ in response.context["filters"].ignored] == ["Appel", "État"]


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "9" * 5000, "\0"])
def test_a_page_that_does_not_exist_is_a_404(call, client, number):
    factories.question_on(call)
    officer_signed_in(client, call)

    assert client.get(reverse("calls:question_list"), {"page": number}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_public_page_takes_the_same_queries_whatever_its_rows(
    call, client, rows, django_assert_num_queries
):
    for number in range(rows):
        factories.published_question(call, text=f"Question {number} ?")

    with django_assert_num_queries(4):
        client.get(reverse("calls:questions", args=[call.slug]))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_secretariats_list_takes_the_same_queries_whatever_its_rows(
    call, client, rows, django_assert_num_queries
):
    for number in range(rows):
        factories.question_on(call, text=f"Question {number} ?")
    officer_signed_in(client, call)

    with django_assert_num_queries(6):
        client.get(reverse("calls:question_list"))


def test_the_secretariat_sets_the_end_of_questions_and_midnight_ends_the_day(call, client):
    officer_signed_in(client, call)
    address = reverse("calls:questions_end", args=[call.slug])

    call.rounds.update(closes_at=from_now(days=4000))
    Call.objects.update(questions_until=from_now(days=1))
    client.post(address, {"day": "2030-03-15"})

    call.refresh_from_db()
    assert call.questions_until.isoformat() == "2030-03-15T23:00:00+00:00"
    assert client.get(address).context["form"].initial == {"day": date(2030, 3, 15), "hour": None}


def test_a_published_end_of_questions_is_never_advanced(call, client):
    officer_signed_in(client, call)
    tomorrow = (call.rounds.get().closes_at - timedelta(days=1)).date()

    response = client.post(
        reverse("calls:questions_end", args=[call.slug]), {"day": tomorrow, "hour": "00:01"}
    )

    call.refresh_from_db()
    assert (response.status_code, call.questions_until) == (409, None)


def test_questions_do_not_end_in_the_past(call, client):
    officer_signed_in(client, call)
    Call.objects.update(opens_at="2018-01-01T00:00:00+01:00")

    response = client.post(reverse("calls:questions_end", args=[call.slug]), {"day": "2018-03-15"})

    call.refresh_from_db()
    assert (response.status_code, call.questions_until) == (409, None)


@pytest.mark.parametrize("days", [-60, 60])
def test_questions_end_between_the_opening_and_the_deadline(call, client, days):
    officer_signed_in(client, call)
    if days < 0:
        Call.objects.update(opens_at=from_now(days=9))
        call.rounds.update(closes_at=from_now(days=40))
    day = from_now(days=3 if days < 0 else days).date()

    response = client.post(reverse("calls:questions_end", args=[call.slug]), {"day": day})

    call.refresh_from_db()
    assert (list(response.context["form"].errors), call.questions_until) == (["day"], None)


def test_a_postponed_deadline_also_postpones_the_questions(call):
    call.rounds.update(closes_at=from_now(minutes=-1))
    call.rounds.update(closes_at=from_now() + timedelta(days=1))

    assert factories.question_on(call).pk
