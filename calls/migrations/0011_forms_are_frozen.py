import json
from pathlib import Path

from django.db import migrations

FIRST_FORM = Path(__file__).parent / "first_form.json"

# A published form is never changed; one whose publication is still to come may be taken back with it.
FROZEN = """
CREATE FUNCTION calls_refuse_changed_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT 1 FROM calls_call
        WHERE id = OLD.call_id AND state <> 'draft' AND published_at <= statement_timestamp()
    ) THEN
        RAISE EXCEPTION 'form % of call %: what is published is frozen', OLD.number, OLD.call_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER calls_formversion_frozen BEFORE UPDATE OR DELETE ON calls_formversion
    FOR EACH ROW EXECUTE FUNCTION calls_refuse_changed_form();
"""


def write_drafts(apps, schema_editor):
    """A call in preparation gets the form that it would have been published with until now."""
    definition = {"sections": json.loads(FIRST_FORM.read_text(encoding="utf-8"))["sections"], "checks": []}
    for call in apps.get_model("calls", "Call").objects.filter(state="draft", form_draft=None):
        apps.get_model("calls", "FormDraft").objects.create(call=call, definition=definition)


class Migration(migrations.Migration):
    """Frozen is frozen: the database refuses to change a published form, or to remove it."""

    dependencies = [("calls", "0010_call_editor")]

    operations = [
        migrations.RunPython(write_drafts, migrations.RunPython.noop),
        migrations.RunSQL(
            FROZEN,
            """
            DROP TRIGGER calls_formversion_frozen ON calls_formversion;
            DROP FUNCTION calls_refuse_changed_form();
            """,
        ),
    ]
