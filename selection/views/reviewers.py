"""Who reviews a dossier and how far they are; what each reviewer has to do."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.models import FundRole
from journal.refusals import require
from selection import reviewing, rules
from selection.access import reviews_done, reviews_to_do
from selection.actions import reviewers as actions
from selection.actions.reviews import others_were_readable, reopen_review, why_no_consensus
from selection.forms.reviews import ReopenForm, ReviewersForm
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, status_of

DONE_AT_MOST = 50


@require_safe
def my_reviews(request):
    """What one has to review, the nearest due first; then what one finished last."""
    require(rules.reads_some_fund(request.user))
    done = reviews_done(request.user)
    context = {
        "to_do": reviews_to_do(request.user),
        "done": done[:DONE_AT_MOST],
        "done_count": done.count(),
    }
    return render(request, "selection/my_reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request, reference):
    """The reviewers of a dossier, what one may read of their reviews, and who else may be entrusted with one."""
    application = get_submission(request, reference).application
    can_assign = rules.can_assign_reviewers(request.user, application)
    found = reviewing.reviews_of(application.case)
    form = ReviewersForm(
        request.POST if request.method == "POST" else None, people=assignable(application, found)
    )
    if request.method == "POST":
        require(can_assign)
        if form.is_valid() and (count := assigned(application.case, form, by=request.user)):
            said = ngettext("%d évaluation est confiée.", "%d évaluations sont confiées.", count) % count
            messages.success(request, said)
            return redirect("selection:reviews", reference)
    return render(request, "selection/reviews.html", reviews_context(request, application, found, form))


def assigned(case, form, *, by):
    """How many reviewers were added; none, and the reason beside the boxes, where one of them may not be."""
    try:
        return actions.assign_reviewers(case, form.chosen(), by=by)
    except actions.NotReviewer as refused:
        form.add_error("reviewers", refused.reason)
        return 0


def reviews_context(request, application, found, form):
    case, user = application.case, request.user
    shown = reviewing.readable(user, case, found)
    own = [each for each in found if each.is_own]
    agreed = next((each for each in found if not each.is_own), None)
    in_instruction = case.state in case.IN_INSTRUCTION and not case.withdrawn
    settled = agreed is not None and agreed.is_finished and not agreed.recused
    is_reviewer = any(each.reviewer_id == user.pk for each in own)
    can_review = in_instruction and rules.can_review(user, application)
    finished = [each for each in shown if each.is_finished]
    counted = [each for each in finished if not each.recused]
    return frame(application, "reviews") | {
        "reviews": own,
        "agreed": agreed,
        "shown": [(each, reviewing.average(each)) for each in finished],
        "hidden": len([each for each in found if each.is_finished]) - len(finished),
        "table": reviewing.side_by_side(counted, application.call.criteria.all())
        if len(counted) > 1
        else None,
        "form": form,
        "can_assign": can_review and not settled and form.people,
        "can_reopen": in_instruction
        and case.state == case.State.UNDER_REVIEW
        and rules.can_reopen_review(user, application),
        "settled": settled,
        "can_begin": can_review and not is_reviewer and not others_were_readable(case, user),
        "can_agree": can_review and not settled and not why_no_consensus(case),
        "user": user,
        "scale_max": application.call.scale_max,
    }


def assignable(application, found):
    """The members of the secretariat who do not review a dossier yet; the action says who may not."""
    known = {each.reviewer_id for each in found if each.is_own}
    roles = FundRole.objects.filter(fund=application.call.fund, role__in=FundRole.SECRETARIAT)
    roles = roles.exclude(user__in=known).select_related("user").order_by("user__name", "user__email")
    return list({role.user_id: role.user for role in roles}.values())


def get_review(request, reference, pk):
    application = get_submission(request, reference).application
    return get_object_or_404(application.case.reviews.select_related("reviewer"), pk=pk)


@require_POST
def unassign(request, reference, pk):
    review = get_review(request, reference, pk)
    actions.unassign_reviewer(review, by=request.user)
    messages.success(request, f"L’évaluation n’est plus confiée à {review.reviewer}.")
    return redirect("selection:reviews", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request, reference, pk):
    """Give a finished review back to who wrote it, with a reason."""
    review = get_review(request, reference, pk)
    application = review.case.application
    require(rules.can_reopen_review(request.user, application))
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            reopen_review(review, by=request.user, **form.cleaned_data)
            messages.success(
                request, "C’est rouvert. La personne qui l’a écrite est prévenue, son texte est gardé."
            )
            return redirect("selection:reviews", reference)
    context = frame(application, "reviews") | {"review": review, "form": form}
    return render(request, "selection/reopen_review.html", context, status=status_of(form))
