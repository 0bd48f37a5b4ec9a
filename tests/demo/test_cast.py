import pytest

from accounts.models import Organisation
from calls.questionnaire.definition import default_sections
from fondsportal.demo.rehearsal.cast import LARGEST, draw

SIZES = [1, 2, 3, 5, 12, 40, 122, LARGEST]


def test_the_same_seed_draws_the_same_cast():
    first, again, other = (draw(12, seed, first_year=2026) for seed in (7, 7, 8))

    assert first.projects == again.projects
    assert first.projects != other.projects


def test_the_real_size_has_the_real_figures():
    cast = draw(122, 2018, first_year=2026)

    carriers = {project.carrier for project in cast.projects}
    ministries = [carrier for carrier in carriers if carrier.kind == Organisation.Kind.MINISTRY]
    assert (len(cast.projects), len(carriers), len(ministries)) == (122, 57, 15)
    assert (cast.scale.shortlisted, len(cast.laureates), cast.scale.known) == (40, 17, 8)
    assert sum(project.requested for project in cast.projects) == 827_000_000
    assert sum(project.total_cost for project in cast.projects) == 2_310_000_000
    assert sum(project.grant for project in cast.laureates) == 126_000_000
    assert sum(project.is_digital for project in cast.projects) == 104


@pytest.mark.parametrize("size", SIZES)
def test_no_real_body_is_ever_refused(size):
    cast = draw(size, 2018, first_year=2026)

    assert [
        project.title for project in cast.projects if project.carrier.real and project.fate != "selected"
    ] == []
    assert [
        carrier.name for carrier in cast.carriers if not carrier.real and "ficti" not in carrier.name
    ] == []


@pytest.mark.parametrize("size", SIZES)
def test_every_size_adds_up(size):
    cast = draw(size, 2018, first_year=2026)

    for project in [*cast.projects, cast.late]:
        grant = sum(line["amount"] for line in project.financing if line["source"] == "fund")
        assert (grant, sum(line["amount"] for line in project.financing)) == (
            project.requested,
            project.total_cost,
        )
        assert min(line["amount"] for line in project.financing) > 0
        assert project.requested >= max(project.grant, 500_000)
    assert len({project.title for project in [*cast.projects, cast.late]}) == size + 1


def test_no_answer_is_longer_than_its_question_allows():
    limits = {
        question["key"]: question["max_words"]
        for section in default_sections()
        for question in section.get("questions", [])
    }

    cast = draw(122, 2018, first_year=2026)

    for project in cast.projects:
        texts = {key: text for answers in project.answers.values() for key, text in answers.items()}
        assert [key for key, text in texts.items() if len(text.split()) > limits[key]] == []
        assert set(texts) == set(limits)
