"""What the shape of a call's document cannot say: that its parts agree, and that this portal knows what it names."""

import re
from pathlib import PurePath

from calls.models import Call, CallDocument, Theme
from calls.readiness import calendar_faults, scale_faults
from documents import uploads

MOST_SHOWN = 40


def disagreements(content):
    """French sentences, each after its path, on the parts of a call that contradict each other.

    A call that is merely unfinished has none: what is missing is told where one prepares it.
    """
    return [
        *_dates(content),
        *_amounts("call", content),
        *(told for at, row in enumerate(content.carriers) for told in _amounts(f"call.carriers[{at}]", row)),
        *_repeated("call.themes", "", content.themes),
        *_repeated("call.carriers", "kind", [row.kind for row in content.carriers]),
        *_repeated("call.outcomes", "label", [row.label for row in content.outcomes]),
        *_criteria(content),
        *_keys(content.form),
        *_circuit(content),
        *_documents(content),
    ]


def unknown_here(content, *, fund, files):
    """French sentences, each after its path, on what the document names and this portal or this fund does not have.

    Args:
        files: the contents at hand, by hash.
    """
    programmes = set(fund.programmes.values_list("slug", flat=True))
    if content.programme and content.programme not in programmes:
        yield (
            f"call.programme : « {content.programme} » n’est pas un programme du fonds {fund.code}."
            f" {_list_of(programmes)} Ou retirez cette ligne du fichier."
        )
    themes = set(Theme.objects.values_list("slug", flat=True))
    for at, slug in enumerate(content.themes):
        if slug not in themes:
            yield f"call.themes[{at}] : le thème « {slug} » n’existe pas ici. {_list_of(themes)}"
    for at, document in enumerate(content.documents):
        if document.sha256 not in files:
            yield (
                f"call.documents[{at}] : le contenu de « {document.name} » manque. Importez l’archive zip entière,"
                " ou retirez ce document du fichier."
            )


def known_files(content, user):
    """The contents that a call names and that this person may already read in another call, by hash.

    A hash is no secret (receipts show those of what was filed): it opens nothing that was closed.
    """
    found = CallDocument.objects.filter(
        call__in=Call.objects.visible_to(user), file__sha256__in=[each.sha256 for each in content.documents]
    )
    return {document.file.sha256: document.file for document in found.select_related("file")}


def shortened(problems):
    """The first problems, and how many there are besides: nobody reads five hundred lines."""
    rest = len(problems) - MOST_SHOWN
    return [*problems[:MOST_SHOWN], f"et {rest} autres problèmes."] if rest > 1 else problems


def _dates(content):
    faults = calendar_faults(
        opens_at=content.opens_at,
        closings=content.rounds,
        questions_until=content.questions_until,
        committee_on=content.committee_on,
        announced_on=content.announced_on,
    )
    for field, sentence in faults:
        place = re.fullmatch(r"rows-(\d+)-closes_on", field)
        name = f"rounds[{place[1]}]" if place else {"questions_on": "questions_until"}.get(field, field)
        yield f"call.{name} : {sentence}"


def _amounts(path, rule):
    if None not in (rule.threshold, rule.ceiling) and rule.ceiling < rule.threshold:
        yield f"{path}.ceiling : le plafond est inférieur au seuil."


def _repeated(path, name, values):
    for at, value in enumerate(values):
        if value in values[:at]:
            yield f"{path}[{at}]{'.' if name else ''}{name} : « {value} » est déjà écrit plus haut."


def _criteria(content):
    yield from _repeated("call.criteria", "key", [row.key for row in content.criteria])
    for at, criterion in enumerate(content.criteria):
        yield from _repeated(
            f"call.criteria[{at}].levels", "score", [level.score for level in criterion.levels]
        )
    rows = [row.model_dump() for row in content.criteria]
    for at, field, sentence in scale_faults(content.scale_max, rows):
        yield f"call.criteria[{at}].{field} : {sentence}"


def _keys(form):
    """Two things of one key could not be told apart any more, neither here nor in what applicants answer."""
    yield from _repeated("call.form.sections", "key", [section.key for section in form.sections])
    yield from _repeated("call.form.checks", "key", [check.key for check in form.checks])
    seen = set()
    for at, section in enumerate(form.sections):
        for rank, question in enumerate(section.questions):
            if question.key in seen:
                yield (
                    f"call.form.sections[{at}].questions[{rank}].key : « {question.key} » est déjà la clé"
                    " d’une autre question."
                )
            seen.add(question.key)


def _circuit(content):
    if content.has_hearings and not content.has_shortlist:
        yield "call.has_hearings : les auditions supposent une présélection (has_shortlist)."


def _documents(content):
    for at, document in enumerate(content.documents):
        path, name = f"call.documents[{at}]", document.name
        if not name.isprintable() or PurePath(name).name != name:
            yield f"{path}.name : ce n’est pas un nom de fichier."
        elif uploads.TYPES.get(PurePath(name).suffix.lower()) != document.content_type:
            yield f"{path}.content_type : ce type ne va pas avec le nom « {name} »."


def _list_of(slugs):
    return f"Connus : {', '.join(sorted(slugs))}." if slugs else "Aucun n’est connu."
