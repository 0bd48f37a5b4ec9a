"""The read-only API, `/api/v1/`: what is public, as JSON, for anyone to reuse."""
