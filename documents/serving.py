"""Handing a file out. The caller, in the subject's app, has already asked whether this person may have it."""

from django.http import FileResponse
from django.shortcuts import redirect, render

from documents import actions, pictures, storage
from journal.refusals import refuse_unless


def serve(file, *, name):
    """Answer with a stored file under a readable name, so that no browser runs what it holds.

    What the antivirus has not cleared is handed to nobody: 409, with the reason.
    """
    return _answer(file, name, as_attachment=True)


def show_picture(file, *, name):
    """Answer with a picture to be seen in a page; any other file is only handed out."""
    return _answer(file, name, as_attachment=file.content_type not in pictures.SHOWN.values())


def show_drawn(path):
    """Answer with a picture that the portal drew, to be seen in a page."""
    response = FileResponse(path.open("rb"), content_type="image/png")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _answer(file, name, *, as_attachment):
    refuse_unless(not file.withheld, file.withheld)
    response = FileResponse(
        storage.path_of(file).open("rb"),
        as_attachment=as_attachment,
        filename=name,
        content_type=file.content_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def show_progress(request, document, *, label, back, download_url="", may_order=False):
    """How far a document is: the fragment that htmx polls, or a page of its own without JavaScript.

    A POST asks again for one whose making failed; the caller has asked whether this person may.

    The file's address, unless it is told, is the page's own with `.pdf` in place of the last slash. `may_order`: the
    page offers to ask for one that nobody asked for, which the caller does.
    """
    if request.method == "POST":
        if document:
            actions.retry(document)
        return redirect(request.path)
    context = {
        "document": document,
        "label": label,
        "poll_url": request.path,
        "download_url": download_url or request.path.removesuffix("/") + ".pdf",
        "back": back,
        "may_order": may_order,
    }
    template = "components/produced_document.html" if request.htmx else "documents/progress.html"
    return render(request, template, context)
