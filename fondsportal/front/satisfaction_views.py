"""Two questions to whoever has just filed or looked for something, and what was answered."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from fondsportal.front import actions, satisfaction
from fondsportal.front.forms import SurveyForm
from fondsportal.front.models import SMALL, SatisfactionAnswer
from journal import clock
from journal.limits import limit

Place = SatisfactionAnswer.Place


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request):
    """Ask the two questions; the address says where the person comes from."""
    place = Place.FILING if request.GET.get("lieu") == "depot" else Place.PUBLIC
    page = satisfaction.known_page(request.GET.get("page", ""))
    form = SurveyForm(request.POST or None, place=place)
    if form.is_valid():
        limit("satisfaction", request, most=30, within=3600)
        if not form.from_a_machine():
            actions.answer_survey(place=place, page=page, **form.cleaned_data)
        return redirect("front:survey_thanks")
    return render(request, "front/survey.html", {"form": form})


@login_not_required
@require_safe
def thanks(request):
    """Say that the answer is kept, and where the results are."""
    return render(request, "front/survey_thanks.html")


@login_not_required
@require_safe
def results(request):
    """How many people answered what, by month and by place; never what they wrote."""
    context = {
        "rows": satisfaction.results(timezone.localdate(clock.now())),
        "scores": SatisfactionAnswer.Score.labels,
        "small": SMALL,
        "months": satisfaction.MONTHS,
    }
    return render(request, "front/survey_results.html", context)
