"""Calls to start from, written by nobody's fund: they hold no threshold, no date, no amount."""

import json
from functools import cache
from pathlib import Path
from unicodedata import normalize

from calls.exchange.schema import CallFile

FOLDER = Path(__file__).parent.parent / "call_templates"


@cache
def templates():
    """{name: CallFile} in the order of their titles; each `about` says whom it suits."""
    files = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}
    found = {name: CallFile.model_validate(document) for name, document in files.items()}
    return dict(sorted(found.items(), key=lambda item: normalize("NFKD", item[1].call.title)))
