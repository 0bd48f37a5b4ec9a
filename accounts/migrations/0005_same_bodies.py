from django.db import migrations

# A name without accents, capitals, punctuation: « Direction de l’Évaluation » and « direction de l'evaluation » are one.
# Every name is written with its schema, so that the indexes on it can be restored from a dump.
PLAIN = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE FUNCTION public.accounts_plain(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        lower(public.unaccent('public.unaccent'::regdictionary, name)), '[^a-z0-9]+', ' ', 'g'
    ))
$$;
CREATE INDEX organisation_plain_name ON accounts_organisation (public.accounts_plain(name));
CREATE INDEX organisation_siren ON accounts_organisation (siren) WHERE siren <> '';
CREATE INDEX former_plain_name ON accounts_formername (public.accounts_plain(name));
"""
# These bodies, and those of the directory that are the same: by SIREN, by name, by a name that one of them had.
SAME = """
CREATE FUNCTION public.accounts_same_bodies(given bigint[]) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    names text[] := ARRAY(
        SELECT public.accounts_plain(name) FROM public.accounts_organisation WHERE id = ANY(given)
        UNION
        SELECT public.accounts_plain(name) FROM public.accounts_formername WHERE organisation_id = ANY(given)
    );
    sirens text[] := ARRAY(
        SELECT siren FROM public.accounts_organisation WHERE id = ANY(given) AND siren <> ''
    );
BEGIN
    RETURN ARRAY(
        SELECT unnest(given)
        UNION SELECT id FROM public.accounts_organisation WHERE siren <> '' AND siren = ANY(sirens)
        UNION SELECT id FROM public.accounts_organisation WHERE public.accounts_plain(name) = ANY(names)
        UNION
        SELECT organisation_id FROM public.accounts_formername WHERE public.accounts_plain(name) = ANY(names)
    );
END $$;
"""
# What bodies are called where a dossier names them: « #slug » of the directory, or else a plain name.
NAMES = """
CREATE FUNCTION public.accounts_names_of(bodies bigint[]) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT '#' || slug FROM public.accounts_organisation WHERE id = ANY(bodies)
        UNION SELECT public.accounts_plain(name) FROM public.accounts_organisation WHERE id = ANY(bodies)
        UNION
        SELECT public.accounts_plain(acronym) FROM public.accounts_organisation
            WHERE id = ANY(bodies) AND public.accounts_plain(acronym) <> ''
        UNION
        SELECT public.accounts_plain(name) FROM public.accounts_formername WHERE organisation_id = ANY(bodies)
    )
$$;
"""


class Migration(migrations.Migration):
    """Tell that two bodies are the same one, whatever their name became, at a cost that does not grow."""

    dependencies = [("accounts", "0004_former_names")]

    operations = [
        migrations.RunSQL(
            PLAIN,
            """
            DROP INDEX former_plain_name;
            DROP INDEX organisation_siren;
            DROP INDEX organisation_plain_name;
            DROP FUNCTION accounts_plain(text);
            """,
        ),
        migrations.RunSQL(SAME, "DROP FUNCTION accounts_same_bodies(bigint[])"),
        migrations.RunSQL(NAMES, "DROP FUNCTION accounts_names_of(bigint[])"),
    ]
