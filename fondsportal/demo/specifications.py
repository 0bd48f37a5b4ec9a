"""The invented calls' specifications: a short real PDF that says on its cover that it is fictitious."""

from calls.money import euros
from documents.pdf import render_template


def pdf(call):
    """The bytes of the specifications of a draft call whose criteria are set."""
    context = {
        "call": call,
        "fund_name": call.fund.name,
        "facts": [
            ("Référence", call.code),
            ("Date limite de dépôt", call.rounds.latest("closes_at").deadline_text),
            ("Seuil", f"{euros(call.threshold)}, sur {call.get_threshold_base_display()}"),
        ],
        "themes": [theme.label for theme in call.themes.all()],
        "criteria_headers": ("Critère", "Poids"),
        "criteria": [(each.label, f"{each.weight} %") for each in call.criteria.all()],
    }
    return render_template(
        "demo/specifications.html", context, title=f"Cahier des charges (fictif) : {call.title}"
    )
