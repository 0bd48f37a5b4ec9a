"""How a test uses the pages of the call editor: it reads a step, changes some answers, and posts the whole."""

from django.urls import reverse


def address(call, step):
    return reverse("calls:step", args=[call.slug, step])


def read(client, call, step):
    """What the page of a step posts back, as it stands."""
    context = client.get(address(call, step)).context
    data = {"fingerprint": context["fingerprint"]}
    for part in (context["form"], *(context["formset"] or [])):
        if part is not None:
            data |= {part.add_prefix(name): part[name].value() for name in part.fields}
    if context["formset"] is not None:
        data |= {"rows-TOTAL_FORMS": len(context["formset"].forms), "rows-INITIAL_FORMS": "0"}
    return {name: value for name, value in data.items() if value not in (None, False)}


def rows(*given, **fields):
    data = fields | {"rows-TOTAL_FORMS": len(given), "rows-INITIAL_FORMS": 0}
    for number, row in enumerate(given):
        data |= {f"rows-{number}-{name}": value for name, value in row.items()}
    return data


def save(client, call, step, **typed):
    """Change some answers of a step as it now stands, and save it."""
    return client.post(address(call, step), changed(read(client, call, step), typed))


def changed(page, typed):
    """What a page posts once some answers are changed, or all of its rows."""
    if "rows-TOTAL_FORMS" in typed:
        page = {name: value for name, value in page.items() if not name.startswith("rows-")}
    return page | typed
