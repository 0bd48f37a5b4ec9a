"""A call goes out as a file and comes back the same; what does not fit is refused whole."""

import io
import json
import zipfile

import pytest
from django.db import IntegrityError

from calls.actions.exchange import TAKEN, begin_from
from calls.exchange import archive
from calls.exchange.content import content_of, without_its_facts
from calls.exchange.schema import PLAIN, CallFile
from calls.models import Call, Criterion
from documents.models import StoredFile
from journal.models import Entry
from journal.refusals import Refused
from tests.calls.exchanged import FILES, begun, document, exported, pdf, uploaded, with_document, zipped
from tests.factories import FundFactory, StoredFileFactory, officer_of

# What is of this portal alone: where the call stands, who acts on it, what the database computes.
OURS = {
    "id", "slug", "state", "closes_at", "year", "prepared_by", "submitted_at", "submitted_by", "return_remarks",
    "published_at", "imported", "facts", "search",
}  # fmt: skip


def test_every_field_of_a_call_goes_out_or_stays_on_purpose():
    kept = {field.name for field in Call._meta.fields} - OURS

    assert kept == {*PLAIN, "fund", "code", "programme"}


@pytest.mark.parametrize("name", FILES)
def test_a_call_comes_back_as_it_went_out(db, name):
    call = with_document(begun(name))
    went_out = content_of(call)

    upload = uploaded(exported(call))
    content, carried = archive.read(upload)
    other = begin_from(
        content,
        fund=call.fund,
        code="ESSAI-2",
        title=content.title,
        files=archive.keep(upload, carried),
        source="fichier",
        by=call.prepared_by,
    )

    assert content_of(other) == went_out.model_copy(update={"code": "ESSAI-2"})
    assert (
        went_out.model_copy(update={"documents": [], "fund": None, "code": None})
        == CallFile.model_validate(document(name, fund=None, code=None)).call
    )


def test_the_same_call_gives_the_same_bytes(db):
    call = with_document(begun("guichet"))

    assert exported(call) == exported(call)
    assert zipfile.ZipFile(io.BytesIO(exported(call))).namelist() == [
        "appel.json",
        f"documents/{call.documents.get().file.sha256}.pdf",
    ]


def test_a_text_goes_out_with_the_same_ends_of_lines_whoever_wrote_it(db):
    call = begun("guichet")
    call.description = "Un.\r\n\r\nDeux."  # as a browser sends it

    assert content_of(call).description == "Un.\n\nDeux."


def test_a_call_whose_document_is_lost_is_not_exported_without_it(db):
    call = with_document(begun("guichet"))
    call.documents.update(file=StoredFileFactory())

    with pytest.raises(Refused) as refusal:
        exported(call)

    assert refusal.value.reason.startswith(
        "Le fichier du document « Cahier des charges » n’est plus conservé"
    )


def test_a_call_is_not_exported_with_a_document_that_the_antivirus_withholds(db):
    call = with_document(begun("guichet"))
    StoredFile.objects.update(scan_state=StoredFile.Scan.PENDING)

    with pytest.raises(Refused) as refusal:
        exported(call)

    assert refusal.value.reason.startswith("Document « Cahier des charges » : cet appel ne peut pas être")


def test_a_copy_takes_the_rules_and_leaves_the_facts(db):
    call = begun("ftap-2018-1")

    copied = without_its_facts(content_of(call))

    left = {"code", "opens_at", "rounds", "committee_on", "announced_on", "sources"}
    original = content_of(call)
    assert {
        name for name in type(copied).model_fields if getattr(copied, name) != getattr(original, name)
    } == left


def test_a_programme_stays_in_its_fund(db):
    content = content_of(begun("pia-opendata-2017"))
    fund = FundFactory()

    call = begin_from(
        content, fund=fund, code="AUTRE-1", title="Autre", files={}, source="x", by=officer_of(fund)
    )

    assert call.programme is None


