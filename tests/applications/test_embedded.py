"""A dossier's PDF carries its content, to the byte; whoever reads it back learns at once whether it was touched."""

import hashlib
import io
import re
from datetime import date
from decimal import Decimal
from functools import cache

import pikepdf
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from applications import actions, embedded
from applications.models import Submission
from calls.exchange.archive import Unreadable
from calls.questionnaire.definition import canonical, default_definition
from documents import merge
from documents.pdf import PdfFailed
from documents.produced import builders
from tests.database import past_the_guards
from tests.documents.conforming import failures
from tests.factories import (
    CallFactory,
    OrganisationFactory,
    ThemeFactory,
    UserFactory,
    certifier_of,
    complete_draft,
    filed_application,
)

pytestmark = pytest.mark.django_db


def built(application, path):
    builders["applications.dossier"](str(application.submissions.get().pk), path)
    return path


def every_kind():
    """The usual form, with the other tables."""
    form = default_definition()
    for kind in ("partners", "milestones", "indicators"):
        form["sections"].append(
            {"key": kind, "title": kind, "kind": kind, "required": False, "questions": []}
        )
    return form


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dossier.pdf"


def words_of(path):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


@cache
def somewhere_else(folder):
    """The bytes of a dossier of another portal: nothing of it stays in this one."""
    before = transaction.savepoint()
    made = built(filed_application(title="Projet « né » ailleurs"), folder / "autre.pdf").read_bytes()
    transaction.savepoint_rollback(before)
    return made


@pytest.fixture
def another(tmp_path_factory):
    return somewhere_else(tmp_path_factory.getbasetemp())


