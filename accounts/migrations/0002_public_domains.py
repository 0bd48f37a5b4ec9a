from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PublicDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "domain",
                    models.CharField(
                        help_text="Sans « @ ». Il vaut pour ses sous-domaines : « gouv.fr » comprend « interieur.gouv.fr ».",
                        max_length=253,
                        unique=True,
                        verbose_name="domaine",
                    ),
                ),
                ("fictitious", models.BooleanField(default=False, verbose_name="fictif")),
            ],
            options={
                "verbose_name": "domaine public",
                "verbose_name_plural": "domaines publics",
                "ordering": ["domain"],
            },
        ),
        migrations.AddConstraint(
            model_name="publicdomain",
            constraint=models.CheckConstraint(
                condition=models.Q(("domain__regex", "^[a-z0-9-]+(\\.[a-z0-9-]+)*$")),
                name="public_domain_is_lower_case",
                violation_error_message="Des lettres minuscules sans accent, des chiffres, des tirets et des points.",
            ),
        ),
    ]
