"""The minutes of a session (relevé de décisions): what was recorded, the text written from it, what is signed.

A session's minutes hold every dossier of its agenda. Whoever is recused from one of them, or does not deal with it,
never reads the text nor the PDF, whatever their place: they are shown, of what was recorded, the points that they deal
with and no total (`access.part_of`). For the same reason only who reads every point prepares, corrects or signs them.
"""

import hashlib
import json


def canonical(minutes):
    """What is signed, in bytes: one JSON object of `recorded`, `text` and `version`, which two machines write alike.

    The keys stand in the order of their characters, nothing between the tokens, what is not ASCII is itself, in UTF-8.
    `recorded` holds texts, integers, booleans, lists and objects alone: no number with a fraction, that a language may
    write otherwise.
    """
    signed = {"recorded": minutes.recorded, "text": minutes.text, "version": minutes.version}
    return json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(minutes):
    """The SHA-256 of what is signed, in hexadecimal."""
    return hashlib.sha256(canonical(minutes)).hexdigest()
