import django.db.models.deletion
from django.db import migrations, models

# Both ends of an update are asked, so that no row leaves what is closed.
VOTES = """
CREATE FUNCTION selection_refuse_closed_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'vote % is closed', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER selection_vote_closed BEFORE UPDATE OR DELETE ON selection_vote
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_closed_vote();

CREATE FUNCTION selection_refuse_late_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM selection_vote WHERE id IN (OLD.vote_id, NEW.vote_id) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM selection_vote WHERE id IN (OLD.vote_id, NEW.vote_id) AND closed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'vote % is closed', coalesce(OLD.vote_id, NEW.vote_id) USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_ballot_closed BEFORE INSERT OR UPDATE OR DELETE ON selection_ballot
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_late_ballot();
"""

# The first card is sealed until the reveal and never changes after; the second lives between the reveal and the vote.
CARDS = """
CREATE FUNCTION selection_card_is_open(card_round integer, item_state text) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS $$ SELECT CASE card_round WHEN 1 THEN item_state = 'scoring' ELSE item_state = 'revealed' END $$;

CREATE FUNCTION selection_refuse_closed_card() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item record;
BEGIN
    FOR item IN SELECT id, state FROM selection_agendaitem WHERE id IN (OLD.item_id, NEW.item_id) LOOP
        IF NOT selection_card_is_open(coalesce(OLD.round, NEW.round), item.state)
            OR NOT selection_card_is_open(coalesce(NEW.round, OLD.round), item.state) THEN
            RAISE EXCEPTION 'the cards of item % are closed', item.id USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_scorecard_closed BEFORE INSERT OR UPDATE OR DELETE ON selection_scorecard
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_closed_card();

CREATE FUNCTION selection_refuse_closed_score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM selection_agendaitem item JOIN selection_scorecard card ON card.item_id = item.id
        WHERE card.id IN (OLD.scorecard_id, NEW.scorecard_id)
            AND NOT selection_card_is_open(card.round, item.state)
    ) THEN
        RAISE EXCEPTION 'the scores of card % are closed', coalesce(OLD.scorecard_id, NEW.scorecard_id)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_scorecardscore_closed BEFORE INSERT OR UPDATE OR DELETE ON selection_scorecardscore
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_closed_score();

CREATE TRIGGER selection_commitment_append_only BEFORE UPDATE OR DELETE ON selection_commitment
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER selection_decisionreason_append_only BEFORE UPDATE OR DELETE ON selection_decisionreason
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""

# A decision stands when its item points to it: that is when money is drawn, and what the envelope must hold.
ENVELOPE = """
DROP FUNCTION selection_guard_envelope();

CREATE FUNCTION selection_granted(asked_envelope bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(decision.amount), 0) FROM selection_decision decision
    JOIN selection_agendaitem item ON item.decision_id = decision.id
    WHERE decision.envelope_id = asked_envelope
$$;

CREATE FUNCTION selection_guard_standing_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided record;
    available numeric;
BEGIN
    IF OLD.decision_id IS NOT DISTINCT FROM NEW.decision_id THEN
        RETURN NULL;
    END IF;
    SELECT * INTO decided FROM selection_decision WHERE id = NEW.decision_id;
    IF decided IS NULL OR decided.item_id <> NEW.id
        OR decided.revision <= coalesce((SELECT revision FROM selection_decision WHERE id = OLD.decision_id), 0) THEN
        RAISE EXCEPTION 'item % cannot stand on decision %', NEW.id, NEW.decision_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF decided.envelope_id IS NOT NULL THEN
        SELECT commitments INTO available FROM calls_envelope WHERE id = decided.envelope_id FOR UPDATE;
        IF selection_granted(decided.envelope_id) > available THEN
            RAISE EXCEPTION 'envelope % holds %, % would be granted', decided.envelope_id, available,
                selection_granted(decided.envelope_id) USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER selection_item_stands_on_its_decision AFTER UPDATE OF decision_id ON selection_agendaitem
    FOR EACH ROW EXECUTE FUNCTION selection_guard_standing_decision();

