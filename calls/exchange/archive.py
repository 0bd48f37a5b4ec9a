"""The file that carries a call: its document, alone or in a zip with the documents that it names.

    appel.json
    documents/<sha256>.<format>

What comes in is read within limits, whatever it says of itself, and nothing is extracted under a name it chose.
"""

import hashlib
import json
import logging
import re
import shutil
import tempfile
import zipfile
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError as Unfit
from django.core.files.uploadedfile import UploadedFile
from pydantic import ValidationError

from calls.exchange.content import as_json
from calls.exchange.problems import disagreements
from calls.exchange.schema import FORMAT, MAX_DOCUMENTS, VERSION, CallFile
from calls.questionnaire.schema import told
from documents import storage, uploads
from journal.refusals import Refused, refuse_unless

logger = logging.getLogger(__name__)

NAME, FOLDER = "appel.json", "documents/"
MAX_JSON, MAX_ZIP = (
    2 * 1024 * 1024,
    60 * 1024 * 1024,
)  # bytes; the second of the file, and of what it expands to
MAX_DIRECTORY = 100_000  # bytes of the part of a zip that lists its files
MEMBER = re.compile(r"documents/(?P<sha256>[0-9a-f]{64})\.[a-z0-9]{1,8}")
END, FAR_END = b"PK\5\6", b"PK\6\7"
UNREADABLE = "Cette archive est illisible, ou abîmée : reprenez le fichier exporté par le portail."


class Unreadable(Exception):
    """A file that is not taken. `problems` are French sentences, each after its path in the file where it has one."""

    def __init__(self, *problems):
        self.problems = list(problems)
        super().__init__(*problems)


# Out


def write(content, target):
    """Write a call and its documents in a zip: the same call gives the same bytes.

    Raises:
        Refused: the bytes of a document are not kept any more, or the antivirus withholds them.
    """
    withheld = {
        file.sha256: file.withheld
        for file in storage.StoredFile.objects.filter(sha256__in=[each.sha256 for each in content.documents])
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(NAME), as_json(content))
        for document in {each.sha256: each for each in content.documents}.values():
            why = withheld.get(document.sha256)
            refuse_unless(
                not why, f"Document « {document.title} » : cet appel ne peut pas être exporté. {why}"
            )
            suffix = PurePath(document.name).suffix.lower() or ".bin"
            member = zipfile.ZipInfo(f"{FOLDER}{document.sha256}{suffix}")
            try:
                kept = storage.path_of(storage.StoredFile(sha256=document.sha256)).open("rb")
            except FileNotFoundError as error:
                raise Refused(
                    f"Le fichier du document « {document.title} » n’est plus conservé : cet appel ne peut pas"
                    " être exporté tant que ce document n’est pas remplacé."
                ) from error
            with kept, archive.open(member, "w") as written:
                shutil.copyfileobj(kept, written)


# In


def read(upload):
    """The call of an uploaded file, and the types of the documents that it carries, by hash; nothing is kept yet.

    Raises:
        Unreadable: all that is wrong in the file, as far as it could be read.
    """
    if upload.size > MAX_ZIP:
        raise Unreadable(
            f"Ce fichier pèse {_megabytes(upload.size)} : la limite est de {_megabytes(MAX_ZIP)}."
        )
    upload.seek(0)
    if upload.read(2) != b"PK":
        if upload.size > MAX_JSON:
            raise Unreadable(_too_long(upload.size))
        upload.seek(0)
        return parse(upload.read()), {}
    try:
        return _read_zip(upload)
    except Unreadable:
        raise
    except Exception as error:
        # The library chokes on broken or hostile archives in many ways: each is a reason to refuse.
        logger.info("refused archive: %s", type(error).__name__)
        raise Unreadable(UNREADABLE) from error


def keep(upload, documents):
    """Keep the documents that `read` found, once all is known to be right, and return their `StoredFile` by hash."""
    if not documents:
        return {}
    with zipfile.ZipFile(upload) as archive:
        carried = _carried({info.filename: info for info in archive.infolist()})
        return {
            sha256: storage.store(_chunks(archive, carried[sha256]), content_type=content_type)
            for sha256, content_type in documents.items()
        }


