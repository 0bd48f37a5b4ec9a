"""The letters of decision: the secretariat's page of a session, and the carrier's own."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.views.dossiers import get_application
from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from journal.refusals import refuse_unless, require
from selection import letters, rules
from selection.access import items_readable_by
from selection.actions import letters as actions
from selection.letters import Status
from selection.models import Announcement, Letter
from selection.page_checks import checked_by
from selection.views.committee import get_session

LABEL = "Lettre de décision"


# The secretariat


def get_own_session(request, pk):
    """A session of a fund that this person follows; its committee has nothing to do with its letters."""
    session = get_session(request, pk)
    if not rules.reads_fund(request.user, session.fund):
        raise Http404
    return session


def get_draft(request, session, reference):
    items = items_readable_by(request.user, session).filter(case__application__reference=reference)
    found = letters.drafts(items)
    if not found:
        raise Http404
    return found[0]


@require_safe
def letter_list(request, pk):
    """The letter of each dossier decided: where it stands, and what prevents it."""
    session = get_own_session(request, pk)
    found = letters.drafts(items_readable_by(request.user, session))
    counts = letters.counts(found)
    context = {
        "session": session,
        "drafts": found,
        "counts": counts,
        "sent": counts[Status.SENT] + counts[Status.OPENED],
        "to_prepare": sum(counts[status] for status in actions.TO_PREPARE),
        "to_send": sum(counts[status] for status in actions.TO_SEND),
        "is_over": session.state in letters.OVER,
        "can_prepare": rules.can_prepare_letters(request.user, session),
        "can_send": rules.can_send_letters(request.user, session),
    }
    if request.htmx:
        return render(request, "selection/letters_table.html", context)
    calls = {each.item.case.application.call_id for each in found}
    announced = Announcement.objects.visible_to(request.user).filter(call__in=calls)
    context["announcements"] = announced.exclude(state=Announcement.State.WITHDRAWN)
    context["public"] = set(Announcement.objects.public().filter(call__in=calls).values_list("pk", flat=True))
    return render(request, "selection/letters.html", context)


@require_POST
def prepare_letters(request, pk):
    session = get_own_session(request, pk)
    count = actions.prepare(session, by=request.user)
    told = ngettext("%d lettre est préparée.", "%d lettres sont préparées.", count) % count
    messages.success(request, told if count else "Il n’y avait aucune lettre à préparer.")
    return redirect("selection:letters", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def send_letters(request, pk):
    """Ask once more before what cannot be taken back; then the worker sends."""
    session = get_own_session(request, pk)
    require(rules.can_send_letters(request.user, session))
    if request.method == "POST":
        count = actions.ask_sending(session, by=request.user)
        told = ngettext("%d lettre part.", "%d lettres partent.", count) % count
        messages.success(request, f"{told} Vous pouvez quitter cette page : l’envoi continue.")
        return redirect("selection:letters", pk)
    found = letters.drafts(items_readable_by(request.user, session))
    ready = [each for each in found if each.status in actions.TO_SEND]
    refuse_unless(ready, actions.NONE_READY)
    context = {
        "session": session,
        "ready": ready,
        "left": [each for each in found if each.status in (*actions.TO_PREPARE, Status.INCOMPLETE)],
    }
    return render(request, "selection/send_letters.html", context)


@require_safe
def decision_letter(request, pk, reference):
    """What the carrier of a dossier is told, or would be, word for word."""
    session = get_own_session(request, pk)
    draft = get_draft(request, session, reference)
    letter = draft.letter
    context = {
        "session": session,
        "draft": draft,
        "reference": reference,
        "letter": letter if letter and letter.sent_at else None,
        "document": letter and ProducedDocument.objects.latest(actions.PDF, str(letter.pk)),
    }
    return render(request, "selection/decision_letter.html", context)


def get_sent(request, pk, reference, number):
    """A letter sent of a dossier of this session, by the revision of its decision."""
    session = get_own_session(request, pk)
    items = items_readable_by(request.user, session).filter(case__application__reference=reference)
    return get_object_or_404(
        Letter.objects.sent(), decision__item__in=items.values("pk"), decision__revision=number
    )


@require_http_methods(["GET", "HEAD", "POST"])
def letter_file(request, pk, reference, number):
    """How far the PDF of a letter is; a POST asks again for one that failed."""
    letter = get_sent(request, pk, reference, number)
    if request.method == "POST":
        require(rules.can_prepare_letters(request.user, get_session(request, pk)))
    back = reverse("selection:decision_letter", args=[pk, reference])
    document = ProducedDocument.objects.latest(actions.PDF, str(letter.pk))
    return show_progress(request, document, label=LABEL, back=back)


@require_safe
def letter_file_pdf(request, pk, reference, number):
    return served(get_sent(request, pk, reference, number))


def served(letter):
    document = ProducedDocument.objects.latest(actions.PDF, str(letter.pk))
    if document is None or document.file is None:
        raise Http404
    return serve(document.file, name=f"{letter.content['reference']}-decision.pdf")


# The carrier


def get_letter(request, key, letter_pk):
    """A letter that the carrier of a dossier was sent, or 404."""
    application = get_application(request, key)
    return application, get_object_or_404(letters.of_carrier(application), pk=letter_pk)


@require_http_methods(["GET", "HEAD", "POST"])
def carrier_decision(request, key, letter_pk):
    """A letter: closed until someone of the carrier opens it, which is noted once; then read by all of them."""
    application, letter = get_letter(request, key, letter_pk)
    if request.method == "POST":
        actions.open_letter(letter, by=request.user)
        return redirect("selection:carrier_decision", key, letter_pk)
    if letter.opened_at is None:
        return render(request, "selection/closed_letter.html", {"application": application, "letter": letter})
    context = {
        "application": application,
        "letter": letter,
        "document": ProducedDocument.objects.latest(actions.PDF, str(letter.pk)),
        "replaced_by": letters.replacing(letter),
        "asked": checked_by(request.user).filter(case__application=application).first(),
    }
    return render(request, "selection/carrier_decision.html", context)


def get_opened(request, key, letter_pk):
    _, letter = get_letter(request, key, letter_pk)
    refuse_unless(letter.opened_at, "Ouvrez d’abord la lettre : son PDF se télécharge ensuite.")
    return letter


@require_http_methods(["GET", "HEAD", "POST"])
def carrier_decision_file(request, key, letter_pk):
    """How far its PDF is."""
    letter = get_opened(request, key, letter_pk)
    back = reverse("selection:carrier_decision", args=[key, letter_pk])
    document = ProducedDocument.objects.latest(actions.PDF, str(letter.pk))
    return show_progress(request, document, label=LABEL, back=back)


@require_safe
def carrier_decision_pdf(request, key, letter_pk):
    return served(get_opened(request, key, letter_pk))
