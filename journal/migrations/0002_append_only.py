from django.db import migrations

TABLES = ["journal_entry", "journal_seal"]

FUNCTIONS = """
CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION portal_refuse_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_user = 'portal_retention' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is erased by retention alone: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'check_violation';
END $$;
"""


def guard(table, function="portal_refuse_change"):
    return f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {function}();
CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
"""


def unguard(table):
    return f"DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_not_emptied ON {table};"


class Migration(migrations.Migration):
    """What happened stays: the database refuses to change or empty the journal and its chain."""

    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS, "DROP FUNCTION portal_refuse_change(); DROP FUNCTION portal_refuse_erasure();"
        ),
        *(migrations.RunSQL(guard(table), unguard(table)) for table in TABLES),
        migrations.RunSQL(
            guard("journal_entrydetails", "portal_refuse_erasure"), unguard("journal_entrydetails")
        ),
    ]
