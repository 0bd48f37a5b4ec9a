"""The secretariat's files: what is in them, how cells are written, and to whom they are handed."""

import csv
import hashlib
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pytest

from applications.models import Recusal
from calls.models import FundRole
from documents import storage
from journal import clock
from journal.models import Entry
from journal.refusals import Refused
from selection import rules
from selection.actions import exports as actions
from selection.exports import archive, contents, sheets
from selection.models import Case, Export, Review
from tests import factories
from tests.selection.opinion_factories import opinion_asked, opinion_given

pytestmark = pytest.mark.django_db

FORMULAS = ["=1+1", "+33 1", "-2", "@SUM(A1)", "\tonglet", "\rretour", "  =1+1", "été & <b>"]


def written(format, tmp_path, row):
    path = tmp_path / "export"
    sheets.write(format, path, "Liste", ["Texte"] * len(row), [row])
    return path


def test_a_csv_cell_never_begins_as_a_formula(tmp_path):
    path = written("csv", tmp_path, FORMULAS)

    _, row = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";")

    assert row == [*(f"'{text}" for text in FORMULAS[:-1]), "été & <b>"]


def test_an_xlsx_cell_is_text_or_a_number_never_a_formula(tmp_path):
    path = written("xlsx", tmp_path, [*FORMULAS[:5], Decimal("12.50"), None, date(2026, 11, 22)])

    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    cells = list(book.active[2])

    assert [cell.data_type for cell in cells] == ["s"] * 5 + ["n", "n", "d"]
    assert [cell.value for cell in cells[:6]] == [*FORMULAS[:5], 12.5]


def test_an_ods_cell_is_text_or_a_number_never_a_formula(tmp_path):
    path = written(
        "ods", tmp_path, [*FORMULAS, "bip\x07\x00", "deux\nlignes", Decimal("12.50"), date(2026, 11, 22)]
    )

    with zipfile.ZipFile(path) as book:
        first, root = book.infolist()[0], ElementTree.fromstring(book.read("content.xml"))  # noqa: S314 - ours
    office = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    cells = list(root.iter(f"{table}table-row"))[1]

    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert [cell.get(f"{office}value-type") for cell in cells] == ["string"] * 10 + ["float", "date"]
    assert [f"{table}formula" in cell.attrib for cell in cells] == [False] * 12
    assert ["".join(cell.itertext()) for cell in cells][:2] == FORMULAS[:2]
    assert len(cells[9]) == 2


def read(call, reader, kind="list", query=""):
    """The rows of an export, as dictionaries."""
    cases = contents.chosen(reader, call, query)
    return [dict(zip(contents.columns(kind), row, strict=True)) for _, row in contents.rows(kind, cases)]


def test_the_list_leaves_out_what_its_reader_is_recused_from():
    call = factories.CallFactory(published=True)
    officer = factories.officer_of(call.fund)
    kept, hidden = factories.filed_application(call=call), factories.filed_application(call=call)
    Recusal.objects.create(application=hidden, user=officer, reason="Ancien employeur")

    assert [row["Référence"] for row in read(call, officer)] == [kept.reference]


def test_the_list_is_that_of_the_filters():
    call = factories.CallFactory(published=True)
    factories.filed_application(call=call)
    case = factories.case_in(Case.State.ELIGIBLE, call=call)

    rows = read(call, factories.officer_of(call.fund), query="etat=eligible&page=3")

    assert [row["Référence"] for row in rows] == [case.application.reference]


def test_a_reviewer_who_has_not_finished_reads_no_other_score():
    call = factories.CallFactory(published=True)
    case = factories.reviewed_case(call=call)
    reviewer, colleague = factories.officer_of(call.fund), factories.officer_of(call.fund)
    Review.objects.create(case=case, reviewer=reviewer)

    [blind], [seen] = read(call, reviewer), read(call, colleague)

    assert (blind["Note"], blind["Recommandation"]) == (None, None)
    assert (seen["Note"], seen["Recommandation"]) == (Decimal("4.000"), "favorable")
    assert (len(read(call, reviewer, "scores")), len(read(call, colleague, "scores"))) == (0, 4)


def test_the_financing_is_that_of_the_filed_dossier():
    call = factories.CallFactory(published=True)
    factories.filed_application(call=call)

    rows = read(call, factories.auditor_of(call.fund), "financing")

    assert sorted(row["Engagements (€)"] for row in rows) == [Decimal("400000"), Decimal("600000")]


def test_the_opinions_say_body_version_criterion_score_and_who_reads_them():
    call = factories.CallFactory(published=True)
    case = factories.case_in(Case.State.UNDER_REVIEW, call=call)
    request = opinion_asked(case, body="Direction du budget", confidentiality="secretariat", on_criteria=True)
    criterion = call.criteria.first()
    opinion_given(request, "Premier avis.", scores=[{"criterion": criterion, "value": 2, "comment": "=1+1"}])
    opinion_given(request, "Second avis.")
    opinion_given(opinion_asked(case, body="DINUM"))
    Recusal.objects.create(
        application=case.application,
        user=(hidden := factories.officer_of(call.fund)),
        reason="Ancien employeur",
    )

    rows = read(call, factories.auditor_of(call.fund), "opinions")

    told = ("Pour le compte de", "Version", "Dernière version", "Critère", "Note", "Qui lit l’avis")
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("Direction du budget", 2, "oui", None, None, "le secrétariat seul"),
        ("Direction du budget", 1, "non", criterion.label, 2, "le secrétariat seul"),
        ("DINUM", 1, "oui", None, None, "le secrétariat et le comité"),
    ]
    assert read(call, hidden, "opinions") == []


