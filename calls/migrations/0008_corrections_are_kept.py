from django.db import migrations


class Migration(migrations.Migration):
    """What was publicly corrected stays: the database refuses to rewrite or to remove a correction."""

    dependencies = [("calls", "0007_subscriptions"), ("journal", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER calls_correction_append_only BEFORE UPDATE OR DELETE ON calls_correction
                FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
            CREATE TRIGGER calls_correction_not_emptied BEFORE TRUNCATE ON calls_correction
                FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
            """,
            """
            DROP TRIGGER calls_correction_append_only ON calls_correction;
            DROP TRIGGER calls_correction_not_emptied ON calls_correction;
            """,
        )
    ]
