"""An anonymous call: who carries the application is looked for everywhere, and told to the secretariat alone."""

from io import BytesIO

import pikepdf
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Organisation
from applications import completeness
from applications.produced import dossier as build_dossier
from selection.access import whole_book_key
from selection.book import committee_book
from tests.applications.test_questions import FILM, answering, form_of, page_of, posted, question
from tests.factories import (
    CallFactory,
    OrganisationFactory,
    agenda_item,
    committee_session,
    draft,
    member_of,
    officer_of,
)

FORM = form_of(question("long_text"), FILM)


@pytest.fixture
def application(db):
    ministry = OrganisationFactory(
        name="Ministère de l’Écologie", acronym="MTE", kind=Organisation.Kind.MINISTRY
    )
    carrier = OrganisationFactory(
        name="Agence des Forêts d’été",
        acronym="DU",
        siren="130025265",
        siret="13002526500013",
        supervising_ministry=ministry,
    )
    return draft(
        call=CallFactory(published=True, anonymous=True, form=FORM),
        organisation=carrier,
        title="Projet",
        created_by__email="agent@forets.gouv.example",
    )


def told(where, found):
    return (
        f"Tout : {where} contient « {found} », qui désigne votre administration."
        " Retirez-le : cet appel est anonyme."
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Porté par l’AGENCE DES FORETS D'ETE.", "Agence des Forêts d’été"),
        ("au ministere de l'ecologie,", "Ministère de l’Écologie"),
        ("le MTE", "MTE"),
        ("le DU", "DU"),
        ("SIREN 130 025 265", "130025265"),
        ("n° 130-025-265", "130025265"),
        ("écrire à un.autre@Forets.gouv.example", "forets.gouv.example"),
    ],
)
def test_what_names_the_carrier_prevents_filing(application, text, found):
    answering(application, long_text=text)

    assert completeness.missing(application) == [told("« Question long_text »", found)]


@pytest.mark.parametrize(
    "text",
    ["du travail", "Agences des forêts", "1300252651", "le mte", "Agence des Forêts", "forets.example"],
)
def test_what_only_looks_like_it_prevents_nothing(application, text):
    answering(application, long_text=text)

    assert completeness.missing(application) == []


def test_a_call_that_is_not_anonymous_looks_for_nothing(application):
    application.call.anonymous = False
    application.call.save()
    answering(application, long_text="Agence des Forêts d’été")

    assert completeness.missing(application) == []


def test_the_name_of_the_project_is_read(application):
    application.title = "Les drones de l’agence des forêts d’été"
    application.save()

    assert completeness.missing(application) == [told("le nom du projet", "Agence des Forêts d’été")]


def pdf(name="annexe.pdf", **metadata):
    """A PDF that says who wrote it, in its old dictionary or in its XMP packet."""
    document, made = pikepdf.new(), BytesIO()
    document.add_blank_page()
    if "docinfo" in metadata:
        document.docinfo["/Author"] = metadata["docinfo"]
    if "xmp" in metadata:
        with document.open_metadata(update_docinfo=False) as packet:
            packet["dc:creator"] = [metadata["xmp"]]
    document.save(made)
    return SimpleUploadedFile(name, made.getvalue())


@pytest.mark.parametrize(
    ("upload", "where"),
    [
        (
            pdf(docinfo="Agence des forêts d'été"),
            "les propriétés du fichier PDF « annexe.pdf » (auteur, titre…)",
        ),
        (pdf(xmp="Agence des forêts d'été"), "les propriétés du fichier PDF « annexe.pdf » (auteur, titre…)"),
        (
            pdf("agence_des_forets_d-ete.pdf"),
            "le nom du fichier « agence_des_forets_d-ete.pdf »",
        ),
    ],
)
def test_a_file_is_read_in_its_name_and_its_properties(client, application, upload, where):
    client.force_login(application.created_by)

    client.post(page_of(application), posted(files=upload, **{"long-text": "Rien"}))

    assert completeness.missing(application) == [told(where, "Agence des Forêts d’été")]


def test_a_pdf_whose_properties_cannot_be_read_is_told_of(client, application):
    broken, made = pikepdf.new(), BytesIO()
    broken.add_blank_page()
    broken.Root.Metadata = broken.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Metadata))
    broken.save(made, fix_metadata_version=False)
    client.force_login(application.created_by)

    upload = SimpleUploadedFile("annexe.pdf", made.getvalue())
    client.post(page_of(application), posted(files=upload, **{"long-text": "Rien"}))

    [gap] = completeness.missing(application)
    assert "ne se lisent pas" in gap


# Who is told


MARKER = "Organisme à cacher"


def text_of(path):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_the_jury_never_reads_who_carries_it_and_the_secretariat_does(client, db, tmp_path):
    fund_call = CallFactory(published=True, anonymous=True)
    session = committee_session(fund_call.fund)
    carrier = OrganisationFactory(name=MARKER)
    item = agenda_item(session, call=fund_call, organisation=carrier)
    reference = item.case.application.reference
    member = member_of(session.committee).user
    officer = officer_of(fund_call.fund)
    addresses = [
        "/comite/",
        session.get_absolute_url(),
        reverse("selection:item", args=[session.pk, reference]),
    ]
    book, own = tmp_path / "livre.pdf", tmp_path / "dossier.pdf"
    committee_book(whole_book_key(session), book)
    build_dossier(str(item.case.submission.pk), own)

    client.force_login(member)
    read = [client.get(address) for address in addresses]
    client.force_login(officer)
    known = [
        client.get(address).content.decode()
        for address in (*addresses[1:], f"/secretariat/dossiers/{reference}/")
    ]

    assert [page.status_code for page in read] == [200, 200, 200]
    assert [MARKER in page.content.decode() for page in read] == [False, False, False]
    assert [MARKER in text_of(made) for made in (book, own)] == [False, False]
    assert [MARKER in page for page in known] == [True, True, True]


def test_a_note_to_the_reviewers_is_read_by_the_secretariat_alone(client, db, tmp_path):
    note = "Comparer au registre des aides"
    call = CallFactory(published=True, form=form_of(question("long_text", annotation=note)))
    session = committee_session(call.fund)
    item = agenda_item(session, call=call)
    application, target = item.case.application, tmp_path / "dossier.pdf"
    build_dossier(str(item.case.submission.pk), target)

    read = []
    for user, address in (
        (application.created_by, application.get_absolute_url()),
        (
            member_of(session.committee).user,
            reverse("selection:item", args=[session.pk, application.reference]),
        ),
        (officer_of(call.fund), f"/secretariat/dossiers/{application.reference}/"),
    ):
        client.force_login(user)
        read.append(note in client.get(address).content.decode())

    assert (read, note in text_of(target)) == ([False, False, True], False)
