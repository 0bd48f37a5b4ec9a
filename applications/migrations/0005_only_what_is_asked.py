from django.db import migrations

# What a row is of: a section by its key, a table by its kind (the trigger's argument), a file by its question.
ROW_FUNCTION = """
CREATE FUNCTION applications_refuse_unasked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb;
    form jsonb;
    asked jsonb;
BEGIN
    FOR changed IN SELECT row_ FROM (VALUES (to_jsonb(OLD)), (to_jsonb(NEW))) AS both_ends (row_) WHERE row_ IS NOT NULL
    LOOP
        SELECT f.definition, coalesce(c.sections, '[]') INTO form, asked
            FROM applications_application a
            JOIN calls_formversion f ON f.id = a.form_id
            LEFT JOIN applications_clarification c
                ON c.application_id = a.id AND c.answered_at IS NULL AND c.called_off_at IS NULL
            WHERE a.id = (changed ->> 'application_id')::bigint AND a.state = 'clarification_requested';
        IF FOUND AND NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(form -> 'sections') AS section
            WHERE asked @> jsonb_build_array(jsonb_build_object('key', section -> 'key'))
            AND CASE TG_ARGV[0]
                WHEN 'answers' THEN section ->> 'key' = changed ->> 'section_key'
                WHEN 'attachments' THEN
                    (changed ->> 'question_key' = '' AND section ->> 'kind' = 'attachments')
                    OR section -> 'questions' @> jsonb_build_array(
                        jsonb_build_object('key', changed -> 'question_key')
                    )
                ELSE section ->> 'kind' = TG_ARGV[0]
            END
        ) THEN
            RAISE EXCEPTION '% of application %: the secretariat did not ask for this section',
                TG_TABLE_NAME, changed ->> 'application_id' USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

# table → what its rows belong to; themes are of no section.
PARTS = {
    "sectionanswers": "answers",
    "attachment": "attachments",
    "financingline": "financing",
    "savingsline": "savings",
    "indicator": "indicators",
    "plannedmilestone": "milestones",
    "partner": "partners",
    "componentproject": "components",
    "application_themes": "none",
}


class Migration(migrations.Migration):
    """While the secretariat asks for more, the sections that it names are open, and they alone."""

    dependencies = [("applications", "0004_together")]

    operations = [
        migrations.RunSQL(ROW_FUNCTION, "DROP FUNCTION applications_refuse_unasked();"),
        *(
            migrations.RunSQL(
                f"""
                CREATE TRIGGER applications_{part}_asked BEFORE INSERT OR UPDATE OR DELETE ON applications_{part}
                    FOR EACH ROW EXECUTE FUNCTION applications_refuse_unasked('{kind}');
                """,
                f"DROP TRIGGER applications_{part}_asked ON applications_{part};",
            )
            for part, kind in PARTS.items()
        ),
    ]
