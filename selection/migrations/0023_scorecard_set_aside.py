from django.db import migrations, models


class Migration(migrations.Migration):
    """A sealed card that is not what its member sealed is set aside by the reveal."""

    dependencies = [("selection", "0022_committee_guards")]

    operations = [
        migrations.AddField(
            "scorecard",
            "set_aside",
            models.BooleanField("écartée", db_default=False, default=False),
        ),
    ]
