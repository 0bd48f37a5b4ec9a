from django.db import migrations

SUBMISSION = """
CREATE TRIGGER applications_submission_append_only BEFORE UPDATE OR DELETE ON applications_submission
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER applications_submission_not_emptied BEFORE TRUNCATE ON applications_submission
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
"""

# Both ends of an update are asked: a filed dossier's row may not be given to another one either.
PARTS_FUNCTION = """
CREATE FUNCTION applications_refuse_when_filed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM applications_application
        WHERE id IN (OLD.application_id, NEW.application_id) AND state IN ('filed', 'withdrawn')
    ) THEN
        RAISE EXCEPTION '% of application %: what is filed is frozen',
            TG_TABLE_NAME, coalesce(OLD.application_id, NEW.application_id) USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

PARTS = ["application_themes", "sectionanswers", "financingline", "savingsline", "attachment"]

IDENTITY = """
CREATE FUNCTION applications_refuse_new_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'application %: what is filed is frozen', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER applications_application_frozen BEFORE UPDATE ON applications_application
    FOR EACH ROW WHEN (
        OLD.state IN ('filed', 'withdrawn')
        AND (OLD.title, OLD.organisation_id, OLD.call_id, OLD.form_id, OLD.number, OLD.reference)
            IS DISTINCT FROM (NEW.title, NEW.organisation_id, NEW.call_id, NEW.form_id, NEW.number, NEW.reference)
    ) EXECUTE FUNCTION applications_refuse_new_identity();
"""


class Migration(migrations.Migration):
    """Frozen is frozen: a submission never changes, and the rows of a filed dossier refuse every write."""

    dependencies = [("applications", "0001_initial"), ("journal", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            SUBMISSION,
            """
            DROP TRIGGER applications_submission_append_only ON applications_submission;
            DROP TRIGGER applications_submission_not_emptied ON applications_submission;
            """,
        ),
        migrations.RunSQL(PARTS_FUNCTION, "DROP FUNCTION applications_refuse_when_filed();"),
        *(
            migrations.RunSQL(
                f"""
                CREATE TRIGGER applications_{part}_frozen BEFORE INSERT OR UPDATE OR DELETE ON applications_{part}
                    FOR EACH ROW EXECUTE FUNCTION applications_refuse_when_filed();
                """,
                f"DROP TRIGGER applications_{part}_frozen ON applications_{part};",
            )
            for part in PARTS
        ),
        migrations.RunSQL(
            IDENTITY,
            """
            DROP TRIGGER applications_application_frozen ON applications_application;
            DROP FUNCTION applications_refuse_new_identity();
            """,
        ),
    ]
