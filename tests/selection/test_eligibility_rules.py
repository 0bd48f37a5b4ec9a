"""The call's rules held against what was filed, and what is retained of each."""

from datetime import timedelta
from decimal import Decimal

import pypdf
import pytest
from django.urls import reverse

from applications import actions as applications
from applications.models import Application
from calls.models import CarrierRule, Round
from calls.questionnaire.definition import default_definition
from documents.models import ProducedDocument
from journal.refusals import Refused
from selection import eligibility
from selection.actions import eligibility as actions
from selection.models import EligibilityFact
from selection.produced import ineligibility_letter
from tests.factories import (
    CallFactory,
    ThemeFactory,
    certifier_of,
    checked_form,
    complete_draft,
    filed_application,
    head_of,
    officer_of,
)
from tests.selection.conflicts_factories import joint_application, joint_call
from tests.selection.eligibility_factories import found, lines_of, turned_down

pytestmark = pytest.mark.django_db
MET, BROKEN, UNKNOWN = EligibilityFact.Verdict.values


def filed(**rules):
    """A filed dossier (600 000 € of 1 000 000 €) whose call gets these rules afterwards."""
    return ruled(filed_application(), **rules)


def ruled(application, **rules):
    for name, value in rules.items():
        setattr(application.call, name, value)
    application.call.save()
    return application


# What is found


@pytest.mark.parametrize(
    ("rules", "rule", "verdict"),
    [
        ({"threshold": Decimal(600000), "threshold_base": "grant"}, "threshold", MET),
        ({"threshold": Decimal(600001), "threshold_base": "grant"}, "threshold", BROKEN),
        ({"threshold": Decimal(1000000), "threshold_base": "total_cost"}, "threshold", MET),
        ({"threshold": Decimal(600001), "threshold_base": "eligible_cost"}, "threshold", UNKNOWN),
        ({"threshold": Decimal(1000001), "threshold_base": "unspecified"}, "threshold", BROKEN),
        ({"ceiling": Decimal(600000), "threshold_base": "grant"}, "ceiling", MET),
        ({"ceiling": Decimal(999999), "threshold_base": "total_cost"}, "ceiling", BROKEN),
        ({"ceiling": Decimal(700000), "threshold_base": "unspecified"}, "ceiling", UNKNOWN),
        ({"max_rate": Decimal("0.6")}, "rate", MET),
        ({"max_rate": Decimal("0.5999")}, "rate", BROKEN),
        ({"cofinancing_required": True}, "cofinancing", MET),
        ({"flat_grant": Decimal(600000)}, "flat-grant", MET),
        ({"flat_grant": Decimal(15000)}, "flat-grant", BROKEN),
    ],
)
def test_the_amounts_are_held_against_the_rules_of_the_call(rules, rule, verdict):
    assert found(filed(**rules), rule)[0] == verdict


def test_a_grant_of_the_whole_cost_has_no_cofinancing():
    application = complete_draft(own=Decimal(0))
    applications.file_application(application, by=certifier_of(application.organisation))

    assert found(ruled(application, cofinancing_required=True), "cofinancing")[0] == BROKEN


def test_a_dossier_that_says_no_amount_is_not_told_to_be_too_small():
    definition = default_definition()
    definition["sections"] = [each for each in definition["sections"] if each["kind"] == "text"]
    application = filed_application(call=CallFactory(published=True, form=definition))

    assert found(ruled(application, threshold=Decimal(1)), "threshold") == (
        UNKNOWN,
        "Le formulaire déposé ne dit aucun montant.",
    )


@pytest.mark.parametrize(("kind", "verdict"), [("operateur", MET), ("ministere", BROKEN)])
def test_the_kind_of_carrier_is_one_that_the_call_admits(kind, verdict):
    application = filed(threshold=Decimal(1))
    CarrierRule.objects.create(call=application.call, kind=kind)

    assert found(application, "carrier")[0] == verdict


