"""The envelope simulator's page: what is asked by its address, what is answered, and what is unknown."""

from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from applications.models import Recusal
from selection import simulator
from selection.models import AgendaItem, Case, Decision, Scenario
from tests.factories import decided, officer_of
from tests.selection.annex_factories import QUERY, session_scored

pytestmark = pytest.mark.django_db

MILLION = Decimal(1_000_000)


@pytest.fixture
def session():
    """Four dossiers of four millions each under ten: the first two by the committee's mean are the best."""
    return session_scored()


@pytest.fixture
def officer(session, client):
    officer = officer_of(session.fund)
    client.force_login(officer)
    return officer


def ask(client, session, query=QUERY, **more):
    address = reverse("selection:simulator", args=[session.pk])
    return client.get(f"{address}?{query}&ae=10000000&{urlencode(more)}")


def taken(response):
    """The places on the agenda of what is taken, in its order."""
    return [item.position for item, *_ in response.context["shown"].grants]


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def rule(kind, group, amount="", number=""):
    """A rule as an address says it."""
    names = {"TOTAL_FORMS": "1", "0-sens": kind, "0-groupe": group, "0-montant": amount, "0-nombre": number}
    return {f"regles-{name}": value for name, value in names.items()}


def test_the_address_asks_and_nothing_is_written(client, session, officer):
    response = ask(client, session)

    assert taken(response) == [1, 2]
    assert plain(response.context["shown"].result["value"]) == "7,333 points"
    assert not Scenario.objects.exists()


def test_the_ceilings_begin_with_what_is_left_of_the_envelope(client, session, officer):
    decided(session.items.first(), Decision.Outcome.SELECTED, 3 * MILLION)

    form = client.get(reverse("selection:simulator", args=[session.pk])).context["question"].form

    assert form.fields["ae"].initial == 7 * MILLION
    assert len(form.rows()) == 3


def test_a_forced_dossier_says_what_it_costs(client, session, officer):
    last = session.items.last()

    shown = ask(client, session, **{f"d{last.pk}": "impose"}).context["shown"]

    assert [(item, plain(told["cost"])) for item, told in shown.costs] == [(last, "1 point")]


def test_the_next_under_the_line_says_what_it_lacks(client, session, officer):
    item, told = ask(client, session).context["shown"].following

    assert item.position == 3
    assert [plain(each) for each in told["lacking"]] == ["il lui manque 2 000 000 € en AE 2018"]


def test_an_unknown_amount_is_left_out_and_told_never_zero(client, session, officer):
    first = session.items.first()
    AgendaItem.objects.filter(pk=first.pk).update(proposed_amount=None)

    shown = ask(client, session).context["shown"]

    assert [(item, told["why"]) for item, told in shown.left_out] == [(first, "montant non communiqué")]
    assert [item.position for item, *_ in shown.grants] == [2, 3]


def test_what_is_unknown_cannot_be_forced(client, session, officer):
    first = session.items.first()
    AgendaItem.objects.filter(pk=first.pk).update(proposed_amount=None)

    response = ask(client, session, **{f"d{first.pk}": "impose"})

    assert (response.context["shown"], list(response.context["question"].form.errors)) == (
        None,
        [f"d{first.pk}"],
    )


def test_a_ceiling_of_payments_follows_each_schedule(client, session, officer):
    years = {year for each in simulator.Data(session).candidates for year in each.payments}
    year = min(years)

    shown = ask(client, session, **{f"cp_{year}": "1"}).context["shown"]

    assert shown.grants == []


def test_a_floor_for_a_theme_holds(client, session, officer):
    last = session.items.last()
    Case.objects.filter(pk=last.case_id).update(themes=["Numérique"])

    response = ask(client, session, **rule("plancher", "t-Numérique", number="1"))

    assert taken(response) == [1, 4]


def test_when_nothing_fits_it_says_which_rules_fight(client, session, officer):
    forced = {f"d{item.pk}": "impose" for item in session.items.all()[:3]}

    response = ask(client, session, **forced)

    assert plain(response.context["conflict"][0]) == "au plus 10 000 000 € en AE 2018"
    assert len(response.context["conflict"]) == 4


def test_a_reduced_amount_is_worth_its_share(client, session, officer):
    shown = ask(client, session, part="50").context["shown"]

    assert [(item.position, amount) for item, amount, *_ in shown.grants] == [
        (1, 4 * MILLION),
        (2, 4 * MILLION),
        (3, 2 * MILLION),
    ]


def test_a_row_is_added_without_computing_anything(client, session, officer):
    response = ask(client, session, add_row="regles")

    assert response.context["shown"] is None
    assert len(response.context["question"].rules.forms) == 1


@pytest.mark.parametrize(
    "query",
    [
        "objectif=%00",
        "ae=99999999999999999999",
        "regles-TOTAL_FORMS=x",
        "part=0",
        "cp_2018=-1",
        "objectif=comite",
    ],
)
def test_an_address_that_means_nothing_is_refused_beside_its_fields(client, session, officer, query):
    response = client.get(reverse("selection:simulator", args=[session.pk]) + f"?{query}")

    assert (response.status_code, response.context["shown"]) == (200, None)


def test_who_is_recused_from_a_dossier_simulates_nothing(client, session, officer):
    Recusal.objects.create(application=session.items.last().case.application, user=officer, reason="Lien")

    response = ask(client, session)

    assert response.context["whole"] is False
    assert session.items.first().case.title not in response.content.decode()


def test_the_page_takes_as_many_queries_for_four_dossiers_as_for_two(client, django_assert_num_queries):
    for count in (2, 4):
        session = session_scored(rows=[(5, 4, 3)] * count)
        client.force_login(officer_of(session.fund))
        with django_assert_num_queries(16):
            ask(client, session)
