import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from calls.models import Call, Fund
from documents.models import ProducedDocument
from fondsportal.demo import accounts, announced, decided, facts, open_call
from fondsportal.demo.accounts import ACCOUNTS
from selection.models import Announcement, Case, CommitteeSession, Letter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    facts.load()
    accounts.load()


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}


def test_loading_twice_changes_nothing():
    call_command("load_demo")
    once = counts()

    call_command("load_demo")

    assert counts() == once


def test_every_account_signs_in(people, client):
    forms = [{"username": account.email, "password": settings.DEMO_PASSWORD} for account in ACCOUNTS]

    answers = [client.post(reverse("accounts:sign_in"), form) for form in forms]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, reverse("front:desk"))}


def test_one_call_is_open_and_one_is_to_come(people):
    open_call.load()

    assert [call.code for call in Call.objects.public().open()] == [open_call.CODE]
    assert [call.code for call in Call.objects.public().upcoming()] == [open_call.UPCOMING]


def test_its_dossiers_show_every_state_and_are_fictitious(people):
    open_call.load()

    assert sorted(Application.objects.values_list("state", flat=True)) == [
        "awaiting_visa",
        "clarification_requested",
        "draft",
        "filed",
        "filed",
        "filed",
        "filed",
    ]
    assert sorted(Case.objects.values_list("state", flat=True)) == [
        "eligible",
        "to_check",
        "to_check",
        "to_check",
        "under_review",
    ]
    assert not Application.objects.filter(fictitious=False).exists()
    assert not Call.objects.filter(imported=False, fictitious=False).exists()


def test_the_expert_has_an_opinion_to_give_and_one_given(people, client):
    open_call.load()
    client.force_login(User.objects.get(email="expert@dinum.example"))

    page = client.get(reverse("selection:my_opinions"))

    assert [len(page.context[part]) for part in ("waiting", "given")] == [1, 1]


def test_the_space_of_who_applies_is_alive(people, client):
    open_call.load()
    client.force_login(User.objects.get(email="porteur@interieur.example"))

    page = client.get(reverse("front:desk"))

    assert [(label, len(dossiers)) for label, dossiers in page.context["groups"]] == [
        ("Compléments demandés", 1),
        ("Brouillons", 1),
        ("En attente de visa", 1),
        ("Déposés", 1),
    ]
    asked, *others = [each.what for each in page.context["awaiting"]]
    assert asked.startswith("Compléter « Le projet », « Gouvernance")
    assert others == [
        "Corriger : 2 remarques à traiter",
        "Écrire la section « Plan de financement », dont vous êtes responsable",
        "Lire 1 message du secrétariat",
    ]


def test_two_submissions_of_a_dossier_differ_and_each_side_has_written(people):
    open_call.load()

    application = Application.objects.get(submissions__revision=2)
    assert application.submissions.values("sha256").distinct().count() == 2
    assert [message.from_secretariat for message in application.messages.all()] == [False, True]


def test_a_load_that_was_cut_short_is_taken_up_where_it_stopped(people, monkeypatch):
    monkeypatch.setattr(open_call, "DOSSIERS", open_call.DOSSIERS[:3])
    with pytest.MonkeyPatch.context() as cut:
        cut.setattr(open_call, "_write", cut_short)
        with pytest.raises(KeyboardInterrupt):
            open_call.load()

    open_call.load()

    assert Application.objects.filter(state="filed").count() == 1


def cut_short(*arguments):
    raise KeyboardInterrupt


def test_the_accounts_are_shown_one_a_line_with_their_password(capsys):
    call_command("demo_accounts")

    rows = [line.split()[-2:] for line in capsys.readouterr().out.splitlines()[2:]]
    assert rows == [[account.email, settings.DEMO_PASSWORD] for account in ACCOUNTS]


def test_an_invented_announcement_is_public_and_says_so(people, client):
    announced.load()

    announcement = Announcement.objects.public().get()
    page = client.get(announcement.get_absolute_url()).content.decode()
    assert not announcement.laureates.filter(fictitious=False).exists()
    assert page.count("portal-fictif") > announcement.laureates.count()
    assert {made.kind for made in ProducedDocument.objects.all()} == {
        "selection.press_kit",
        "selection.press_kit_archive",
    }


def test_facts_come_after_a_rehearsal_too():
    facts.load_themes()

    facts.load()

    assert Call.objects.get(slug="ftap-2018-1").themes.count() == 5


def test_a_session_is_over_its_minutes_signed_and_its_letters_on_their_way(people):
    fund = Fund.objects.get(slug=accounts.FUND)
    factories.EnvelopeFactory(fund=fund, year=timezone.localdate().year, commitments=200_000_000)

    decided.load()

    meeting = CommitteeSession.objects.get(title=decided.TITLE)
    outcomes = {each.case.title: each.decision.outcome for each in meeting.items.all()}
    asked = Letter.objects.filter(decision__item__session=meeting).exclude(asked_at=None)
    assert outcomes == {each.dossier.title: each.outcome for each in decided.DOSSIERS}
    assert (meeting.state, asked.count()) == ("minutes_signed", len(decided.DOSSIERS))
    assert decided.are_loaded()
    assert not Announcement.objects.public().filter(call__code=decided.CODE).exists()
