"""The minutes of a session: read, produced, corrected, signed, handed out."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from journal.refusals import require
from selection.access import items_readable_by
from selection.actions import minutes as actions
from selection.forms.minutes import MinutesForm, ProduceForm, SignForm, WithdrawSignatureForm
from selection.minutes import access, canonical, recording, wording
from selection.models import AgendaItem, CommitteeSession, Minutes
from selection.views.committee import get_session
from selection.views.refusal import keeping, refusal_of, status_of

State = CommitteeSession.State


def get_minutes(request, pk):
    """The minutes of a session, for who reads all of them; 404 for anyone else."""
    session = get_session(request, pk)
    minutes = get_object_or_404(Minutes.objects.select_related("saved_by"), session=session)
    minutes.session = session
    if not reads_whole(request.user, minutes):
        raise Http404
    return minutes


def reads_whole(user, minutes):
    session = minutes.session
    return access.reads_all(user, session) and (is_signed(session) or access.reads_draft(user, minutes))


def is_signed(session):
    return session.state == State.MINUTES_SIGNED


@require_safe
def minutes(request, pk):
    """The minutes as this person may read them, what they wait for, and what this person may do about it."""
    session = get_session(request, pk)
    found = Minutes.objects.filter(session=session).select_related("saved_by").first()
    can_prepare = access.can_prepare(request.user, session)
    context = {
        "session": session,
        "minutes": found,
        "can_prepare": can_prepare,
        "in_part": "" if access.reads_all(request.user, session) else actions.IN_PART,
    }
    if found is None:
        ended = [AgendaItem.State.DECIDED, AgendaItem.State.PUT_OFF]
        waiting = items_readable_by(request.user, session).exclude(state__in=ended)
        return render(request, "selection/minutes_awaited.html", context | {"waiting": waiting})
    found.session = session
    return render(request, "selection/minutes.html", context | shown(request.user, found))


def shown(user, minutes):
    """What the page of minutes shows to someone: the whole, the points they deal with, or nothing yet."""
    session = minutes.session
    whole = reads_whole(user, minutes)
    in_part = not whole and (is_signed(session) or access.reads_draft(user, minutes))
    part = access.part_of(minutes.recorded, user, session) if in_part else None
    text = minutes.text if whole else wording.write(part) if part else ""
    signatures = list(minutes.signatures.select_related("user"))
    return {
        "whole": whole,
        "part": part,
        "sections": wording.sections(text),
        "columns": wording.COLUMNS,
        "rows": wording.rows(minutes.recorded if whole else part) if whole or part else [],
        "signatures": signatures,
        "missing": [] if is_signed(session) else list(access.missing(minutes)),
        "role": access.role_of(user, minutes) if session.state == State.CLOSED else None,
        "mine_alone": len(signatures) == 1 and signatures[0].user_id == user.pk,
        "out_of_date": whole and not signatures and not recording.is_same(recording.gather(session), minutes),
        "versions": minutes.versions.defer("text").select_related("saved_by") if whole else [],
        "produce_form": ProduceForm(initial={"version": minutes.version}),
        "document": ProducedDocument.objects.latest(actions.PDF, str(minutes.pk)) if whole else None,
    }


@require_POST
def produce(request, pk):
    """Write the minutes from what was recorded, the first time or again."""
    session = get_session(request, pk)
    form = ProduceForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    actions.produce(session, version=version, by=request.user)
    messages.success(
        request, "Le relevé est produit de ce qui a été enregistré. Relisez-le, corrigez-le, puis signez-le."
    )
    return redirect("selection:minutes", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk):
    """Correct the text; where a colleague saved theirs meanwhile, both are shown."""
    found = get_minutes(request, pk)
    require(access.can_prepare(request.user, found.session))
    form = MinutesForm(request.POST or None, initial={"text": found.text, "version": found.version})
    if form.is_valid():
        with keeping(form):
            actions.correct_text(found, by=request.user, **form.cleaned_data)
            messages.success(request, "Le texte est enregistré.")
            return redirect("selection:minutes", pk)
    theirs = getattr(refusal_of(form), "minutes", None)
    if theirs:
        form.made_for(theirs.version)
    context = {"session": found.session, "minutes": found, "form": form, "theirs": theirs}
    return render(request, "selection/correct_minutes.html", context, status=status_of(form))


@require_safe
def version(request, pk, number):
    """What the minutes said at one time."""
    found = get_minutes(request, pk)
    version = get_object_or_404(found.versions.select_related("saved_by"), number=number)
    context = {
        "session": found.session,
        "version": version,
        "sections": wording.sections(version.text),
    }
    return render(request, "selection/minutes_version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request, pk):
    """Sign what was read, with the code that was asked for; a wrong one is told beside its field."""
    found = get_minutes(request, pk)
    role = access.role_of(request.user, found)
    require(role or found.signatures.filter(user=request.user).exists())
    form = SignForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        with keeping(form):
            problem = actions.sign(found, by=request.user, **form.cleaned_data)
            if not problem:
                messages.success(request, "Votre signature est enregistrée.")
                return redirect("selection:minutes", pk)
            form.add_error("code", problem)
    context = {
        "session": found.session,
        "minutes": found,
        "role": role and actions.Role(role).label,
        "sections": wording.sections(found.text),
        "form": form,
        "sent_for": settings.CONFIRMATION_MINUTES,
        "waiting": request.user.confirmation_codes.filter(
            subject=actions.subject_of(found), used_at=None
        ).first(),
    }
    return render(request, "selection/sign_minutes.html", context, status=status_of(form))


@require_POST
def send_code(request, pk):
    """Send the signer their code."""
    found = get_minutes(request, pk)
    actions.send_code(found, by=request.user)
    messages.success(request, f"Un code vient d’être envoyé à {request.user.email}.")
    return redirect("selection:sign_minutes", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_signature(request, pk):
    """Take back one's signature while it is alone."""
    found = get_minutes(request, pk)
    require(found.signatures.filter(user=request.user).exists())
    form = WithdrawSignatureForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            actions.withdraw_signature(found, by=request.user, **form.cleaned_data)
            messages.success(request, "Votre signature est retirée : le texte peut être corrigé.")
            return redirect("selection:minutes", pk)
    context = {"session": found.session, "form": form}
    return render(request, "selection/withdraw_signature.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_file(request, pk):
    """How far the signed PDF is; a POST asks again for one that failed."""
    found = get_signed(request, pk)
    document = ProducedDocument.objects.latest(actions.PDF, str(found.pk))
    back = request.path.removesuffix("signe/")
    return show_progress(request, document, label="Relevé de décisions signé", back=back)


@require_safe
def minutes_pdf(request, pk):
    found = get_signed(request, pk)
    document = ProducedDocument.objects.latest(actions.PDF, str(found.pk))
    if document is None or document.file is None:
        raise Http404
    return serve(document.file, name=f"Relevé de décisions {found.session.held_on}.pdf")


@require_safe
def minutes_json(request, pk):
    """What was signed, byte for byte: its SHA-256 is the one that the signatures say."""
    found = get_signed(request, pk)
    name = f"releve-{found.session.held_on}.json"
    return HttpResponse(
        canonical(found),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def get_signed(request, pk):
    found = get_minutes(request, pk)
    if not is_signed(found.session):
        raise Http404
    return found
