"""The grid: a reviewer's own, or the consensus, beside the dossier."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept_posts
from applications.dossier import present
from applications.views.autosave import why_not_signed_in
from journal import clock
from journal.refusals import Refused, refuse_unless, require
from selection import reviewing, rules
from selection.actions import reviews as actions
from selection.forms.reviews import ReviewForm
from selection.passages import passages
from selection.views.case import file_prefix, get_submission, notes
from selection.views.frame import frame
from selection.views.refusal import keeping, refusal_of, status_of

SOMEONE_ELSE = (
    "Cette page a été ouverte sous un autre compte que le vôtre. Rien n’est enregistré : rouvrez-la."
)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, reference):
    """Score and comment each criterion, then recommend; the dossier is beside the grid."""
    submission = get_reviewable(request, reference)
    case = submission.application.case
    mine = case.reviews.own().filter(reviewer=request.user).prefetch_related("scores").first()
    if request.method != "POST" and mine and mine.is_finished:
        return redirect("selection:reviews", reference)
    return grid(request, submission, mine, keep=actions.save_review, page="review")


@require_http_methods(["GET", "HEAD", "POST"])
def consensus(request, reference):
    """Write what the reviewers agree on, with all their scores in sight."""
    submission = get_reviewable(request, reference)
    case = submission.application.case
    reviews = reviewing.reviews_of(case)
    agreed = next((each for each in reviews if not each.is_own), None)
    if request.method != "POST" and agreed and agreed.is_finished and not agreed.recused:
        return redirect("selection:reviews", reference)
    reason = actions.why_no_consensus(case)
    refuse_unless(request.POST or not reason, reason)
    own = [each for each in reviews if each.is_own and not each.recused]
    return grid(request, submission, agreed, keep=actions.save_consensus, page="consensus", own=own)


def get_reviewable(request, reference):
    submission = get_submission(request, reference, to_act=True)
    require(rules.can_review(request.user, submission.application))
    return submission


def grid(request, submission, kept, *, keep, page, own=()):
    """Show a grid, and keep what is sent of it: what is right is kept even where something else is wrong."""
    refuse_unless(
        not kept_posts.is_of_another(request.POST.get(kept_posts.AUTHOR), request.user), SOMEONE_ELSE
    )
    application = submission.application
    criteria = list(application.call.criteria.all())
    initial = ReviewForm.initial_of(kept) if kept else reviewing.agreed(own)
    form = ReviewForm(request.POST or None, call=application.call, criteria=criteria, initial=initial)
    conflict = None
    if form.is_bound:
        form.is_valid()
        with keeping(form):
            try:
                kept = keep(application.case, by=request.user, version=version_read(request), **form.facts())
            except actions.ReviewConflict as met:
                conflict, kept = met, met.review
            else:
                if form.is_valid():
                    return kept_and_said(request, kept, application.reference)
    dossier = present(submission)
    context = frame(application, page) | {
        "page": page,
        "form": form,
        "blocks": list(blocks(form, passages(application, dossier), own)),
        "version": kept.version if kept else 0,
        "conflict": conflict,
        "refusal": refusal_of(form),
        "theirs": list(differences(form, conflict.review)) if conflict else [],
        "table": reviewing.side_by_side(own, criteria) if own else None,
        "own": own,
        "dossier": dossier,
        "notes": notes(application),
        "file_prefix": file_prefix(application.reference),
        "finish_buttons": [
            ("finish", "Terminer l’évaluation" if page == "review" else "Terminer le consensus")
        ],
        "autosave_url": reverse(f"selection:autosave_{page}", args=[application.reference]),
    }
    return render(request, "selection/review.html", context, status=409 if conflict else status_of(form))


def kept_and_said(request, review, reference):
    """Go on: back to the grid while it is not finished, else to all the reviews of the dossier."""
    name = "L’évaluation" if review.is_own else "Le consensus"
    if review.is_finished:
        text = f"{name} est {'terminée' if review.is_own else 'terminé'}."
        messages.success(request, text, extra_tags=request.path)
        return redirect("selection:reviews", reference)
    messages.success(
        request, f"{name} est {'enregistrée, non terminée' if review.is_own else 'enregistré, non terminé'}."
    )
    return redirect(request.path)


def blocks(form, found, own):
    """What the page shows of each criterion: the criterion, its fields, its passages, what each reviewer said."""
    for criterion, fields in form.blocks:
        said = [
            (review.reviewer, score)
            for review in own
            for score in review.scores.all()
            if score.criterion_id == criterion.pk
        ]
        yield criterion, fields, found.get(criterion.key, []), said


def differences(form, review):
    """(label, what is kept in words) of each field that says something else in what was sent."""
    kept = ReviewForm.initial_of(review)
    for name, field in form.fields.items():
        before, after = ("" if each is None else each for each in (kept.get(name), form.kept.get(name)))
        if name in form.kept and before != after:
            words = dict(getattr(field, "choices", ())).get(before, before)
            yield field.widget.attrs.get("aria-label", field.label), str(words) or "(vide)"


def version_read(request):
    """The version that the page had read, None where it does not say."""
    read = request.POST.get("section_version", "")
    return int(read) if read.isdecimal() and read.isascii() and len(read) < 10 else None


@require_POST
@login_not_required  # a script cannot follow to the sign-in page: it is told 401
def autosave_review(request, reference):
    """Keep what can be of one's own review while it is typed."""
    return autosave(request, reference, actions.save_review)


@require_POST
@login_not_required
def autosave_consensus(request, reference):
    """Keep what can be of a consensus while it is typed."""
    return autosave(request, reference, actions.save_consensus)


def autosave(request, reference, keep):
    """What the script of the page is told: the version kept, and what could not be."""
    if told := why_not_signed_in(request):
        return JsonResponse({"reason": told, "sign_in": reverse("accounts:sign_in")}, status=401)
    try:
        application = get_reviewable(request, reference).application
        form = ReviewForm(request.POST, call=application.call, criteria=list(application.call.criteria.all()))
        form.is_valid()
        facts = form.facts() | {"finished": False, "quiet": True}
        review = keep(application.case, by=request.user, version=version_read(request), **facts)
    except Refused as refused:
        met = isinstance(refused, actions.ReviewConflict)
        return JsonResponse({"reason": refused.reason, "conflict": met, "by": ""}, status=409)
    return JsonResponse(
        {
            "version": review.version,
            "base": "",
            "saved_at": date_format(localtime(clock.now()), "H:i"),
            "refused": {name: errors[0] for name, errors in form.errors.items()},
            "changed": [],
        }
    )
