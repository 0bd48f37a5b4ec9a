"""The search page."""

from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import InvalidPage
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calls.search import LONGEST
from fondsportal.front import search as searching


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Mots recherchés",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


@login_not_required
@require_safe
def search(request):
    """What is found in everything public: the first of each kind, or with « type » all of one kind."""
    form = SearchForm(request.GET if request.GET.get("q") else None)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    asked = request.GET.get("type", "")
    kind = next((kind for kind in searching.KINDS if kind.name == asked), None)
    query = urlencode({"q": typed})
    context = {"form": form, "typed": typed, "query": query, "unknown_type": bool(asked) and not kind}
    if typed and kind:
        page = page_or_404(kind, typed, request.GET.get("page", 1))
        context |= {
            "kind": kind,
            "page": page,
            "total": searching.results_text(page.paginator.count),
            "page_query": f"{query}&type={kind.name}&",
            "most": searching.RANKED,
        }
        return render(request, "front/search_kind.html", context)
    groups = searching.groups(typed, query) if typed else []
    context |= {
        "groups": groups,
        "total": searching.total(groups),
        "any_word": any_word(typed),
        "labels": [each.label for each in searching.KINDS],
    }
    return render(request, "front/search.html", context)


def page_or_404(kind, typed, number):
    try:
        return searching.page_of(kind, typed, number)
    except InvalidPage as error:
        raise Http404 from error


def any_word(typed):
    """The address of the search for one word or another, when several were typed and they fit."""
    words = typed.replace('"', " ").split()
    joined = " OU ".join(words)
    asked = len(words) > 1 and "OU" not in words and len(joined) <= LONGEST
    return urlencode({"q": joined}) if asked else ""
