from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selection", "0011_case_follows_filing")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="shortlist_choice",
            field=models.BooleanField(blank=True, null=True, verbose_name="présélectionné"),
        ),
    ]
