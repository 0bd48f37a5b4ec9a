from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models

FRENCH = "french_portal"
TITLE = SearchVector("title", weight="A", config=FRENCH)
INTRODUCTION = SearchVector("introduction", weight="B", config=FRENCH)


class Migration(migrations.Migration):
    dependencies = [("calls", "0002_text_search"), ("selection", "0003_laureate_facts")]

    operations = [
        migrations.AddField(
            model_name="announcement",
            name="search",
            field=models.GeneratedField(
                expression=TITLE + INTRODUCTION,
                output_field=SearchVectorField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            model_name="announcement", index=GinIndex(fields=["search"], name="announcement_search")
        ),
    ]
