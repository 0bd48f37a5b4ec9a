"""What the pages of all sections share: their version, their place in the form, what follows."""

from django.contrib import messages
from django.shortcuts import redirect, render

from applications import completeness, form_moves, presence
from applications.lifecycle import State
from applications.merging import Base
from calls.questionnaire.definition import ASKING

VERSION = "section_version"  # what the page read; no question can have this name
BASE = "section_base"  # a mark of each answer that the page was given: see `applications.merging`
UNREAD = -1  # a version that no section has, so that a forged one overwrites nobody


def version_read(request):
    read = request.POST.get(VERSION, "")
    return int(read) if read.isdecimal() and len(read) < 10 else UNREAD


def base_read(request):
    return Base.read(request.POST.get(BASE))


def version_shown(request, row, conflict):
    """The version that the page read: a colleague's once both texts are shown, else the same until it is saved."""
    if conflict:
        return conflict.version
    if request.method == "POST":
        return request.POST.get(VERSION, "")
    return row.version if row else 0


def saved(request, application, definition):
    """Go to the next section that is asked, or back to the task list, as the button said."""
    # The page of the section is told so that its local copy goes: see `static/portal/autosave.js`.
    messages.success(request, f"« {definition['title']} » est enregistré.", extra_tags=request.path)
    if application.state == State.CLARIFYING:
        return redirect("applications:clarification", application.key)
    if "save_and_next" in request.POST:
        _, following = neighbours(completeness.sections(application), definition)
        if following:
            return redirect("applications:section", application.key, following.key)
    return redirect(application)


def neighbours(states, definition):
    """The state of a section, and that of the next one that is asked, or None."""
    position = [state.key for state in states].index(definition["key"])
    return states[position], next((state for state in states[position + 1 :] if state.asked), None)


def request_on(application, section_key):
    """What the secretariat asks of this section, while it does: {"question", "due_at"}, or None."""
    asked = application.clarification
    found = next((each for each in asked.sections if each["key"] == section_key), None) if asked else None
    return {"question": found["question"], "due_at": asked.due_at} if found else None


def show(request, application, definition, **context):
    states = context.pop("states", None) or completeness.sections(application)
    state, following = neighbours(states, definition)
    if application.state == State.CLARIFYING:
        following = None  # only what was asked is open: its page leads from one to the other
    conflict = context.get("conflict")
    asked = [each for each in states if each.asked]
    presence.enter(application, request.user, definition["key"])
    context |= {
        "application": application,
        "definition": definition,
        "present": presence.others(application, request.user).get(definition["key"], []),
        "corrected": bool(conflict) and form_moves.made_conflict(application, conflict),
        "unplaced": form_moves.unplaced(application, definition["key"], request.POST),
        "state": state,
        "asked_more": request_on(application, definition["key"]),
        "remarks": completeness.remarks_on(application, definition["key"]),
        "position": asked.index(state) + 1 if state.asked else 0,
        "count": len(asked),
        "next_title": following.title if following else "",
        "next_buttons": [("save_and_next", "Enregistrer et continuer")] if following else [],
    }
    name = (
        "questions"
        if definition["kind"] in ASKING
        else "attachments"
        if definition["kind"] == "attachments"
        else "table"
    )
    return render(request, f"applications/section_{name}.html", context)
