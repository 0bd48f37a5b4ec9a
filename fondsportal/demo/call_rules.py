"""What the sources say of the rules of past calls: who, how much, with what co-financing, on which criteria.

A rule that has no column stays on the call, in `facts["rule_notes"]`, as a sentence and its sources.
"""

from calls.models import CarrierRule, Programme


def load_call_rules(records, sources, calls):
    """Import the records of `facts/call_rules.json` on calls that stand already, by their id there."""
    rules = {
        (slug, kind): CarrierRule(call=calls[slug], kind=kind)
        for row in records["carriers"]
        for slug in row["calls"]
        for kind in row["kinds"]
    }
    for slug, row in _each(records["amounts"]):
        bounded = rules[slug, row["kind"]] if "kind" in row else calls[slug]
        bounded.threshold, bounded.ceiling = row.get("min_eur"), row.get("max_eur")
        if "base" in row:
            bounded.threshold_base = row["base"]
    for slug, row in _each(records["cofinancing"]):
        calls[slug].cofinancing_required |= row.get("required", False)
    for slug, _ in _each(records["grouped"]):
        calls[slug].grouped_accepted = True
    for slug, row in _each(records["programmes"]):
        calls[slug].programme = Programme.objects.get(fund=calls[slug].fund, slug=row["programme"])
    _load_criteria(records, sources, calls)
    for group in ("amounts", "cofinancing", "grouped"):
        for slug, row in _each(records[group]):
            note = {"text": row["note"], "sources": sources[row["sources"]]}
            calls[slug].facts.setdefault("rule_notes", []).append(note)
    for call in calls.values():
        call.save()
    CarrierRule.objects.bulk_create(rules.values())


def _load_criteria(records, sources, calls):
    """The guidance that sources give of the general criteria; of the counters, their labels alone."""
    guidance = [row | {"sources": sources[row["sources"]]} for row in records["criteria"]]
    for call in calls.values():
        if "criteria" in call.facts:
            call.facts["criteria_guidance"] = guidance
    for slug, row in _each(records["counter_criteria"]):
        calls[slug].facts["criteria"] = row["labels"]


def _each(rows):
    """(id of a call, row) for each call of each row."""
    return [(slug, row) for row in rows for slug in row["calls"]]
