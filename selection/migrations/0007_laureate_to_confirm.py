from django.db import migrations, models


class Migration(migrations.Migration):
    """Count at once the few laureates that no source proves."""

    dependencies = [("selection", "0006_laureate_figures")]

    operations = [
        migrations.AddIndex(
            model_name="laureate",
            index=models.Index(
                fields=["fund"],
                name="laureate_to_confirm",
                condition=models.Q(facts__status="à confirmer"),
            ),
        ),
    ]