def test_a_rule_that_the_call_does_not_set_is_not_shown():
    assert list(lines_of(filed())) == ["deadline", "visa", "complete"]


def test_themes_that_nobody_chose_are_for_someone_to_tell():
    application = filed()
    application.call.themes.add(ThemeFactory())

    assert found(application, "themes")[0] == UNKNOWN


def test_a_filing_past_the_deadline_is_found_late():
    application = filed()
    Round.objects.update(closes_at=application.submissions.get().filed_at - timedelta(seconds=1))

    assert found(application, "deadline")[0] == BROKEN


def test_an_answer_that_a_later_version_of_the_rules_requires_is_missing_by_its_own_form_alone():
    application = filed()
    definition = application.form.definition
    for section in definition["sections"]:
        for question in section.get("questions", []):
            question["required"] = True

    assert found(application, "complete")[0] == MET


def test_components_that_do_not_add_up_are_found():
    application = joint_application(call=joint_call(), component="Commune")

    assert found(application, "components")[0] == BROKEN
    assert found(ruled(application, grouped_accepted=None), "grouped")[0] == UNKNOWN
    assert found(ruled(application, grouped_accepted=False), "grouped")[0] == BROKEN


def test_the_computed_checks_of_the_form_are_shown_with_their_numbers():
    draft = complete_draft(call=CallFactory(published=True, form=checked_form()), grant=Decimal(400000))
    applications.file_application(draft, by=certifier_of(draft.organisation))
    draft.refresh_from_db()

    verdict, evidence = found(draft, "check-plafond")

    assert (verdict, evidence) == (
        MET,
        "La subvention demandée : 400\u202f000\u00a0€ ; le coût total : 800\u202f000\u00a0€.",
    )


# What is retained


def test_a_dossier_that_breaks_a_rule_is_not_declared_eligible_until_it_is_overruled():
    application = filed(max_rate=Decimal("0.5"))
    officer = officer_of(application.call.fund)

    with pytest.raises(Refused):
        actions.declare_eligible(application, by=officer)
    with pytest.raises(Refused):
        actions.settle_fact(application, "rate", verdict=MET, reason=" ", by=officer)
    actions.settle_fact(application, "rate", verdict=MET, reason="Dérogation de 2018.", by=officer)
    case = actions.declare_eligible(application, by=officer)

    assert case.state == "eligible"
    assert set(case.eligibility_facts.values_list("rule", "verdict")) == {
        ("rate", MET),
        ("deadline", MET),
        ("visa", MET),
        ("complete", MET),
    }


def test_what_could_not_be_told_is_not_confirmed_with_the_rest():
    application = filed(ceiling=Decimal(700000))
    officer = officer_of(application.call.fund)

    assert actions.confirm_facts(application, by=officer) == 3
    assert lines_of(application)["ceiling"].fact is None


def test_a_rule_that_is_not_the_call_s_is_refused():
    application = filed()

    with pytest.raises(Refused):
        actions.settle_fact(application, "rate", verdict=MET, reason="", by=officer_of(application.call.fund))


def filed_again(application, **changes):
    applications.take_back(application, by=application.created_by)
    application.financing_lines.filter(source="fund").update(**changes)
    applications.file_application(application, by=certifier_of(application.organisation))
    return Application.objects.get(pk=application.pk)


def test_what_was_retained_is_settled_again_where_the_finding_changed_alone():
    application = filed(max_rate=Decimal("0.5"), threshold=Decimal(1))
    officer = officer_of(application.call.fund)
    actions.settle_fact(application, "rate", verdict=MET, reason="Dérogation.", by=officer)
    actions.settle_fact(application, "complete", verdict=MET, reason="", by=officer)

    ruled(application, max_rate=Decimal("0.9"))
    again = filed_again(application, amount=Decimal(500000))
    ruled(again, max_rate=Decimal("0.5"))
    lines = lines_of(again)

    assert (lines["rate"].fact, lines["rate"].earlier.reason) == (None, "Dérogation.")
    assert lines["complete"].fact.submission.revision == 1


