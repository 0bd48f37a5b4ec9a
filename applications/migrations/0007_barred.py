from django.db import migrations

# The bodies that a filed content names beside its carrier: partners and the carriers of component projects.
BODIES = """
CREATE FUNCTION public.applications_bodies(content jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT key FROM (
            SELECT '#' || (said #>> '{}') AS key
                FROM jsonb_path_query(content, '$.partners[*].organisation') AS said
            UNION
            SELECT public.accounts_plain(said #>> '{}')
                FROM jsonb_path_query(content, '$.partners[*].organisation_name') AS said
            UNION
            SELECT public.accounts_plain(said #>> '{}')
                FROM jsonb_path_query(content, '$.partners[*].name') AS said
            UNION
            SELECT public.accounts_plain(said #>> '{}')
                FROM jsonb_path_query(content, '$.components[*].carrier') AS said
        ) named WHERE key <> ''
    )
$$;
CREATE INDEX submission_bodies ON applications_submission USING gin (public.applications_bodies(content))
    WITH (fastupdate = off);
CREATE INDEX partner_plain_name ON applications_partner (public.accounts_plain(name));
CREATE INDEX component_plain_carrier ON applications_componentproject (public.accounts_plain(carrier));
"""
# The dossiers that someone is recused from, those they write, and those of their own bodies: carried by one, or with
# one among those that what stands of it names. What was never filed names them in its own rows. All of it is looked up
# under indexes, whatever the number of dossiers.
BARRED = """
CREATE FUNCTION public.applications_barred(person bigint) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 200 AS $$
DECLARE
    bodies bigint[] := ARRAY(
        SELECT DISTINCT organisation_id FROM public.accounts_membership WHERE user_id = person
    );
    names text[];
BEGIN
    RETURN QUERY
        SELECT application_id FROM public.applications_recusal WHERE user_id = person
        UNION SELECT application_id FROM public.applications_collaborator WHERE user_id = person;
    IF cardinality(bodies) = 0 THEN
        RETURN;
    END IF;
    bodies := public.accounts_same_bodies(bodies);
    names := public.accounts_names_of(bodies);
    RETURN QUERY
        SELECT id FROM public.applications_application WHERE organisation_id = ANY(bodies)
        UNION
        SELECT filed.application_id FROM public.applications_submission filed
            WHERE public.applications_bodies(filed.content) && names AND NOT EXISTS (
                SELECT FROM public.applications_submission newer
                WHERE newer.application_id = filed.application_id AND newer.revision > filed.revision
            )
        UNION
        SELECT named.application_id FROM (
            SELECT application_id FROM public.applications_partner WHERE organisation_id = ANY(bodies)
            UNION
            SELECT application_id FROM public.applications_partner
                WHERE public.accounts_plain(name) = ANY(names)
            UNION
            SELECT application_id FROM public.applications_componentproject
                WHERE public.accounts_plain(carrier) = ANY(names)
        ) named
            WHERE NOT EXISTS (
                SELECT FROM public.applications_submission filed
                WHERE filed.application_id = named.application_id
            );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0006_certifier_alerts"), ("accounts", "0005_same_bodies")]

    operations = [
        migrations.RunSQL(
            BODIES,
            """
            DROP INDEX component_plain_carrier;
            DROP INDEX partner_plain_name;
            DROP INDEX submission_bodies;
            DROP FUNCTION applications_bodies(jsonb);
            """,
        ),
        migrations.RunSQL(BARRED, "DROP FUNCTION applications_barred(bigint)"),
    ]
