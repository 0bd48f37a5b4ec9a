"""Filling a dossier, section by section."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import kept_posts
from accounts.views import send_again
from applications import actions, form_moves, rules, tables
from applications.form_actions import FormCorrected
from applications.views import attachments, lines, questions
from applications.views.dossiers import get_application
from calls.questionnaire.definition import ASKING
from journal.refusals import refuse_unless, require

SOMEONE_ELSE = (
    "Cette page a été ouverte sous un autre compte que le vôtre. Rien n’est enregistré : rouvrez-la."
)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request, key, section_key):
    """One section of the form; again, if the form is corrected at the very instant it is saved."""
    if kept_posts.is_of_another(request.POST.get(kept_posts.AUTHOR), request.user):
        kept = kept_posts.of(request)
        refuse_unless(kept, SOMEONE_ELSE)
        return send_again(request, kept)
    try:
        return section_of(request, get_application(request, key), section_key)
    except FormCorrected:
        return section_of(request, get_application(request, key), section_key)


def section_of(request, application, section_key):
    """The page of a section, by its kind."""
    definition = application.form.section(section_key)
    require(rules.can_write(request.user, application))
    if definition is None:
        return gone(request, application, section_key)
    actions.refuse_unless_writable(application, request.user, section_key)
    if definition["kind"] in ASKING:
        return questions.questions(request, application, definition)
    if definition["kind"] in tables.TABLES:
        return lines.table(request, application, definition)
    return attachments.attachments(request, application, definition)


def gone(request, application, section_key):
    """What a page open on the former form sends to a section that is no more: nothing is kept of it, all is shown."""
    typed = form_moves.unplaced(application, section_key, request.POST)
    if not typed:
        raise Http404
    context = {"application": application, "unplaced": typed}
    return render(request, "applications/section_gone.html", context, status=409)
