"""What verifier.py checks, beside it in the ZIP. It needs Python 3.9 alone, and shares no line with the portal."""
