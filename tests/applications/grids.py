"""A grid as a browser posts it."""


def posted(*rows, years, version=0, **more):
    """Each row is what it says by head, and its texts by year; payments by `<year>-cp`."""
    data = {"section_version": version, "rows-count": len(rows), "year": list(years)}
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{name}": text for name, text in row.items()}
    return data | more


def page_of(application, kind="financing"):
    key = next(section["key"] for section in application.form.sections if section["kind"] == kind)
    return f"/dossiers/{application.key}/sections/{key}/"


def typed(page):
    """What the grid of a page holds: for each row, what it says and its texts by year."""
    return [
        (row.said, {year: text for year, text in row.amounts.items() if text})
        for row in page.context["grid"].rows
    ]
