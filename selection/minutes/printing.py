"""The signed minutes as a document: their text, then what was recorded as tables, then the signatures and the hash."""

from documents import pdf
from journal import dates
from selection.minutes import fingerprint, wording


def printed(minutes):
    """The PDF, as bytes, of minutes that both have signed.

    Raises:
        ValueError: what is kept is no longer what was signed.
    """
    if fingerprint(minutes) != minutes.sha256:
        raise ValueError(f"minutes {minutes.pk} are not what was signed")
    session, recorded = minutes.session, minutes.recorded
    signatures = list(minutes.signatures.select_related("user"))
    context = {
        "fund_name": session.fund.name,
        "session": session,
        "facts": [
            ("Comité", session.committee.name),
            ("Séance du", dates.day(session.held_on)),
            ("Lieu", session.place or wording.UNKNOWN),
            ("Points", str(len(recorded["items"]))),
            *((f"Signé ({each.get_role_display()})", _signed(each)) for each in signatures),
        ],
        "sections": wording.sections(minutes.text),
        "presences": [[seat["name"], *wording.presence(seat)] for seat in recorded["seats"]],
        "columns": wording.COLUMNS,
        "rows": wording.rows(recorded),
        "money": wording.money_lines(recorded),
        "signatures": [
            [each.get_role_display().capitalize(), each.user.name, dates.moment(each.signed_at, seconds=True)]
            for each in signatures
        ],
        "sha256": minutes.sha256,
        "version": minutes.version,
        "fictif": any(item["fictitious"] for item in recorded["items"]),
    }
    title = f"Relevé de décisions – {session.title}"
    return pdf.render_template("selection/print/minutes.html", context, title=title)


def _signed(signature):
    return f"{signature.user.name}, le {dates.moment(signature.signed_at)}"
