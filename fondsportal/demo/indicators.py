"""The official indicators of a fund and its savings, as public sources tell them: facts of the fund, never computed."""

CITED = ("sources", "ratio_target_sources")


def load_indicators(records, sources, funds):
    """Add the records of `facts/indicators.json` to the facts of their funds, each figure with its own sources."""
    for fact in records:
        fund = funds[fact["fund"]]
        fund.facts = fund.facts | {
            name: _with_sources(value, sources) for name, value in fact.items() if name != "fund"
        }
        fund.review_target_days = _review_target(fact)
        fund.save(update_fields=["facts", "review_target_days"])


def _review_target(fact):
    """The latest target of the official delay of instruction, in days; unknown without one."""
    targets = [each["targets"] for each in fact.get("indicators", []) if each["key"] == "instruction_days"]
    return targets[0][-1] if targets and targets[0] else None


def _with_sources(value, sources):
    """The same record, its source ids replaced by what a reader is told of them."""
    if isinstance(value, list):
        return [_with_sources(each, sources) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: sources[each] if name in CITED else _with_sources(each, sources) for name, each in value.items()
    }
