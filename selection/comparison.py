"""Two to four dossiers side by side: what is known of each, and what each answers to the same questions."""

from dataclasses import dataclass

from django.template.defaultfilters import floatformat

from applications.dossier import present
from calls.money import euros
from calls.templatetags.money import percent
from selection.models import Case, Review

LEAST, MOST = 2, 4


@dataclass(frozen=True)
class Part:
    """A section: for each question, what each dossier answers, or None where its form does not ask it."""

    title: str
    questions: list  # (label, [(case, answer of `applications.dossier.present` or None)])
    tables: list  # [(case, table or None, anchor)]; empty where the section has no table


@dataclass(frozen=True)
class Comparison:
    cases: list
    facts: list  # (label, [one value for each case])
    parts: list


def compare(cases, user):
    """The comparison of some cases, in their order, as this person may read them."""
    dossiers = [present(case.submission) for case in cases]
    hidden = blind_on(user, cases)
    columns = [
        _facts(case, dossier, case.pk in hidden) for case, dossier in zip(cases, dossiers, strict=True)
    ]
    labels = list(dict.fromkeys(label for column in columns for label in column))
    facts = [(label, [column.get(label, "–") for column in columns]) for label in labels]
    return Comparison(cases, facts, _parts(cases, dossiers))


def blind_on(user, cases):
    """The cases that someone reviews and has not finished: they see no score of the others' until then."""
    return set(Review.objects.blinding(user).filter(case__in=cases).values_list("case", flat=True))


def _facts(case, dossier, hidden):
    share = case.requested_grant / case.total_cost if case.total_cost else None
    ratios = dossier["returns"].ratios if dossier["returns"] else ()
    return {
        "Porteur": case.carrier,
        "Nature": case.get_carrier_kind_display(),
        "Ministère": case.ministry.name if case.ministry else "non communiqué",
        "Appel": case.call.title,
        "État": case.get_state_display(),
        "Thèmes": ", ".join(dossier["themes"]) or "aucun",
        "Subvention demandée": euros(case.requested_grant),
        "Coût total": euros(case.total_cost),
        "Part demandée au fonds": percent(share),
        "Économies attendues": euros(case.promised_savings),
        **{f"Euros économisés pour un euro, {ratio.label}": ratio.text for ratio in ratios},
        "Évaluations terminées": f"{case.reviews_finished} sur {case.reviews_asked}",
        **_scores(case, hidden),
        "Avis reçus": f"{case.opinions_received} sur {case.opinions_asked}",
        "Alertes ouvertes": str(case.open_flags),
    }


def _scores(case, hidden):
    labels = ("Note", "Écart entre évaluateurs", "Recommandation", "Subvention proposée")
    if hidden:
        return dict.fromkeys(labels, "visible après votre évaluation")
    recommended = dict(Review.Recommendation.choices).get(case.recommendation, "–")
    proposed = "–" if case.proposed_amount is None else euros(case.proposed_amount)
    values = (_number(case.review_score), _number(case.score_spread), recommended, proposed)
    return dict(zip(labels, values, strict=True))


def _number(value):
    return "–" if value is None else floatformat(value, 2)


def _parts(cases, dossiers):
    """Sections by their key, in the order of the first dossier that has each; questions likewise."""
    titles = {}
    for dossier in dossiers:
        for section in dossier["sections"]:
            titles.setdefault(section["key"], section["title"])
    by_key = [{section["key"]: section for section in dossier["sections"]} for dossier in dossiers]
    return [
        _part(title, key, cases, [sections.get(key) for sections in by_key]) for key, title in titles.items()
    ]


def _part(title, key, cases, sections):
    answers = [{each["key"]: each for each in section["answers"]} if section else {} for section in sections]
    labels = {}
    for column in answers:
        for name, answer in column.items():
            labels.setdefault(name, answer["label"])
    questions = [
        (
            label,
            [(case, _answer(column.get(name), case)) for case, column in zip(cases, answers, strict=True)],
        )
        for name, label in labels.items()
    ]
    tables = [
        (case, section and _captioned(section["table"], case), f"{key}-{case.pk}")
        for case, section in zip(cases, sections, strict=True)
    ]
    return Part(title, questions, tables if any(table for _, table, _ in tables) else [])


def _answer(answer, case):
    return answer and answer | {"table": _captioned(answer["table"], case)}


def _captioned(table, case):
    """A table that says whose it is: two of the page may have the same caption."""
    return table and table | {"caption": f"{case.application.reference} : {table['caption']}"}


def readable(user, references):
    """The cases of these references that someone may read, in the order asked."""
    found = (
        Case.objects.readable_by(user)
        .standing()
        .filter(application__reference__in=references)
        .select_related("submission__application", "application", "call", "ministry")
    )
    by_reference = {case.application.reference: case for case in found}
    return [by_reference[each] for each in references if each in by_reference]
