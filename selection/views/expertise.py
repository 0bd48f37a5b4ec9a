"""The experts' pages: what is asked of them, and nothing else of the portal's dossiers."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.invitations import token_hash
from accounts.models import Invitation
from applications.views.people import ACCOUNT_BACKEND, account_form
from documents.models import StoredFile
from documents.serving import serve
from journal import clock
from journal.refusals import Refused, refuse_unless
from selection import opinions, rules
from selection.actions import expertise as actions
from selection.forms.opinions import OpinionForm, ReasonForm
from selection.models import OpinionRequest
from selection.views.refusal import keeping, status_of, unsaved


def get_asked(request, pk):
    """A request that this person may answer, or 404; who was writing meanwhile is told why it is over."""
    asked = OpinionRequest.objects.asked_of(request.user).standing().filter(pk=pk).first()
    if asked is None:
        over = get_object_or_404(OpinionRequest.objects.select_related("case"), pk=pk, expert=request.user)
        if request.method != "POST":
            raise Http404
        raise Refused(opinions.why_over(over))
    return asked


@require_safe
def my_opinions(request):
    """What one is asked: to give, late, given, declined."""
    found = list(
        OpinionRequest.objects.asked_of(request.user).prefetch_related("opinions").order_by("due_at", "pk")
    )
    now = clock.now()
    closed = set(
        opinions.closed_cases()
        .filter(case__in=[asked.case_id for asked in found])
        .values_list("case", flat=True)
    )
    for asked in found:
        asked.closed = asked.case_id in closed
        asked.label, asked.tone = opinions.standing_of(asked, now, closed=asked.closed)
    given = [asked for asked in found if asked.opinions.all()]
    waiting = [asked for asked in found if not asked.opinions.all() and not asked.declined_at]
    context = {
        "waiting": waiting,
        "given": given,
        "declined": [asked for asked in found if asked.declined_at],
        "late": sum(asked.due_at <= now and not asked.closed for asked in waiting),
    }
    return render(request, "selection/my_opinions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request, pk):
    """Read what is opened of a dossier, and write an opinion on it: a draft first, then given."""
    asked = get_asked(request, pk)
    form = OpinionForm(
        request.POST or None, request.FILES or None, asked=asked, initial=OpinionForm.initial_of(asked)
    )
    if form.is_bound:
        fit = form.is_valid()
        files = form.stored()
        if fit:
            with keeping(form):
                return kept(request, asked, form, files)
            asked = get_asked(request, pk)
            form.read_again(asked.version)
    closed = opinions.why_closed(opinions.sessions_closing(asked.case))
    context = {
        "asked": asked,
        "form": None if closed else form,
        "closed": closed,
        "unsaved": unsaved(form) if closed and form.is_bound else [],
        "late": asked.due_at <= clock.now(),
        "due": opinions.due_text(asked),
        "given": opinions.given_by(asked),
        "dossier": opinions.opened(asked),
        "partial": opinions.is_partial(asked),
    }
    status = 409 if closed and form.is_bound else status_of(form)
    return render(request, "selection/opinion.html", context, status=status)


def kept(request, asked, form, files):
    """Give the opinion, or keep its draft, as the button says."""
    seen = form.cleaned_data["seen"]
    if form.giving:
        made = actions.give(asked, seen=seen, by=request.user, **form.given(files))
        messages.success(
            request,
            "Votre avis est rendu : le secrétariat est prévenu. Vous pouvez en rendre une autre version jusqu’à"
            " l’ouverture de la séance."
            if made.revision == 1
            else f"La version {made.revision} de votre avis est rendue ; la précédente est gardée.",
        )
        return redirect("selection:my_opinions")
    actions.save_draft(asked, said=form.said(files), seen=seen, by=request.user)
    messages.success(
        request, "Votre brouillon est enregistré. Il n’est pas rendu : personne d’autre ne le lit."
    )
    return redirect(asked)


@require_http_methods(["GET", "HEAD", "POST"])
def decline_opinion(request, pk):
    """Ask for a reason, then decline."""
    asked = get_asked(request, pk)
    refuse_unless(not asked.opinions.exists(), "Vous avez rendu un avis : il ne se décline plus.")
    form = ReasonForm(
        request.POST or None, told="Le secrétariat le lit. Il demandera l’avis de quelqu’un d’autre."
    )
    if form.is_valid():
        with keeping(form):
            actions.decline(asked, by=request.user, **form.cleaned_data)
            messages.success(request, "La demande est déclinée, et le secrétariat prévenu.")
            return redirect("selection:my_opinions")
    context = {"asked": asked, "form": form}
    return render(request, "selection/decline_opinion.html", context, status=status_of(form))


@require_safe
def attachment(request, pk, sha256):
    """A file of the dossier, where the request opens it."""
    asked = get_asked(request, pk)
    names = {each["sha256"]: each["name"] for each in opinions.opened_content(asked)["attachments"]}
    if sha256 not in names:
        raise Http404
    return serve(StoredFile.objects.get(sha256=sha256), name=names[sha256])


@require_safe
def own_file(request, pk, file_pk):
    """A file that the expert joined to an opinion they gave."""
    asked = get_asked(request, pk)
    file = get_object_or_404(opinions.files_of(asked), pk=file_pk)
    return serve(file.file, name=file.name)


# The link


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_opinion(request, token):
    """What an invitation to give an opinion opens, to whoever holds its link; a button alone takes it up."""
    asked = OpinionRequest.objects.standing().filter(
        invitation__token_sha256=token_hash(token), case__withdrawn=False
    )
    asked = asked.select_related("invitation", "case__application__call").first()
    if asked is None or not Invitation.objects.standing().filter(pk=asked.invitation_id).exists():
        return over(request, asked)
    if request.user.is_authenticated and not asked.invitation.is_for(request.user):
        return render(request, "applications/invitation_of_another.html", status=403)
    if request.user.is_authenticated and rules.is_recused(request.user, asked.case.application):
        return over(
            request, None
        )  # nothing of the dossier is told to who is barred from it, not even that it is
    if request.user.is_authenticated and request.method == "POST":
        return entered(request, actions.accept(asked, by=request.user))
    form = account_form(request, asked.invitation)
    if form and form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["new_password1"]
        user = actions.open_account_and_accept(asked, name=name, password=password)
        login(request, user, backend=ACCOUNT_BACKEND)
        return entered(request, asked)
    context = {"asked": asked, "form": form, "due": opinions.due_text(asked)}
    return render(request, "selection/accept_opinion.html", context)


def entered(request, asked):
    messages.success(
        request, "La demande est dans votre espace : vous pouvez lire ce qui vous est ouvert du dossier."
    )
    return redirect(asked)


def over(request, asked):
    """A link that is dead: who has taken it up is led to the request, the others are told what to do."""
    if asked and OpinionRequest.objects.asked_of(request.user).filter(pk=asked.pk).exists():
        return redirect(asked)
    return render(request, "selection/opinion_invitation_over.html", status=404)
