"""One search over everything public, its results grouped by kind.

Each kind starts from its own `public()`. However many rows a word is found in, the newest `RANKED` of them are counted
and ranked, and a text is read again, to highlight it, for the rows that are shown alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchRank
from django.core.paginator import Paginator
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse

from calls import search
from calls.models import LATEST_FIRST, Call, CallDocument, Event, Fund, PublicQuestion
from calls.money import grouped
from journal import dates
from selection.models import Announcement, Laureate

RANKED, FIRST, PAGE = 1000, 5, 20


@dataclass(frozen=True)
class Kind:
    """What may be found: `rows` are public ones with a column `search`; `beside` are fields shown with the title."""

    name: str
    label: str
    rows: Callable[[], QuerySet]
    newest: tuple
    title: str
    text: object
    beside: tuple
    tell: Callable[[object], Iterable[str]]
    url: Callable[[object], str]
    list_page: str = ""

    def ranked(self, typed):
        """The keys of the newest matches, the best first, those of one rank by their date.

        One more than `RANKED` stands for any greater number. They are sorted here: PostgreSQL, which is not told that
        they are so few, would read the whole table to sort them.
        """
        rank = SearchRank(F("search"), search.query(typed))
        matching = self.rows().filter(search=search.query(typed)).order_by(*self.newest)
        rows = matching.annotate(rank=rank).values_list("pk", "rank")[: RANKED + 1]
        return [pk for pk, rank in sorted(rows, key=lambda row: -row[1])]

    def results(self, keys, typed):
        """The rows of these keys, in their order, ready to be shown."""
        marked = {name: search.headline(name, typed, whole=True) for name in (self.title, *self.beside)}
        headlines = {f"marked_{name}": headline for name, headline in marked.items()}
        if self.text:
            headlines["passage"] = search.headline(self.text, typed)
        rows = self.rows().filter(pk__in=keys).annotate(**headlines).order_by()
        return [self._result(row) for row in sorted(rows, key=lambda row: keys.index(row.pk))]

    def _result(self, row):
        # A ministry that carries its project itself is named once.
        beside = dict.fromkeys(getattr(row, f"marked_{name}") for name in self.beside)
        return {
            "title": search.highlighted(getattr(row, f"marked_{self.title}")),
            "url": self.url(row),
            "passage": search.highlighted(getattr(row, "passage", "")),
            "details": [search.highlighted(each) for each in (*beside, *self.tell(row)) if each],
            "fictitious": getattr(row, "fictitious", False),
        }

    def more_url(self, typed_query):
        """Where all of this kind are found: its own list, with its filters, or else the pages of this search."""
        if self.list_page:
            return f"{reverse(self.list_page)}?{typed_query}"
        return f"{reverse('front:search')}?{typed_query}&type={self.name}"


def call_dates(call):
    yield (f"date limite : {call.deadline_text}" if call.closes_at else "date limite non communiquée")


def laureate_facts(laureate):
    yield str(laureate.year or "")
    known = laureate.amount is not None
    yield f"subvention : {laureate.amount_text}" if known else "subvention non communiquée"
    if laureate.withdrew_on:
        yield f"désistement le {dates.day(laureate.withdrew_on)}"


def document_url(document):
    return reverse("calls:document", args=[document.call.slug, document.pk])


KINDS = [
    Kind(
        name="appels",
        label="Appels à projets",
        rows=Call.objects.public,
        newest=LATEST_FIRST,
        title="title",
        text=Concat("summary", Value(" "), "description", output_field=TextField()),
        beside=("code",),
        tell=call_dates,
        url=Call.get_absolute_url,
        list_page="calls:list",
    ),
    Kind(
        name="laureats",
        label="Lauréats",
        rows=lambda: Laureate.objects.public().with_changes(),
        newest=Laureate._meta.ordering,
        title="name",
        text="summary",
        beside=("carrier", "ministry"),
        tell=laureate_facts,
        url=Laureate.get_absolute_url,
        list_page="selection:laureates",
    ),
    Kind(
        name="annonces",
        label="Annonces",
        rows=Announcement.objects.public,
        newest=("-publish_at", "-id"),
        title="title",
        text="introduction",
        beside=(),
        tell=lambda announcement: [dates.day(announcement.publish_at)],
        url=Announcement.get_absolute_url,
    ),
    Kind(
        name="evenements",
        label="Réunions et événements",
        rows=Event.objects.public,
        newest=("-starts_at", "-id"),
        title="title",
        # Not the report, which may still be in preparation.
        text="summary",
        beside=("place",),
        tell=lambda event: [event.get_kind_display(), dates.day(event.starts_at)],
        url=Event.get_absolute_url,
    ),
    Kind(
        name="questions",
        label="Questions et réponses",
        rows=lambda: PublicQuestion.objects.public().select_related("call"),
        newest=("-handled_at", "-id"),
        title="published_text",
        text="answer",
        beside=(),
        tell=lambda question: [question.call.title],
        url=PublicQuestion.get_absolute_url,
    ),
    Kind(
        name="documents",
        label="Documents",
        rows=lambda: CallDocument.objects.filter(call__in=Call.objects.public()).select_related("call"),
        newest=("-added_at", "-id"),
        title="title",
        text="",
        beside=("name",),
        tell=lambda document: [document.call.title, dates.day(document.added_at)],
        url=document_url,
    ),
    Kind(
        name="fonds",
        label="Fonds",
        rows=lambda: Fund.objects.public().annotate(
            search=search.vector(("name", "A"), ("code", "A"), ("purpose", "B"), ("manager", "C"))
        ),
        newest=("code", "id"),
        title="name",
        text="purpose",
        beside=("code", "manager"),
        tell=lambda fund: [],
        url=Fund.get_absolute_url,
    ),
]


def groups(typed, typed_query):
    """The first results of each kind that has some, with how many there are."""
    found = []
    for kind in KINDS:
        if keys := kind.ranked(typed):
            known, more = min(len(keys), RANKED), len(keys) > RANKED
            found.append(
                {
                    "name": kind.name,
                    "label": kind.label,
                    "known": known,
                    "more": more,
                    "count": at_least(known, more),
                    "results": kind.results(keys[:FIRST], typed),
                    "more_url": kind.more_url(typed_query) if known > FIRST else "",
                }
            )
    return found


def total(found):
    """How many results there are in these groups, in words."""
    return results_text(sum(group["known"] for group in found), more=any(group["more"] for group in found))


def results_text(known, *, more=False):
    """« aucun résultat », « 1 résultat », « plus de 1 003 résultats »."""
    return f"{at_least(known, more)} résultat{'s' if known > 1 else ''}" if known else "aucun résultat"


def at_least(known, more):
    return f"plus de {grouped(known)}" if more else grouped(known)


def page_of(kind, typed, number):
    """One page of the results of one kind.

    Raises:
        InvalidPage: there is no such page.
    """
    page = Paginator(kind.ranked(typed)[:RANKED], PAGE).page(number)
    page.object_list = kind.results(page.object_list, typed)
    return page
