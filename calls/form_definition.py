"""The application form as data: which sections, which questions, in what words.

A definition is JSON: `{"sections": [{"key", "title", "kind", "help", "required", "questions": [{"key", "label",
"help", "max_words", "required"}]}], "criteria": […]}`. Kinds: `text`, `financing`, `savings`, `attachments`.
Question keys are stable: answers refer to them for ever.
"""

import hashlib
import json
from pathlib import Path

DEFAULT = Path(__file__).parent / "form_templates" / "transformation.json"


def default_sections():
    """The sections that a new call's form starts with."""
    return json.loads(DEFAULT.read_text(encoding="utf-8"))["sections"]


def published_definition(call):
    """The default form with the call's criteria copied in, so that a filed dossier can be read on its own."""
    criteria = call.criteria.order_by("position").values("position", "label", "guidance", "weight")
    return {"sections": default_sections(), "criteria": list(criteria), "scale_max": call.scale_max}


def canonical(content):
    """Canonical JSON: sorted keys, no spaces, plain UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(content):
    """The hash, in hexadecimal, of a content's canonical JSON."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()
