from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

# The columns of a call that its rounds and its opening make, whoever writes either of them, and in whatever order.
FUNCTIONS = """
CREATE FUNCTION calls_keep_dates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.closes_at := (SELECT max(closes_at) FROM calls_round WHERE call_id = NEW.id);
    NEW.year := coalesce(
        extract(year FROM coalesce(NEW.opens_at, NEW.closes_at) AT TIME ZONE 'Europe/Paris'),
        CASE WHEN NEW.imported THEN NEW.year END
    );
    RETURN NEW;
END $$;
CREATE TRIGGER calls_call_keep_dates BEFORE INSERT OR UPDATE ON calls_call
    FOR EACH ROW EXECUTE FUNCTION calls_keep_dates();

CREATE FUNCTION calls_round_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE calls_call SET id = id WHERE id IN (OLD.call_id, NEW.call_id);
    RETURN NULL;
END $$;
CREATE TRIGGER calls_round_changed AFTER INSERT OR UPDATE OR DELETE ON calls_round
    FOR EACH ROW EXECUTE FUNCTION calls_round_changed();
"""


class Migration(migrations.Migration):
    """Keep on each call the end of its last round and its year, under the indexes that its public list reads."""

    dependencies = [("calls", "0003_public_portal")]

    operations = [
        migrations.AddField(
            "call", "closes_at", models.DateTimeField("date limite de dépôt", null=True, editable=False)
        ),
        migrations.AddField("call", "year", models.PositiveSmallIntegerField("année", null=True, editable=False)),
        migrations.RunSQL(
            FUNCTIONS,
            """
            DROP TRIGGER calls_round_changed ON calls_round;
            DROP FUNCTION calls_round_changed();
            DROP TRIGGER calls_call_keep_dates ON calls_call;
            DROP FUNCTION calls_keep_dates();
            """,
        ),
        migrations.AddIndex(
            "call",
            models.Index(
                fields=["closes_at", "id"],
                condition=Q(state="published", imported=False),
                name="call_live_by_deadline",
            ),
        ),
        migrations.AddIndex(
            "call",
            models.Index(
                fields=["opens_at", "id"],
                condition=Q(state="published", imported=False),
                name="call_live_by_opening",
            ),
        ),
        migrations.AddIndex(
            "call",
            models.Index(
                F("year").desc(nulls_last=True),
                Coalesce("closes_at", "opens_at").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(state="published"),
                name="call_latest_first",
            ),
        ),
        migrations.RunSQL("UPDATE calls_call SET id = id", migrations.RunSQL.noop),
    ]
