"""One item of the agenda, for the committee: read, scored, revealed, voted, decided."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.dossier import facts, present
from calls.money import euros
from documents.serving import serve
from journal.refusals import require
from selection import opinions, proposals, reading, revealed, reviewing, rules, tally
from selection.access import items_readable_by
from selection.actions import scoring
from selection.forms.committee import NoteForm
from selection.models import Reading
from selection.radar.reading import beside as similar
from selection.views import scorecards, voting
from selection.views.committee import get_item, has_to_enter
from selection.views.refusal import refusal_of


@require_http_methods(["GET", "HEAD", "POST"])
def item(request, pk, reference):
    """Read a dossier, score it under seal, then vote on it."""
    found = get_item(request, pk, reference)
    seat = rules.seat_of(request.user, found.session)
    if request.method != "POST":
        return item_page(request, found, seat)
    require(rules.can_score(request.user, found))
    sheet = scorecards.keep(found, seat, request.POST, by=request.user)
    if not sheet.saved:
        return item_page(request, found, seat, sheet=sheet, status=sheet.status)
    messages.success(request, SAVED[found.is_sealed])
    return redirect(found.session)


SAVED = {
    True: "Vos notes sont enregistrées, scellées jusqu’à leur révélation. Votre reçu est sur la page du dossier.",
    False: "Vos notes d’après discussion sont enregistrées, à côté des premières.",
}


def item_page(request, found, seat, *, sheet=None, note=None, status=200):
    """The page of an item, with what a member sent of their scores or of their note and that could not be kept."""
    items = list(items_readable_by(request.user, found.session))
    context = item_context(request, found, seat, items) | {
        "sheet": sheet or scorecards.sheet_of(found, seat),
        "place": reading.place(found, items, seat),
        **own_reading(found, seat, note),
    }
    return render(request, "selection/item.html", context, status=status)


def own_reading(found, seat, note):
    """Whether a member has read an item, and their note; the one that is kept too, where what they sent is not."""
    if seat is None:
        return {"mine": None, "note_form": None, "kept_note": None}
    mine = Reading.objects.filter(item=found, seat=seat).first() or Reading()
    conflict = refusal_of(note) if note else None
    initial = {"note": mine.note, "section_version": mine.version}
    return {
        "mine": mine,
        "note_form": note or NoteForm(initial=initial),
        "kept_note": conflict.reading if conflict else None,
    }


def item_context(request, found, seat, items):
    [result] = tally.table([found])
    standing, others = reviewing.for_committee(found.case)
    return {
        "item": found,
        "proposes": found.session.committee.proposes,
        "seat": seat,
        "to_enter": has_to_enter(found.session, seat),
        **voting.context(found, request.user),
        "tally": result,
        "facts": [
            *facts(found.case.submission, to_jury=seat is not None),
            ("Subvention proposée au comité", euros(found.proposed_amount)),
        ],
        "revealed": None if found.is_sealed else revealed.table(found),
        "standing": standing,
        "other_reviews": others,
        "opinions": opinions.for_committee(found.case),
        "proposals": proposals.told(found, request.user),
        "similar": similar([found], items)[found.pk],
        "dossier": present(found.case.submission),
        "can_chair": rules.can_chair_item(request.user, found),
    }


@require_safe
def opinion_file(request, pk, reference, file_pk):
    """A file joined to an opinion that the committee reads."""
    read = opinions.for_committee(get_item(request, pk, reference).case)
    file = next((file for opinion in read for file in opinion.files.all() if file.pk == file_pk), None)
    if file is None:
        raise Http404
    return serve(file.file, name=file.name)


@require_POST
def reveal(request, pk, reference):
    scoring.reveal(get_item(request, pk, reference), by=request.user)
    messages.success(request, "Les notes sont révélées.")
    return redirect("selection:item", pk, reference)
