"""A whole session of the committee: seven members at once, each on a tablet of their own, and the room's screen."""

import re
from contextlib import ExitStack
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from accounts.models import User
from journal.models import OutgoingEmail
from selection import tally
from selection.models import AgendaItem, Ballot, Case, CommitteeSession, Decision, Scorecard
from tests import factories
from tests.journeys.conftest import PATIENCE

TABLET = {"width": 768, "height": 1024}
PHONE = {"width": 390, "height": 844}
HARBOUR, ARCHIVES, SCHOOL, GRANTS = (
    "Guichet des ports",
    "Entrepôt des archives",
    "Carnet scolaire",
    "Bourses en ligne",
)
SEATS = ["presidence", "suppleance", "budget", "sgpi", "numerique", "qualifiee-1", "qualifiee-2"]
LINK = "Mon service a conseillé le porteur l’an dernier."


@pytest.fixture
def session(live_server):
    """A convened session of seven voting seats with a quorum of four, and four dossiers; one of them is digital."""
    fund = factories.FundFactory()
    session = factories.committee_session(fund, state="convened", commitments=Decimal(2_000_000))
    session.committee.seats.all().delete()
    digital = factories.ThemeFactory(slug="numerique", label="Transformation numérique")
    for position, name in enumerate(SEATS, start=1):
        seat = factories.member_of(
            session.committee, chair=name == "presidence", scope=digital if name == "numerique" else None
        )
        seat.title, seat.position, seat.is_deputy_chair = name, position, name == "suppleance"
        seat.save()
        User.objects.filter(pk=seat.user_id).update(name=name.capitalize(), email=f"{name}@organisme.example")
    CommitteeSession.objects.filter(pk=session.pk).update(quorum=4, title="Séance de mars")
    call = factories.CallFactory(fund=fund, published=True)
    for title in (HARBOUR, ARCHIVES, SCHOOL, GRANTS):
        factories.agenda_item(session, call=call, title=title, themes=[digital] if title == HARBOUR else [])
    return session


@pytest.mark.heavy
def test_seven_members_score_vote_and_decide_together(session, enter, faults, check):
    head = enter("responsable", factories.head_of(session.fund), looking=False)
    open_session(head)
    users = {seat.title: seat.user for seat in session.committee.seats.select_related("user")}
    room = {name: enter(name, users[name], looking=False) for name in SEATS}
    for member in room.values():
        member.page.set_viewport_size(TABLET)
    board = enter("salle", factories.officer_of(session.fund), looking=False)
    board.go(f"/comite/seances/{session.pk}/tableau/")

    come_in(room, session)
    chair_recuses_a_member(room, session, check)
    everyone_scores(room, session, HARBOUR, check)
    everyone_scores(room, session, ARCHIVES, check)
    the_chair_shows_and_reveals(room, session, board)
    one_is_recused_after_scoring(room, session, board)
    everyone_votes(room, session, board, check)
    the_quorum_is_lost_and_comes_back(room, session, head, board, faults)
    the_chair_decides(room, session, board)
    the_deputy_decides_without_the_chair(room, session)
    what_is_left_is_put_off_and_the_session_closes(room, session)
    both_sign_the_minutes(room, session, head, check)
    nothing_acknowledged_was_lost(session)


def open_session(head):
    head.follow("Séances", looking=False)
    head.follow("Séance de mars", looking=False)
    head.press("Ouvrir la séance", looking=False)
    head.sees("La séance est ouverte")


def come_in(room, session):
    """Seven windows on the same page, then seven declarations; two of them have something to declare."""
    for member in room.values():
        member.go(session.get_absolute_url(), looking=False)
        member.follow("Faire ma déclaration d’intérêts", looking=False)
    for name, member in room.items():
        if name in ("presidence", "budget"):
            member.choose("Un ou plusieurs liens à déclarer")
            member.fill({"Liens à déclarer": LINK})
            title = ARCHIVES if name == "presidence" else SCHOOL
            member.page.locator("label", has_text=title).click()
        else:
            member.choose("Aucun lien avec les dossiers de l’ordre du jour")
    together(room.values(), "Déclarer et entrer en séance")


def chair_recuses_a_member(room, session, check):
    """The deputy settles the chair's link, the chair the member's: neither reads of that dossier any more."""
    for settler, tied, title in (("suppleance", "presidence", ARCHIVES), ("presidence", "budget", SCHOOL)):
        page = room[settler]
        page.go(f"/comite/seances/{session.pk}/presences/", looking=False)
        seen(page, check)
        page.page.get_by_role("link", name=f"Trancher le lien de {tied.capitalize()}").click()
        page.choose("Non, elle se déporte et ne le voit plus")
        page.fill({"Motif": "Un conseil aussi récent ne laisse pas libre d’en juger."})
        page.press("Trancher", looking=False)
        page.sees("Le lien est tranché")
        recused = room[tied]
        for address in ("", "tableau/", "presences/"):
            recused.go(f"{session.get_absolute_url()}{address}", looking=False)
            recused.sees_not(title)


