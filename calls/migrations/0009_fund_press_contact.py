from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calls", "0008_corrections_are_kept")]

    operations = [
        migrations.AddField(
            model_name="fund",
            name="press_email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="contact presse"),
        ),
    ]
