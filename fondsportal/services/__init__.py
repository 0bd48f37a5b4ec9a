"""A real PostgreSQL, a real Valkey and the portal on top: `python -m fondsportal.services --help`."""