def parse(data):
    """The call that a document says, from its bytes, its parts agreeing with each other."""
    document = read_json(data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unreadable(f"format : ce n’est pas un appel exporté par le portail (« {FORMAT} » est attendu).")
    version = document.get("version", "aucune")
    if version != VERSION:
        raise Unreadable(
            f"version : ce portail lit la version {VERSION} ; ce fichier dit « {_printable(version)} »."
        )
    try:
        content = CallFile.model_validate(document).call
    except ValidationError as error:
        raise Unreadable(*map(_printable, told(error))) from error
    problems = disagreements(content)
    if problems:
        raise Unreadable(*problems)
    return content


def read_json(data):
    """What a JSON file says, from its bytes.

    Raises:
        Unreadable: it is no JSON, or one that no two readers would read alike.
    """
    try:
        document = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant
        )
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise Unreadable("Ce fichier contient des caractères qui ne sont pas de l’UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"Ce fichier n’est pas du JSON : erreur à la ligne {error.lineno}.") from error
    except RecursionError as error:
        raise Unreadable("Ce fichier emboîte trop de niveaux pour être un appel.") from error
    except ValueError as error:  # such as a number of five thousand digits
        raise Unreadable("Ce fichier contient un nombre impossible.") from error
    return document


def _object(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise Unreadable(
                f"« {_printable(key)} » est écrit deux fois dans le même objet : lequel garder ?"
            )
        found[key] = value
    return found


def _no_constant(name):
    raise Unreadable(f"« {name} » n’est pas un nombre.")


def _read_zip(upload):
    if not _lists_few_files(upload):
        raise Unreadable(UNREADABLE)
    with zipfile.ZipFile(upload) as archive:
        members = _members(archive)
        if NAME not in members:
            raise Unreadable(f"{NAME} manque : ce n’est pas l’archive d’un appel.")
        if members[NAME].file_size > MAX_JSON:
            raise Unreadable(_too_long(members[NAME].file_size))
        content = parse(archive.read(members[NAME]))
        return content, _documents(archive, content, members)


def _lists_few_files(upload):
    """Whether an archive is of the plain kind, and says in few bytes what it holds: the library reads all of them."""
    upload.seek(max(0, upload.size - 42))
    tail = upload.read()
    plain = tail[-22:-18] == END and tail[-2:] == b"\0\0" and tail[-42:-38] != FAR_END
    return plain and int.from_bytes(tail[-10:-6], "little") <= MAX_DIRECTORY


def _members(archive):
    found = {}
    for info in archive.infolist():
        expected = info.filename in (NAME, FOLDER) or MEMBER.fullmatch(info.filename)
        if not expected or info.filename in found:
            raise Unreadable(f"« {_printable(info.filename)} » n’a pas sa place dans l’archive d’un appel.")
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(
                "Cette archive est chiffrée, ou comprimée d’une façon que le portail ne lit pas."
            )
        found[info.filename] = info
    if len(found) > MAX_DOCUMENTS + 2 or sum(info.file_size for info in found.values()) > MAX_ZIP:
        raise Unreadable(f"Cette archive contient plus de {_megabytes(MAX_ZIP)}, ou trop de fichiers.")
    return found


def _documents(archive, content, members):
    """The documents that an archive carries, each checked as any file that one uploads."""
    carried, documents, problems = _carried(members), {}, []
    for at, document in enumerate(content.documents):
        if document.sha256 in carried:
            documents[document.sha256] = document.content_type
            try:
                _check(archive, carried[document.sha256], document)
            except Unfit as error:
                problems.append(f"call.documents[{at}] : {' '.join(error.messages)}")
    for sha256 in carried.keys() - documents.keys():
        problems.append(
            f"{carried[sha256].filename} : aucun document de l’appel (call.documents) ne le cite."
        )
    if problems:
        raise Unreadable(*problems)
    return documents


def _carried(members):
    found = {name: MEMBER.fullmatch(name) for name in members}
    return {match["sha256"]: members[name] for name, match in found.items() if match}


def _check(archive, info, document):
    if info.file_size > settings.UPLOAD_MAX_BYTES:
        raise Unfit(f"ce document pèse plus de {_megabytes(settings.UPLOAD_MAX_BYTES)}.")
    with tempfile.TemporaryFile() as kept, archive.open(info) as member:
        shutil.copyfileobj(member, kept)
        size = kept.tell()
        kept.seek(0)
        if hashlib.file_digest(kept, "sha256").hexdigest() != document.sha256 or size != document.size:
            raise Unfit(
                "le contenu de ce document n’est pas celui que son empreinte (sha256) ou sa taille annonce."
            )
        uploads.check(UploadedFile(file=kept, name=document.name, size=document.size))


def _chunks(archive, info):
    with archive.open(info) as member:
        while chunk := member.read(1 << 16):
            yield chunk


def _too_long(size):
    return (
        f"La description de l’appel pèse {_megabytes(size)} : la limite est de {_megabytes(MAX_JSON)}."
        " Un appel n’a pas besoin de tant ; les documents vont à côté d’elle, dans une archive zip."
    )


def _megabytes(size):
    return f"{size / (1024 * 1024):.1f}".removesuffix(".0").replace(".", ",") + " Mo"


def _printable(value):
    text = str(value)
    text = text if len(text) <= 400 else f"{text[:400]}…"
    return "".join(each if each.isprintable() else "�" for each in text)
