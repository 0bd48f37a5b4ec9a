"""How a decision is contested, as the letters that tell it say."""

# Where neither the call nor its fund says how to contest (`facts["appeal"]`): the general rule, with its source.
APPEAL = (
    "Cette décision peut être contestée devant le tribunal administratif dans les deux mois qui suivent sa notification"
    " (code de justice administrative, article R. 421-1). Dans le même délai, vous pouvez d’abord demander au fonds de"
    " la revoir (recours gracieux)."
)


def of(call):
    return call.facts.get("appeal") or call.fund.facts.get("appeal") or APPEAL
