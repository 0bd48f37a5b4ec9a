"""A project close to another is there once; what the radar cannot read is set aside; opinions are exported."""

from django.db import migrations, models

ONCE = """
DELETE FROM selection_similarproject one USING selection_similarproject later
WHERE one.case_id = later.case_id AND one.id < later.id
    AND one.other_id IS NOT DISTINCT FROM later.other_id AND one.laureate_id IS NOT DISTINCT FROM later.laureate_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("selection", "0018_review_could_read"),
    ]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="kind",
            field=models.CharField(
                choices=[
                    ("list", "liste des dossiers"),
                    ("scores", "notes"),
                    ("opinions", "avis"),
                    ("financing", "plans de financement"),
                    ("dossiers", "dossiers complets"),
                ],
                max_length=10,
                verbose_name="contenu",
            ),
        ),
        migrations.AddField(
            model_name="radartext",
            name="problem",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="ce qui empêche de le comparer"
            ),
        ),
        # Worked out again whenever a text is compared: there is nothing to lose.
        migrations.RunSQL(ONCE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="similarproject",
            constraint=models.UniqueConstraint(fields=("case", "other"), name="similar_case_once"),
        ),
        migrations.AddConstraint(
            model_name="similarproject",
            constraint=models.UniqueConstraint(fields=("case", "laureate"), name="similar_laureate_once"),
        ),
    ]
