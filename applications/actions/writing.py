"""Writing a draft: its identity, its sections, its tables. What a section said until then goes in its history."""

from django.db import transaction
from django.db.models.functions import Now

from applications import history, rules
from applications.actions.guards import locked_for_writing, refuse_to_write
from applications.actions.section_state import section_state
from applications.merging import Base, merged
from applications.models import Application, Collaborator, SectionVersion
from applications.tables import TABLES
from calls.models import Call
from journal import actions as journal
from journal.refusals import Refused, refuse_unless, require


class EditConflict(Refused):
    """A colleague changed the same answers meanwhile; `theirs` is the section as the database now holds it.

    `clashes` are the keys of the questions that both changed. What was refused is in the section's history, not kept.
    """

    def __init__(self, theirs, clashes=()):
        self.theirs, self.clashes = theirs, clashes
        super().__init__("Cette section a été modifiée par quelqu’un d’autre entre-temps.")


@transaction.atomic(durable=True)
def create_application(*, call, organisation, title, by, themes=(), fictitious=False):
    """Begin a draft for a call that is open."""
    return begin(
        call=call, organisation=organisation, title=title, by=by, themes=themes, fictitious=fictitious
    )


@transaction.atomic(durable=True)
def change_identity(application, *, title, themes, by):
    """Rename the project, or change its themes."""
    application = locked_for_writing(application, by)
    application.title = title
    application.save(update_fields=["title"])
    application.themes.set(themes)
    journal.record("application.identity_changed", application, by=by)


def save_section(application, section_key, answers, *, version, by, base=None, refused=()):
    """Keep the answers of a section of questions; return its row.

    Where a colleague saved it since this person read it, what each changed alone stands.

    Args:
        base: the marks of the answers that the page was given; without, each difference is a conflict.
        refused: the keys of the questions of which nothing could be read: what the section says of them stays.

    Raises:
        EditConflict: both changed an answer; nothing changes in the section, the caller shows both texts.
    """
    with transaction.atomic(durable=True):
        application = locked_for_writing(application, by, section_key)
        state = section_state(application, section_key)
        clashes = _keep_answers(
            application, state, answers, version=version, base=base, refused=refused, by=by
        )
        if not clashes:
            section = state.section
            journal.record(
                "application.section_saved", application, by=by, section=section_key, version=section.version
            )
    if clashes:
        raise EditConflict(state.section, clashes)
    return state.section


def autosave_section(key, section_key, *, read, version, base, by):
    """Keep what can be of a section while it is typed; return its state, and what was read.

    An autosave is no entry of the journal: the section's history is its trace. It makes six queries at most, the
    session's and the account's included, so it finds, locks and authorises the dossier at once.

    Args:
        read: makes of the form what was typed, with its `answers` and its `refused`.

    Raises:
        Application.DoesNotExist: there is no such dossier, or this person does not write in it.
        EditConflict, FormCorrected, Refused: nothing changes in the section.
    """
    with transaction.atomic(durable=True):
        application, state = _opened(key, section_key, by)
        typed = read(application)
        clashes = _keep_answers(
            application, state, typed.answers, version=version, base=base, refused=typed.refused, by=by
        )
    if clashes:
        raise EditConflict(state.section, clashes)
    return state, typed


def autosave_table(key, section_key, *, read, version, by):
    """Keep a table while it is typed, once every cell of it is right; return its state, and what was read.

    Args:
        read: makes of the dossier what was typed: its `kind`, its `lines`, and what is `told` of wrong cells.

    Raises:
        Application.DoesNotExist, EditConflict, FormCorrected, Refused: as `autosave_section`.
    """
    with transaction.atomic(durable=True):
        application, state = _opened(key, section_key, by)
        typed = read(application)
        before = history.of_lines(TABLES[typed.kind].lines(application))
        after = history.of_lines(TABLES[typed.kind].typed(typed.lines))
        right = not typed.told and not history.same(before, after)
        met = right and version != state.section.version
        if met:
            _set_aside(application, state, after, by=by)
        elif right:
            _keep_lines(application, state, typed.kind, typed.lines, by=by, apart=False)
    if met:
        raise EditConflict(state.section)
    return state, typed


def set_table(application, kind, lines, *, by, version=None):
    """Replace the lines of a table by a list of values by field; `kind` is that of its section.

    Raises:
        EditConflict: as for a text, unless no version is given, by who did not read the table before.
    """
    section_key = _key_of(application, kind)
    with transaction.atomic(durable=True):
        application = locked_for_writing(application, by, section_key)
        state = section_state(application, section_key)
        met = version not in (None, state.section.version)
        if met:
            _set_aside(application, state, history.of_lines(TABLES[kind].typed(lines)), by=by)
        else:
            _keep_lines(application, state, kind, lines, by=by)
            journal.record(
                "application.table_set", application, by=by, table=kind, lines=TABLES[kind].lines(application)
            )
    if met:
        raise EditConflict(state.section)