CREATE OR REPLACE FUNCTION selection_guard_shrinking_envelope() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF selection_granted(NEW.id) > NEW.commitments THEN
        RAISE EXCEPTION 'envelope % already granted %', NEW.id, selection_granted(NEW.id)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

# Once one has signed, the text is what they signed; once both have, nothing of it changes.
MINUTES = """
CREATE FUNCTION selection_refuse_signed_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM selection_minutessignature WHERE minutes_id = OLD.id) THEN
        RAISE EXCEPTION 'minutes % are signed', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_minutes_signed BEFORE UPDATE OR DELETE ON selection_minutes
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_signed_minutes();
CREATE TRIGGER selection_minutessignature_append_only BEFORE UPDATE OR DELETE ON selection_minutessignature
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""

# Deferred to the end of the transaction: the board is the last row that anybody takes.
BOARD = """
CREATE FUNCTION selection_make_board() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO selection_board (session_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER selection_session_has_a_board AFTER INSERT ON selection_committeesession
    FOR EACH ROW EXECUTE FUNCTION selection_make_board();

CREATE FUNCTION selection_stir_board() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_ jsonb := to_jsonb(coalesce(NEW, OLD));
    asked bigint;
BEGIN
    asked := CASE TG_TABLE_NAME
        WHEN 'selection_committeesession' THEN (row_ ->> 'id')::bigint
        WHEN 'selection_scorecard' THEN
            (SELECT session_id FROM selection_agendaitem WHERE id = (row_ ->> 'item_id')::bigint)
        WHEN 'selection_vote' THEN
            (SELECT session_id FROM selection_agendaitem WHERE id = (row_ ->> 'item_id')::bigint)
        WHEN 'selection_ballot' THEN
            (SELECT item.session_id FROM selection_agendaitem item JOIN selection_vote vote ON vote.item_id = item.id
             WHERE vote.id = (row_ ->> 'vote_id')::bigint)
        ELSE (row_ ->> 'session_id')::bigint
    END;
    UPDATE selection_board SET stir = stir + 1 WHERE session_id = asked;
    RETURN NULL;
END $$;

CREATE FUNCTION selection_stir_boards_of_recused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE selection_board SET stir = stir + 1 WHERE session_id IN (
        SELECT item.session_id FROM selection_agendaitem item
        JOIN selection_case case_ ON case_.id = item.case_id
        WHERE case_.application_id = coalesce(NEW.application_id, OLD.application_id)
    );
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER applications_recusal_stirs_boards AFTER INSERT OR UPDATE OR DELETE ON applications_recusal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION selection_stir_boards_of_recused();
"""
SHOWN = ["committeesession", "agendaitem", "attendance", "scorecard", "vote", "ballot", "scenario"]
STIRRED = "\n".join(
    f"""CREATE CONSTRAINT TRIGGER selection_{table}_stirs_its_board AFTER INSERT OR UPDATE OR DELETE ON selection_{table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION selection_stir_board();"""
    for table in SHOWN
)


class Migration(migrations.Migration):
    """What a session closed stays closed, whoever asks the database; and its board knows when it changed."""

    dependencies = [("selection", "0021_committee_rows"), ("journal", "0002_append_only")]

    operations = [
        migrations.RemoveConstraint(
            model_name='ballot',
            name='ballot_once',
        ),
        migrations.RemoveField(
            model_name='ballot',
            name='item',
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision__isnull', False), ('state', 'decided')), models.Q(models.Q(('state', 'decided'), _negated=True), ('decision__isnull', True)), _connector='OR'), name='item_decided_by_its_decision'),
        ),
        migrations.AddConstraint(
            model_name='ballot',
            constraint=models.UniqueConstraint(fields=('vote', 'seat'), name='ballot_once'),
        ),
        migrations.AlterField(
            "ballot",
            "vote",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="selection.vote"
            ),
        ),
        migrations.RunSQL(VOTES),
        migrations.RunSQL(CARDS),
        migrations.RunSQL(ENVELOPE),
        migrations.RunSQL(MINUTES),
        migrations.RunSQL(BOARD),
        migrations.RunSQL(STIRRED),
    ]
