"""What a session says of itself, when, where, and what is read besides its book."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.serving import serve
from journal.refusals import require
from selection import rules
from selection.actions import session as actions
from selection.forms.committee import SessionDetailsForm, SessionDocumentForm
from selection.views.committee import get_session
from selection.views.refusal import keeping, status_of


def get_prepared(request, pk):
    """A session of one's fund, to prepare; 403 to those who only read it."""
    session = get_session(request, pk)
    require(rules.can_prepare_session(request.user, session.fund))
    return session


@require_http_methods(["GET", "HEAD", "POST"])
def change_session(request, pk):
    """Another day, hour or place: each member is told once, and their calendar follows."""
    session = get_prepared(request, pk)
    form = SessionDetailsForm(request.POST or None, instance=get_session(request, pk))
    if form.is_valid():
        with keeping(form):
            told = actions.change_session(session, by=request.user, **form.cleaned_data)
            said = ngettext(
                "%d membre est prévenu, son agenda est mis à jour.",
                "%d membres sont prévenus, leur agenda est mis à jour.",
                told,
            )
            messages.success(
                request, f"La séance est enregistrée. {said % told if told else 'Personne n’est prévenu.'}"
            )
            return redirect("selection:session", pk)
    return render(
        request, "selection/change_session.html", {"session": session, "form": form}, status=status_of(form)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def session_documents(request, pk):
    """The documents that members read besides the book, and adding some."""
    session = get_prepared(request, pk)
    form = SessionDocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with keeping(form):
            actions.add_documents(session, form.stored(), by=request.user)
            messages.success(
                request, "Les documents sont ajoutés : les membres les lisent sur la page de la séance."
            )
            for told in form.told:
                messages.error(request, told)
            return redirect("selection:session_documents", pk)
    context = {
        "session": session,
        "form": form,
        "documents": session.documents.select_related("file", "added_by"),
    }
    return render(request, "selection/session_documents.html", context, status=status_of(form))


@require_POST
def remove_document(request, pk, document_pk):
    document = get_object_or_404(get_prepared(request, pk).documents, pk=document_pk)
    actions.remove_document(document, by=request.user)
    messages.success(request, f"« {document.name} » n’est plus un document de la séance.")
    return redirect("selection:session_documents", pk)


@require_safe
def document(request, pk, document_pk):
    """A document, for whoever reads the session."""
    found = get_object_or_404(get_session(request, pk).documents.select_related("file"), pk=document_pk)
    return serve(found.file, name=found.name)
