import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# A signature says the hash that its minutes are frozen with. It goes while it is alone, so that an error found
# meanwhile is corrected; the lock makes who takes the first back and who puts the second wait for each other.
SIGNATURES = """
CREATE TRIGGER selection_minutesversion_append_only BEFORE UPDATE OR DELETE ON selection_minutesversion
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION selection_guard_signature() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    frozen text;
BEGIN
    SELECT sha256 INTO frozen FROM selection_minutes WHERE id = coalesce(NEW.minutes_id, OLD.minutes_id) FOR UPDATE;
    IF TG_OP = 'INSERT' AND length(frozen) = 64 AND NEW.sha256 = frozen THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE'
        AND (SELECT count(*) FROM selection_minutessignature WHERE minutes_id = OLD.minutes_id) = 1 THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'signature of minutes %: % refused', coalesce(NEW.minutes_id, OLD.minutes_id), TG_OP
        USING ERRCODE = 'check_violation';
END $$;
DROP TRIGGER selection_minutessignature_append_only ON selection_minutessignature;
CREATE TRIGGER selection_minutessignature_guarded BEFORE INSERT OR UPDATE OR DELETE ON selection_minutessignature
    FOR EACH ROW EXECUTE FUNCTION selection_guard_signature();
"""

# Nothing of a session changes once its minutes are signed by both.
SIGNED_SESSION = """
CREATE FUNCTION selection_refuse_signed_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'minutes_signed' THEN
        RAISE EXCEPTION 'the minutes of session % are signed', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_session_signed BEFORE UPDATE OR DELETE ON selection_committeesession
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_signed_session();

CREATE FUNCTION selection_refuse_in_signed_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM selection_committeesession
        WHERE id IN (OLD.session_id, NEW.session_id) AND state = 'minutes_signed'
    ) THEN
        RAISE EXCEPTION 'the minutes of session % are signed', coalesce(OLD.session_id, NEW.session_id)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
""" + "\n".join(
    f"""CREATE TRIGGER selection_{table}_signed BEFORE INSERT OR UPDATE OR DELETE ON selection_{table}
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_in_signed_session();"""
    for table in ("agendaitem", "attendance", "sessionstatement")
)


class Migration(migrations.Migration):
    """What the minutes said at each time, and who may still take back a signature."""

    dependencies = [
        ("selection", "0025_proposals_reopen_opinions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MinutesVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("produced", models.BooleanField(verbose_name="produit de ce qui a été enregistré")),
                ("text", models.TextField(verbose_name="relevé de décisions")),
                ("saved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="selection.minutes",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "version du relevé",
                "verbose_name_plural": "versions du relevé",
                "ordering": ["-number"],
            },
        ),
        migrations.AddConstraint(
            model_name="minutesversion",
            constraint=models.UniqueConstraint(fields=("minutes", "number"), name="minutes_version_once"),
        ),
        migrations.AddConstraint(
            model_name="minutessignature",
            constraint=models.UniqueConstraint(fields=("minutes", "user"), name="signature_of_two_people"),
        ),
        migrations.RunSQL(SIGNATURES),
        migrations.RunSQL(SIGNED_SESSION),
    ]
