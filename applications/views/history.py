"""What a section said, version by version, and how it is given back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications import actions, history, rules
from applications.tables import TABLES
from applications.views.dossiers import get_application
from calls.paging import page_of
from calls.questionnaire.definition import ASKING


@require_safe
def section_history(request, key, section_key):
    """The versions of a section, the last one first: who, when, what was refused."""
    application = get_application(request, key)
    definition = get_section(application, section_key)
    versions = application.section_versions.filter(section_key=section_key)
    versions = versions.select_related("saved_by").defer("content")
    context = {
        "application": application,
        "definition": definition,
        "page": page_of(request, versions),
        "can_write": can_write(request.user, application, section_key),
    }
    return render(request, "applications/section_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def section_version(request, key, section_key, pk):
    """One version, and what changed since; a button gives it back."""
    application = get_application(request, key)
    definition = get_section(application, section_key)
    version = get_object_or_404(application.section_versions.filter(section_key=section_key), pk=pk)
    present = application.sections.filter(section_key=section_key).first()
    if request.method == "POST":
        read = request.POST.get("read", "")
        read = int(read) if read.isdecimal() and len(read) < 10 else None
        actions.restore_version(version, read=read, by=request.user)
        messages.success(
            request, f"« {definition['title']} » dit de nouveau ce qu’il disait. Rien n’est perdu."
        )
        return redirect("applications:section", application.key, section_key)
    now = present_content(application, definition, present)
    context = {
        "application": application,
        "definition": definition,
        "version": version,
        "table": history.table(definition, version.content),
        "said": [] if "lines" in version.content else history.said(definition, version.content),
        "differences": history.differences(definition, version.content, now),
        "read": present.version if present else 0,
        "can_write": can_write(request.user, application, section_key),
    }
    return render(request, "applications/section_version.html", context)


def get_section(application, section_key):
    """A section that has a history: it asks questions, or is a table."""
    definition = application.form.section(section_key)
    if definition is None or definition["kind"] not in (*ASKING, *TABLES):
        raise Http404
    return definition


def present_content(application, definition, row):
    if definition["kind"] in TABLES:
        return history.of_lines(TABLES[definition["kind"]].lines(application))
    return history.of_answers(row.answers if row else {})


def can_write(user, application, section_key):
    return rules.can_write(user, application) and not actions.why_not_writable(application, user, section_key)
