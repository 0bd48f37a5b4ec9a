#!/bin/sh
# Give the portal's two roles their passwords: a file of SQL cannot hold a secret.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$PORTAL_OWNER_PASSWORD" -v web="$PORTAL_WEB_PASSWORD" \
    -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
ALTER ROLE portal_owner PASSWORD :'owner';
ALTER ROLE portal_web PASSWORD :'web';
SQL
