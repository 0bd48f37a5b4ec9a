"""What a sealed scorecard is committed to: a text that two machines write alike, and its hash.

The hash is recorded when a card is sealed; whoever is given the card after the reveal, its nonce among it, writes the
same text and finds the same hash, or else knows that the card was changed in between. The text is one JSON object:

    {"amount":"600000.00","comment":"…","item":12,"nonce":"9f…","scores":{"critere-1":4,"critere-2":0},"seat":7}

- `amount`: the amount proposed, in euros, a string with a point and two digits after it; null where none is;
- `comment`: the text as it is kept, the empty string where there is none;
- `item`, `seat`: the numbers of the item of the agenda and of the seat that scores it, integers;
- `nonce`: 64 hexadecimal digits, drawn anew each time a card is sealed: nobody guesses a card from its hash;
- `scores`: an integer for each criterion, by the criterion's key.

The keys are these six and no other, in the order of their characters, as those of `scores` are; nothing stands between
the tokens; in a string, what is not ASCII is itself, and only the quote, the backslash and the controls U+0000–U+001F
are escaped (\\" \\\\ \\b \\t \\n \\f \\r, the others \\u00xx in lower case). It is encoded in UTF-8. In Python:
`json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()`. The hash is its SHA-256, in
hexadecimal and lower case. This file needs nothing but Python.
"""

import hashlib
import json
import secrets
from decimal import Decimal

CENT = Decimal("0.01")


def new_nonce():
    return secrets.token_hex(32)


def canonical(*, item, seat, scores, comment, amount, nonce):
    """The text that a card is committed to, in bytes; `scores` maps the key of each criterion to its value."""
    content = {
        "item": item,
        "seat": seat,
        "scores": scores,
        "comment": comment,
        "amount": None if amount is None else f"{Decimal(amount).quantize(CENT):f}",
        "nonce": nonce,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def commitment(**card):
    """The SHA-256 of a card, in hexadecimal; it takes what `canonical` takes."""
    return hashlib.sha256(canonical(**card)).hexdigest()


def holds(sha256, **card):
    """Whether a card is still what it was sealed as; never where it was sealed as nothing."""
    return sha256 == commitment(**card)
