"""The press kit as a ZIP: PDF, communiqué, pictures, data, charts; the same bytes for the same kit."""

import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from django.template.loader import render_to_string

from documents import storage
from documents.undated import entry
from selection.exports import sheets
from selection.models import Export
from selection.press_kit import release

README = Path(__file__).parent / "LISEZ-MOI.txt"
ACCENTS = {True: "#000091", False: "#1f4b52"}  # of the State's sites and of the others, as in a PDF
WIDTH = 640  # pixels of a chart that stands alone
COLUMNS = {
    "projet": lambda each: each.name,
    "porteur": lambda each: each.carrier or None,
    "ministere": lambda each: each.ministry or None,
    "annee": lambda each: each.year,
    "subvention_euros": lambda each: each.amount,
    "valeur_du_montant": lambda each: (
        each.get_amount_qualifier_display() if each.amount is not None else None
    ),
    "cout_total_euros": lambda each: each.total_cost,
    "economies_attendues_euros": lambda each: each.expected_savings,
    "duree_mois": lambda each: each.duration_months,
    "themes": lambda each: ", ".join(theme.label for theme in each.themes.all()) or None,
    "partenaires": lambda each: each.partners or None,
    "lieu": lambda each: each.location or None,
    "en_bref": lambda each: each.short_text or None,
    "presentation": lambda each: each.summary or None,
    "contact": lambda each: each.contact or None,
    "fictif": lambda each: "oui" if each.fictitious else "non",
}


def write(path, kit, printed, *, state_brand):
    """Write the ZIP of a kit at a path, with its PDF already printed."""
    with zipfile.ZipFile(path, "w") as target, TemporaryDirectory(prefix="presse-") as folder:
        _copy(target, "LISEZ-MOI.txt", README)
        _copy(target, "dossier-de-presse.pdf", printed, zipfile.ZIP_STORED)
        target.writestr(entry("communique.odt", zipfile.ZIP_STORED), release.as_odt(kit))
        target.writestr(entry("communique.txt"), release.as_text(kit).encode())
        _write_pictures(target, kit, Path(folder))
        rows = [[read(project.laureate) for read in COLUMNS.values()] for project in kit.projects]
        _write_sheet(target, "donnees/laureats.csv", list(COLUMNS), rows, Path(folder))
        records = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        told = json.dumps(records, ensure_ascii=False, indent=1, default=float)
        target.writestr(entry("donnees/laureats.json"), told.encode() + b"\n")
        for drawing in kit.drawings:
            target.writestr(entry(f"graphiques/{drawing.key}.svg"), svg(drawing, ACCENTS[state_brand]))


def svg(drawing, accent):
    """A chart that stands alone, drawn as it is in the page and in the PDF."""
    context = {"chart": drawing.chart, "id": drawing.key, "width": WIDTH, "accent": accent}
    drawn = sheets.UNSAYABLE.sub("\ufffd", render_to_string("components/chart_svg.html", context).strip())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'.encode()


def _write_pictures(target, kit, folder):
    """The pictures as they were checked, and what each shows; those of the announcement come first."""
    shown = [(kit.title, each) for each in kit.pictures]
    shown += [(project.name, each) for project in kit.projects for each in project.pictures]
    rows = []
    for number, (what, picture) in enumerate(shown, start=1):
        name = f"photo-{number:02}.{picture.name.rpartition('.')[2]}"
        _copy(target, f"photos/{name}", storage.path_of(picture.file), zipfile.ZIP_STORED)
        rows.append([name, what, picture.alternative, picture.credit])
    if rows:
        columns = ["fichier", "projet", "texte_de_remplacement", "credit"]
        _write_sheet(target, "photos/CREDITS.csv", columns, rows, folder)


def _write_sheet(target, name, columns, rows, folder):
    """A table as CSV, where no cell is a formula."""
    sheets.write(Export.Format.CSV, folder / "table.csv", name, columns, rows)
    _copy(target, name, folder / "table.csv")


def _copy(target, name, path, method=zipfile.ZIP_DEFLATED):
    target.writestr(entry(name, method), Path(path).read_bytes())
