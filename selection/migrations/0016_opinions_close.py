from django.db import migrations

# An opinion is given until a session that has its dossier on the agenda opens; a dossier put off is open again. The
# sessions are held still meanwhile: one that is being opened is waited for, then seen open.
CLOSED = """
CREATE FUNCTION selection_refuse_late_opinion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM selection_committeesession session
        JOIN selection_agendaitem item ON item.session_id = session.id
        JOIN selection_opinionrequest request ON request.case_id = item.case_id
        WHERE request.id = NEW.request_id FOR SHARE OF session;
    IF EXISTS (
        SELECT 1 FROM selection_opinionrequest request
        JOIN selection_agendaitem item ON item.case_id = request.case_id
        JOIN selection_committeesession session ON session.id = item.session_id
        WHERE request.id = NEW.request_id AND session.state <> 'convened' AND NOT EXISTS (
            SELECT 1 FROM selection_decision decision
            WHERE decision.item_id = item.id AND decision.outcome = 'deferred'
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
CREATE TRIGGER selection_opinion_in_time BEFORE INSERT ON selection_opinion
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_late_opinion();
"""
OPEN = """
DROP TRIGGER selection_opinion_in_time ON selection_opinion;
DROP FUNCTION selection_refuse_late_opinion();
"""
# What goes with an opinion stays as it was given, like the opinion itself.
KEPT = """
CREATE TRIGGER selection_opinionscore_append_only BEFORE UPDATE OR DELETE ON selection_opinionscore
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER selection_opinionfile_append_only BEFORE UPDATE OR DELETE ON selection_opinionfile
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
UNKEPT = """
DROP TRIGGER selection_opinionscore_append_only ON selection_opinionscore;
DROP TRIGGER selection_opinionfile_append_only ON selection_opinionfile;
"""


class Migration(migrations.Migration):
    dependencies = [("selection", "0015_batch_row_waiting")]

    operations = [migrations.RunSQL(CLOSED, OPEN), migrations.RunSQL(KEPT, UNKEPT)]
