"""What a call in preparation still lacks, step by step, and what is only worth a second look."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from calls import readiness
from calls.calendar_warnings import day_off
from calls.models import CarrierRule, Outcome, Round, closing_day
from tests.clock import from_now
from tests.factories import CallFactory, officer_of, specifications

pytestmark = pytest.mark.django_db


def on_working_days(**fields):
    """A draft whose opening and deadline fall on working days, whatever today is."""
    before, after = (
        next(days for days in count(2) if not day_off(localtime(from_now(days=sign * days)).date()))
        for sign in (-1, 1)
    )
    return CallFactory(**{"opens_at": from_now(days=-before), "closes_in": timedelta(days=after), **fields})


def ready_call(**fields):
    """A draft that nothing prevents from being published."""
    call = on_working_days(**fields)
    specifications(call)
    return call


def told(call, *, blocking):
    return [(gap.step, gap.field, gap.sentence) for gap in readiness.gaps(call) if gap.blocking is blocking]


def outcome(call, state):
    Outcome.objects.create(call=call, position=1, label="Une décision", state=state)


def second_round(call, days):
    Round.objects.create(call=call, number=2, closes_at=from_now(days=days))


def carrier(call, **fields):
    CarrierRule.objects.create(call=call, kind="operateur", **fields)


@pytest.mark.parametrize(
    ("fields", "spoil", "gap"),
    [
        ({"contact_email": ""}, None, ("textes", "contact_email", "L’adresse de contact manque.")),
        (
            {"threshold": Decimal(1)},
            None,
            ("argent", "threshold_base", "Dites sur quoi portent le seuil et le plafond."),
        ),
        (
            {"ceiling": Decimal(9), "flat_grant": Decimal(10), "threshold_base": "grant"},
            None,
            ("argent", "flat_grant", "La subvention forfaitaire dépasse le plafond."),
        ),
        (
            {"threshold": Decimal(9), "flat_grant": Decimal(8), "threshold_base": "grant"},
            None,
            ("argent", "flat_grant", "La subvention forfaitaire n’atteint pas le seuil."),
        ),
        (
            {},
            lambda call: carrier(call, ceiling=Decimal(9)),
            (
                "porteurs",
                "rows-0-base",
                "Dites sur quoi portent les montants de cette nature de porteur : opérateur.",
            ),
        ),
        (
            {},
            lambda call: outcome(call, "rejected"),
            ("circuit", "rows-0-state", "Aucune des décisions possibles ne retient un dossier."),
        ),
        (
            {},
            lambda call: call.criteria.filter(position=2).update(minimum=6),
            (
                "criteres",
                "rows-1-minimum",
                "Critère 2 : La note minimale dépasse la note maximale, qui est 5.",
            ),
        ),
        (
            {},
            lambda call: call.criteria.filter(position=1).update(levels=[{"score": 6, "text": "trop"}]),
            (
                "criteres",
                "rows-0-levels",
                "Critère 1 : Le repère 6 dépasse la note maximale, qui est 5.",
            ),
        ),
        (
            {"committee_on": date(2001, 1, 1)},
            None,
            ("calendrier", "committee_on", "Le comité ne peut pas précéder la date limite de dépôt."),
        ),
        (
            {"announced_on": date(2001, 1, 1)},
            None,
            ("calendrier", "announced_on", "L’annonce ne peut pas précéder la date limite de dépôt."),
        ),
    ],
)
def test_a_gap_names_its_step_and_its_field(fields, spoil, gap):
    call = ready_call(**fields)

    if spoil:
        spoil(call)

    assert told(call, blocking=True) == [gap]


def test_rounds_that_go_backward_are_told_from_the_first_that_does():
    call = ready_call()
    second_round(call, 1)

    [(step, field, sentence)] = told(call, blocking=True)

    assert (step, field) == ("calendrier", "rows-1-closes_on")
    assert sentence.startswith("La relève 2 doit suivre la relève 1, qui finit le ")


def test_the_committee_of_a_counter_may_sit_between_two_rounds():
    call = ready_call()
    second_round(call, 90)
    call.committee_on = closing_day(call.rounds.first().closes_at) + timedelta(days=10)

    assert told(call, blocking=True) == []


def test_a_round_already_past_is_worth_a_look_as_long_as_another_is_to_come():
    call = ready_call(closes_in=-timedelta(days=1))
    second_round(call, 9)

    assert ("calendrier", "rows-0-closes_on", "La première relève est déjà passée.") in told(
        call, blocking=False
    )
    assert readiness.missing(call) == []


def test_what_is_left_unsaid_prevents_nothing_but_is_told():
    assert [(step, sentence) for step, _, sentence in told(ready_call(), blocking=False)] == [
        ("identite", "Aucun thème n’est choisi : la page dira « non communiqués »."),
        ("calendrier", "La date du comité sera dite « non communiquée »."),
        ("calendrier", "La date de l’annonce sera dite « non communiquée »."),
        ("porteurs", "Aucune nature d’organisme n’est citée : la page dira « non communiquée »."),
        (
            "circuit",
            "Ces réponses seront dites « non communiquées » : qui propose, qui décide, qui signe et paie.",
        ),
        ("circuit", "Les décisions que le comité peut prendre ne sont pas dites."),
        ("criteres", "Sans description : « Critère 1 », « Critère 2 », « Critère 3 », « Critère 4 »."),
        (
            "criteres",
            "Sans repères de notation : « Critère 1 », « Critère 2 », « Critère 3 », « Critère 4 ».",
        ),
        ("textes", "La présentation est vide."),
        ("textes", "Les candidats ne sauront pas ce qui suit leur dépôt."),
    ]


@pytest.mark.parametrize(
    ("fields", "step", "sentence"),
    [
        (
            {"cofinancing_required": True, "max_rate": Decimal(1)},
            "argent",
            "Un cofinancement est exigé, et le taux maximal est de 100 % : lequel des deux est juste ?",
        ),
        (
            {"savings_horizon": 0},
            "argent",
            "Les économies se mesurent une année donnée, d’une manière donnée : l’une des deux réponses manque.",
        ),
        (
            {"grouped_accepted": True},
            "formulaire",
            "Les dossiers groupés sont acceptés, et aucune section ne demande leurs projets.",
        ),
        (
            {"max_rate": Decimal("0.5"), "form": {"sections": [], "checks": []}},
            "formulaire",
            "Sans plan de financement, les règles financières ne peuvent pas être vérifiées.",
        ),
    ],
)
def test_what_looks_odd_is_worth_a_look(fields, step, sentence):
    found = [(gap.step, gap.sentence) for gap in readiness.gaps(CallFactory(**fields)) if not gap.blocking]

    assert (step, sentence) in found


# The page that gathers the steps


def test_each_step_says_how_far_it_is(client):
    call = on_working_days(criteria=(50, 40))
    outcome(call, "selected")
    client.force_login(officer_of(call.fund))

    context = client.get(reverse("calls:preparation", args=[call.slug])).context

    assert [(task.title, task.state, task.points) for task in context["tasks"]] == [
        ("Identité et thèmes", "complete", "1 point à vérifier"),
        ("Calendrier", "complete", "2 points à vérifier"),
        ("Règles financières", "optional", ""),
        ("Qui peut répondre", "optional", "1 point à vérifier"),
        ("Circuit de décision", "complete", "1 point à vérifier"),
        ("Critères", "to_do", "1 point à régler, 2 points à vérifier"),
        ("Formulaire", "complete", ""),
        ("Documents", "to_do", "1 point à régler"),
        ("Textes", "complete", "2 points à vérifier"),
    ]
    assert context["ready"] == 7


def test_what_is_missing_leads_to_the_very_field(client):
    call = CallFactory(contact_email="")
    client.force_login(officer_of(call.fund))

    context = client.get(reverse("calls:preparation", args=[call.slug])).context

    assert context["missing"] == [
        (
            "Le cahier des charges manque.",
            reverse("calls:add_document", args=[call.slug]) + "#id_upload",
        ),
        (
            "L’adresse de contact manque.",
            reverse("calls:step", args=[call.slug, "textes"]) + "#id_contact_email",
        ),
    ]


def test_what_is_wrong_in_the_form_leads_to_its_very_piece():
    form = {"sections": [{"key": "projet", "title": "Projet", "kind": "text"}], "checks": []}
    call = CallFactory(form=form)

    [gap] = [gap for gap in readiness.gaps(call) if gap.step == "formulaire" and gap.blocking]

    assert gap.address(call) == reverse("calls:form_builder", args=[call.slug]) + "#section-projet"


def test_the_field_that_a_gap_leads_to_is_on_its_page(client):
    call = CallFactory(
        contact_email="", opens_at=None, threshold=Decimal(1), cofinancing_required=True, max_rate=Decimal(1)
    )
    call.rounds.all().delete()
    call.criteria.all().delete()
    client.force_login(officer_of(call.fund))

    lost = [
        gap
        for gap in readiness.gaps(call)
        if gap.field and f'id="id_{gap.field}"' not in client.get(gap.address(call)).content.decode()
    ]

    assert [gap for gap in lost if gap.field != "themes_0"] == []  # no theme exists here


def test_the_steps_of_a_submitted_call_are_closed(client):
    call = CallFactory(submitted=True)
    client.force_login(officer_of(call.fund))

    page = client.get(reverse("calls:preparation", args=[call.slug]))

    assert page.context["editable"] is False
    assert reverse("calls:step", args=[call.slug, "textes"]) not in page.content.decode()
