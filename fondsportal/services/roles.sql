-- The portal's two roles. Run by the superuser in the portal's database; running it again changes nothing.
-- portal_owner migrates and owns every table; portal_web serves, owns nothing, and so cannot lift a trigger.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_owner') THEN
        CREATE ROLE portal_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_web') THEN
        CREATE ROLE portal_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    -- Creating an extension that PostgreSQL trusts needs this and no more.
    EXECUTE format('GRANT CREATE ON DATABASE %I TO portal_owner', current_database());
END
$$;

ALTER SCHEMA public OWNER TO portal_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal_web;

-- Tests migrate as the superuser, hence the second role.
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner, CURRENT_USER
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_web;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner, CURRENT_USER
    GRANT USAGE, SELECT ON SEQUENCES TO portal_web;