def test_a_call_begins_whole_or_not_at_all(db):
    fund = FundFactory()
    content = CallFile.model_validate(document("guichet")).call
    content.criteria.append(content.criteria[0])

    with pytest.raises(IntegrityError):
        begin_from(content, fund=fund, code="A-1", title="A", files={}, source="x", by=officer_of(fund))

    assert (Call.objects.count(), Criterion.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_a_code_is_taken_once(db):
    call = begun("guichet")

    with pytest.raises(Refused) as refusal:
        begun("guichet", code=call.code, fund=call.fund, by=call.prepared_by)

    assert (refusal.value.reason, Call.objects.count()) == (TAKEN, 1)


# What is refused


def problems_of(data, name="appel.json"):
    with pytest.raises(archive.Unreadable) as refusal:
        archive.read(uploaded(data, name))
    return refusal.value.problems


def written(**changes):
    return json.dumps(document("guichet", **changes)).encode()


def form_of(*questions):
    return {"sections": [{"key": "s", "title": "S", "questions": list(questions)}]}


def question(number, **fields):
    return {"key": f"q-{number}", "label": "Q"} | fields


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"surprise": 1}, "call.surprise : ce champ n’existe pas dans cette version du format"),
        ({"title": ""}, "call.title : ce texte est vide"),
        ({"title": "Nul\0"}, "call.title : ce texte contient des caractères refusés"),
        ({"threshold": "beaucoup"}, "call.threshold : un nombre est attendu"),
        ({"threshold": "1e999"}, "call.threshold : ce nombre est trop grand"),
        ({"max_rate": "1.5"}, "call.max_rate : la valeur doit être au plus 1"),
        (
            {"opens_at": "2018-02-01T00:00:00"},
            "call.opens_at : l’heure doit dire son fuseau, par exemple +01:00",
        ),
        ({"contact_email": "moi"}, "call.contact_email : ce n’est pas une adresse électronique"),
        (
            {"sources": [{"title": "Piège", "url": "javascript:alert(1)"}]},
            "call.sources[0].url : ce n’est pas l’adresse d’une page web",
        ),
        (
            {"threshold": "2", "ceiling": "1"},
            "call.ceiling : le plafond est inférieur au seuil.",
        ),
        (
            {"rounds": ["2030-02-01T00:00:00Z", "2030-01-01T00:00:00Z"]},
            "call.rounds[1] : La relève 2 doit suivre la relève 1, qui finit le 1",
        ),
        (
            {"opens_at": "2030-02-01T00:00:00Z", "questions_until": "2030-01-01T00:00:00Z"},
            "call.questions_until : La fin des questions doit suivre l’ouverture.",
        ),
        (
            {"has_hearings": True},
            "call.has_hearings : les auditions supposent une présélection (has_shortlist).",
        ),
        (
            {"outcomes": [{"label": "Retenu", "state": "selected"}] * 2},
            "call.outcomes[1].label : « Retenu » est déjà écrit plus haut.",
        ),
        (
            {"criteria": [{"key": "a", "label": "A", "weight": 100, "minimum": 6}]},
            "call.criteria[0].minimum : La note minimale dépasse la note maximale, qui est 5.",
        ),
        (
            {"form": form_of(question(1, type="dessin"))},
            "call.form.sections[0].questions[0].type : valeur inconnue",
        ),
        (
            {"form": form_of(question(1), question(1))},
            "call.form.sections[0].questions[1].key : « q-1 » est déjà la clé d’une autre question.",
        ),
        (
            {"form": form_of(*map(question, range(500)))},
            "call.form.sections[0].questions : cette liste est trop longue : 300 au plus",
        ),
        (
            {
                "documents": [
                    {
                        "kind": "annex", "title": "A", "name": "../a.pdf", "sha256": "0" * 64, "size": 1,
                        "content_type": "application/pdf",
                    }
                ]
            },
            "call.documents[0].name : ce n’est pas un nom de fichier.",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_its_path(changes, problem):
    [told] = problems_of(written(**changes))

    assert told.startswith(problem)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "Ce fichier n’est pas du JSON : erreur à la ligne 1."),
        (b"{", "Ce fichier n’est pas du JSON : erreur à la ligne 1."),
        (b"[]", "format : ce n’est pas un appel exporté par le portail (« fondsportal-call » est attendu)."),
        (
            b'{"format": "fondsportal-call", "version": 2}',
            "version : ce portail lit la version 1 ; ce fichier dit « 2 ».",
        ),
        (
            b'{"format": "a", "format": "b"}',
            "« format » est écrit deux fois dans le même objet : lequel garder ?",
        ),
        (b'"\xff"', "Ce fichier contient des caractères qui ne sont pas de l’UTF-8."),
        (b'"\\ud800"', "Ce fichier contient des caractères qui ne sont pas de l’UTF-8."),
        (b"NaN", "« NaN » n’est pas un nombre."),
        (b"9" * 5000, "Ce fichier contient un nombre impossible."),
        (b"[" * 100_000, "Ce fichier emboîte trop de niveaux pour être un appel."),
        (
            b" " * 10 * 1024 * 1024,
            "La description de l’appel pèse 10 Mo : la limite est de 2 Mo. Un appel n’a pas besoin de tant ; les"
            " documents vont à côté d’elle, dans une archive zip.",
        ),
    ],
    ids=["empty", "cut", "list", "version", "twice", "utf-8", "surrogate", "nan", "number", "deep", "long"],
)
def test_a_file_that_is_no_call_says_why(data, problem):
    assert problems_of(data) == [problem]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (lambda: b"PK" + b"\0" * 100, archive.UNREADABLE),
        (
            lambda: zipped([("autre.json", b"{}")]),
            "« autre.json » n’a pas sa place dans l’archive d’un appel.",
        ),
        (
            lambda: zipped([("../appel.json", b"{}")]),
            "« ../appel.json » n’a pas sa place dans l’archive d’un appel.",
        ),
        (lambda: zipped([("documents/", b"")]), "appel.json manque : ce n’est pas l’archive d’un appel."),
        (
            lambda: zipped([(f"documents/{'0' * 64}.pdf", b" " * 61 * 1024 * 1024)], zipfile.ZIP_DEFLATED),
            "Cette archive contient plus de 60 Mo, ou trop de fichiers.",
        ),
        (
            lambda: zipped([("appel.json", written())], zipfile.ZIP_LZMA),
            "Cette archive est chiffrée, ou comprimée d’une façon que le portail ne lit pas.",
        ),
        (lambda: zipped([(f"documents/{n:064x}.pdf", b"") for n in range(2000)]), archive.UNREADABLE),
    ],
    ids=["broken", "other", "traversal", "without", "bomb", "lzma", "many"],
)
def test_an_archive_that_is_no_call_says_why(data, problem):
    assert problems_of(data(), "appel.zip") == [problem]


def test_a_document_is_what_its_hash_says(db):
    call = with_document(begun("guichet"))
    sha256 = call.documents.get().file.sha256
    [description, _] = zipfile.ZipFile(io.BytesIO(exported(call))).infolist()
    described = zipfile.ZipFile(io.BytesIO(exported(call))).read(description)

    told = problems_of(
        zipped([("appel.json", described), (f"documents/{sha256}.pdf", pdf("Autre"))]), "a.zip"
    )

    assert told == [
        "call.documents[0] : le contenu de ce document n’est pas celui que son empreinte (sha256) ou sa taille annonce."
    ]


def test_a_document_that_the_call_does_not_name_is_refused():
    name = f"documents/{'0' * 64}.pdf"

    told = problems_of(zipped([("appel.json", written()), (name, b"%PDF")]), "a.zip")

    assert told == [f"{name} : aucun document de l’appel (call.documents) ne le cite."]