def asked(call, reader, kind="list", format="csv", **fields):
    fields = {"query": "", "with_files": False} | fields
    return actions.ask_export(call, kind=kind, format=format, by=reader, **fields)


def made(call, reader, **fields):
    export = asked(call, reader, **fields)
    actions.make_export(export.pk)
    export.refresh_from_db()
    return export


def test_an_export_says_who_what_and_how_many_in_the_journal():
    call = factories.CallFactory(published=True)
    factories.filed_application(call=call)
    auditor = factories.auditor_of(call.fund)

    export = made(call, auditor, query="etat=to_check")

    entry = Entry.objects.get(event="export.made")
    assert (export.state, export.done, export.total, entry.actor_id) == ("done", 1, 1, auditor.pk)
    told = {name: entry.details.content[name] for name in ("kind", "format", "query", "rows")}
    assert told == {"kind": "list", "format": "csv", "query": "etat=to_check", "rows": 1}


def test_asking_twice_gives_one_file():
    call = factories.CallFactory(published=True)
    officer = factories.officer_of(call.fund)

    assert asked(call, officer) == asked(call, officer)


def test_so_many_are_made_at_once_for_one_person(settings):
    settings.EXPORTS_AT_ONCE = 1
    call = factories.CallFactory(published=True)
    officer = factories.officer_of(call.fund)
    asked(call, officer)

    with pytest.raises(Refused):
        asked(call, officer, format="ods")


def test_the_export_of_a_dead_worker_is_made_again():
    call = factories.CallFactory(published=True)
    export = asked(call, factories.officer_of(call.fund))
    Export.objects.update(state="making", started_at=clock.now() - timedelta(minutes=4))
    actions.make_export(export.pk)
    alive = Export.objects.get().state

    Export.objects.update(started_at=clock.now() - timedelta(minutes=6))
    actions.make_export(export.pk)

    assert (alive, Export.objects.get().state) == ("making", "done")


def test_whoever_is_recused_since_is_refused_the_file(client):
    call = factories.CallFactory(published=True)
    application, officer = factories.filed_application(call=call), factories.officer_of(call.fund)
    export = made(call, officer)
    client.force_login(officer)
    address = f"/secretariat/appels/{call.slug}/exports/{export.pk}/fichier/"
    before = rules.can_have_export(officer, export)

    Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")

    assert (before, client.get(address).status_code) == (True, 403)


def test_a_recusal_of_before_does_not_prevent_having_the_file():
    call = factories.CallFactory(published=True)
    officer = factories.officer_of(call.fund)
    Recusal.objects.create(
        application=factories.filed_application(call=call), user=officer, reason="Ancien employeur"
    )
    export = made(call, officer)

    assert rules.can_have_export(officer, export)


def test_who_has_lost_the_role_is_refused_the_file():
    call = factories.CallFactory(published=True)
    officer = factories.officer_of(call.fund)
    export = made(call, officer)

    FundRole.objects.filter(user=officer).delete()

    assert not rules.can_have_export(officer, export)


def test_a_file_is_forgotten_when_its_time_has_passed(settings, django_capture_on_commit_callbacks):
    call = factories.CallFactory(published=True)
    export = made(call, factories.officer_of(call.fund))
    path = storage.path_of(export.file)
    Export.objects.update(finished_at=clock.now() - timedelta(hours=settings.EXPORT_HOURS, minutes=1))

    with django_capture_on_commit_callbacks(execute=True):
        actions.forget_exports()

    assert (Export.objects.exists(), path.exists()) == (False, False)


def test_a_file_that_another_export_shares_is_kept(settings, django_capture_on_commit_callbacks):
    call = factories.CallFactory(published=True)
    first = made(call, factories.officer_of(call.fund))
    second = made(call, factories.officer_of(call.fund))
    Export.objects.filter(pk=first.pk).update(
        finished_at=clock.now() - timedelta(hours=settings.EXPORT_HOURS, minutes=1)
    )

    with django_capture_on_commit_callbacks(execute=True):
        actions.forget_exports()

    assert (first.file_id == second.file_id, storage.path_of(second.file).exists()) == (True, True)


def test_the_archive_holds_each_dossier_as_it_was_filed():
    call = factories.CallFactory(published=True)
    application = factories.filed_application(call=call)
    reference = application.reference

    export = made(call, factories.officer_of(call.fund), kind="dossiers", format="zip")

    with zipfile.ZipFile(storage.path_of(export.file)) as book:
        names, content = book.namelist(), book.read(f"{reference}/{reference}.json")
        begins = book.read(f"{reference}/{reference}.pdf")[:5]
    assert names == [f"{reference}/{reference}.json", f"{reference}/{reference}.pdf", archive.README]
    frozen = application.submissions.get().sha256
    assert (hashlib.sha256(content).hexdigest(), begins) == (frozen, b"%PDF-")


def test_a_joined_file_s_name_leads_nowhere():
    assert archive.plain("../../etc/pass\x00wd") == "_.._etc_pass_wd"
