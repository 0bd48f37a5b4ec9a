"""Those who look before they read, and who have no account: a would-be applicant, a citizen, a journalist."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from accounts.models import Organisation
from calls.models import CarrierRule
from calls.tasks import notify_subscribers
from journal.models import OutgoingEmail
from selection.models import Laureate
from tests import factories
from tests.clock import from_now

FUND = "Fonds pour la transformation de l’action publique"


@pytest.fixture
def fund(live_server):
    return factories.FundFactory(slug="ftap", code="FTAP", name=FUND)


@pytest.fixture
def call(fund):
    """An open call of the fund, from 500 000 €, and 200 000 € for a deconcentrated service."""
    call = factories.CallFactory(
        fund=fund,
        published=True,
        code="FTAP-OUVERT",
        title="Des démarches plus simples",
        summary="Simplifier les démarches des usagers.",
        threshold=500_000,
        threshold_base="grant",
        ceiling=50_000_000,
        max_rate=Decimal("0.75"),
        cofinancing_required=True,
        grouped_accepted=True,
        closes_in=timedelta(days=20, hours=1),
    )
    CarrierRule.objects.create(call=call, kind=Organisation.Kind.OPERATOR)
    CarrierRule.objects.create(call=call, kind=Organisation.Kind.DECONCENTRATED, threshold=200_000)
    return call


def last_link(to, containing):
    """The address, without its host, of the link that somebody was sent."""
    body = OutgoingEmail.objects.filter(to=to).latest("pk").body
    [link] = {each for each in re.findall(r"https?://\S+", body) if containing in each}
    return urlsplit(link).path


def test_a_would_be_applicant_finds_a_call_and_knows_whether_it_fits(call, enter):
    factories.published_question(call, text="Le cofinancement est-il exigé ?", answer="Oui, toujours.")
    agent = enter("futur-porteur")
    agent.go("/")

    agent.follow("Voir les appels à projets")
    agent.fill({"Mots à chercher": "demarche", "État": "Ouverts"})
    agent.press("Chercher")
    agent.sees("Ferme dans 20 jours")
    agent.follow("Des démarches plus simples")
    agent.sees("500 000 €")
    agent.sees("200 000 €")

    agent.follow("Vérifier que cet appel vous correspond")
    agent.fill({"Nature de votre organisme": "service déconcentré", "Subvention demandée (€)": "150 000"})
    agent.press("Vérifier")
    agent.sees("Cet appel ne vous correspond pas")
    expect(agent.page.locator("#resultat")).to_be_focused()
    agent.fill({"Subvention demandée (€)": "250 000", "Coût total du projet (€)": "400 000"})
    agent.page.locator("label[for^='id_cofinancement']", has_text="oui").click()
    agent.press("Vérifier")
    agent.sees("Cet appel vous correspond")

    agent.follow("Lire l’appel et ses règles")
    agent.follow("lire et imprimer le formulaire")
    agent.sees("Résumé du projet")


def test_a_question_finds_its_answer_or_is_sent_and_answered(call, enter):
    factories.published_question(call, text="Le cofinancement est-il exigé ?", answer="Oui, toujours.")
    agent = enter("curieux")
    agent.go(call.get_absolute_url())

    agent.follow("Poser une question")
    agent.fill({"Votre question": "Faut-il des cofinancements privés ?"})
    agent.press("Chercher une réponse")
    agent.sees("Oui, toujours.")
    agent.fill({"Votre adresse électronique": "curieux@exemple.example"})
    agent.press("Envoyer ma question")

    officer = enter("agent", factories.officer_of(call.fund))
    officer.go("/secretariat/questions/")
    officer.follow("Faut-il des cofinancements privés ?")
    officer.fill({"Réponse": "Non, pas nécessairement."})
    officer.press("Publier la question et sa réponse")

    agent.go(f"{call.get_absolute_url()}questions/")
    agent.sees("Non, pas nécessairement.")
    agent.sees_not("curieux@exemple.example")
    assert OutgoingEmail.objects.filter(to="curieux@exemple.example").count() >= 1


def test_a_full_meeting_seats_whoever_waits_when_somebody_leaves(call, enter):
    event = factories.EventFactory(
        fund=call.fund, call=call, published=True, title="Réunion d’information", capacity=1
    )
    first = enter("premiere-inscrite")
    first.go(call.get_absolute_url(), looking=False)
    first.follow("Réunion d’information")
    first.follow("S’inscrire")
    first.fill({"Nom et prénom": "Une agente", "Adresse électronique": "agente@exemple.example"})
    first.press("S’inscrire")
    second = enter("second-inscrit")
    second.go(event.get_absolute_url())
    second.follow("Rejoindre la liste d’attente")
    second.fill({"Nom et prénom": "Un agent", "Adresse électronique": "agent@exemple.example"})
    second.press("Rejoindre la liste d’attente")

    second.go(last_link("agent@exemple.example", "/inscriptions/"))
    second.sees("au rang 1")
    first.go(last_link("agente@exemple.example", "/inscriptions/"))
    first.press("Annuler mon inscription")

    second.go(last_link("agent@exemple.example", "/inscriptions/"))
    second.sees("Une place vous est réservée")


def test_a_subscriber_is_told_of_a_new_call_once_and_leaves_in_one_click(fund, enter):
    citizen = enter("abonnee")
    citizen.go("/abonnements/")
    citizen.fill({"Votre adresse électronique": "abonnee@exemple.example", "FTAP": True})
    citizen.press("S’abonner")
    citizen.go(last_link("abonnee@exemple.example", "/abonnements/"))
    citizen.press("Confirmer mon abonnement")
    call = factories.CallFactory(
        fund=fund,
        published=True,
        published_at=from_now(),
        opens_at=from_now(minutes=-1),
        title="Un appel tout neuf",
    )

    notify_subscribers()
    notify_subscribers()

    [news] = OutgoingEmail.objects.filter(
        to="abonnee@exemple.example", body__contains=call.get_absolute_url()
    )
    assert news.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    citizen.go(last_link("abonnee@exemple.example", "/desabonnement/"))
    citizen.press("Me désabonner")
    assert not OutgoingEmail.objects.filter(to="abonnee@exemple.example").exists()


def test_a_journalist_goes_from_figures_to_the_press_and_to_the_data(call, enter):
    announcement = factories.announcement_of(call, name="Guichet du littoral")
    Laureate.objects.update(ministry="Ministère du Littoral", carrier="Agence du littoral")
    Laureate.objects.create(
        fund=call.fund, call=call, slug="ancien", name="Projet ancien", year=2015, amount=None
    )
    journalist = enter("journaliste")
    journalist.go("/laureats/chiffres/")
    journalist.sees("Données : Lauréats par ministère")

    journalist.go("/laureats/?montant_min=beaucoup", looking=False)
    journalist.sees("Montant minimal")
    journalist.fill({"Mots à chercher": "littoraux"})
    journalist.press("Chercher")
    journalist.sees("1 lauréat")
    journalist.follow("Guichet du littoral")
    journalist.sees("5 000 000 €")
    journalist.follow(announcement.title)
    journalist.follow("Règles d’embargo")
    journalist.sees("Espace presse")

    journalist.go("/donnees/laureats/")
    rows = list(
        csv.DictReader(io.StringIO(journalist.download(re.compile(r"^laureats\.csv$")).decode("utf-8-sig")))
    )
    assert {row["projet"]: row["montant"] for row in rows} == {
        "Guichet du littoral": "5000000.00",
        "Projet ancien": "",
    }
    journalist.go("/donnees/subventions/validation/")
    journalist.go("/api/v1/docs")
