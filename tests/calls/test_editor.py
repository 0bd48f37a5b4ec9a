"""The call editor, step by step: what each keeps, what it refuses, and two officers on the same one."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from calls import steps
from calls.models import Criterion, Outcome
from journal.models import Entry
from tests.calls.editing import address, changed, read, rows, save
from tests.factories import CallFactory, ThemeFactory, head_of, officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    call = CallFactory(opens_at=datetime(2030, 1, 31, 23, tzinfo=UTC), criteria=(60, 40))
    call.rounds.update(closes_at=datetime(2030, 4, 30, 21, 59, 59, tzinfo=UTC))
    return call


@pytest.fixture
def officer(call, client):
    officer = officer_of(call.fund)
    client.force_login(officer)
    return officer


# Each step keeps what is typed


def test_the_identity_of_a_call_changes_with_its_address(client, call, officer):
    theme = ThemeFactory()

    response = save(client, call, "identite", code="autre-1", title="Autre", themes=[theme.pk])

    call.refresh_from_db()
    assert (call.code, call.slug, call.title, list(call.themes.all())) == (
        "AUTRE-1",
        "autre-1",
        "Autre",
        [theme],
    )
    assert response.url == reverse("calls:preparation", args=["autre-1"])


def test_a_calendar_may_have_several_rounds(client, call, officer):
    save(
        client,
        call,
        "calendrier",
        committee_on="2030-09-01",
        **rows(
            {"closes_on": "2030-03-15"},
            {"closes_on": "2030-06-15", "closes_time": "12:00"},
        ),
    )

    call.refresh_from_db()
    assert [(each.number, each.closes_at) for each in call.rounds.all()] == [
        (1, datetime(2030, 3, 15, 23, tzinfo=UTC)),
        (2, datetime(2030, 6, 15, 10, tzinfo=UTC)),
    ]
    assert (call.opens_at, call.committee_on) == (
        datetime(2030, 1, 31, 23, tzinfo=UTC),
        date(2030, 9, 1),
    )


def test_the_money_rules_are_typed_as_people_write_them(client, call, officer):
    save(
        client,
        call,
        "argent",
        threshold="500 000 €",
        threshold_base="grant",
        flat_grant="30000",
        max_rate="33,33",
        grouped_accepted="True",
        savings_horizon="3",
        savings_measure="yearly",
    )

    call.refresh_from_db()
    assert (call.threshold, call.threshold_base, call.flat_grant, call.max_rate) == (
        Decimal(500_000),
        "grant",
        Decimal(30_000),
        Decimal("0.3333"),
    )
    assert (call.grouped_accepted, call.savings_horizon, call.savings_measure) == (True, 3, "yearly")


def test_each_kind_of_carrier_may_have_its_base(client, call, officer):
    row = {"kind": "operateur", "base": "total_cost", "threshold": "200 000", "ceiling": ""}

    save(client, call, "porteurs", **rows(row))

    assert list(call.carrier_rules.values_list("kind", "base", "threshold", "ceiling")) == [
        ("operateur", "total_cost", Decimal(200_000), None)
    ]


def test_the_circuit_says_who_decides_and_what(client, call, officer):
    save(
        client,
        call,
        "circuit",
        proposed_by="experts",
        decided_by="jury",
        paid_by="operator",
        has_hearings="on",
        expected_laureates="5",
        **rows({"label": "Lauréat", "state": "selected"}, {"label": "Non retenu", "state": "rejected"}),
    )

    call.refresh_from_db()
    assert (call.proposed_by, call.decided_by, call.paid_by) == ("experts", "jury", "operator")
    assert (call.has_shortlist, call.has_hearings, call.expected_laureates) == (True, True, 5)
    assert list(call.outcomes.values_list("position", "label", "state")) == [
        (1, "Lauréat", "selected"),
        (2, "Non retenu", "rejected"),
    ]


def test_the_decisions_of_a_model_fill_the_rows_and_are_not_saved(client, call, officer):
    response = client.post(
        address(call, "circuit"), read(client, call, "circuit") | {"start_from": "concours"}
    )

    assert [form["label"].value() for form in response.context["formset"]][:2] == ["Lauréat", "Non retenu"]
    assert Outcome.objects.count() == 0


def test_criteria_say_what_each_score_means(client, call, officer):
    levels = "4 : convaincant\n0 : absent"

    save(client, call, "criteres", **{"rows-0-levels": levels, "rows-0-minimum": "2", "scale_max": "4"})

    criterion = call.criteria.first()
    assert criterion.levels == [{"score": 0, "text": "absent"}, {"score": 4, "text": "convaincant"}]
    call.refresh_from_db()
    assert (criterion.minimum, call.scale_max) == (2, 4)


def test_a_renamed_criterion_keeps_its_key_and_a_new_one_gets_one_of_its_own(client, call, officer):
    kept = call.criteria.first()
    new = {"label": "Critère 1", "weight": "40"}
    again = {"label": "Critère 1", "weight": "20"}

    save(
        client,
        call,
        "criteres",
        **rows({"key": kept.key, "label": "Gains attendus", "weight": "40"}, new, again),
    )

    assert list(Criterion.objects.values_list("key", "label")) == [
        (kept.key, "Gains attendus"),
        ("critere-1-2", "Critère 1"),
        ("critere-1-3", "Critère 1"),
    ]


def test_the_texts_are_kept(client, call, officer):
    save(client, call, "textes", next_steps="Le secrétariat vous écrit sous dix jours.")

    call.refresh_from_db()
    assert (call.next_steps, call.summary) == (
        "Le secrétariat vous écrit sous dix jours.",
        "Un appel pour les tests.",
    )


def test_one_may_go_on_to_the_next_step(client, call, officer):
    response = save(client, call, "argent", save_and_next="1")

    assert response.url == address(call, "porteurs")


def test_who_changes_nothing_prepared_nothing(client, call):
    head = head_of(call.fund)
    client.force_login(head)

    for step in ("identite", "calendrier", "argent", "porteurs", "circuit", "criteres", "textes"):
        assert save(client, call, step).status_code == 302

    call.refresh_from_db()
    assert (call.prepared_by, Entry.objects.count()) == (None, 0)


def test_what_changed_is_in_the_journal(client, call, officer):
    save(client, call, "argent", threshold="1")

    [entry] = Entry.objects.all()
    assert (entry.event, entry.details.content) == (
        "call.changed",
        {"step": "argent", "fields": ["Seuil"]},
    )


# What is refused leaves everything as it was


@pytest.mark.parametrize(
    ("step", "typed", "told"),
    [
        (
            "calendrier",
            rows({"closes_on": "2030-06-15"}, {"closes_on": "2030-06-15"}),
            "La relève 2 doit suivre la relève 1, qui finit le 15 juin 2030 à minuit.",
        ),
        (
            "calendrier",
            rows({"closes_on": "2030-01-15"}),
            "La date limite de dépôt doit suivre l’ouverture.",
        ),
        (
            "calendrier",
            rows({"closes_on": "2030-06-15"}, questions_on="2030-06-16"),
            "Les questions se terminent au plus tard à la date limite de dépôt.",
        ),
        (
            "calendrier",
            rows({"closes_on": "2030-06-15"}, committee_on="2030-06-14"),
            "Le comité ne peut pas précéder la date limite de dépôt.",
        ),
        (
            "calendrier",
            rows({"closes_on": "2030-06-15"}, committee_on="2030-07-14", announced_on="2030-07-13"),
            "L’annonce ne peut pas précéder le comité.",
        ),
        (
            "calendrier",
            rows({"closes_on": "2030-06-15"}, announced_on="2030-06-14"),
            "L’annonce ne peut pas précéder la date limite de dépôt.",
        ),
        ("calendrier", {"opens_on": "9999-12-31"}, "Écrivez une date comprise entre 2000 et 2100."),
        ("argent", {"threshold": "2", "ceiling": "1"}, "Le plafond doit être au moins égal au seuil."),
        (
            "argent",
            {"threshold": "9" * 400},
            "Ce montant est trop grand : 999 999 999 999,99 € au plus.",
        ),
        ("argent", {"savings_horizon": "9" * 5000}, "Saisissez un nombre entier."),
        (
            "porteurs",
            rows({"kind": "operateur"}, {"kind": "operateur"}),
            "Une nature d’organisme est écrite deux fois : gardez une seule ligne pour elle.",
        ),
        (
            "circuit",
            {"has_shortlist": "", "has_hearings": "on"},
            "On auditionne des présélectionnés : cochez aussi la présélection.",
        ),
        (
            "circuit",
            rows({"label": "Retenu", "state": "selected"}, {"label": "retenu", "state": "reserve"}),
            "Une décision est écrite deux fois : gardez une seule ligne pour elle.",
        ),
        (
            "criteres",
            {"rows-0-weight": "59"},
            "Les poids font 99 % : ils doivent faire 100 %. Corrigez-les, rien n’est perdu.",
        ),
        (
            "criteres",
            {"rows-0-minimum": "6"},
            "La note minimale dépasse la note maximale, qui est 5.",
        ),
        (
            "criteres",
            {"rows-0-levels": "6 : hors échelle"},
            "Le repère 6 dépasse la note maximale, qui est 5.",
        ),
        (
            "criteres",
            {"rows-0-levels": "très bien"},
            "« très bien » : écrivez d’abord une note et deux-points, par exemple « 2 : partiel ».",
        ),
        (
            "criteres",
            {"rows-0-levels": "2 : bien\n2 : très bien"},
            "La note 2 est expliquée deux fois.",
        ),
        ("textes", {"summary": "Un résumé\0coupé"}, "Le caractère nul n’est pas autorisé."),
        ("identite", {"code": "nouveau"}, "Cette référence est réservée : choisissez-en une autre."),
    ],
)
def test_what_cannot_stand_is_told_and_nothing_is_saved(client, call, officer, step, typed, told):
    page = read(client, call, step)
    before = steps.content(call, steps.named(step))

    response = client.post(address(call, step), changed(page, typed | {"save_and_next": "1"}))

    call.refresh_from_db()
    assert response.status_code == 200
    assert told in response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
    assert steps.content(call, steps.named(step)) == before


@pytest.mark.parametrize("state", ["published", "submitted", "scheduled"])
def test_a_step_of_a_call_that_is_settled_is_closed(client, state):
    call = CallFactory(**{state: True})
    client.force_login(officer_of(call.fund))

    assert client.get(address(call, "argent")).status_code == 409


@pytest.mark.parametrize("step", ["inconnue", "formulaire"])
def test_a_step_that_is_no_form_of_the_editor_is_not_found(client, call, officer, step):
    assert client.get(address(call, step)).status_code == 404
