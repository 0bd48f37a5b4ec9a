from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

# Accents go first, then the French stemmer: « récépissés » and « recepisse » are one word.
MAKE = """
CREATE TEXT SEARCH CONFIGURATION french_portal (COPY = french);
ALTER TEXT SEARCH CONFIGURATION french_portal
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial")]

    operations = [
        UnaccentExtension(),
        migrations.RunSQL(MAKE, "DROP TEXT SEARCH CONFIGURATION french_portal"),
    ]
