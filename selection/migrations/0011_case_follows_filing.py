from django.db import migrations

# A case is made by the first filing and says what stands: the newest submission, whoever writes it.
FOLLOW = """
CREATE FUNCTION selection_case_of(filed bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO selection_case (
        application_id, call_id, submission_id, title, carrier, carrier_kind, ministry_id,
        requested_grant, total_cost, promised_savings, filed_at, withdrawn
    )
    SELECT application.id, application.call_id, submission.id,
        left(coalesce(submission.content ->> 'title', application.title), 160),
        left(coalesce(submission.content #>> '{organisation,name}', body.name), 200),
        body.kind,
        CASE WHEN body.kind = 'ministere' THEN body.id ELSE body.supervising_ministry_id END,
        submission.requested_grant, submission.total_cost, submission.promised_savings, submission.filed_at,
        application.state = 'withdrawn'
    FROM applications_submission submission
    JOIN applications_application application ON application.id = submission.application_id
    JOIN accounts_organisation body ON body.id = application.organisation_id
    WHERE submission.id = filed
    ON CONFLICT (application_id) DO UPDATE SET
        call_id = excluded.call_id, submission_id = excluded.submission_id, title = excluded.title,
        carrier = excluded.carrier, carrier_kind = excluded.carrier_kind, ministry_id = excluded.ministry_id,
        requested_grant = excluded.requested_grant, total_cost = excluded.total_cost,
        promised_savings = excluded.promised_savings, filed_at = excluded.filed_at, withdrawn = excluded.withdrawn
$$;

CREATE FUNCTION selection_follow_filing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM selection_case_of(NEW.id);
    RETURN NEW;
END $$;
CREATE TRIGGER selection_case_follows_filing AFTER INSERT ON applications_submission
    FOR EACH ROW EXECUTE FUNCTION selection_follow_filing();

CREATE FUNCTION selection_follow_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE selection_case SET withdrawn = (NEW.state = 'withdrawn')
        WHERE application_id = NEW.id AND withdrawn <> (NEW.state = 'withdrawn');
    RETURN NEW;
END $$;
CREATE TRIGGER selection_case_follows_withdrawal AFTER UPDATE OF state ON applications_application
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION selection_follow_withdrawal();
"""
# The cases of what was filed before, and what they then said.
CATCH_UP = """
SELECT selection_case_of(standing.id) FROM (
    SELECT DISTINCT ON (application_id) id FROM applications_submission ORDER BY application_id, revision DESC
) standing;
"""
FORGET = """
DROP TRIGGER selection_case_follows_filing ON applications_submission;
DROP TRIGGER selection_case_follows_withdrawal ON applications_application;
DROP FUNCTION selection_follow_filing();
DROP FUNCTION selection_follow_withdrawal();
DROP FUNCTION selection_case_of(bigint);
"""
# What experts gave, and what was frozen for the committee, stays as it was.
KEPT = """
CREATE TRIGGER selection_opinion_append_only BEFORE UPDATE OR DELETE ON selection_opinion
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER selection_committeebook_append_only BEFORE UPDATE OR DELETE ON selection_committeebook
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
UNKEPT = """
DROP TRIGGER selection_opinion_append_only ON selection_opinion;
DROP TRIGGER selection_committeebook_append_only ON selection_committeebook;
"""


class Migration(migrations.Migration):
    dependencies = [("selection", "0010_desk"), ("applications", "0006_certifier_alerts")]

    operations = [
        migrations.RunSQL(FOLLOW, FORGET),
        migrations.RunSQL(CATCH_UP, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
