"""From the eligibility check to the decisions, by the secretariat and the committee."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied

from accounts import emails
from fondsportal.demo.rehearsal import names
from journal import clock
from journal.models import OutgoingEmail
from journal.refusals import Refused
from selection import envelope, rules, shortlisting
from selection.actions import attendance, decisions, eligibility, minutes, reviews, scoring, votes
from selection.actions import session as sessions
from selection.actions.shortlist import draw_shortlist, keep_choices
from selection.models import Ballot, Case, Review

DECIDED = frozenset(names.REASONS)


def check_eligibility(setting, projects, applications, stage):
    """Every filed dossier is examined; {title: case} of those that are eligible."""
    cases, reasons = {}, 0
    for position, project in enumerate(projects):
        officer = setting.officers[position % len(setting.officers)]
        application = applications[project.title]
        if project.fate == "ineligible":
            reason = names.INELIGIBILITY[reasons % len(names.INELIGIBILITY)]
            proposal = eligibility.propose_ineligible(application, reason=reason, by=officer)
            eligibility.settle_ineligibility(proposal, accepted=True, by=setting.head)
            reasons += 1
        else:
            cases[project.title] = eligibility.declare_eligible(application, by=officer)
        stage.step()
    return cases


def review_all(setting, call, projects, cases, rng, stage):
    """Each eligible case is reviewed by one officer, one in three by two who are blind; some leave a draft."""
    criteria = list(call.criteria.all())
    for position, project in enumerate(projects):
        if project.title not in cases:
            continue
        turns = range(2 if position % 3 == 0 else 1)
        reviewers = [setting.officers[(position + turn + 1) % len(setting.officers)] for turn in turns]
        given = [_review(project, call, criteria, rng) for _ in reviewers]
        if position % 5 == 0 or len(reviewers) > 1:  # nobody begins once another has finished
            for officer, review in zip(reviewers, given, strict=True):
                reviews.save_review(cases[project.title], **review, finished=False, by=officer)
        for officer, review in zip(reviewers, given, strict=True):
            reviews.save_review(cases[project.title], **review, finished=True, by=officer)
            stage.step()


def _review(project, call, criteria, rng):
    tone = "high" if project.quality > 0.65 else "middle" if project.quality > 0.4 else "low"
    recommendation = {"high": "favourable", "middle": "reserved", "low": "unfavourable"}[tone]
    comments = names.REVIEW_COMMENTS[tone]
    return {
        "scores": [
            {"criterion": criterion, "value": _score(project, call, rng), "comment": rng.choice(comments)}
            for criterion in criteria
        ],
        "comment": rng.choice(comments),
        "recommendation": Review.Recommendation(recommendation),
        "proposed_amount": Decimal(project.grant or project.requested // 2),
    }


def _score(project, call, rng):
    """A value on the call's scale, around what the project is worth."""
    return min(call.scale_max, max(0, round(project.quality * call.scale_max + rng.gauss(0, 0.7))))


def shortlist(setting, call, projects, cases):
    """Draw the shortlist; the story knows who is on it, and it is kept in the order of the reviews."""
    on = [project for project in projects if project.fate in DECIDED]
    chosen = {cases[project.title].pk for project in on}
    reviewed = list(shortlisting.ranked(call, setting.officers[1]))
    syntheses = shortlisting.syntheses(reviewed)
    choices = {}
    for case in reviewed:
        kept = case.pk in chosen
        reason = syntheses.get(case.pk) or names.REVIEW_COMMENTS["high" if kept else "low"][0]
        choices[case.pk] = kept, reason, shortlisting.mark(case)
    keep_choices(call, choices, by=setting.officers[0])
    seen = shortlisting.seal(shortlisting.reviewed_cases(call))
    draw_shortlist(call, seen=seen, by=setting.officers[1])
    kept = Case.objects.filter(application__call=call, state=Case.State.SHORTLISTED).order_by(
        "-review_score", "pk"
    )
    return [case.application.reference for case in kept.select_related("application")]


