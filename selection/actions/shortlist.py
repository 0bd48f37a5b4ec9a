"""Drawing the shortlist of a call from its reviews."""

from django.db import transaction

from applications.models import Application
from journal import actions as journal
from journal.refusals import refuse_unless, require
from selection import lifecycle, rules
from selection.lifecycle import State
from selection.models import Case


@transaction.atomic(durable=True)
def draw_shortlist(call, references, *, by):
    """Shortlist the named cases of a call; the other reviewed ones are not shortlisted."""
    require(rules.can_shortlist(by, call))
    refuse_unless(call.has_shortlist, "Cet appel ne prévoit pas de présélection.")
    reviewed = reviewed_cases(call).select_for_update(of=["self"])
    cases = list(reviewed.select_related("application").order_by("pk"))
    refuse_unless(
        not any(rules.is_recused(by, case.application) for case in cases),
        "Vous vous êtes déporté d’un dossier de cet appel : un collègue arrête la présélection.",
    )
    known = {case.application.reference for case in cases}
    refuse_unless(
        set(references) <= known, "Un des dossiers cochés n’est plus en instruction. Rechargez la page."
    )
    refuse_unless(references, "Cochez au moins un dossier.")
    for case in cases:
        kept = case.application.reference in references
        lifecycle.move(case, State.SHORTLISTED if kept else State.NOT_SHORTLISTED)
        case.save(update_fields=["state"])
        journal.record(f"case.{case.state}", case, by=by)
    return len(references)


# Steps


# Steps


def reviewed_cases(call):
    """The cases of a call among which its shortlist is drawn."""
    return Case.objects.filter(
        application__call=call, state=State.UNDER_REVIEW, review_score__isnull=False
    ).exclude(application__state=Application.State.WITHDRAWN)
