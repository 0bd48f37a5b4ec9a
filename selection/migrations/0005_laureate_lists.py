from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import F

# The database sorts by bytes: this key puts « École » between « Dossier » and « Facture ».
MAKE_KEY = """
CREATE FUNCTION portal_sort_key(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;
"""
LATEST = F("year").desc(nulls_last=True)
BY_YEAR = (LATEST, F("sort_key"), F("id"))


def add(*expressions, name):
    return migrations.AddIndex(model_name="laureate", index=models.Index(*expressions, name=name))


class Migration(migrations.Migration):
    dependencies = [("calls", "0003_public_portal"), ("selection", "0004_search_announcements")]

    operations = [
        migrations.RunSQL(MAKE_KEY, "DROP FUNCTION portal_sort_key(text)"),
        migrations.RemoveIndex(model_name="laureate", name="selection_l_year_91f27b_idx"),
        migrations.AddField(
            model_name="laureate",
            name="sort_key",
            field=models.GeneratedField(
                expression=models.Func("name", function="portal_sort_key"),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
        migrations.AlterModelOptions(
            name="laureate", options={"ordering": BY_YEAR, "verbose_name": "lauréat"}
        ),
        add(*BY_YEAR, name="laureate_by_year"),
        add(F("fund"), *BY_YEAR, name="laureate_by_fund"),
        add(F("ministry"), *BY_YEAR, name="laureate_by_ministry"),
        add(F("amount").desc(nulls_last=True), F("sort_key"), F("id"), name="laureate_by_amount"),
        migrations.AddIndex(
            model_name="laureate", index=models.Index(fields=["sort_key", "id"], name="laureate_by_name")
        ),
        migrations.AddIndex(
            model_name="laureate", index=models.Index(fields=["carrier"], name="laureate_by_carrier")
        ),
        migrations.AddIndex(
            model_name="laureate",
            index=GinIndex(SearchVector("carrier", config="french_portal"), name="laureate_carrier_search"),
        ),
    ]
