"""What ballots come to, whatever they are: a naive count finds the same."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selection import tally

LIMITS = st.one_of(st.none(), st.integers(1, 9))
BALLOTS = st.lists(
    st.one_of(
        st.tuples(st.just("for"), LIMITS), st.tuples(st.sampled_from(["against", "abstain"]), st.none())
    ),
    max_size=11,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(BALLOTS)
def test_the_amount_is_the_highest_that_more_than_half_of_the_votes_cast_grant(ballots):
    granting = [
        amount
        for amount in range(1, 11)
        if 2 * sum(choice == "for" and (limit or 99) >= amount for choice, limit in ballots)
        > sum(choice != "abstain" for choice, _ in ballots)
    ]
    highest = max(granting, default=None)

    told = tally.majority_amount(
        [limit for choice, limit in ballots if choice == "for"],
        sum(choice == "against" for choice, _ in ballots),
    )

    assert told == (None if highest == 10 else highest)  # 10: above every limit, so without any


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(BALLOTS, st.integers(0, 10), st.sampled_from(["against", "chair"]))
def test_more_for_than_against_carries_and_a_tie_follows_the_written_rule(ballots, chair, tie_rule):
    rows = [(*ballot, position == chair) for position, ballot in enumerate(ballots)]
    choices = [choice for choice, _ in ballots]
    lead = choices.count("for") - choices.count("against")
    expected = lead > 0 or (lead == 0 and tie_rule == "chair" and choices[chair : chair + 1] == ["for"])

    result = tally.result_of(rows, tie_rule)

    assert (result.carried, dict(result.votes)) == (
        expected,
        {each: choices.count(each) for each in set(choices)},
    )
