"""Who registered, as a table for the organiser's spreadsheet."""

import csv
import io

from django.utils.timezone import localtime

HEADINGS = ["Nom", "Organisme", "Adresse électronique", "État", "Demande du", "Présence"]
CONTENT_TYPE = "text/csv; charset=utf-8"
RUNS = ("=", "+", "-", "@", "\t", "\r")
PRESENCE = {None: "", True: "oui", False: "non"}


def table(registrations):
    """A CSV as French spreadsheets open it: semicolons, and a mark that says UTF-8."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";")
    writer.writerow(HEADINGS)
    for each in registrations:
        asked = f"{localtime(each.registered_at):%d/%m/%Y %H:%M}"
        row = [each.name, each.body, each.email, each.get_state_display(), asked, PRESENCE[each.attended]]
        writer.writerow([as_text(cell) for cell in row])
    return "\ufeff" + made.getvalue()


def as_text(cell):
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(RUNS) or cell.lstrip().startswith(RUNS) else cell
