"""The statistics of a call: what one may read, cut by ministry, kind and theme, and printed on two pages."""

from decimal import Decimal

import pypdfium2
import pytest

from accounts.models import Organisation
from applications.models import Recusal
from documents.pdf import PdfFailed
from selection import call_statistics
from selection.access import statistics_key
from selection.models import Case
from selection.produced import statistics
from tests import factories

pytestmark = pytest.mark.django_db


def lines_of(call, key, user=None):
    """(label, dossiers, grants) of a cut."""
    cases = (
        Case.objects.filter(call=call) if user is None else Case.objects.readable_by(user).filter(call=call)
    )
    found = {cut.key: cut for cut in call_statistics.cuts(cases, call_statistics.summary(cases))}
    return [(line.label, line.dossiers, line.asked) for line in found[key].lines]


def test_a_ministry_and_its_bodies_count_together():
    call = factories.CallFactory(published=True)
    ministry = factories.OrganisationFactory(kind=Organisation.Kind.MINISTRY, name="Ministère A")
    body = factories.OrganisationFactory(supervising_ministry=ministry)
    factories.filed_application(call=call, organisation=ministry)
    factories.filed_application(call=call, organisation=body)
    factories.filed_application(call=call)

    assert lines_of(call, "ministere") == [
        ("Ministère A", 2, Decimal("1200000")),
        ("Non communiqué", 1, Decimal("600000")),
    ]


def test_a_dossier_counts_in_each_of_its_themes_and_one_without_is_told():
    call = factories.CallFactory(published=True)
    digital, sharing = (
        factories.ThemeFactory(label="Numérique"),
        factories.ThemeFactory(label="Mutualisation"),
    )
    factories.filed_application(call=call, themes=[digital, sharing])
    factories.filed_application(call=call, themes=[digital])
    factories.filed_application(call=call)

    assert [line[:2] for line in lines_of(call, "theme")] == [
        ("Numérique", 2),
        ("Mutualisation", 1),
        ("Non communiqué", 1),
    ]


def share_of(call):
    cases = Case.objects.filter(call=call)
    return call_statistics.digital_share(call, cases, call_statistics.summary(cases))


def test_the_share_of_digital_projects_is_that_of_the_theme_that_the_fund_says():
    digital, other = factories.ThemeFactory(), factories.ThemeFactory()
    call = factories.CallFactory(published=True)
    call.themes.set([digital, other])
    for themes in ([digital], [digital, other], [other], []):
        factories.filed_application(call=call, themes=themes)
    unsaid = share_of(call)

    call.fund.facts = {"digital": {"theme": digital.slug}}

    assert (unsaid, share_of(call)) == (None, 0.5)


def test_the_share_of_digital_projects_may_be_that_of_an_answer_and_is_unknown_where_it_is_not_asked():
    call = factories.CallFactory(published=True)
    case, _ = (Case.objects.get(application=factories.filed_application(call=call)) for _ in range(2))
    answer = case.submission.content["sections"][0]["answers"][0]
    call.facts = {"digital": {"question": answer["key"], "answers": [answer["text"]]}}
    asked = share_of(call)
    call.facts = {"digital": {"question": answer["key"], "answers": ["Non"]}}
    none = share_of(call)

    call.facts = {"digital": {"question": "ailleurs", "answers": ["Oui"]}}

    assert (asked, none, share_of(call)) == (1, 0, None)
    assert call_statistics.figures(call_statistics.summary(Case.objects.none()), None)[-1] == (
        "–",
        "part des projets numériques non communiquée",
    )


def test_what_its_reader_is_recused_from_is_not_counted():
    call = factories.CallFactory(published=True)
    officer = factories.officer_of(call.fund)
    factories.filed_application(call=call)
    Recusal.objects.create(
        application=factories.filed_application(call=call), user=officer, reason="Ancien employeur"
    )

    assert [line[1] for line in lines_of(call, "nature", officer)] == [1]


def test_the_amounts_are_those_in_the_middle_and_at_the_top():
    call = factories.CallFactory(published=True)
    for grant in ("100000", "300000", "900000"):
        factories.filed_application(call=call, grant=Decimal(grant))

    table = call_statistics.amounts(call_statistics.summary(Case.objects.filter(call=call)))

    assert table.rows[0] == ["Subvention demandée", "1,3\u00a0M€", "300\u00a0k€", "900\u00a0k€"]


def test_a_past_call_shows_what_its_sources_published_and_no_more(client):
    facts = {
        "candidates": 122,
        "total_cost_eur": 2310000000,
        "requested_eur": 827000000,
        "candidates_breakdown": {"ministries": 15, "public_bodies": 42, "digital_share": 0.85},
    }
    call = factories.CallFactory(published=True, imported=True, facts=facts)

    pairs, [chart], _ = call_statistics.published(call)

    told = dict(pairs)
    assert [
        told[each] for each in ("Candidatures", "Ministères candidats", "Organismes publics candidats")
    ] == [
        "122",
        "15",
        "42",
    ]
    assert (told["Part des projets numériques"], told["Subventions accordées"]) == (
        "85\u00a0%",
        "non communiquées",
    )
    assert [text for _, _, text, _ in chart.rows] == ["2,3\u00a0Md€", "827\u00a0M€"]


def many_cases(call, number):
    """So many cases, as many ministries with long names, whose submission is that of one dossier."""
    case = Case.objects.get(application=factories.filed_application(call=call))
    for rank in range(number):
        ministry = factories.OrganisationFactory(
            kind=Organisation.Kind.MINISTRY,
            name=f"Ministère de la transformation, {'et du reste, ' * 8}{rank % 15}",
        )
        application = factories.ApplicationFactory(call=call, title=f"Projet {rank}")
        Case.objects.create(
            application=application,
            call=call,
            submission=case.submission,
            carrier_kind=list(Organisation.Kind)[rank % len(Organisation.Kind)],
            ministry=ministry,
            requested_grant=Decimal("999999999"),
            total_cost=Decimal("9999999999"),
        )


@pytest.mark.parametrize("number", [1, 122])
def test_the_printed_statistics_are_two_pages(number, tmp_path):
    call = factories.CallFactory(
        published=True, title="Un appel à projets au titre assez long pour deux lignes " * 3
    )
    themes = [
        factories.ThemeFactory(label=f"Un thème au nom long comme un jour sans pain {n}") for n in range(9)
    ]
    factories.filed_application(call=call, themes=themes[: 9 if number > 1 else 1])
    many_cases(call, number - 2) if number > 1 else None
    target = tmp_path / "statistiques.pdf"

    statistics(statistics_key(factories.officer_of(call.fund), call), target)

    with pypdfium2.PdfDocument(target) as document:
        assert len(document) == 2


def test_printed_statistics_asked_for_before_a_recusal_are_not_made(tmp_path):
    call = factories.CallFactory(published=True)
    application, officer = factories.filed_application(call=call), factories.officer_of(call.fund)
    key = statistics_key(officer, call)
    Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")

    with pytest.raises(PdfFailed):
        statistics(key, tmp_path / "statistiques.pdf")
