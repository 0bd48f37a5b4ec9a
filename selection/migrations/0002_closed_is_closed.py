from django.db import migrations

# Both ends of an update are asked, so that no row leaves what is closed.
BALLOTS = """
CREATE FUNCTION selection_refuse_closed_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM selection_agendaitem WHERE id IN (OLD.item_id, NEW.item_id) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM selection_agendaitem WHERE id IN (OLD.item_id, NEW.item_id) AND state <> 'vote_open'
    ) THEN
        RAISE EXCEPTION 'the vote on item % is not open', coalesce(OLD.item_id, NEW.item_id)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_ballot_closed BEFORE INSERT OR UPDATE OR DELETE ON selection_ballot
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_closed_vote();
"""

SCORES = """
CREATE FUNCTION selection_refuse_revealed_score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM selection_agendaitem item JOIN selection_scorecard card ON card.item_id = item.id
        WHERE card.id IN (OLD.scorecard_id, NEW.scorecard_id) AND item.state <> 'scoring'
    ) THEN
        RAISE EXCEPTION 'the scores of card % are revealed', coalesce(OLD.scorecard_id, NEW.scorecard_id)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_scorecardscore_revealed BEFORE INSERT OR UPDATE OR DELETE ON selection_scorecardscore
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_revealed_score();
"""

CARDS = """
CREATE FUNCTION selection_refuse_revealed_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM selection_agendaitem WHERE id IN (OLD.item_id, NEW.item_id) AND state <> 'scoring'
    ) THEN
        RAISE EXCEPTION 'the cards of item % are revealed', coalesce(OLD.item_id, NEW.item_id)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_scorecard_revealed BEFORE INSERT OR UPDATE OR DELETE ON selection_scorecard
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_revealed_card();
"""

DECISIONS = """
CREATE TRIGGER selection_decision_append_only BEFORE UPDATE OR DELETE ON selection_decision
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""

ENVELOPE = """
CREATE FUNCTION selection_guard_envelope() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    available numeric;
    granted numeric;
BEGIN
    SELECT commitments INTO available FROM calls_envelope WHERE id = NEW.envelope_id FOR UPDATE;
    SELECT coalesce(sum(amount), 0) INTO granted FROM selection_decision WHERE envelope_id = NEW.envelope_id;
    IF granted > available THEN
        RAISE EXCEPTION 'envelope % holds %, % would be granted', NEW.envelope_id, available, granted
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER selection_decision_within_envelope AFTER INSERT ON selection_decision
    FOR EACH ROW EXECUTE FUNCTION selection_guard_envelope();

CREATE FUNCTION selection_guard_shrinking_envelope() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    granted numeric;
BEGIN
    SELECT coalesce(sum(amount), 0) INTO granted FROM selection_decision WHERE envelope_id = NEW.id;
    IF granted > NEW.commitments THEN
        RAISE EXCEPTION 'envelope % already granted %', NEW.id, granted USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER calls_envelope_holds_its_grants BEFORE UPDATE ON calls_envelope
    FOR EACH ROW EXECUTE FUNCTION selection_guard_shrinking_envelope();
"""


class Migration(migrations.Migration):
    """What the committee closed stays closed, and no grant passes the envelope of its year."""

    dependencies = [("selection", "0001_initial"), ("journal", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            BALLOTS,
            "DROP TRIGGER selection_ballot_closed ON selection_ballot; DROP FUNCTION selection_refuse_closed_vote();",
        ),
        migrations.RunSQL(
            SCORES,
            """
            DROP TRIGGER selection_scorecardscore_revealed ON selection_scorecardscore;
            DROP FUNCTION selection_refuse_revealed_score();
            """,
        ),
        migrations.RunSQL(
            CARDS,
            """
            DROP TRIGGER selection_scorecard_revealed ON selection_scorecard;
            DROP FUNCTION selection_refuse_revealed_card();
            """,
        ),
        migrations.RunSQL(
            DECISIONS, "DROP TRIGGER selection_decision_append_only ON selection_decision;"
        ),
        migrations.RunSQL(
            ENVELOPE,
            """
            DROP TRIGGER selection_decision_within_envelope ON selection_decision;
            DROP FUNCTION selection_guard_envelope();
            DROP TRIGGER calls_envelope_holds_its_grants ON calls_envelope;
            DROP FUNCTION selection_guard_shrinking_envelope();
            """,
        ),
    ]
