import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The codes that people are sent to confirm a grave act."""

    dependencies = [
        ("accounts", "0005_same_bodies"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConfirmationCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=80, verbose_name="objet")),
                ("hashed", models.CharField(max_length=64, verbose_name="empreinte")),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="demandé le")),
                ("expires_at", models.DateTimeField(verbose_name="expire le")),
                ("failures", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="essais manqués")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="utilisé le")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="confirmation_codes", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "code de confirmation",
                "verbose_name_plural": "codes de confirmation",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["user", "subject", "-id"], name="confirmation_code_last")],
            },
        ),
    ]
