"""What was altered, and where; and how the files write hashes, hours and euros."""

import hashlib
import json
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

TOLERANCE = timedelta(
    minutes=5
)  # between what a row says of its hour and the hour of its entry in the journal
BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, InvalidOperation, RecursionError)


def sha256(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def compact(content):
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def money(value):
    return None if value is None else Decimal(str(value))


class Report:
    """What was altered and where, what is worth reading without being an alteration, and how much was checked."""

    def __init__(self):
        self.altered, self.remarks, self.counts = [], [], Counter()

    def alter(self, file, where, what):
        self.altered.append(f"{file} – {where} : {what}" if where else f"{file} : {what}")

    def same(self, file, where, name, written, told):
        if written != told:
            self.alter(file, where, f"« {name} » est {shown(written)} ; le journal dit {shown(told)}.")

    def near(self, file, where, name, written, entry):
        if abs(moment(written) - moment(entry["le"])) > TOLERANCE:
            self.alter(file, where, f"« {name} » est {written} ; le journal dit {entry['le']}.")


def shown(value):
    text = json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    return text if len(text) < 200 else text[:200] + "…"


def moment(text):
    return datetime.fromisoformat(text)
