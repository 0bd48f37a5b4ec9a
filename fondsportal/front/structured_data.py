"""What a page says of itself to machines: its address, a summary to share, and schema.org (JSON-LD).

What is invented or still to confirm carries no schema.org: a search engine would take it for a fact.
"""

from django.templatetags.static import static
from django.utils.text import Truncator
from django.utils.timezone import localtime

from calls.models import Call, Event, Fund
from calls.money import published_amount
from fondsportal.front.addresses import absolute
from fondsportal.front.open_data.datasets import Dataset
from selection.models import Announcement, Laureate

CONTEXT = {"@context": "https://schema.org", "inLanguage": "fr"}
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
SITE = "Portail des fonds de transformation publique"


def describe(thing):
    """Title, description, kind, address and schema.org of a page's subject; of the site itself for None."""
    described_by = next(by for kind, by in DESCRIBED_BY if isinstance(thing, kind))
    title, description, path, kind, data = described_by(thing)
    address = absolute(path)
    unproven = getattr(thing, "fictitious", False) or getattr(thing, "is_to_confirm", False)
    return {
        "title": title,
        "description": Truncator(" ".join(description.split())).chars(200),
        "address": address,
        "kind": kind,
        "site": SITE,
        "image": absolute_static("portal/share.png"),
        "data": None if unproven else CONTEXT | data | {"url": address},
    }


def absolute_static(name):
    """A static file's full address, which may already be that of another host."""
    address = static(name)
    return address if "://" in address else absolute(address)


def site(_):
    search = {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": absolute("/recherche/?q={search_term_string}"),
        },
        "query-input": "required name=search_term_string",
    }
    description = "Appels à projets, lauréats et résultats des fonds de transformation publique de l’État."
    return SITE, description, "/", "website", {"@type": "WebSite", "name": SITE, "potentialAction": search}


def call(call):
    description = call.summary or f"Appel à projets : {call.fund.name}"
    data = {
        "@type": "GovernmentService",
        "name": call.title,
        "identifier": call.code,
        "description": description,
        "serviceType": "Appel à projets",
        "provider": fund_as_body(call.fund),
    }
    return call.title, description, call.get_absolute_url(), "website", data


def event(event):
    description = event.summary or f"{event.get_kind_display().capitalize()} : {event.fund.name}"
    data = {
        "@type": "Event",
        "name": event.title,
        "description": description,
        "organizer": fund_as_body(event.fund),
        "startDate": moment(event.starts_at, exact=event.hours_known),
    }
    if event.ends_at:
        data["endDate"] = moment(event.ends_at, exact=True)
    if event.place:
        data["location"] = {"@type": "Place", "name": event.place, "address": event.address or event.place}
    if event.state == Event.State.CANCELLED:
        data["eventStatus"] = "https://schema.org/EventCancelled"
    return event.title, description, event.get_absolute_url(), "website", data


def moment(at, *, exact):
    """A time of Paris, or its day alone where no source gives the hour."""
    local = localtime(at)
    return local.isoformat() if exact else local.date().isoformat()


def laureate(laureate):
    amount = published_amount(laureate.amount, laureate.amount_qualifier)
    description = laureate.summary or f"{laureate.fund.name}. Subvention : {amount}."
    data = {
        "@type": "MonetaryGrant",
        "name": laureate.name,
        "description": description,
        "funder": fund_as_body(laureate.fund),
        "fundedItem": {"@type": "Project", "name": laureate.name}
        | ({"sponsor": body(laureate.carrier)} if laureate.carrier else {}),
    }
    if amount_data := monetary_amount(laureate):
        data["amount"] = amount_data
    return laureate.name, description, laureate.get_absolute_url(), "article", data


def monetary_amount(laureate):
    """A known amount, or a lower bound; an approximation is not told as a figure."""
    if laureate.amount is None:
        return None
    amount = {"@type": "MonetaryAmount", "currency": "EUR"}
    if laureate.amount_qualifier in Laureate.EXACT:
        return amount | {"value": float(laureate.amount)}
    if laureate.amount_qualifier == Laureate.Qualifier.MORE_THAN:
        return amount | {"minValue": float(laureate.amount)}
    return None


def announcement(announcement):
    description = announcement.introduction or announcement.call.title
    data = {
        "@type": "NewsArticle",
        "headline": announcement.title,
        "description": description,
        "publisher": fund_as_body(announcement.call.fund),
    }
    if announcement.publish_at:
        data["datePublished"] = announcement.publish_at.isoformat()
    return announcement.title, description, announcement.get_absolute_url(), "article", data


def fund(fund):
    description = fund.purpose or f"{fund.name} : appels à projets, lauréats et résultats."
    return fund.name, description, fund.get_absolute_url(), "website", fund_as_body(fund)


def dataset(dataset):
    files = [
        {
            "@type": "DataDownload",
            "encodingFormat": extension,
            "contentUrl": absolute(dataset.address_of(extension)),
        }
        for extension in dataset.extensions
    ]
    data = {
        "@type": "Dataset",
        "name": dataset.title,
        "description": dataset.purpose,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "distribution": files,
    }
    return dataset.title, dataset.purpose, dataset.get_absolute_url(), "website", data


def fund_as_body(fund):
    """The fund as the body that gives; who manages it is told where it is known."""
    return body(fund.name) | ({"parentOrganization": body(fund.manager)} if fund.manager else {})


def body(name):
    return {"@type": "GovernmentOrganization", "name": name}


DESCRIBED_BY = [
    (Call, call),
    (Event, event),
    (Laureate, laureate),
    (Announcement, announcement),
    (Fund, fund),
    (Dataset, dataset),
    (object, site),
]
