"""What is close is found, both ways, with the passages that say so and the facts of a double funding."""

import json
from pathlib import Path

import pytest

from applications.actions import file_application, take_back, withdraw
from applications.models import SectionAnswers
from calls.search import START, STOP
from fondsportal.demo import facts
from fondsportal.demo.laureates import project_name
from selection.actions import radar
from selection.models import Announcement, Case, Laureate, SimilarProject
from selection.radar import closeness, funding, reading
from selection.tasks import sweep_radar as sweep
from tests.database import in_parallel, past_the_guards, refused_by_the_database
from tests.factories import (
    CallFactory,
    FundFactory,
    OrganisationFactory,
    announcement_of,
    certifier_of,
    laureate,
)
from tests.selection.radar_factories import case_saying

PAIRS = json.loads((Path(__file__).parent / "radar_pairs.json").read_text())["pairs"]
CARS = "Les agents partagent leur voiture : un registre des trajets de covoiturage entre préfectures."
CARS_TOO = "Un registre du covoiturage des agents, pour compter les trajets faits en voiture partagée."
WOODS = "Des capteurs surveillent les incendies de forêt et préviennent les pompiers du massif."

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(published=True)


def close_to(case):
    return [
        str(row.other.title if row.other else row.laureate)
        for row in case.similar.filter(score__gte=closeness.CLOSE)
    ]


def test_needs_rewritten_by_hand_find_the_laureates_they_were_made_from(capsys):
    """Among the 200 laureates of the facts; what is asserted is a floor, what is printed is the measure."""
    fund = FundFactory()
    Laureate.objects.bulk_create(
        Laureate(
            fund=fund,
            slug=fact["id"].replace(".", "-"),
            name=project_name(fact),
            summary=fact["description_fr"] or "",
        )
        for fact in facts.read("laureates")
    )
    slugs = dict(Laureate.objects.values_list("pk", "slug"))
    sweep()
    corpus, found, first, best = closeness.Corpus(), [], 0, 0.0

    for pair in PAIRS:
        near = corpus.closest(closeness.words_of(pair["text"]), cases=False)
        ranked = [slugs[each.laureate] for each in near if each.score > 0]
        ranks = [ranked.index(slug) + 1 for slug in pair["close"] if slug in ranked]
        found.append((sum(rank <= 10 for rank in ranks), len(pair["close"])))
        first += 1 in ranks
        best += 1 / min(ranks) if ranks else 0

    count, wanted = len(PAIRS), sum(each for _, each in found)
    precision, possible = sum(each for each, _ in found) / (10 * count), wanted / (10 * count)
    recall = sum(each / of for each, of in found) / count
    with capsys.disabled():
        print(
            f"\nradar: {count} rewritten needs among {len(slugs)} laureates: precision at 10 {precision:.3f} (at most"
            f" {possible:.3f}: {wanted} laureates to find), recall at 10 {recall:.2f}, first at once"
            f" {first / count:.2f}, mean reciprocal rank {best / count:.2f}"
        )
    assert (count >= 20, recall >= 0.85, precision >= 0.9 * possible, best / count >= 0.7) == (True,) * 4


def test_two_close_dossiers_find_each_other_and_a_third_does_not(call):
    cars, woods = case_saying(CARS, title="Covoit", call=call), case_saying(WOODS, title="Vigie", call=call)
    other = case_saying(CARS_TOO, title="Trajets", call=CallFactory(published=True))

    sweep()

    assert [close_to(each) for each in (cars, other, woods)] == [["Trajets"], ["Covoit"], []]


def test_a_dossier_filed_later_is_found_by_the_earlier_one(call):
    earlier = case_saying(CARS, call=call)
    sweep()

    case_saying(CARS_TOO, title="Trajets", call=call)
    sweep()

    assert close_to(earlier) == ["Trajets"]


def test_a_new_filing_is_compared_again(call):
    case, _ = case_saying(CARS, call=call), case_saying(WOODS, title="Vigie", call=call)
    sweep()
    application, certifier = case.application, certifier_of(case.application.organisation)
    take_back(application, by=certifier)
    section = SectionAnswers.objects.filter(application=application).earliest("pk")
    section.answers |= {key: WOODS for key, said in section.answers.items() if said == CARS}
    section.save()

    file_application(application, by=certifier)
    sweep()

    assert close_to(case) == ["Vigie"]


def test_a_dossier_given_up_is_close_to_nobody_any_more(call):
    case, other = case_saying(CARS, call=call), case_saying(CARS_TOO, call=call)
    sweep()

    withdraw(other.application, by=certifier_of(other.application.organisation))
    sweep()

    assert close_to(case) == []


def test_a_laureate_of_the_past_is_found_and_one_under_embargo_is_not(call):
    case = case_saying(CARS, call=call)
    laureate(call=call, slug="registre", name="Registre", summary="Registre des trajets de covoiturage.")
    hidden = announcement_of(call, state=Announcement.State.DRAFT, name="Covoiturage des agents en voiture")

    sweep()

    assert (close_to(case), hidden.laureates.count()) == (["Registre"], 1)


def test_the_laureate_that_a_dossier_became_is_not_close_to_it(call):
    case = case_saying(CARS, call=call)
    laureate(call=call, slug="registre", name="Registre", summary=CARS, case=case)

    sweep()

    assert close_to(case) == []


