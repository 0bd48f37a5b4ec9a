"""What makes an address impossible to guess: whoever holds it is who it is about."""

import secrets


def new_key():
    """43 characters, from 256 random bits."""
    return secrets.token_urlsafe(32)
