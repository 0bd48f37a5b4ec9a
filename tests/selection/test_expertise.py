"""What an expert reads and gives: only what was opened, in time, and nothing is ever overwritten."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications.actions import file_application
from applications.models import Attachment, Recusal
from documents import storage
from journal.refusals import Refused
from selection import opinions
from selection.access import whole_book_key
from selection.actions import expertise
from selection.actions import opinions as asking
from selection.actions.session import open_session
from selection.book import committee_book
from selection.models import AgendaItem, Case, CommitteeSession, Opinion, OpinionRequest
from tests import factories
from tests.database import in_parallel, refused_by_the_database
from tests.selection.opinion_factories import opinion_asked, opinion_given

PROJECT = "projet"  # the key of a section of texts


@pytest.fixture
def case(db):
    return factories.case_in(Case.State.UNDER_REVIEW)


@pytest.fixture
def with_file(db):
    """A case whose dossier has a file."""
    draft = factories.complete_draft()
    file = storage.store([b"%PDF-1.7 annexe"], content_type="application/pdf")
    Attachment.objects.create(
        application=draft, file=file, name="annexe-secrete.pdf", added_by=draft.created_by
    )
    file_application(draft, by=factories.certifier_of(draft.organisation))
    return factories.taken_up(draft, Case.State.UNDER_REVIEW)


def pdf():
    made = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made)
    return made.getvalue()


def page_of(asked):
    return reverse("selection:opinion", args=[asked.pk])


def read_by(client, asked):
    client.force_login(asked.expert)
    return client.get(page_of(asked)).content.decode()


def opening(*sections, attachments=False, carrier=True):
    return {"sections": list(sections) or None, "attachments": attachments, "carrier": carrier}


def on_the_agenda(case, state=CommitteeSession.State.CONVENED):
    session = factories.committee_session(case.call.fund, state=state)
    return AgendaItem.objects.create(session=session, case=case, position=1)


# What they read


def test_a_section_that_is_withheld_is_not_in_the_page(case, client):
    others = [each["title"] for each in case.submission.content["sections"] if each["key"] != PROJECT]
    asked = opinion_asked(case, sees=opening(PROJECT))

    page = read_by(client, asked)

    assert "Réponse à resume." in page
    assert [title for title in others if title in page] == []
    assert [amount for amount in ("600\u202f000", "600\u00a0000", "600 000") if amount in page] == []


def test_the_carrier_that_is_hidden_is_named_nowhere(case, client):
    asked = opinion_asked(case, sees=opening(carrier=False))

    page = read_by(client, asked)

    assert case.application.organisation.name not in page


def test_files_that_are_withheld_are_neither_named_nor_served(with_file, client):
    [file] = with_file.submission.content["attachments"]
    asked = opinion_asked(with_file, sees=opening())

    page = read_by(client, asked)

    address = reverse("selection:opinion_attachment", args=[asked.pk, file["sha256"]])
    assert (file["name"] in page, client.get(address).status_code) == (False, 404)


def test_files_that_are_opened_are_served(with_file, client):
    [file] = with_file.submission.content["attachments"]
    asked = opinion_asked(with_file)

    page = read_by(client, asked)

    address = reverse("selection:opinion_attachment", args=[asked.pk, file["sha256"]])
    served = b"".join(client.get(address))
    assert (file["name"] in page, served) == (True, b"%PDF-1.7 annexe")


@pytest.mark.parametrize("address", ["selection:case", "selection:opinions", "selection:dossier"])
def test_an_expert_sees_no_other_page_of_the_dossier(case, client, address):
    client.force_login(opinion_asked(case).expert)

    answer = client.get(reverse(address, args=[case.application.reference]))

    assert answer.status_code == 404


def test_an_expert_sees_nothing_of_another_dossier_nor_of_another_expert(case, client):
    other = opinion_asked(factories.case_in(Case.State.UNDER_REVIEW))
    beside = opinion_asked(case, body="SGPI")
    opinion_given(beside, "Un avis que l’autre expert ne lit pas.")
    asked = opinion_asked(case)

    page = read_by(client, asked)

    assert "Un avis que l’autre expert ne lit pas." not in page
    assert [client.get(page_of(each)).status_code for each in (other, beside)] == [404, 404]


@pytest.mark.parametrize("why", ["revoked", "recused", "declined", "withdrawn"])
def test_an_expert_who_is_no_longer_asked_reads_nothing(with_file, client, why):
    asked = opinion_asked(with_file)
    [file] = with_file.submission.content["attachments"]
    if why == "revoked":
        asking.revoke(asked, reason="Conflit", by=asked.asked_by)
    if why == "recused":
        Recusal.objects.create(application=with_file.application, user=asked.expert, reason="Lien")
    if why == "declined":
        expertise.decline(asked, reason="Pas mon sujet", by=asked.expert)
    if why == "withdrawn":
        Case.objects.update(withdrawn=True)
    client.force_login(asked.expert)

    answers = [
        client.get(page_of(asked)),
        client.post(page_of(asked), {"give": "1"}),
        client.get(reverse("selection:opinion_attachment", args=[asked.pk, file["sha256"]])),
    ]

    assert [answer.status_code for answer in answers] == [404, 409, 404]
    assert with_file.title not in answers[1].text


def test_the_list_of_experts_costs_the_same_for_one_and_three(case, client, django_assert_num_queries):
    expert = factories.UserFactory()
    opinion_given(opinion_asked(case, email=expert.email))
    client.force_login(expert)
    client.get(reverse("selection:my_opinions"))

    for added in (0, 2):
        for _ in range(added):
            opinion_asked(factories.case_in(Case.State.UNDER_REVIEW), email=expert.email)
        with django_assert_num_queries(6):
            client.get(reverse("selection:my_opinions"))


# What they give


def typed(asked, **said):
    return {"position": "favourable", "text": "Le chiffrage tient.", "seen": asked.version} | said


def test_a_draft_keeps_what_is_written_and_counts_for_nothing(case, client):
    asked = opinion_asked(case)
    client.force_login(asked.expert)
    file = SimpleUploadedFile("note.pdf", pdf())

    client.post(page_of(asked), typed(asked, text="À finir", files=[file], draft="1"))

    case.refresh_from_db()
    form = client.get(page_of(asked)).context["form"]
    assert (form.initial["text"], form.fields["dropped"].choices[0][1]) == ("À finir", "note.pdf")
    assert (case.opinions_received, Opinion.objects.count()) == (0, 0)


def test_the_page_gives_an_opinion_with_its_scores_answers_and_files(case, client):
    asked = opinion_asked(case, on_criteria=True, questions=["Le coût est-il complet ?"])
    first, *others = case.application.call.criteria.all()
    scores = {f"score_{each.pk}": "3" for each in others} | {f"comment_{first.pk}": "Hors de mon domaine"}
    client.force_login(asked.expert)
    file = SimpleUploadedFile("note.pdf", pdf())

    client.post(page_of(asked), typed(asked, **scores, answer_0="Oui", files=[file], give="1"))

    given = Opinion.objects.get()
    assert [score.value for score in given.scores.all()] == [None, 3, 3, 3]
    assert (given.answers, given.files.get().name) == (["Oui"], "note.pdf")


def test_an_opinion_that_lacks_something_is_refused_in_its_field_and_keeps_the_text(case, client):
    asked = opinion_asked(case, on_criteria=True, questions=["Le coût est-il complet ?"])
    first, second, *others = case.application.call.criteria.all()
    scores = {f"score_{each.pk}": "3" for each in others} | {f"score_{first.pk}": "99"}
    client.force_login(asked.expert)

    answer = client.post(page_of(asked), typed(asked, **scores, position="", give="1"))

    form = answer.context["form"]
    assert set(form.errors) == {"position", "answer_0", f"score_{first.pk}", f"score_{second.pk}"}
    assert (form["text"].value(), Opinion.objects.count()) == ("Le chiffrage tient.", 0)


def test_giving_again_makes_a_second_version_and_keeps_the_first(case):
    asked = opinion_asked(case)

    opinion_given(asked, "Première lecture.")
    opinion_given(asked, "Seconde lecture.", position="unfavourable")

    kept = [(each.revision, each.text) for each in asked.opinions.order_by("revision")]
    assert kept == [(1, "Première lecture."), (2, "Seconde lecture.")]


def test_two_opinions_of_one_body_stand_side_by_side(case):
    opinion_given(opinion_asked(case, body="Direction du budget"), "L’un.")
    opinion_given(opinion_asked(case, body="Direction du budget"), "L’autre.")

    assert sorted(each.text for each in opinions.for_committee(case)) == ["L’autre.", "L’un."]


def test_a_page_read_before_another_was_given_is_not_lost_nor_given(case, client):
    asked = opinion_asked(case)
    client.force_login(asked.expert)
    stale = typed(asked, text="Écrit dans le premier onglet.", give="1")
    opinion_given(asked, "Rendu dans le second.")

    answer = client.post(page_of(asked), stale)

    assert (answer.status_code, answer.context["form"]["text"].value()) == (
        409,
        "Écrit dans le premier onglet.",
    )
    assert [each.text for each in Opinion.objects.all()] == ["Rendu dans le second."]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_give_at_the_same_instant_make_one_version():
    asked = opinion_asked()
    say = {"position": "favourable", "seen": 0, "by": asked.expert}

    done = in_parallel(*(lambda n=n: expertise.give(asked, text=f"Onglet {n}", **say) for n in (1, 2)))

    assert sorted(type(each).__name__ for each in done) == ["Opinion", "Stale"]


def test_who_gave_an_opinion_no_longer_declines(case):
    asked = opinion_asked(case)
    opinion_given(asked)

    with pytest.raises(Refused):
        expertise.decline(asked, reason="Trop tard", by=asked.expert)


# Closing


def test_an_opinion_is_closed_by_the_opening_of_the_session_that_has_the_dossier(case, client):
    asked = opinion_asked(case)
    item = on_the_agenda(case)
    opinion_given(asked, "Avant la séance.")
    open_session(item.session, by=factories.head_of(case.call.fund))
    client.force_login(asked.expert)

    answer = client.post(page_of(asked), typed(asked, give="1"))

    assert (answer.status_code, Opinion.objects.count()) == (409, 1)


def test_the_database_itself_refuses_an_opinion_once_the_session_is_open(case):
    asked = opinion_asked(case)
    on_the_agenda(case, CommitteeSession.State.OPEN)

    with refused_by_the_database():
        Opinion.objects.create(
            request=asked, revision=1, position="favourable", text="Tard", given_by=asked.expert
        )


def test_the_database_itself_refuses_an_opinion_on_a_request_that_was_withdrawn(case):
    asked = opinion_asked(case)
    asking.revoke(asked, reason="Doublon", by=asked.asked_by)

    with refused_by_the_database():
        Opinion.objects.create(
            request=asked, revision=1, position="favourable", text="Tard", given_by=asked.expert
        )


def test_a_dossier_put_off_by_the_committee_is_open_to_opinions_again(case):
    asked = opinion_asked(case)
    item = on_the_agenda(case, CommitteeSession.State.OPEN)
    factories.decided(item, "deferred")

    assert opinion_given(asked).revision == 1


def test_nobody_is_asked_once_the_session_is_open(case):
    on_the_agenda(case, CommitteeSession.State.OPEN)

    with pytest.raises(Refused):
        opinion_asked(case)


def test_nobody_is_reminded_once_the_session_is_open(case):
    asked = opinion_asked(case)
    late = timezone.now() - timedelta(hours=1)
    OpinionRequest.objects.update(due_at=late)
    before = list(asking.to_remind())
    on_the_agenda(case, CommitteeSession.State.OPEN)

    assert (before, list(asking.to_remind())) == ([asked], [])


# The committee


@pytest.fixture
def heard(case):
    """A dossier before the committee, with an opinion that it reads and one that it must not."""
    opinion_given(opinion_asked(case), "Avis lu du comité.")
    opinion_given(opinion_asked(case, confidentiality="secretariat"), "Avis du secrétariat seul.")
    withdrawn = opinion_asked(case)
    opinion_given(withdrawn, "Avis retiré.")
    asking.revoke(withdrawn, reason="Conflit", by=withdrawn.asked_by)
    return on_the_agenda(case, CommitteeSession.State.OPEN)


def test_the_committee_reads_on_its_pages_only_what_is_for_it(heard, client):
    client.force_login(factories.chair_of(heard.session))
    addresses = [
        reverse("selection:item", args=[heard.session_id, heard.case.application.reference]),
        reverse("selection:session", args=[heard.session_id]),
    ]

    item, session = (client.get(address).content.decode() for address in addresses)

    assert "Avis lu du comité." in item
    assert [said for said in ("Avis du secrétariat seul.", "Avis retiré.") if said in item + session] == []


def test_the_committee_book_holds_only_what_is_for_it(heard, tmp_path):
    path = tmp_path / "livre.pdf"

    committee_book(whole_book_key(heard.session), path)

    text = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    assert [said in text for said in ("Avis lu du comité", "secrétariat seul", "Avis retiré")] == [
        True,
        False,
        False,
    ]


def test_a_file_of_an_opinion_for_the_secretariat_is_not_served_to_the_committee(case, client):
    file = storage.store([b"%PDF-1.7 note"], content_type="application/pdf")
    asked = opinion_asked(case, confidentiality="secretariat")
    given = opinion_given(asked, files=[(file, "note.pdf")])
    item = on_the_agenda(case, CommitteeSession.State.OPEN)
    client.force_login(factories.chair_of(item.session))

    answer = client.get(
        reverse(
            "selection:committee_opinion_file",
            args=[item.session_id, case.application.reference, given.files.get().pk],
        )
    )

    assert answer.status_code == 404
