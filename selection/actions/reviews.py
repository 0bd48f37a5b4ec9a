"""Reviewing: what each reviewer thinks of a dossier, criterion by criterion, then what they agree on."""

from django.db import transaction

from journal import actions as journal
from journal import clock
from journal.models import Entry
from journal.refusals import Refused, refuse_unless, require
from selection import conflicts, emails, lifecycle, rules
from selection.actions.standing import count_again, refuse_if_given_up
from selection.lifecycle import State
from selection.models import Case, Review, Score

OVER = "Ce dossier n’est plus en instruction."
CLOSED = "Votre évaluation est terminée : elle ne se modifie plus."
READ = (
    "Une évaluation de ce dossier est déjà terminée, et vous pouviez la lire :"
    " un collègue peut vous confier la vôtre."
)
AGREED = "Le consensus est terminé : les évaluations de ce dossier ne changent plus."
CHANGED = "Cette évaluation a été enregistrée entre-temps depuis une autre page."
PARTS = ("value", "strengths", "weaknesses", "questions", "comment")
SAID = ("comment", "recommendation", "proposed_amount", "amount_reason")


class ReviewConflict(Refused):
    """The review changed since its page was read; `review` is what is kept, with its scores."""

    def __init__(self, review):
        self.review = review
        super().__init__(CHANGED)


@transaction.atomic(durable=True)
def save_review(case, *, scores, finished, by, version=None, quiet=False, **said):
    """Keep one's own review; a finished one is closed.

    What is not given stays as it was. The first review takes the case from eligible to under review.

    Args:
        scores: a list of {criterion}, with any of `PARTS`.
        said: any of `SAID`.
        version: what the page had read, to refuse what another page changed meanwhile; None overwrites.
        quiet: an autosave, which is no entry of the journal.

    Raises:
        ReviewConflict: something else was kept since `version`.
        Refused: the case is no longer in instruction, a score is missing or out of scale.
    """
    case = Case.objects.locked(case)
    require(rules.can_review(by, case.application))
    refuse_if_given_up(case)
    refuse_unless_in_instruction(case)
    review = case.reviews.own().select_for_update().filter(reviewer=by).first()
    if review is None:
        refuse_unless(not others_were_readable(case, by), READ)
        refuse_unless(not (reason := conflicts.why_not_assigned(by, case.application)), reason)
        review = Review(case=case, reviewer=by)
    refuse_unless(review.state == Review.State.DRAFT, CLOSED)
    if case.state == State.ELIGIBLE:
        lifecycle.move(case, State.UNDER_REVIEW)
        case.save(update_fields=["state"])
    return _keep(review, scores, said, finished=finished, by=by, version=version, quiet=quiet)


@transaction.atomic(durable=True)
def save_consensus(case, *, scores, finished, by, version=None, quiet=False, **said):
    """Keep what the reviewers of a case agree on; once finished, it is what speaks for the dossier.

    Same arguments and refusals as `save_review`.
    """
    case = Case.objects.locked(case)
    require(rules.can_review(by, case.application))
    refuse_if_given_up(case)
    refuse_unless(case.state == State.UNDER_REVIEW, OVER)
    refuse_unless(not (reason := why_no_consensus(case)), reason)
    review = case.reviews.select_for_update().filter(kind=Review.Kind.CONSENSUS).first()
    review = review or Review(case=case, kind=Review.Kind.CONSENSUS)
    if review.is_finished and not case.reviews.counted().filter(pk=review.pk).exists():
        give_back(review)
    refuse_unless(review.state == Review.State.DRAFT, "Le consensus est terminé : il ne se modifie plus.")
    review.reviewer = by
    return _keep(review, scores, said, finished=finished, by=by, version=version, quiet=quiet)


