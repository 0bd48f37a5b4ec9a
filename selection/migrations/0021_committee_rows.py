from django.db import migrations

# What was voted becomes a vote, closed by who decided; the triggers that guarded the old columns go before their rows
# move.
VOTES = """
DROP TRIGGER selection_ballot_closed ON selection_ballot;
DROP FUNCTION selection_refuse_closed_vote();
DROP TRIGGER selection_scorecardscore_revealed ON selection_scorecardscore;
DROP FUNCTION selection_refuse_revealed_score();
DROP TRIGGER selection_scorecard_revealed ON selection_scorecard;
DROP FUNCTION selection_refuse_revealed_card();
DROP TRIGGER selection_decision_within_envelope ON selection_decision;

INSERT INTO selection_vote
    (item_id, number, mode, opened_at, opened_by_id, closed_at, closed_by_id, carried, note)
SELECT item.id, 1, 'roll_call',
    coalesce((SELECT min(cast_at) FROM selection_ballot WHERE item_id = item.id), decision.decided_at, now()),
    coalesce(decision.decided_by_id, session.prepared_by_id),
    decision.decided_at, decision.decided_by_id, decision.outcome = 'selected', ''
FROM selection_agendaitem item
JOIN selection_committeesession session ON session.id = item.session_id
LEFT JOIN selection_decision decision ON decision.item_id = item.id
WHERE item.state IN ('vote_open', 'decided');

UPDATE selection_ballot SET vote_id = selection_vote.id
FROM selection_vote WHERE selection_vote.item_id = selection_ballot.item_id;

UPDATE selection_agendaitem SET decision_id = selection_decision.id
FROM selection_decision WHERE selection_decision.item_id = selection_agendaitem.id;

INSERT INTO selection_board (session_id) SELECT id FROM selection_committeesession;
"""


class Migration(migrations.Migration):
    """The votes and decisions already taken, in the tables that hold them from now on."""

    dependencies = [("selection", "0020_committee")]

    operations = [migrations.RunSQL(VOTES)]
