from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the words of a carrier, which took long to make again for each row, and what the figures add up."""

    dependencies = [("selection", "0005_laureate_lists")]

    operations = [
        migrations.RemoveIndex(model_name="laureate", name="laureate_carrier_search"),
        migrations.AddField(
            model_name="laureate",
            name="carrier_search",
            field=models.GeneratedField(
                expression=SearchVector("carrier", weight="A", config="french_portal"),
                output_field=SearchVectorField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            model_name="laureate",
            index=GinIndex(fields=["carrier_search"], name="laureate_carrier_search"),
        ),
        migrations.AddIndex(
            model_name="laureate",
            index=models.Index(
                fields=["fund", "year", "ministry"],
                include=["amount", "amount_qualifier", "fictitious", "announcement"],
                name="laureate_figures",
            ),
        ),
    ]