@transaction.atomic(durable=True)
def reopen_review(review, *, reason, by):
    """Give a finished review, or a finished consensus, back to who wrote it; tell them why."""
    case = Case.objects.locked(review.case)
    require(rules.can_reopen_review(by, case.application))
    refuse_if_given_up(case)
    refuse_unless(case.state == State.UNDER_REVIEW, OVER)
    review = case.reviews.select_for_update().filter(pk=review.pk).first()
    refuse_unless(review, "Cette évaluation vient d’être retirée par un collègue : rien n’a changé.")
    refuse_unless(
        not rules.is_recused(review.reviewer, case.application),
        "Qui l’a écrite ne traite plus ce dossier : elle ne compte plus, et reste telle qu’elle est.",
    )
    if review.is_own:
        require(review.reviewer_id != by.pk)
        refuse_once_agreed(case)
        review.could_read = review.could_read or others_were_readable(case, review.reviewer)
    give_back(review)
    count_again(case)
    journal.record("case.review_reopened", case, by=by, review=review.pk, reason=reason)
    if review.reviewer != by:
        journal.post(*emails.review_reopened(review, reason))


# Steps


def why_no_consensus(case):
    """Why the consensus of a case cannot be written now; empty when it can."""
    own = list(case.reviews.counted().own().values_list("state", flat=True))
    if Review.State.DRAFT in own:
        return "Le consensus s’écrit quand toutes les évaluations confiées sont terminées."
    if len(own) < 2:
        return "Le consensus se cherche à partir de deux évaluations terminées."
    return ""


def others_were_readable(case, user):
    """Whether someone could ever read a finished review of a case that another wrote, reopened since or not."""
    of_case = Entry.objects.filter(subject_type=Case._meta.label_lower, subject_id=str(case.pk))
    return of_case.filter(event="case.review_finished").exclude(actor_id=user.pk).exists()


def give_back(review):
    """Open a finished review again, as it was written."""
    lifecycle.move_review(review, Review.State.DRAFT)
    review.finished_at = None
    review.version += 1
    review.save(update_fields=["state", "finished_at", "version", "could_read"])


def refuse_unless_in_instruction(case):
    refuse_unless(case.state in (State.ELIGIBLE, State.UNDER_REVIEW), OVER)


def refuse_once_agreed(case):
    agreed = case.reviews.filter(kind=Review.Kind.CONSENSUS, state=Review.State.FINISHED)
    refuse_unless(not agreed.exists(), AGREED)


def _keep(review, scores, said, *, finished, by, version, quiet):
    """Write what is given of a review whose case is locked; a score out of scale is refused."""
    case, is_new = review.case, review.pk is None
    kept = {} if is_new else {score.criterion_id: score for score in review.scores.all()}
    if version is not None and version != review.version and _differ(review, kept, scores, said):
        raise ReviewConflict(review)
    for field in SAID:
        setattr(review, field, said.get(field, getattr(review, field)))
    for given in scores:
        score = kept.setdefault(given["criterion"].pk, Score(criterion=given["criterion"]))
        for part in PARTS:
            setattr(score, part, given.get(part, getattr(score, part)))
    _refuse_out_of_scale(case, kept.values())
    if finished:
        _refuse_unfinished(case, review, kept)
        lifecycle.move_review(review, Review.State.FINISHED)
        review.finished_at = clock.now()
    review.version += 1
    review.save()
    for score in kept.values():
        score.review = review
    Score.objects.bulk_create(
        kept.values(), update_conflicts=True, unique_fields=["review", "criterion"], update_fields=PARTS
    )
    if is_new or finished:
        count_again(case)
    if not quiet:
        what = "review" if review.is_own else "consensus"
        journal.record(f"case.{what}_{'finished' if finished else 'saved'}", case, by=by, review=review.pk)
    return review


def _differ(review, kept, scores, said):
    """Whether what is given would change what is kept."""
    return any(getattr(review, field) != value for field, value in said.items()) or any(
        getattr(kept.get(given["criterion"].pk, Score()), part) != given[part]
        for given in scores
        for part in PARTS
        if part in given
    )


def _refuse_out_of_scale(case, scores):
    highest = case.application.call.scale_max
    refuse_unless(
        all(score.value is None or 0 <= score.value <= highest for score in scores),
        f"Une note va de 0 à {highest} : rien n’est enregistré.",
    )


def _refuse_unfinished(case, review, kept):
    """Refuse to finish what lacks a score or a recommendation, and name what is missing."""
    missing = [
        criterion.label
        for criterion in case.application.call.criteria.all()
        if criterion.pk not in kept or kept[criterion.pk].value is None
    ]
    refuse_unless(not missing, f"Il manque une note pour terminer : {', '.join(missing)}.")
    refuse_unless(review.recommendation, "Il manque une recommandation pour terminer.")
