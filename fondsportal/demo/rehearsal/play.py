"""The whole rehearsal, stage after stage, from the call's publication to the announcement and its documents."""

from decimal import Decimal

from fondsportal.demo.rehearsal import announcing, committee, filing, setting
from fondsportal.demo.rehearsal.cast import draw
from fondsportal.demo.rehearsal.checks import Played, facts_fingerprint
from journal import clock


def play(size, seed, progress):
    """Play everything that people do, and return what was played, for the checks."""
    before, year = facts_fingerprint(), clock.now().year
    with progress.stage("Distribution : organismes, comptes, comité") as stage:
        cast = draw(size, seed, first_year=year)
        place = setting.build(cast, year=year)
        stage.step(len(cast.carriers))
    call, applications, refusals = _file(place, cast, progress)
    session, reviews, more = _select(place, cast, call, applications, progress)
    with progress.stage("Annonce des lauréats") as stage:
        announcement = announcing.announce(place, call, cast.projects, stage)
        stage.amount = total(cast.laureates, "grant")
    return Played(
        setting=place,
        cast=cast,
        call=call,
        session=session,
        announcement=announcement,
        reviews=reviews,
        facts_before=before,
        refusals=refusals | more,
    )


def await_documents(played, progress):
    """Wait for the worker, then give each kind of document a line of its own.

    Raises:
        WorkerFailed: the worker did not make every document.
    """
    documents = announcing.documents_of(played.call, played.session, played.announcement)
    with progress.stage("Documents attendus du worker", documents.count()) as stage:
        announcing.wait_for_documents(documents, stage)
    for label, count, pages, size in announcing.measures(documents):
        progress.add(label, count=count, pages=pages, size=size)


def _file(place, cast, progress):
    """Publication, drafts, filings, deadline."""
    with progress.stage("Appel préparé et publié") as stage:
        call, alone = filing.publish_call(place)
        stage.step()
    deadline = filing.Deadline(call.rounds.get(), by=place.officers[0])
    with progress.stage("Brouillons écrits et soumis au visa", cast.scale.size + 1) as stage:
        drafts = filing.write_drafts(place, call, [*cast.projects, cast.late], deadline, stage)
    with progress.stage("Dépôts par les valideurs", cast.scale.size) as stage:
        filing.file_all(place, cast.projects, drafts, deadline, stage)
        stage.amount = total(cast.projects, "requested")
    with progress.stage(f"Date limite (reportée {deadline.postponements} fois), attendue") as stage:
        deadline.wait()
        late = filing.is_refused_late(place, cast.late, drafts[cast.late.title])
    refusals = {
        "Refusé : publier seul l’appel qu’on a préparé": alone,
        "Refusé : avancer une date limite publiée": filing.is_refused_earlier(deadline),
        "Refusé : déposer après la date limite": late,
    }
    return call, drafts, refusals


def _select(place, cast, call, applications, progress):
    """Eligibility, reviews, shortlist, scores, votes, decisions."""
    projects, size, rng = cast.projects, cast.scale.size, cast.rng
    with progress.stage("Recevabilité", size) as stage:
        cases = committee.check_eligibility(place, projects, applications, stage)
    with progress.stage("Évaluations terminées") as stage:
        committee.review_all(place, call, projects, cases, rng, stage)
        reviews = stage.count
    with progress.stage("Présélection et convocation du comité") as stage:
        references = committee.shortlist(place, call, projects, cases)
        session = committee.convene(place, references)
        stage.step(len(references))
    with progress.stage("Fiches de notation scellées") as stage:
        kept_out = committee.score_all(place, call, session, projects, rng, stage)
    with progress.stage("Votes nominatifs") as stage:
        committee.vote_all(place, session, projects, rng, stage)
    with progress.stage("Décisions de la présidence", len(references)) as stage:
        beyond = committee.decide_all(place, session, projects, stage)
        stage.amount = total(cast.laureates, "grant")
    with progress.stage("Relevé de décisions signé à deux") as stage:
        committee.sign_minutes(place, session)
        stage.step()
    outside = sum(not project.is_digital for project in projects if project.fate in committee.DECIDED)
    return (
        session,
        reviews,
        {
            "Refusé : accorder un euro de plus que l’enveloppe": beyond,
            "Refusé : noter hors de son périmètre": kept_out == outside,
        },
    )


def total(projects, name):
    return Decimal(sum(getattr(project, name) for project in projects))