def convene(setting, references):
    session = sessions.convene(
        committee=setting.committee,
        envelope=setting.envelope,
        title="Séance du comité de pilotage (répétition)",
        held_on=clock.now().date(),
        by=setting.officers[0],
    )
    sessions.add_to_agenda(session, references, by=setting.officers[0])
    sessions.open_session(session, by=setting.head)
    for seat in session.committee.seats.select_related("user"):
        attendance.state_interests(session, seat, by=seat.user)
    return session


def agenda(session, projects):
    """[(item, project)] in the order of the agenda, read afresh."""
    by_title = {project.title: project for project in projects}
    items = session.items.select_related("case__application__call", "session__committee").order_by("position")
    return [(item, by_title[item.case.application.title]) for item in items]


def score_all(setting, call, session, projects, rng, stage):
    """Each seat scores what is within its scope, under seal; return how many were kept out of scope."""
    criteria, kept_out = list(call.criteria.all()), 0
    for item, project in agenda(session, projects):
        comments = names.REVIEW_COMMENTS["high" if project.quality > 0.65 else "middle"]
        for member in setting.members:
            scores = {criterion: _score(project, call, rng) for criterion in criteria}
            try:
                scoring.score(item, scores=scores, comment=rng.choice(comments), by=member)
                stage.step()
            except PermissionDenied:
                kept_out += 1
    return kept_out


def vote_all(setting, session, projects, rng, stage):
    """Reveal every score, open every vote, and let each seat vote by name."""
    scoring.reveal_all(session, by=setting.members[0])
    votes.open_all_votes(session, by=setting.members[0])
    for item, project in agenda(session, projects):
        for member in setting.members:
            if rules.can_vote(member, item):
                choice = _choice(project, rng)
                limit = Decimal(project.grant) if choice == Ballot.Choice.FOR and project.grant else None
                votes.vote(item, choice=choice, amount=limit, by=member)
                stage.step()
        votes.close_vote(item, by=setting.members[0])


def _choice(project, rng):
    chances = {"selected": (10, 0, 1), "reserve": (6, 3, 2), "deferred": (4, 3, 4), "rejected": (2, 8, 2)}
    return rng.choices(
        [Ballot.Choice.FOR, Ballot.Choice.AGAINST, Ballot.Choice.ABSTAIN], chances[project.fate]
    )[0]


def decide_all(setting, session, projects, stage):
    """The chair decides each item; the last grant is first tried one euro beyond what is left. Was it refused?"""
    chair, refused = setting.members[0], False
    items = agenda(session, projects)
    last = max(position for position, (_, project) in enumerate(items) if project.fate == "selected")
    for position, (item, project) in enumerate(items):
        if position == last:
            refused = _is_refused_beyond_envelope(setting, item, chair)
        decisions.decide(
            item,
            outcome=project.fate,
            amount=Decimal(project.grant) if project.fate == "selected" else None,
            reason=names.REASONS[project.fate],
            by=chair,
            **_said(item, project.fate),
        )
        stage.step()
    sessions.close_session(session, by=chair)
    return refused


def sign_minutes(setting, session):
    """An officer produces the minutes and signs them, the chair signs them: each with the code that they are sent."""
    officer, chair = setting.officers[0], setting.members[0]
    found = minutes.produce(session, by=officer)
    return [
        minutes.sign(found, version=found.version, code=_code(found, each), by=each)
        for each in (officer, chair)
    ]


def _code(found, user):
    """What someone reads in the message that they are sent."""
    minutes.send_code(found, by=user)
    message = OutgoingEmail.objects.get(to=user.email, template=emails.CODE)
    return message.context["code"]


def _said(item, fate):
    """What goes with an outcome: what is asked of the deferred, and why, on each criterion, of the rejected."""
    if fate == "deferred":
        return {"asked": names.REASONS[fate]}
    if fate == "rejected":
        return {"reasons": dict.fromkeys(item.case.application.call.criteria.all(), names.REASONS[fate])}
    return {}


def _is_refused_beyond_envelope(setting, item, chair):
    beyond = envelope.remaining(setting.envelope) + 1
    try:
        decisions.decide(item, outcome="selected", amount=beyond, by=chair)
    except Refused:
        return True
    return False