def changed(made, change):
    """The bytes of a PDF in which something was changed."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as opened:
        change(opened)
        opened.save(target)
    return target.getvalue()


def rename(opened, pattern, replacement):
    told = re.sub(pattern, replacement, opened.Root.Metadata.read_bytes())
    opened.Root.Metadata = opened.make_stream(told, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def said(path, **options):
    out = io.StringIO()
    call_command("import_dossier", path, stdout=out, no_color=True, **options)
    return out.getvalue()


def test_the_pdf_gives_back_what_was_filed_to_the_byte(path, tmp_path):
    application = filed_application()
    submission = application.submissions.get()

    told = said(built(application, path), json=tmp_path / "contenu.json")

    assert (tmp_path / "contenu.json").read_bytes() == canonical(submission.content).encode()
    assert told.splitlines()[:3] == [
        f"Référence : {application.reference}",
        "Dépôt : n° 1",
        f"Empreinte SHA-256 : {submission.sha256}",
    ]
    assert told.splitlines()[-1] == "C’est, à l’octet près, le dépôt de ce portail."


def test_the_content_is_carried_as_the_source_of_the_document(path):
    application = filed_application()

    made = built(application, path).read_bytes()

    with pikepdf.open(path) as opened:
        [file] = opened.Root.AF
        stream = file.EF.F
        assert (str(file.AFRelationship), str(stream.Subtype)) == ("/Source", "/application/json")
        assert str(file.Desc) == f"Contenu du dossier {application.reference}, dépôt n° 1, en JSON canonique"
    assert (failures(made, "ua1"), failures(made, "3a")) == (set(), set())


def test_a_dossier_of_another_portal_is_checked_all_the_same(another, path):
    path.write_bytes(another)

    told = said(path)

    assert "Projet : Projet « né » ailleurs" in told.splitlines()
    assert "Ce dépôt n’est pas sur ce portail" in told.splitlines()[-1]


def test_a_submission_that_is_not_the_one_of_this_portal_is_told(path):
    application = filed_application()
    built(application, path)
    with past_the_guards() as cursor:
        cursor.execute("UPDATE applications_submission SET sha256 = %s", ["0" * 64])

    with pytest.raises(CommandError, match="n’est pas celui-là sur ce portail"):
        said(path)


def test_a_content_that_is_not_what_was_frozen_is_not_printed(path):
    application = filed_application()
    with past_the_guards() as cursor:
        cursor.execute(
            "UPDATE applications_submission SET content = jsonb_set(content, '{title}', '\"Autre\"')"
        )

    with pytest.raises(PdfFailed):
        built(application, path)


def test_an_anonymous_dossier_carries_nothing_that_names_its_carrier(path):
    application = filed_application(call=CallFactory(published=True, anonymous=True))
    name, sha256 = application.organisation.name, Submission.objects.get().sha256

    made = built(application, path).read_bytes()

    with pikepdf.open(path) as opened:
        assert ("/AF" in opened.Root, list(opened.attachments)) == (False, [])
        metadata = opened.Root.Metadata.read_bytes().decode()
    assert [each for each in (name, sha256) if each in metadata + words_of(path)] == []
    assert (failures(made, "ua1"), failures(made, "3a")) == (set(), set())
    with pytest.raises(Unreadable, match="candidature anonyme"):
        embedded.read(path)


def test_a_book_of_dossiers_carries_none_of_their_contents(another, path, tmp_path):
    path.write_bytes(another)

    merge.merge([("Un", path), ("Deux", path)], title="Livre", output_path=tmp_path / "livre.pdf")

    made = (tmp_path / "livre.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert list(opened.attachments) == []
    assert (failures(made, "ua1"), failures(made, "3a")) == (set(), set())


# A draft of it


def into(application, **changed):
    """How to begin a draft again for the same body."""
    return {
        "into": application.call.code,
        "organisation": application.organisation.slug,
        "by": application.created_by.email,
        **changed,
    }


def test_a_draft_made_of_it_would_give_the_same_hash(path):
    call = CallFactory(published=True, form=every_kind())
    application = complete_draft(call=call, themes=[ThemeFactory(), ThemeFactory()])
    call.themes.set(application.themes.all())
    application.partners.create(name="Une association", role="Essais", contribution=Decimal("12.5"))
    application.partners.create(organisation=OrganisationFactory(), role="Hébergement")
    application.milestones.create(label="Ouverture", due_on=date(2028, 3, 1))
    application.indicators.create(label="Délai", unit="jours", target=Decimal("12.5"), target_year=2028)
    actions.file_application(application, by=certifier_of(application.organisation))
    submission = application.submissions.get()
    built(application, path)

    told = said(path, **into(application))

    [draft] = application.organisation.applications.exclude(pk=application.pk)
    assert told.splitlines()[-2:] == [
        f"Brouillon : {draft.get_absolute_url()}",
        f"Son empreinte, s’il était déposé tel quel : {submission.sha256}",
    ]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"into": "AUCUN"}, "Aucun appel n’a le code « AUCUN »"),
        ({"organisation": "aucun"}, "--organisation : aucun organisme"),
        ({"by": "personne@ministere.example"}, "--by : personne n’a l’adresse"),
        ({"by": "autre@ministere.example"}, "ne peut pas candidater pour cet organisme"),
    ],
)
def test_a_draft_is_made_for_someone_who_may_write_it(path, changed, reason):
    application = filed_application()
    UserFactory(email="autre@ministere.example")
    built(application, path)

    with pytest.raises(CommandError, match=reason):
        said(path, **into(application, **changed))


def test_a_draft_is_made_only_where_the_form_is_known(another, path):
    application = filed_application(call=CallFactory(published=True, form=every_kind()))
    path.write_bytes(another)

    with pytest.raises(CommandError, match="n’est pas sur ce portail : importez d’abord son appel"):
        said(path, **into(application))


# What is not taken


def tampered(opened):
    """One figure of the content is another."""
    stream = opened.Root.AF[0].EF.F
    stream.write(stream.read_bytes().replace(b"600000.00", b"900000.00"))


def forged(opened):
    """A content that is no dossier, with its own hash."""
    opened.Root.AF[0].EF.F.write(b"[1]")
    rename(opened, rb"[0-9a-f]{64}", hashlib.sha256(b"[1]").hexdigest().encode())


def with_another_file(opened):
    opened.attachments["autre.json"] = b"{}"


def without_file(opened):
    del opened.Root.Names


def without_metadata(opened):
    del opened.Root.Metadata


def unfolding(opened):
    """A content of 40 MB in 40 kB."""
    opened.Root.AF[0].EF.F.write(b"0" * 40_000_000)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (tampered, "Le contenu de ce PDF a été modifié"),
        (forged, "n’est pas celui d’un dossier"),
        (with_another_file, "Ce PDF porte 2 fichiers"),
        (without_file, "ne porte le contenu d’aucun dossier"),
        (without_metadata, "ne dit plus de quel dépôt il est"),
        (unfolding, "trop lourd pour être celui d’un dossier"),
    ],
)
def test_a_pdf_that_was_touched_is_not_taken(another, path, change, reason):
    path.write_bytes(changed(another, change))

    with pytest.raises(CommandError, match=reason):
        said(path)


def test_a_pdf_under_a_password_is_not_taken(another, path):
    with pikepdf.open(io.BytesIO(another)) as opened:
        opened.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))

    with pytest.raises(CommandError, match="protégé par un mot de passe"):
        said(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7\n%%EOF", b"{}"])
def test_what_is_no_pdf_is_not_taken(path, content):
    path.write_bytes(content)

    with pytest.raises(CommandError, match="n’est pas un PDF"):
        said(path)


def test_a_file_that_is_not_there_is_told(path):
    with pytest.raises(CommandError, match=r"dossier\.pdf"):
        said(path)


def test_a_file_out_of_proportion_is_not_opened(path):
    with path.open("wb") as file:
        file.truncate(embedded.MAX_PDF + 1)

    with pytest.raises(CommandError, match="64 Mo"):
        said(path)
