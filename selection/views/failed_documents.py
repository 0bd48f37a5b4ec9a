"""The documents of one's funds that could not be made, and asking for them again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calls.rules import is_in_some_secretariat
from documents import actions as documents
from documents.failures import failures_of
from journal.refusals import require


@require_http_methods(["GET", "HEAD", "POST"])
def failed_documents(request):
    """What failed, why, and since when; a POST asks again for one of them."""
    require(is_in_some_secretariat(request.user))
    failures = failures_of(request.user)
    if request.method == "POST":
        [document] = [each for each, _ in failures if str(each.pk) == request.POST.get("document")] or [None]
        if document is None:
            raise Http404
        documents.retry(document)
        messages.success(request, "Le document est redemandé ; s’il échoue encore, il reviendra ici.")
        return redirect("selection:failed_documents")
    return render(request, "selection/failed_documents.html", {"failures": failures})
