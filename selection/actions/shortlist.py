"""Drawing the shortlist of a call from its reviews."""

from django.db import transaction

from journal import actions as journal
from journal.refusals import refuse_unless, require
from selection import lifecycle, rules, shortlisting
from selection.lifecycle import State
from selection.models import Case


@transaction.atomic(durable=True)
def keep_choices(call, choices, *, by):
    """Keep what is chosen so far: `choices` is {pk of a case: (choice, reason, mark of what the page had read)}.

    What someone else wrote in the meantime is not overwritten. Returns the cases so left as they are, with the number
    of those that are no longer to be chosen.
    """
    require(rules.can_shortlist(by, call))
    _refuse_without_shortlist(call)
    readable = shortlisting.reviewed_cases(call).filter(pk__in=Case.objects.readable_by(by))
    readable = readable.with_scores_for(by).filter(blind=False)
    cases = readable.filter(pk__in=choices).select_for_update(of=["self"]).select_related("application")
    clashes, found = [], list(cases.order_by("pk"))
    for case in found:
        choice, reason, read = choices[case.pk]
        if (choice, reason) == (case.shortlist_choice, case.shortlist_reason):
            continue
        if shortlisting.mark(case) != read:
            clashes.append(case)
            continue
        case.shortlist_choice, case.shortlist_reason = choice, reason
        case.save(update_fields=["shortlist_choice", "shortlist_reason"])
        journal.record("case.shortlist_prepared", case, by=by, choice=choice, reason=reason)
    return clashes, len(choices) - len(found)


@transaction.atomic(durable=True)
def draw_shortlist(call, *, seen, by):
    """Shortlist what was chosen, leave the others out with their reasons; `seen` is the seal of what was previewed."""
    require(rules.can_shortlist(by, call))
    _refuse_without_shortlist(call)
    reviewed = shortlisting.reviewed_cases(call).select_for_update(of=["self"])
    cases = list(reviewed.select_related("application").order_by("pk"))
    refuse_unless(
        Case.objects.readable_by(by).filter(pk__in=[case.pk for case in cases]).count() == len(cases),
        "La présélection de cet appel est à arrêter par un collègue : rien n’est changé.",
    )
    refuse_unless(
        not shortlisting.ranked(call, by).filter(blind=True).exists(),
        "Vous n’avez pas terminé une de vos évaluations de cet appel : terminez-la, ou laissez un collègue arrêter"
        " la présélection.",
    )
    refuse_unless(
        shortlisting.seal(cases) == seen,
        "La préparation a changé depuis votre aperçu : un collègue l’a modifiée, ou une évaluation s’est terminée."
        " Rien n’est arrêté. Revoyez l’aperçu, puis confirmez.",
    )
    refuse_unless(
        all(case.shortlist_choice is not None for case in cases), "Un dossier n’a pas encore de choix."
    )
    refuse_unless(any(case.shortlist_choice for case in cases), "Présélectionnez au moins un dossier.")
    refuse_unless(
        all(case.shortlist_choice or case.shortlist_reason for case in cases),
        "Un dossier écarté n’a pas de motif : la lettre à son porteur en a besoin.",
    )
    for case in cases:
        lifecycle.move(case, State.SHORTLISTED if case.shortlist_choice else State.NOT_SHORTLISTED)
        case.save(update_fields=["state"])
        journal.record(f"case.{case.state}", case, by=by, reason=case.shortlist_reason)
    return sum(case.shortlist_choice for case in cases)


# Steps


def _refuse_without_shortlist(call):
    refuse_unless(call.has_shortlist, "Cet appel ne prévoit pas de présélection.")
