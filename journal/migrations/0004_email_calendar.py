from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_email_headers")]

    operations = [
        migrations.AddField(
            model_name="outgoingemail",
            name="calendar",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="agenda joint"),
        ),
    ]
