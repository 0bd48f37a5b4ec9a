from django.db import migrations

# As in 0016, where a dossier that a committee only proposed of, or left to another session, is open again too, until
# the one that decides opens.
CLOSED = """
CREATE OR REPLACE FUNCTION selection_refuse_late_opinion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM selection_committeesession session
        JOIN selection_agendaitem item ON item.session_id = session.id
        JOIN selection_opinionrequest request ON request.case_id = item.case_id
        WHERE request.id = NEW.request_id FOR SHARE OF session;
    IF EXISTS (
        SELECT 1 FROM selection_opinionrequest request
        JOIN selection_agendaitem item ON item.case_id = request.case_id
        JOIN selection_committeesession session ON session.id = item.session_id
        WHERE request.id = NEW.request_id AND session.state <> 'convened'{not_put_off} AND NOT EXISTS (
            SELECT 1 FROM selection_decision decision WHERE decision.item_id = item.id AND {open_again}
        )
    ) THEN
        RAISE EXCEPTION 'opinions on the dossier of request % are closed', NEW.request_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM selection_opinionrequest
        WHERE id = NEW.request_id AND (revoked_at IS NOT NULL OR declined_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'request % no longer stands', NEW.request_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
DEFERRED = "decision.outcome = 'deferred'"
DEFERRED_OR_PROPOSED = f"({DEFERRED} OR decision.envelope_id IS NULL)"


class Migration(migrations.Migration):
    dependencies = [("selection", "0024_item_put_off")]

    operations = [
        migrations.RunSQL(
            CLOSED.format(open_again=DEFERRED_OR_PROPOSED, not_put_off=" AND item.state <> 'put_off'"),
            CLOSED.format(open_again=DEFERRED, not_put_off=""),
        )
    ]