def everyone_scores(room, session, title, check):
    """All at the same moment; nobody sees another's, and who does not deal with the dossier has no page of it."""
    scorers = [member for name, member in room.items() if reads(name, title)]
    for rank, member in enumerate(scorers):
        open_item(member, session, title)
        for group in member.page.get_by_role("radiogroup").all():
            group.locator("label", has_text=str(3 + rank % 3)).click()
    seen(scorers[0], check)
    together(scorers, "Sceller mes notes")
    for member in scorers:
        member.sees("scellées jusqu’à leur révélation")
        open_item(member, session, title)
        member.sees_not("Notes du comité")
    assert Scorecard.objects.filter(item__case__title=title).count() == len(scorers)


def the_chair_shows_and_reveals(room, session, board):
    """From a phone; the screen of the room follows without being loaded again."""
    chair = room["presidence"]
    chair.page.set_viewport_size(PHONE)
    board.page.evaluate("window.sameDocument = true")
    chair.go(f"/comite/seances/{session.pk}/conduite/", looking=False)
    chair.page.get_by_text("Choisir un point").click()
    chair.page.get_by_role("button", name=f"1. {HARBOUR}").click()
    board.sees(f"{HARBOUR}")
    expect(board.page.get_by_text("7 sur 7").first).to_be_visible()
    chair.press("Révéler les notes", looking=False)
    board.sees("Notes révélées : moyenne pondérée")
    assert board.page.evaluate("window.sameDocument") is True


def one_is_recused_after_scoring(room, session, board):
    """Their score leaves the mean on the screen, and the dossier leaves their pages."""
    leaving = room["qualifiee-2"]
    open_item(leaving, session, HARBOUR)
    leaving.follow("Me déporter de ce dossier", looking=False)
    leaving.fill({"Motif de votre déport": "J’apprends que ma conjointe y travaille."})
    leaving.press("Me déporter", looking=False)
    leaving.sees_not(HARBOUR)
    expect(board.page.get_by_text("6 sur 6").first).to_be_visible()
    assert tally.table([item_of(session, HARBOUR)])[0].scorecards == 6


def everyone_votes(room, session, board, check):
    """One of them without the network at first: their ballot is not said to be kept until it is."""
    room["presidence"].press("Ouvrir le vote", looking=False)
    voters = {name: member for name, member in room.items() if name != "qualifiee-2"}
    for name, member in voters.items():
        open_item(member, session, HARBOUR)
        member.choose("Contre" if name == "sgpi" else "Pour")
        if name == "suppleance":
            member.fill({"Montant le plus élevé que vous accordez (€)": "1,2 M€"})
    seen(voters["budget"], check)
    cut = voters["numerique"]
    cut.page.context.set_offline(True)
    cut.page.get_by_role("button", name="Voter").click()
    cut.page.wait_for_url("chrome-error://**")
    cut.page.context.set_offline(False)
    together([member for member in voters.values() if member is not cut], "Voter")
    assert Ballot.objects.count() == 5
    open_item(cut, session, HARBOUR)
    cut.choose("Pour")
    cut.press("Voter", looking=False)
    for name, member in voters.items():
        member.sees(f"Vous avez voté « {'contre' if name == 'sgpi' else 'pour'} »")
    board.sees("6 bulletins sur 6")


def the_quorum_is_lost_and_comes_back(room, session, head, board, faults):
    """Three leave: the vote stays open with its ballots, the chair is told why, and closes it once one is back."""
    for name in ("sgpi", "numerique", "qualifiee-1"):
        leave = room[name]
        leave.go(f"/comite/seances/{session.pk}/presences/", looking=False)
        leave.press(f"A quitté la séance : {name}", looking=False)
    board.sees("quorum de 4 : non atteint")
    faults.expect(409)
    chair = room["presidence"]
    chair.go(f"/comite/seances/{session.pk}/conduite/", looking=False)
    chair.press("Clore le vote", looking=False)
    chair.sees("Le vote reste ouvert, les bulletins sont gardés.")
    assert item_of(session, HARBOUR).state == "vote_open"
    head.go(f"/comite/seances/{session.pk}/presences/", looking=False)
    head.press("De retour : sgpi", looking=False)
    chair.go(f"/comite/seances/{session.pk}/conduite/", looking=False)
    chair.press("Clore le vote", looking=False)
    board.sees("Vote : adopté")


