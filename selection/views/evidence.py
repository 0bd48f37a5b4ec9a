"""The evidence of a session: asking for it, how far it is, having it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from documents import storage
from documents.serving import serve
from journal.refusals import require
from selection import rules
from selection.actions import evidence as actions
from selection.evidence import archive, extract
from selection.minutes import access
from selection.views.committee import get_session


def get_whole(request, pk):
    """A session of a fund that this person reads, all of whose agenda is for them; 404 to who is recused from some."""
    session = get_session(request, pk)
    require(rules.reads_fund(request.user, session.fund))
    if not access.reads_all(request.user, session):
        raise Http404
    return session


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request, pk):
    """How far the evidence is, its hash, how to check it; a POST asks for one."""
    session = get_whole(request, pk)
    if request.method == "POST":
        actions.ask_evidence(session, by=request.user)
        messages.success(request, "Le dossier de preuve se prépare ; cette page dit quand il est prêt.")
        return redirect("selection:evidence", pk)
    document = actions.latest(session)
    context = {
        "session": session,
        "document": document,
        "manifest": archive.manifest_of(storage.path_of(document.file)) if document and document.file else "",
        "is_over": session.state in actions.OVER,
        "is_waiting": document is not None and document.state in actions.WAITING,
        "has_changed": document is not None and extract.grew_since(session, document.requested_at),
        "can_ask": rules.can_ask_evidence(request.user, session),
    }
    template = "selection/evidence_progress.html" if request.htmx else "selection/evidence.html"
    return render(request, template, context)


@require_POST
def evidence_file(request, pk):
    """The file. It is taken by a POST: the journal keeps who had it."""
    session = get_whole(request, pk)
    file = actions.hand_out_evidence(session, by=request.user)
    return serve(file, name=f"Dossier de preuve {session.held_on}.zip")