@transaction.atomic(durable=True)
def restore_version(version, *, read, by):
    """Give a section back what it said at one time: a new version, which loses nothing of what it says now.

    Args:
        read: the version of the section that this person compared it with.
    """
    application = locked_for_writing(version.application, by, version.section_key)
    state = section_state(application, version.section_key)
    refuse_unless(
        read == state.section.version, "Cette section a changé depuis que vous avez comparé les deux textes."
    )
    definition = application.form.section(version.section_key)
    refuse_unless(definition, "Cette section n’est plus demandée.")
    if "lines" in version.content:
        kind = definition["kind"]
        _keep_lines(application, state, kind, history.lines_again(kind, version.content), by=by)
    else:
        answers = history.answers_again(definition, version.content, state.section.answers)
        _keep(application, state, answers, by=by, apart=True)
    journal.record(
        "application.section_restored",
        application,
        by=by,
        section=version.section_key,
        version=version.version,
        restored_as=state.section.version,
    )


# Steps


def begin(*, call, organisation, title, by, themes=(), fictitious=False):
    """A new draft for a call that is open, and its first writer."""
    require(rules.can_apply_for(by, organisation))
    refuse_unless(
        Call.objects.open().filter(pk=call.pk).exists(), "Cet appel n’est pas ouvert aux candidatures."
    )
    round_ = call.rounds.filter(closes_at__gt=Now()).order_by("closes_at").first()
    application = Application.objects.create(
        call=call,
        round=round_,
        form=call.form_versions.first(),
        organisation=organisation,
        title=title,
        created_by=by,
        fictitious=fictitious,
    )
    application.themes.set(themes)
    Collaborator.objects.create(application=application, user=by)
    journal.record("application.created", application, by=by, call=call.code)
    return application


def _opened(key, section_key, by):
    """A dossier found, authorised and locked at once, and the state of the section that this person may write in."""
    writable = Application.objects.writable_by(by).select_related("form", "round")
    application = writable.select_for_update(of=["self"]).get(key=key)
    state = section_state(application, section_key)
    refuse_to_write(application, by, section_key, state)
    return application, state


def _keep_answers(application, state, answers, *, version, base, refused, by):
    """Keep these answers in a locked dossier, or return the keys of those that a colleague changed too."""
    theirs = state.section.answers
    mine = answers | {key: theirs[key] for key in refused if key in theirs}
    known = base is not None and base.form == application.form_id
    if known or version != state.section.version:
        mine, clashes = merged(mine, theirs, base if known else Base())
        if clashes:
            _set_aside(application, state, history.of_answers(answers), by=by)
            return clashes
    _keep(application, state, mine, by=by)
    return []


def _keep(application, state, answers, *, by, apart=False):
    """Write the answers of a section, one version further, if they change anything."""
    before, section = history.of_answers(state.section.answers), state.section
    if section.pk and section.answers == answers:
        return
    section.answers = answers
    _write(state, by=by)
    _remember(application, state, before, history.of_answers(answers), by=by, apart=apart)


def _keep_lines(application, state, kind, lines, *, by, apart=True):
    rows, table = getattr(application, TABLES[kind].rows), TABLES[kind]
    before = history.of_lines(table.lines(application))
    _write(state, by=by)
    rows.all().delete()
    rows.bulk_create(rows.model(application=application, **line) for line in lines)
    _remember(application, state, before, history.of_lines(table.lines(application)), by=by, apart=apart)


def _write(state, *, by):
    section = state.section
    state.before = section.version, section.changed_at, section.changed_by_id
    section.version += 1
    section.changed_at, section.changed_by = state.at, by
    fields = ["answers", "version", "changed_at", "changed_by"]
    section.save(**({"update_fields": fields} if section.pk else {}))


def _remember(application, state, before, content, *, by, apart):
    """Put in the history what a section says now; and what it said before, if it was not there yet."""
    latest, known = state.latest, state.latest and history.same(state.latest.content, before)
    if known and history.same(before, content):
        return
    if known and not apart and (goes_on := history.gone_on(latest, content, by=by, at=state.at)):
        latest.content, latest.version, latest.saved_at = goes_on, state.section.version, state.at
        latest.save(update_fields=["content", "version", "saved_at"])
        return
    versions = [_version(application, state, content, state.section.version, state.at, by.pk)]
    if not known and not history.is_empty(before):
        version, changed_at, changed_by = state.before
        versions.insert(0, _version(application, state, before, version, changed_at or state.at, changed_by))
    SectionVersion.objects.bulk_create(versions)


def _set_aside(application, state, content, *, by):
    """Keep in the history a text that met a colleague's, once however often it is sent."""
    refused = application.section_versions.filter(
        section_key=state.section.section_key, saved_by=by, kept=False
    )
    last = refused.first()
    if last is None or not history.same(last.content, content):
        version = _version(application, state, content, state.section.version, state.at, by.pk)
        version.kept = False
        version.save()


def _version(application, state, content, version, at, by):
    return SectionVersion(
        application=application,
        section_key=state.section.section_key,
        version=version,
        content=content,
        saved_at=at,
        saved_by_id=by,
    )


def _key_of(application, kind):
    return next(section["key"] for section in application.form.sections if section["kind"] == kind)
