"""The press kit: one page, one PDF and one ZIP that say the same, of what the announcement says and of nothing else."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import odfdo
import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied

from documents import actions as documents
from documents import storage
from documents.models import ProducedDocument
from documents.pdf import PdfFailed
from journal.models import Entry
from journal.refusals import Refused
from selection.actions import announcement as announcements
from selection.actions.press_kit import order_press_kit
from selection.models import Announcement, Laureate
from selection.press_kit import archive, contents, printing, release
from selection.press_kit.files import file_of
from selection.press_kit.keys import key_of
from selection.produced import press_kit, press_kit_archive
from tests import factories
from tests.clock import from_now
from tests.documents.conforming import failures
from tests.selection.announcement_factories import TOKEN, picture_of, preview_of
from tests.selection.press_kit_factories import (
    FORMULA,
    bare,
    kit_of,
    made_kit,
    photo,
    read_page,
    read_pdf,
    texts,
)

pytestmark = pytest.mark.django_db
State = ProducedDocument.State


def printed(announcement, tmp_path):
    target = tmp_path / "dossier.pdf"
    press_kit(key_of(announcement), target)
    return target


def archived(announcement, tmp_path):
    made_kit(announcement)
    target = tmp_path / "dossier.zip"
    press_kit_archive(key_of(announcement), target)
    return target


# What it says


def test_the_pdf_and_the_page_say_the_whole_kit(client, tmp_path):
    announcement = kit_of(3, pictures=True)
    client.force_login(factories.auditor_of(announcement.call.fund))
    kit = contents.gather(announcement)

    shown = {
        "pdf": read_pdf(printed(announcement, tmp_path)),
        "page": read_page(client.get(f"/annonces/{announcement.slug}/dossier-de-presse/")),
    }

    assert {
        where: [each for each in texts(kit) if bare(each) not in text] for where, text in shown.items()
    } == {
        "pdf": [],
        "page": [],
    }


@pytest.mark.parametrize(("laureates", "pictures"), [(1, False), (17, True)])
def test_small_or_large_it_conforms_to_both_standards(laureates, pictures, tmp_path):
    made = printed(kit_of(laureates, pictures=pictures), tmp_path).read_bytes()

    assert (failures(made, "ua1"), failures(made, "3a")) == (set(), set())


def test_a_laureate_with_a_picture_and_a_long_text_takes_one_page(tmp_path):
    with pypdfium2.PdfDocument(printed(kit_of(2, pictures=True), tmp_path)) as pdf:
        pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]

    told = [page.count("Le projet ouvre un guichet.") for page in pages if "subvention du fonds" in page]
    assert told == [0, 50]


def test_it_names_no_project_that_was_not_retained_and_tells_no_score(tmp_path):
    announcement = kit_of()
    rejected = factories.reviewed_case(call=announcement.call, title="Projet écarté par le comité")

    told = " ".join(texts(contents.gather(announcement)))

    assert (rejected.title, rejected.title in told, "note" in told.lower()) == (
        "Projet écarté par le comité",
        False,
        False,
    )


def test_what_is_unknown_is_said_so_and_is_never_zero():
    kit = contents.gather(kit_of(2))

    [unknown] = [project for project in kit.projects if project.name == "Guichet 1 de la ville"]

    assert (unknown.amount, dict(unknown.facts)["Économies attendues"], dict(kit.rules)["Plafond"]) == (
        "non communiqué",
        "non communiquées",
        "non communiqué",
    )


def test_a_call_is_compared_with_the_earlier_ones_of_its_fund():
    announcement = kit_of()
    fund = announcement.call.fund
    facts = {"candidates": 61, "laureates": 16}
    factories.CallFactory(
        fund=fund, published=True, imported=True, title="Ancien", opens_at=from_now(days=-900), facts=facts
    )
    factories.CallFactory(
        published=True, imported=True, title="D’un autre fonds", opens_at=from_now(days=-900), facts=facts
    )

    this, earlier = contents.gather(announcement).comparison.rows

    assert (this[0], this[3], this[5]) == ("Appel des démarches", "1", "5\u00a0M€")
    assert (earlier[0], earlier[2:]) == ("Ancien", ["61", "16", "non communiqué", "non communiqué"])


def test_a_picture_that_does_not_open_is_said_to_be_why(tmp_path):
    announcement = kit_of()
    picture_of(announcement, file=storage.store([b"rien"], content_type="image/png"))

    with pytest.raises(PdfFailed, match="Une image de ce document ne s’ouvre pas"):
        printed(announcement, tmp_path)


def test_a_large_picture_is_made_small_and_keeps_its_proportions():
    file = photo(1, size=(3000, 1500))

    made = printing.smaller(file)

    assert (made.size, made.mode) == ((1300, 650), "RGB")


# The ZIP


def test_the_zip_holds_the_kit_its_communique_its_pictures_its_data_and_its_charts(tmp_path):
    announcement = kit_of(2, pictures=True)

    with zipfile.ZipFile(archived(announcement, tmp_path)) as kit:
        names = kit.namelist()
        records = json.loads(kit.read("donnees/laureats.json"))
        credits = list(
            csv.reader(io.StringIO(kit.read("photos/CREDITS.csv").decode("utf-8-sig")), delimiter=";")
        )

    assert names == [
        "LISEZ-MOI.txt",
        "dossier-de-presse.pdf",
        "communique.odt",
        "communique.txt",
        "photos/photo-01.jpg",
        "photos/photo-02.jpg",
        "photos/CREDITS.csv",
        "donnees/laureats.csv",
        "donnees/laureats.json",
        "graphiques/ministere.svg",
        "graphiques/theme.svg",
        "graphiques/montant.svg",
    ]
    assert [(each["projet"], each["subvention_euros"]) for each in records] == [
        (FORMULA, 5_000_000),
        ("Guichet 1 de la ville", None),
    ]
    assert [row[3] for row in credits[1:]] == ["Service photo"] * 2


def test_the_same_kit_gives_the_same_bytes_and_its_cells_are_no_formulas(tmp_path):
    announcement = kit_of()

    first = archived(announcement, tmp_path).read_bytes()
    press_kit_archive(key_of(announcement), tmp_path / "encore.zip")
    second = (tmp_path / "encore.zip").read_bytes()

    with zipfile.ZipFile(io.BytesIO(first)) as kit:
        cells = kit.read("donnees/laureats.csv").decode("utf-8-sig").splitlines()[1].split(";")
        pdf = kit.read("dossier-de-presse.pdf")
    assert (first == second, cells[0], pdf) == (True, f"'{FORMULA}", b"%PDF-1.7 le dossier")


def test_the_communique_is_a_real_document_in_french(tmp_path):
    announcement = kit_of(title="Des guichets \x0c pour tous")
    kit = contents.gather(announcement)
    path = tmp_path / "communique.odt"

    path.write_bytes(release.as_odt(kit))

    document = odfdo.Document(path)
    headings = [each.inner_text for each in document.body.headers]
    items = [each.inner_text for each in document.body.get_lists()[0].get_elements("descendant::text:p")]
    assert (document.meta.title, str(document.meta.language), document.language) == (
        "Des guichets \ufffd pour tous",
        "fr-FR",
        "fr-FR",
    )
    assert headings == [
        "Des guichets \ufffd pour tous",
        "L’essentiel en chiffres",
        "Les lauréats",
        "Contacts presse",
    ]
    assert items == ["une aide réelle ;", "un suivi."]


def test_a_chart_stands_alone_whatever_a_name_holds():
    announcement = kit_of()
    Laureate.objects.update(name="Un nom \x01 <script> & « autre »")

    drawn = ElementTree.fromstring(archive.svg(contents.gather(announcement).drawings[-1], "#000091"))  # noqa: S314

    labels = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert labels == ["Un nom \ufffd <script> & « autre »", "5\u00a0M€"]


def test_the_communique_as_text_says_whom_to_write_to():
    text = release.as_text(contents.gather(kit_of()))

    assert text.splitlines()[-1] == "- Bureau de presse : presse@etat.example, 01 02 03 04 05"


# When it is made


def test_an_officer_has_it_made_before_the_validation_which_does_not_make_it_again():
    announcement = kit_of()
    officer, head = (of(announcement.call.fund) for of in (factories.officer_of, factories.head_of))

    order_press_kit(announcement, by=officer)
    order_press_kit(announcement, by=officer)
    announcements.validate_announcement(announcement, by=head)

    made = ProducedDocument.objects.filter(subject_key=key_of(announcement))
    assert sorted(made.values_list("kind", "revision")) == [
        ("selection.press_kit", 1),
        ("selection.press_kit_archive", 1),
    ]
    assert Entry.objects.filter(event="announcement.press_kit_ordered").count() == 1


def test_what_failed_is_made_again_and_alone():
    announcement = kit_of()
    made_kit(announcement)
    ProducedDocument.objects.filter(kind="selection.press_kit_archive").update(
        state=State.FAILED, file=None, error="Plus de mémoire."
    )

    order_press_kit(announcement, by=factories.officer_of(announcement.call.fund))

    assert [file_of(announcement, name).revision for name in ("pdf", "zip")] == [1, 2]


def test_nobody_else_has_it_made_nor_once_it_is_withdrawn():
    announcement = kit_of()
    with pytest.raises(PermissionDenied):
        order_press_kit(announcement, by=factories.auditor_of(announcement.call.fund))
    Announcement.objects.update(state=Announcement.State.WITHDRAWN)

    with pytest.raises(Refused, match="Cette annonce est retirée"):
        order_press_kit(announcement, by=factories.officer_of(announcement.call.fund))

    assert ProducedDocument.objects.count() == 0


def change_a_text(announcement):
    Laureate.objects.filter(announcement=announcement).update(short_text="Corrigé.")


def change_the_theme(announcement):
    announcement.laureates.get().themes.add(factories.ThemeFactory())


def change_a_picture(announcement):
    picture_of(announcement, file=photo(7))


def change_the_quotes(announcement):
    Announcement.objects.update(quotes=[])


@pytest.mark.parametrize("change", [change_a_text, change_the_theme, change_a_picture, change_the_quotes])
def test_the_kit_of_what_the_announcement_no_longer_says_is_nobody_s(client, change):
    announcement = kit_of(state=Announcement.State.SCHEDULED, publish_at=from_now(seconds=-1))
    made_kit(announcement)
    before = b"".join(client.get(f"/annonces/{announcement.slug}/dossier-de-presse.pdf"))

    change(announcement)

    after = [
        client.get(f"/annonces/{announcement.slug}/dossier-de-presse.{name}").status_code
        for name in ("pdf", "zip")
    ]
    assert (before, after) == (b"%PDF-1.7 le dossier", [404, 404])


def test_at_its_minute_with_the_worker_stopped_the_kit_is_said_to_be_in_the_making(client):
    announcement = kit_of()
    made_kit(announcement)  # of the draft
    change_a_text(announcement)
    announcements.validate_announcement(announcement, by=factories.head_of(announcement.call.fund))
    Announcement.objects.update(state=Announcement.State.SCHEDULED, publish_at=from_now(seconds=-1))

    pages = [
        client.get(address).content.decode() for address in ("/presse/", announcement.get_absolute_url())
    ]

    assert "Dossier de presse (PDF) : en cours de fabrication." in pages[0]
    assert pages[1].count("demandé, bientôt en production…") == 2
    assert client.get(f"/annonces/{announcement.slug}/dossier-de-presse.pdf").status_code == 404


def test_a_kit_asked_for_what_has_changed_since_is_not_made():
    announcement = kit_of()
    order_press_kit(announcement, by=factories.officer_of(announcement.call.fund))
    asked = file_of(announcement, "pdf")
    change_a_text(announcement)

    documents.produce(asked.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.error) == (
        State.FAILED,
        "Ce que ce document montre a changé depuis qu’il a été demandé : redemandez-le.",
    )


# Who sees it, and how far it is


def test_under_embargo_none_of_its_addresses_is_an_address(client):
    announcement = kit_of(state=Announcement.State.SCHEDULED, publish_at=from_now(hours=1))
    made_kit(announcement)
    ends = ["/", ".pdf", ".zip", "/pdf/", "/zip/"]
    hidden = [client.get(f"/annonces/{announcement.slug}/dossier-de-presse{end}") for end in ends]
    missing = [client.get(f"/annonces/inexistante/dossier-de-presse{end}") for end in ends]

    assert [(each.status_code, each.content) for each in hidden] == [
        (each.status_code, each.content) for each in missing
    ]
    assert {each.status_code for each in hidden} == {404}


def test_the_holder_of_a_preview_reads_it_under_embargo_and_has_its_files(client):
    announcement = kit_of(state=Announcement.State.SCHEDULED, publish_at=from_now(hours=1))
    made_kit(announcement)
    preview_of(announcement)
    client.post(f"/annonces/apercu/{TOKEN}/", {"accept": "on"})

    page, pdf, kit = (
        client.get(f"/annonces/apercu/{TOKEN}/dossier-de-presse{end}") for end in ("/", ".pdf", ".zip")
    )

    assert (page.content.decode().count("Une démarche simple."), page["Cache-Control"]) == (
        1,
        "private, no-store",
    )
    assert [b"".join(each) for each in (pdf, kit)] == [b"%PDF-1.7 le dossier"] * 2


@pytest.mark.parametrize(("kind", "told"), [("officer", "Plus de mémoire."), ("public", "non communiqué.")])
def test_a_failure_is_told_with_its_reason_to_who_can_ask_again(client, kind, told):
    announcement = kit_of(state=Announcement.State.SCHEDULED, publish_at=from_now(seconds=-1))
    made_kit(announcement)
    ProducedDocument.objects.update(state=State.FAILED, file=None, error="Plus de mémoire.")
    if kind == "officer":
        client.force_login(factories.officer_of(announcement.call.fund))

    page = client.get(f"/annonces/{announcement.slug}/dossier-de-presse/").content.decode()

    assert (told in page, page.count("Redemander le document")) == (True, 2 if kind == "officer" else 0)


@pytest.mark.parametrize("laureates", [1, 3])
def test_the_page_asks_the_same_whatever_the_number_of_laureates(
    client, laureates, django_assert_num_queries
):
    announcement = kit_of(laureates, state=Announcement.State.SCHEDULED, publish_at=from_now(seconds=-1))
    address = f"/annonces/{announcement.slug}/dossier-de-presse/"
    client.get(address)

    with django_assert_num_queries(19):
        client.get(address)
