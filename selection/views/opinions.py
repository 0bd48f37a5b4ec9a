"""The secretariat's side of opinions: asking, reminding, postponing, withdrawing, reading."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.exchange_forms import DueForm
from documents.serving import serve
from journal import clock
from journal.refusals import refuse_unless, require
from selection import opinions, rules
from selection.actions import opinions as actions
from selection.forms.opinions import AskForm, ReasonForm
from selection.models import OpinionFile, OpinionRequest
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, status_of


def get_asked(request, reference, pk):
    """A request that stands on a dossier this person may read, whose opinions they may ask."""
    application = get_submission(request, reference, to_act=True).application
    require(rules.can_ask_opinions(request.user, application))
    found = OpinionRequest.objects.select_related("expert", "invitation")
    asked = get_object_or_404(found, pk=pk, case__application=application)
    asked.case = application.case
    return asked


@require_safe
def opinion_list(request, reference):
    """Who was asked what of a dossier, and what they said."""
    application = get_submission(request, reference).application
    asked, now = opinions.of_case(application.case), clock.now()
    closed = opinions.why_closed(opinions.sessions_closing(application.case))
    context = frame(application, "opinions") | {
        "requests": [(each, *opinions.standing_of(each, now, closed=bool(closed))) for each in asked],
        "closed": closed,
        "may_ask": rules.can_ask_opinions(request.user, application)
        and not closed
        and not application.case.withdrawn,
        "late": opinions.late(application.case).count(),
    }
    return render(request, "selection/opinions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_opinion(request, reference):
    """Ask one person for an opinion."""
    submission = get_submission(request, reference, to_act=True)
    application = submission.application
    require(rules.can_ask_opinions(request.user, application))
    closed = opinions.why_closed(opinions.sessions_closing(application.case))
    refuse_unless(request.method == "POST" or not closed, closed)
    form = AskForm(request.POST or None, content=submission.content)
    if form.is_valid():
        with keeping(form, beside="email"):
            asked = actions.ask_opinion(application.case, by=request.user, **form.asked())
            way = (
                "la demande est dans son espace" if asked.expert else "un lien d’invitation part par courriel"
            )
            messages.success(request, f"L’avis de {asked.expert or asked.email} est demandé : {way}.")
            return redirect("selection:opinions", reference)
    context = frame(application, "opinions") | {"form": form}
    return render(request, "selection/ask_opinion.html", context, status=status_of(form))


@require_POST
def remind_opinion(request, reference, pk):
    asked = get_asked(request, reference, pk)
    actions.remind(asked, by=request.user)
    messages.success(request, f"La relance part pour {asked.expert or asked.email}.")
    return redirect("selection:opinions", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def postpone_opinion(request, reference, pk):
    """Give an expert more time."""
    asked = get_asked(request, reference, pk)
    form = DueForm(request.POST or None, after=asked.due_at)
    if form.is_valid():
        with keeping(form):
            actions.postpone(asked, due_at=form.cleaned_data["due_at"], by=request.user)
            messages.success(
                request, f"Le délai est prolongé ; {asked.expert or asked.email} en est prévenu."
            )
            return redirect("selection:opinions", reference)
    context = frame(asked.case.application, "opinions") | {"form": form, "asked": asked}
    return render(request, "selection/postpone_opinion.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_opinion(request, reference, pk):
    """Ask for a reason, then withdraw a request."""
    asked = get_asked(request, reference, pk)
    form = ReasonForm(request.POST or None, told="Il est envoyé à l’expert, et gardé au dossier.")
    if form.is_valid():
        with keeping(form):
            actions.revoke(asked, by=request.user, **form.cleaned_data)
            messages.success(request, f"La demande faite à {asked.expert or asked.email} est retirée.")
            return redirect("selection:opinions", reference)
    context = frame(asked.case.application, "opinions") | {"form": form, "asked": asked}
    return render(request, "selection/revoke_opinion.html", context, status=status_of(form))


@require_safe
def opinion_file(request, reference, pk):
    """A file joined to an opinion, for the secretariat."""
    application = get_submission(request, reference).application
    found = OpinionFile.objects.select_related("file").filter(opinion__request__case=application.case)
    file = get_object_or_404(found, pk=pk)
    return serve(file.file, name=file.name)
