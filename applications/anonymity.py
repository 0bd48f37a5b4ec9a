"""Who carries an anonymous application, looked for in all that its jury will read.

Names are compared by whole words, whatever their accents, capitals and punctuation; numbers whatever the spaces between
their digits. An acronym of four letters or fewer is looked for in capitals alone: « DU » is also a word. The text of a
PDF is not read, nor what a film shows: the page says so.
"""

import re
import unicodedata
from itertools import chain

import pikepdf

from applications.tables import TABLES
from calls.questionnaire.types import text_of
from documents import storage
from documents.uploads import PDF

SHORT = 4  # letters; a longer acronym is no word of the language
BETWEEN_DIGITS = r"[\s.\u00a0\u202f-]*"


def markers(application):
    """(what to find, whose it is, pattern) of all that would name the carrier."""
    carrier, ministry = application.organisation, application.organisation.ministry
    bodies = {body.pk: body for body in (carrier, ministry) if body}
    for body in bodies.values():
        yield body.name, _words(body.name)
        if body.acronym:
            yield body.acronym, _acronym(body.acronym)
    for number in filter(None, (carrier.siren, carrier.siret)):
        yield number, _digits(number)
    writers = application.collaborators.values_list("user__email", flat=True)
    for domain in sorted({email.rpartition("@")[2].lower() for email in writers}):
        yield domain, _words(domain)


def findings(said):
    """(section key or None, question or None, sentence) of each place where the carrier is named.

    Without a section it is the name of the project.

    Args:
        said: what the dossier says so far, as `applications.completeness` reads it.
    """
    wanted = list(markers(said.application))
    for key, question, where, text in _places(said):
        if text is None:
            told = f"{where} ne se lisent pas. Enregistrez ce fichier à nouveau, puis joignez-le."
            yield key, question, told
            continue
        for found in named(text, wanted):
            told = f"{where} contient « {found} », qui désigne votre administration. Retirez-le :"
            told += " cet appel est anonyme."
            yield key, question, told


def named(text, wanted):
    """What of `wanted`, pairs that `markers` gives, a text names."""
    plain = without_accents(text)
    return [marker for marker, pattern in wanted if pattern.search(plain)]


def _places(said):
    """(section key, question or None, where, text) of all that the jury will read."""
    yield None, None, "le nom du projet", said.application.title
    for section in said.definition["sections"]:
        if section["key"] not in said.sections:
            continue
        for question in section.get("questions", []):
            if question["key"] in said.questions:
                text = text_of(question, said.answers.get(question["key"]))
                is_file = question.get("type") == "files"
                yield section["key"], question, f"« {question['label']} »", "" if is_file else text
                yield from _files(section["key"], question, said.joined.get(question["key"], []))
        if section["kind"] in TABLES:
            cells = chain.from_iterable(map(TABLES[section["kind"]].cells, said.lines[section["kind"]]))
            yield section["key"], None, "une ligne", "\n".join(str(cell) for cell in cells)
        if section["kind"] == "attachments":
            yield from _files(section["key"], None, said.joined.get("", []))


def _files(key, question, files):
    for each in files:
        yield key, question, f"le nom du fichier « {each.name} »", each.name
        yield key, question, f"la description du fichier « {each.name} »", each.description
        if each.file.content_type == PDF:
            about = f"les propriétés du fichier PDF « {each.name} » (auteur, titre…)"
            yield key, question, about, _metadata(each.file)


def _metadata(file):
    """What a PDF says of itself: its old dictionary and its XMP packet, as one text; None where they cannot be read."""
    try:
        with pikepdf.open(storage.path_of(file)) as pdf:
            old = [str(value) for value in pdf.docinfo.values()]
            with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as packet:
                return "\n".join([*old, *(_flat(value) for value in packet.values())])
    except (pikepdf.PdfError, OSError, TypeError, ValueError):
        return None


def _flat(value):
    return value if isinstance(value, str) else "\n".join(map(str, value))


def without_accents(text):
    """A text without its accents."""
    decomposed = unicodedata.normalize("NFKD", str(text or ""))
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def _words(name):
    words = re.findall(r"[^\W_]+", without_accents(name))
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, words)) + r"(?![^\W_])", re.IGNORECASE)


def _acronym(acronym):
    pattern = _words(acronym)
    return pattern if len(acronym) > SHORT else re.compile(pattern.pattern)


def _digits(number):
    """A SIREN also begins its SIRET."""
    digits = BETWEEN_DIGITS.join(number)
    more = rf"(?:{BETWEEN_DIGITS}\d){{5}}" if len(number) == len("123456789") else ""
    return re.compile(rf"(?<!\d){digits}(?:{more})?(?!\d)")
