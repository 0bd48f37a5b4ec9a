"""A morning of an officer, with the keyboard alone: what waits, who does it, what is thought of it."""

from django.utils import timezone
from playwright.sync_api import expect

from selection.models import Case, Review
from tests import factories
from tests.journeys.keyboard import Keyboard


def test_an_officer_does_the_work_of_a_morning_with_the_keyboard_alone(live_server, enter):
    call = factories.CallFactory(published=True)
    filed = [factories.filed_application(call=call) for _ in range(2)]
    officer = factories.officer_of(call.fund)
    agent = enter("agent", officer)
    keys = Keyboard(agent.page)

    keys.open("Secrétariat du fonds")
    seen(agent, keys)
    keys.open(call.title)
    seen(agent, keys)
    keys.open("Recevabilité à examiner")
    seen(agent, keys)
    entrust_them_all(agent, keys, officer)
    keys.open(filed[0].reference)
    seen(agent, keys)
    keys.open("Examiner la recevabilité")
    seen(agent, keys)
    keys.hit("button", "Déclarer recevable")
    review(agent, keys)
    ask_for_an_opinion(agent, keys)
    keys.open("Historique")
    seen(agent, keys)

    case = Case.objects.get(application=filed[0])
    assert (case.state, case.review_score, case.opinions_asked) == (Case.State.UNDER_REVIEW, 4, 1)
    assert set(Case.objects.values_list("officer", flat=True)) == {officer.pk}
    assert Review.objects.get().reviewer == officer


def seen(agent, keys):
    """Look at the page, then go through all of it."""
    agent.look()
    keys.walk()


def entrust_them_all(agent, keys, officer):
    for tick in agent.page.get_by_role("main").get_by_role("checkbox", name="Cocher").all():
        keys.to(tick)
        agent.page.keyboard.press("Space")
    keys.hit("button", "Voir ce que cela fera")
    keys.to(agent.page.get_by_label("Confier à"))
    agent.page.keyboard.type(officer.name)
    keys.hit("button", "Voir l’aperçu")
    seen(agent, keys)
    keys.hit("button", "Confirmer pour 2 dossiers")
    expect(agent.page.get_by_role("main")).to_contain_text("2 dossiers faits")


def review(agent, keys):
    """Four out of five on each criterion, in favour."""
    keys.open("Évaluations du dossier")
    keys.open("évaluez-le vous-même")
    seen(agent, keys)
    for group in agent.page.get_by_role("radiogroup", name="Note de 0 à 5").all():
        keys.to(group.get_by_role("radio", name="pas encore de note"))
        for _ in range(2):
            agent.page.keyboard.press("ArrowUp")
    keys.to(agent.page.get_by_role("radio", name="pas encore de recommandation"))
    for _ in range(3):
        agent.page.keyboard.press("ArrowUp")
    keys.type("Synthèse pour le comité", "Un projet mûr, des gains documentés.")
    keys.hit("button", "Terminer l’évaluation")
    seen(agent, keys)


def ask_for_an_opinion(agent, keys):
    keys.open("Avis")
    keys.open("Demander un avis")
    keys.type("Pour le compte de", "Direction du budget")
    keys.type("Adresse électronique de l’expert", "expert@budget.example")
    keys.type("Ce que vous demandez", "Les économies sont-elles crédibles ?")
    keys.to(agent.page.get_by_label("Réponse attendue au plus tard le"))
    # The same in whichever order the browser asks for the day and the month.
    agent.page.keyboard.type(f"1212{timezone.localdate().year + 1}")
    keys.to(agent.page.get_by_role("radio", name="Le secrétariat seul"))
    agent.page.keyboard.press("Space")
    keys.hit("button", "Demander cet avis")
    expect(agent.page.get_by_role("main")).to_contain_text("1 demandé, 0 reçu")
    seen(agent, keys)
