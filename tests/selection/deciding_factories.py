"""What goes with each outcome of a decision."""


def reasons_for(item):
    """Why a project is not selected, on each criterion of its call."""
    return {each: f"Motif sur {each.label}." for each in item.case.application.call.criteria.all()}


def said_of(item, outcome):
    """What the chair cannot leave unsaid of an outcome, its amount aside."""
    return {
        "deferred": {"asked": "Revoir le chiffrage."},
        "rejected": {"reasons": reasons_for(item)},
    }.get(outcome, {})