def the_chair_decides(room, session, board):
    chair = room["presidence"]
    chair.go(f"/comite/seances/{session.pk}/conduite/", looking=False)
    chair.follow("Décider", looking=False)
    chair.choose("Retenu")
    chair.fill({"Subvention accordée (€)": "2 000 001"})
    chair.press("Valider la décision", looking=False)
    chair.sees("ne contient plus que 2 000 000 €")
    chair.fill({"Subvention accordée (€)": "1 200 000"})
    chair.press("Valider la décision", looking=False)
    board.sees("Retenu : 1 200 000 €")


def the_deputy_decides_without_the_chair(room, session):
    """Who is recused sees nothing of what their deputy leads."""
    deputy, chair = room["suppleance"], room["presidence"]
    open_item(deputy, session, ARCHIVES)
    deputy.press("Révéler les notes", looking=False)
    deputy.press("Ouvrir le vote", looking=False)
    for name in ("suppleance", "budget", "sgpi", "qualifiee-2"):
        open_item(room[name], session, ARCHIVES)
        room[name].choose("Contre")
    together([room[name] for name in ("suppleance", "budget", "sgpi", "qualifiee-2")], "Voter")
    open_item(deputy, session, ARCHIVES)
    deputy.press("Clore le vote", looking=False)
    deputy.choose("Non retenu")
    for criterion in item_of(session, ARCHIVES).case.call.criteria.all():
        deputy.fill({f"Motif sur « {criterion.label} »": "Non étayé."})
    deputy.press("Valider la décision", looking=False)
    deputy.sees("non retenu")
    chair.go(session.get_absolute_url(), looking=False)
    chair.sees_not(ARCHIVES)


def what_is_left_is_put_off_and_the_session_closes(room, session):
    chair = room["presidence"]
    for title in (SCHOOL, GRANTS):
        open_item(chair, session, title)
        chair.follow("Renvoyer à une autre séance…", looking=False)
        chair.fill({"Motif du renvoi": "L’heure est passée."})
        chair.press("Renvoyer le dossier", looking=False)
    chair.press("Clore la séance", looking=False)
    chair.sees("La séance est close.")


def both_sign_the_minutes(room, session, head, check):
    """The chair is recused from a dossier, so that the deputy signs; a wrong code signs nothing."""
    head.go(f"{session.get_absolute_url()}releve/", looking=False)
    head.press("Produire le relevé", looking=False)
    seen(head, check)
    for signer, wrong in ((head, True), (room["suppleance"], False)):
        signer.go(f"{session.get_absolute_url()}releve/", looking=False)
        signer.follow("Signer le relevé", looking=False)
        signer.press("Recevoir un code", looking=False)
        if wrong:
            signer.fill({"Code reçu par courriel": "not it"})
            signer.press("Signer le relevé", looking=False)
            signer.sees("Il reste")
        signer.fill({"Code reçu par courriel": code_sent()})
        signer.press("Signer le relevé", looking=False)
    room["suppleance"].sees("Relevé signé")
    room["presidence"].go(f"{session.get_absolute_url()}releve/", looking=False)
    room["presidence"].sees_not(ARCHIVES)
    assert CommitteeSession.objects.get().state == "minutes_signed"


def nothing_acknowledged_was_lost(session):
    ballots = Ballot.objects.filter(vote__item__case__title=HARBOUR)
    assert sorted(ballots.values_list("choice", flat=True)) == ["against", *["for"] * 5]
    decisions = {each.item.case.title: (each.outcome, each.amount) for each in Decision.objects.all()}
    assert decisions == {HARBOUR: ("selected", 1_200_000), ARCHIVES: ("rejected", None)}
    states = dict(Case.objects.values_list("title", "state"))
    listed = {states[SCHOOL], states[GRANTS]}
    assert (states[HARBOUR], states[ARCHIVES], listed) == ("selected", "rejected", {"shortlisted"})


# What several of them do


def reads(name, title):
    kept_out = {ARCHIVES: {"presidence", "numerique"}, SCHOOL: {"budget", "numerique"}, GRANTS: {"numerique"}}
    return name not in kept_out.get(title, ())


def item_of(session, title):
    return AgendaItem.objects.get(session=session, case__title=title)


def open_item(member, session, title):
    reference = item_of(session, title).case.application.reference
    member.go(f"/comite/seances/{session.pk}/dossiers/{reference}/", looking=False)


def code_sent():
    return re.search(r"^\d{6}$", OutgoingEmail.objects.latest("pk").body, re.MULTILINE)[0]


def together(members, button):
    """Everybody presses the same button before any of them has the answer."""
    with ExitStack() as answers:
        for member in members:
            answers.enter_context(member.page.expect_navigation(timeout=3 * PATIENCE))
            control = member.page.get_by_role("main").get_by_role("button", name=button, exact=True)
            control.click(no_wait_after=True)


def seen(member, check):
    """Look at the page as a tablet shows it."""
    member.page.set_viewport_size(TABLET)
    member.shot(member.page, f"{member.role}-tablet")
    check(member.page)
