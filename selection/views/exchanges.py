"""The secretariat's side of the exchanges on a filed dossier."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import actions, exchanges, rules
from applications.views.exchanges import exchange, mark_read, posted_message, serve_file
from selection.views.instruction import get_submission


@require_http_methods(["GET", "HEAD", "POST"])
def message_list(request, reference):
    """What was said with the carrier, and a form to write to it."""
    submission = get_submission(request, reference)
    application = submission.application
    may_write = rules.is_its_secretariat(request.user, application)
    form = posted_message(request, application, may_write)
    if form and form.is_valid():
        actions.write_to_carrier(application, files=form.stored(), by=request.user, **form.said())
        messages.success(request, "Votre message est envoyé : le porteur est prévenu par courriel.")
        return redirect("selection:messages", reference)
    context = exchange(request, application, form, may_write=may_write, by_secretariat=True) | {
        "submission": submission,
        "told": exchanges.people_of(application),
    }
    return render(request, "selection/messages.html", context)


@require_POST
def messages_read(request, reference):
    """Note how far someone of the fund has read."""
    application = get_submission(request, reference).application
    mark_read(request, application)
    return redirect("selection:messages", reference)


@require_safe
def message_file(request, reference, pk, file_pk):
    """A file joined to a message."""
    return serve_file(get_submission(request, reference).application, pk, file_pk)
