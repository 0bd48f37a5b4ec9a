"""A member's own scores on the page of an item: sealed first, then changed in the open after the discussion."""

from dataclasses import dataclass, field

from selection.actions import scoring
from selection.forms.committee import ScorecardForm
from selection.models import AgendaItem, CommitteeSession, Scorecard
from selection.views.refusal import keeping, refusal_of

Item = AgendaItem.State
TOO_LATE = "Les notes de ce dossier ne changent plus."


@dataclass
class Sheet:
    """What a member gave, by round, and gives: `form` is None where nothing may be given now."""

    cards: dict = field(default_factory=dict)
    receipt: str = ""  # the hash that their sealed card was committed to
    form: ScorecardForm | None = None
    conflict: scoring.CardConflict | None = None
    theirs: list = field(default_factory=list)  # (label, words) of what is kept and says something else
    reason: str = ""  # why what was sent is not kept, where nothing may be sent any more
    unsaved: list = field(default_factory=list)  # (label, text) of what was sent then
    saved: bool = False

    @property
    def card(self):
        """The last that they gave."""
        return self.cards.get(scoring.DISCUSSED) or self.cards.get(scoring.SEALED)

    @property
    def round(self):
        return str(self.form["round"].value()) if self.form else ""

    @property
    def status(self):
        return 409 if self.conflict or self.reason or (self.form and refusal_of(self.form)) else 200


def sheet_of(item, seat):
    """What a member gave on an item and may give now."""
    if seat is None:
        return Sheet()
    cards = Scorecard.objects.filter(item=item, seat=seat).prefetch_related("scores")
    sheet = Sheet({card.round: card for card in cards})
    if sheet.cards:
        last = item.commitments.filter(seat=seat).order_by("pk").last()
        sheet.receipt = last.sha256 if last else ""
    if round := _round_now(item, sheet):
        mark = sheet.cards[round].mark if round in sheet.cards else ""
        initial = ScorecardForm.initial_of(sheet.card) | {"round": round, "read": mark}
        sheet.form = ScorecardForm(call=item.case.application.call, initial=initial)
    return sheet


def _round_now(item, sheet):
    """The round that a member may score in now, or None; who sealed nothing has nothing to change."""
    if item.session.state != CommitteeSession.State.OPEN:
        return None
    if item.state == Item.SCORING:
        return scoring.SEALED
    return scoring.DISCUSSED if item.state == Item.REVEALED and sheet.cards else None


def keep(item, seat, data, *, by):
    """Keep the scores that a member sent, as those of the round that their page was made for.

    Where they are not kept, the sheet shows what was sent, and why.
    """
    form, conflict = ScorecardForm(data, call=item.case.application.call), None
    if form.is_valid():
        with keeping(form):
            try:
                act = scoring.score_again if form.again else scoring.score
                act(item, by=by, **form.facts())
            except scoring.CardConflict as met:
                conflict = met
            else:
                return Sheet(saved=True)
    item.refresh_from_db(fields=["state"])
    sheet = sheet_of(item, seat)
    if sheet.form is None:
        refusal = refusal_of(form)
        sheet.reason = refusal.reason if refusal else TOO_LATE
        sheet.unsaved = [("Vos notes", "\n".join(f"{label} : {words}" for label, words in _said(form)))]
        return sheet
    if conflict or refusal_of(form):  # the page says so: what is sent next was decided knowingly
        form.made_for(sheet.form.initial)
    if conflict:
        sheet.conflict = conflict
        sheet.theirs = list(_differences(sheet.form, form))
    sheet.form = form
    return sheet


def _said(form):
    """(label, words) of each field that one fills, as it stands in the form."""
    for bound in form.visible_fields():
        value = bound.value()
        yield bound.label, "(vide)" if value in (None, "") else str(value)


def _differences(kept, sent):
    """What is kept, of the fields where something else was sent."""
    for bound, line in zip(kept.visible_fields(), _said(kept), strict=True):
        if (kept.initial.get(bound.name) or None) != (sent.cleaned_data[bound.name] or None):
            yield line
