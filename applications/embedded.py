"""The content of a dossier inside its own PDF, as it was frozen: put there by its builder, read back by anyone.

The file is the very JSON whose SHA-256 is the submission's. The PDF of an anonymous application carries none: its
JSON names the carrier that the pages hide, and so would the hash, to whoever tries each body in turn.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass
from xml.sax.saxutils import unescape

import pikepdf

from applications import dossier_file
from applications.models import Submission
from applications.tables import TABLES
from applications.transfer import columns
from calls.exchange.archive import Unreadable, read_json
from calls.models import FormVersion, Theme
from calls.questionnaire.definition import canonical
from documents.pdf import Attachment, PdfFailed

SCHEME = "urn:dossier"
IDENTIFIER = re.compile(SCHEME.encode() + rb":([^<:]{1,80}):([1-9]\d{0,4}):([0-9a-f]{64})</")
MAX_PDF = 64 * 1024 * 1024  # bytes
MAX_JSON = 32 * 1024 * 1024
MAX_METADATA = 1024 * 1024


def carried(submission):
    """What the PDF of a submission carries along, as options of `documents.pdf.render`.

    Raises:
        PdfFailed: the content is no longer the one whose hash was given at the filing.
    """
    if submission.content.get("anonymous"):
        return {}
    content = canonical(submission.content).encode()
    if hashlib.sha256(content).hexdigest() != submission.sha256:
        raise PdfFailed("failed", f"the content of {submission} is not what was frozen")
    reference, revision = submission.application.reference, submission.revision
    attachment = Attachment(
        name=f"{reference}-depot-{revision}.json",
        content=content,
        description=f"Contenu du dossier {reference}, dépôt n° {revision}, en JSON canonique",
        made_at=submission.filed_at,
    )
    return {
        "attachments": [attachment],
        "identifier": f"{SCHEME}:{reference}:{revision}:{submission.sha256}",
    }


@dataclass(frozen=True)
class Carried:
    """What a PDF carries of a dossier: `raw` are its bytes, whose SHA-256 is the one that its metadata tells."""

    reference: str
    revision: int
    sha256: str
    raw: bytes
    content: dict

    def exchanged(self):
        """The same as the file that `applications.dossier_file` reads, from which a draft may begin.

        Raises:
            Unreadable: the form it was written in is not on this portal.
        """
        asked = self.content["form"]
        form = FormVersion.objects.filter(sha256=asked["sha256"]).first()
        if form is None:
            raise Unreadable(
                f"Le formulaire de ce dossier (version {asked['number']}, empreinte {asked['sha256']}) n’est pas sur ce"
                " portail : importez d’abord son appel."
            )
        themes = Theme.objects.filter(label__in=self.content["themes"]).values_list("slug", flat=True)
        return dossier_file.as_json(
            {
                "format": dossier_file.FORMAT,
                "version": dossier_file.VERSION,
                "dossier": {
                    "title": self.content["title"],
                    "themes": sorted(themes),
                    "sections": form.sections,
                    "answers": {
                        section["key"]: {
                            answer["key"]: answer["value"]
                            for answer in section["answers"]
                            if answer["value"] is not None
                        }
                        for section in self.content["sections"]
                    },
                    "lines": {kind: _lines(kind, self.content.get(kind, [])) for kind in TABLES},
                    "files": self.content["attachments"],
                },
            }
        )

    @property
    def submission(self):
        """The submission of this portal that it says it is, or None."""
        found = Submission.objects.select_related("application__call")
        return found.filter(application__reference=self.reference, revision=self.revision).first()


def read(path):
    """What a PDF carries of a dossier, checked against the hash that it tells.

    Raises:
        Unreadable: why it is not taken, in French.
    """
    if path.stat().st_size > MAX_PDF:
        raise Unreadable("Ce fichier pèse plus de 64 Mo : ce n’est pas le PDF d’un dossier.")
    try:
        with pikepdf.open(path) as opened:
            raw, told = _only_file(opened), _metadata(opened)
    except pikepdf.PasswordError as error:
        raise Unreadable(
            "Ce PDF est protégé par un mot de passe : prenez celui que le portail a remis."
        ) from error
    except (
        pikepdf.PdfError,
        zlib.error,
        KeyError,
        AttributeError,
        TypeError,
        ValueError,
        RuntimeError,
    ) as error:
        raise Unreadable("Ce fichier n’est pas un PDF, ou il est abîmé.") from error
    if not (match := IDENTIFIER.search(told)):
        raise Unreadable(
            "Ce PDF ne dit plus de quel dépôt il est : il a été modifié depuis que le portail l’a remis."
        )
    reference, revision, sha256 = (
        unescape(match[1].decode("utf-8", "replace")),
        int(match[2]),
        match[3].decode(),
    )
    if (found := hashlib.sha256(raw).hexdigest()) != sha256:
        raise Unreadable(
            f"Le contenu de ce PDF a été modifié : son empreinte est {found}, et celle du dépôt {sha256}."
        )
    content = read_json(raw)
    if not isinstance(content, dict) or not isinstance(content.get("sections"), list):
        raise Unreadable("Le contenu joint à ce PDF n’est pas celui d’un dossier.")
    return Carried(reference, revision, sha256, raw, content)


def _lines(kind, lines):
    """Frozen lines with what was typed in them alone."""
    names = {each.attname for each in columns(TABLES[kind].model)}
    return [
        {
            name: value
            for name, value in (line | {"organisation_id": line.get("organisation")}).items()
            if name in names
        }
        for line in lines
    ]


def _only_file(opened):
    """The bytes of the only file that a PDF carries."""
    names = list(opened.attachments)
    if not names:
        raise Unreadable(
            "Ce PDF ne porte le contenu d’aucun dossier. Celui d’une candidature anonyme, un livre du comité ou un PDF"
            " imprimé de nouveau n’en portent pas."
        )
    if len(names) > 1:
        raise Unreadable(f"Ce PDF porte {len(names)} fichiers : celui d’un dossier n’en porte qu’un.")
    return _bounded(opened.attachments[names[0]].get_file().obj, MAX_JSON)


def _metadata(opened):
    return _bounded(opened.Root.Metadata, MAX_METADATA) if pikepdf.Name.Metadata in opened.Root else b""


def _bounded(stream, most):
    """The bytes of a stream, however far it would unfold."""
    raw, packed = stream.read_raw_bytes(), stream.get(pikepdf.Name.Filter)
    if packed is None:
        found = raw
    elif packed == pikepdf.Name.FlateDecode and pikepdf.Name.DecodeParms not in stream:
        found = zlib.decompressobj().decompress(raw, most + 1)
    else:
        raise ValueError("a filter that the portal does not write")
    if len(found) > most:
        raise Unreadable("Le contenu joint à ce PDF est trop lourd pour être celui d’un dossier.")
    return found
