"""The carrier's side of the exchanges with the secretariat."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import actions, exchanges, rules
from applications.exchange_forms import MessageForm, ReadForm
from applications.models import MessageFile
from applications.views.dossiers import get_application
from documents.serving import serve
from journal.refusals import refuse_unless, require

READ = "Les messages sont marqués comme lus."


@require_http_methods(["GET", "HEAD", "POST"])
def message_list(request, key):
    """What was said with the secretariat, and a form to answer."""
    application = get_application(request, key)
    may_write = rules.can_write_to_secretariat(request.user, application)
    form = posted_message(request, application, may_write)
    if form and form.is_valid():
        actions.write_to_secretariat(application, files=form.stored(), by=request.user, **form.said())
        messages.success(request, "Votre message est envoyé : le secrétariat est prévenu par courriel.")
        return redirect("applications:messages", application.key)
    context = exchange(request, application, form, may_write=may_write)
    return render(request, "applications/messages.html", context)


@require_POST
def messages_read(request, key):
    """Note how far someone has read."""
    application = get_application(request, key)
    mark_read(request, application)
    return redirect("applications:messages", application.key)


@require_safe
def message_file(request, key, pk, file_pk):
    """A file joined to a message."""
    return serve_file(get_application(request, key), pk, file_pk)


# What the secretariat's side shares


def posted_message(request, application, may_write):
    """The message that was sent, if one was, and if it may be."""
    if request.method != "POST":
        return None
    require(may_write)
    reason = actions.why_no_message(application)
    refuse_unless(not reason, reason)
    return MessageForm(request.POST, request.FILES)


def exchange(request, application, form, *, may_write, by_secretariat=False):
    """What the page of the messages shows: the thread, how far it goes, and the form where one may write."""
    thread = exchanges.thread(application, request.user, by_secretariat=by_secretariat)
    last = thread[-1].pk if thread else 0
    closed = actions.why_no_message(application)
    if form:
        form.stored()
    elif may_write and not closed:
        form = MessageForm(initial={"read": last})
    return {
        "application": application,
        "thread": thread,
        "last": last,
        "new": sum(message.is_new for message in thread),
        "form": form,
        "closed": closed,
    }


def mark_read(request, application):
    form = ReadForm(request.POST)
    if form.is_valid():
        actions.mark_messages_read(application, read=form.cleaned_data["read"], by=request.user)
        messages.success(request, READ)


def serve_file(application, pk, file_pk):
    found = MessageFile.objects.filter(message__application=application, message=pk).select_related("file")
    file = get_object_or_404(found, pk=file_pk)
    return serve(file.file, name=file.name)