def test_passages_put_side_by_side_what_both_say_and_mark_it(call):
    case, _ = case_saying(CARS, call=call), case_saying(CARS_TOO, call=call)
    for number in range(4):
        case_saying(f"{WOODS} {number}", call=call)

    sweep()

    [row] = case.similar.filter(score__gte=closeness.CLOSE)
    mine = row.passages[0]["mine"]
    marked = {part.partition(STOP)[0] for part in mine.split(START)[1:]}
    assert (mine.replace(START, "").replace(STOP, ""), marked >= {"voiture", "trajets", "covoiturage"}) == (
        CARS,
        True,
    )


def test_what_is_a_trade_secret_is_not_read(call):
    case = case_saying(CARS, call=call)
    content = case.submission.content
    for section in content["sections"]:
        for answer in section["answers"]:
            answer["confidentiality"] = "secret"

    assert radar.texts.of_content(content) == (case.title, [])


def test_one_round_after_another_leaves_nothing_to_do(call):
    case_saying(CARS, call=call)
    sweep()

    assert (radar.read_next(), radar.compare_next(radar.Met())) == (False, False)


# Double funding


def test_dossiers_of_one_carrier_are_compared_however_far_their_words_are(call):
    body = OrganisationFactory(name="Agence des eaux")
    case = case_saying(CARS, call=call, organisation=body)
    case_saying(WOODS, title="Vigie", call=call, organisation=body, grant=500_000)

    sweep()

    [row] = case.similar.all()
    assert row.double_funding[0] == {"fact": "Même porteur", "evidence": ["Agence des eaux"]}


def test_the_same_amounts_in_the_same_years_are_facts(call):
    case, other = case_saying(CARS, call=call), case_saying(WOODS, call=call)

    found = funding.between(case.submission.content, other.submission.content)

    assert [each["fact"] for each in found] == [
        "Même subvention demandée",
        "Même coût total",
        "Mêmes montants les mêmes années dans les deux plans de financement",
    ]


def test_nothing_in_common_is_no_fact(call):
    case, other = case_saying(CARS, call=call), case_saying(WOODS, call=call, grant=500_000, own=1)

    assert funding.between(case.submission.content, other.submission.content) == []


def test_partners_are_compared_by_their_names():
    said = {"organisation": {"name": "A", "siren": ""}}
    partner = {
        "organisation": None,
        "organisation_name": "",
        "name": "CNAF",
        "role": "Données",
        "contribution": None,
    }
    mine, theirs = said | {"partners": [partner]}, {"organisation": {"name": "Cnaf", "siren": ""}}

    [fact] = funding.between(mine, theirs | {"partners": []})

    assert fact == {"fact": "Le porteur de l’un est partenaire de ce dossier", "evidence": ["CNAF : Données"]}


def test_a_carrier_already_laureate_is_a_fact_with_its_amount(call):
    case = case_saying(CARS, call=call)
    carrier = case.application.organisation
    won = laureate(
        call=call, slug="gagne", name="Gagné", carrier=carrier.name, organisation=carrier, year=2019
    )

    [fact] = funding.with_laureate(case.submission.content, carrier, won)

    assert fact["evidence"] == [f"{carrier.name}, « Gagné » en 2019, subvention : non communiqué"]


def test_rows_are_kept_once_whatever_the_order_of_comparison(call):
    case_saying(CARS, call=call)
    case_saying(CARS_TOO, call=call)

    sweep()

    assert SimilarProject.objects.count() == 2


# What cannot be read, what is done twice


def broken(case, part, value):
    """Change what was frozen of a dossier, as a corrupt row would."""
    content = case.submission.content | {part: value}
    with past_the_guards() as cursor:
        cursor.execute(
            "UPDATE applications_submission SET content = %s WHERE id = %s",
            [json.dumps(content), case.submission_id],
        )


@pytest.mark.parametrize(("part", "value"), [("sections", None), ("financing", [{"amount": "beaucoup"}])])
def test_a_dossier_that_cannot_be_read_is_set_aside_and_stops_no_other(call, part, value):
    odd = case_saying(CARS, call=call)
    cars, _ = case_saying(CARS, call=call), case_saying(CARS_TOO, title="Trajets", call=call)
    broken(odd, part, value)

    sweep()

    assert reading.set_aside(odd).startswith("son contenu n’est pas lisible")
    assert close_to(cars) == ["Trajets"]


def test_a_dossier_that_was_set_aside_is_compared_once_filed_again(call):
    odd, _ = case_saying(CARS, call=call), case_saying(CARS_TOO, title="Trajets", call=call)
    broken(odd, "sections", None)
    sweep()
    certifier = certifier_of(odd.application.organisation)
    take_back(odd.application, by=certifier)
    SectionAnswers.objects.filter(application=odd.application).earliest("pk").save()

    file_application(odd.application, by=certifier)
    sweep()

    odd = Case.objects.get(pk=odd.pk)
    assert (reading.set_aside(odd), close_to(odd)) == ("", ["Trajets"])


def test_the_database_keeps_two_rows_of_one_pair_from_being_there(call):
    case, other = case_saying(CARS, call=call), case_saying(CARS_TOO, call=call)
    sweep()

    with refused_by_the_database():
        SimilarProject.objects.create(case=case, other=other, score=0.5)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_pair_once():
    call = CallFactory(published=True)
    for _ in range(4):
        case_saying(CARS, call=call)
    while radar.read_next():
        pass
    radar.count_words_again()

    in_parallel(*[lambda: [radar.compare_next(radar.Met()) for _ in range(4)]] * 2)
    sweep()

    assert SimilarProject.objects.filter(case__call=call).count() == 4 * 3