def test_the_reason_of_an_ineligibility_is_first_written_from_the_broken_rules():
    application = filed(max_rate=Decimal("0.5"))
    case = eligibility.current(application.case.pk)

    reason = eligibility.reason_from(eligibility.examined(case))

    assert reason == (
        "La part demandée au fonds ne dépasse pas 50\u00a0% du coût total. Subvention demandée 600\u202f000\u00a0€,"
        " coût total 1\u202f000\u202f000\u00a0€. Part : 60\u00a0%."
    )


# The letter


def test_the_letter_says_the_recorded_reasons_and_how_to_contest(tmp_path):
    case = turned_down(filed(max_rate=Decimal("0.5")), reason="Part du fonds trop élevée.")
    target = tmp_path / "lettre.pdf"

    ineligibility_letter(str(case.pk), target)

    text = text_of(target)
    assert [each in text for each in ("Part du fonds trop élevée.", "60 %", "R. 421-1", "deux mois")] == [
        True
    ] * 4


def test_a_call_that_says_how_to_contest_has_its_own_words_in_the_letter(tmp_path):
    case = turned_down(filed(facts={"appeal": "Écrivez au médiateur du fonds."}))
    target = tmp_path / "lettre.pdf"

    ineligibility_letter(str(case.pk), target)

    text = text_of(target)
    assert ("médiateur du fonds" in text, "421-1" in text) == (True, False)


def text_of(path):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_the_carrier_finds_the_letter_on_its_follow_page_once_it_is_notified(client):
    application = filed()
    client.force_login(application.created_by)
    address = reverse("selection:carrier_letter", args=[application.key])

    before = client.get(address).status_code
    case = turned_down(application)
    followed = client.get(reverse("selection:follow", args=[application.key])).content.decode()

    assert (before, client.get(address).status_code, address in followed) == (404, 200, True)
    assert ProducedDocument.objects.latest("selection.ineligibility_letter", str(case.pk)).revision == 1


# The pages


def page(name, application, *args):
    return reverse(f"selection:{name}", args=[application.reference, *args])


def test_the_page_says_what_prevents_the_dossier_from_being_eligible(client):
    application = filed(max_rate=Decimal("0.5"))
    client.force_login(officer_of(application.call.fund))

    read = client.get(page("eligibility", application))

    assert [line.finding.rule for line in read.context["unsettled"]] == ["rate"]
    assert client.post(page("eligibility", application), {"reason": ""}).status_code == 409


def test_overruling_without_a_reason_is_asked_again(client):
    application = filed(max_rate=Decimal("0.5"))
    client.force_login(officer_of(application.call.fund))

    read = client.post(page("settle_fact", application, "rate"), {"verdict": MET, "reason": ""})

    assert list(read.context["form"].errors) == ["reason"]


def test_one_proposes_and_another_decides_on_the_pages(client):
    application = filed(max_rate=Decimal("0.5"))
    client.force_login(officer_of(application.call.fund))
    other = head_of(application.call.fund)

    client.post(page("ineligibility", application), {"reason": "Part du fonds trop élevée."})
    settled = {"accepted": "oui", "answer": "", "proposal": application.case.ineligibility_proposals.get().pk}
    alone = client.post(page("ineligibility", application), settled)
    client.force_login(other)
    client.post(page("ineligibility", application), settled)

    application.case.refresh_from_db()
    assert (alone.status_code, application.case.state) == (403, "ineligible")


def test_asking_for_more_from_the_check_begins_with_the_broken_rules(client):
    application = filed(max_rate=Decimal("0.5"))
    client.force_login(officer_of(application.call.fund))

    read = client.get(page("clarify", application), {"motif": "recevabilite"})

    assert read.context["form"]["text"].value().startswith("La part demandée au fonds ne dépasse pas 50")
