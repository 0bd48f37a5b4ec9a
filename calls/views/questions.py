"""Questions on a call: the public's, and the secretariat's answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calls import rules, search
from calls.actions import questions as actions
from calls.forms.preparation import last_day
from calls.forms.questions import (
    AnswerForm,
    DraftQuestionForm,
    QuestionFilterSet,
    QuestionForm,
    QuestionsEndForm,
    ReasonForm,
    SearchForm,
)
from calls.lifecycle import Question
from calls.models import Call, PublicQuestion, questions_close_at
from calls.paging import page_of
from calls.views.preparation import get_draftable
from journal import clock
from journal.limits import limit
from journal.refusals import require

LIKE_SHOWN, LAST_SHOWN = 5, 3
WITHOUT_ANSWER = {Question.RECEIVED, Question.SET_ASIDE}
ANSWERED = "La réponse est enregistrée et envoyée à la personne qui a posé la question."
SENT = (
    "Votre question est transmise au secrétariat du fonds. La réponse vous parviendra par courriel ;"
    " elle peut aussi être publiée ici, sans votre adresse."
)


@login_not_required
@require_safe
def questions(request, slug):
    """The published answers of a call, all on one page so that each has a lasting address."""
    call = get_object_or_404(Call.objects.public().select_related("fund"), slug=slug)
    form = SearchForm(request.GET or None)
    sought = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = PublicQuestion.objects.public().filter(call=call).order_by("number")
    if sought:
        found = found.filter(search=search.query(sought))
    context = {
        "call": call,
        "form": form,
        "sought": sought,
        "ignored": form.is_bound and not form.is_valid(),
        "questions": found,
        **window(call),
    }
    return render(request, "calls/questions.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_question(request, slug):
    """Show the answers near a question, then take it: the first step is a GET, the second a POST."""
    call = get_object_or_404(Call.objects.public().select_related("fund"), slug=slug)
    context = {"call": call, **window(call)}
    if request.method == "POST":
        limit("question", request, most=30, within=3600)
        form = QuestionForm(request.POST)
        if form.is_valid():
            if not form.from_a_machine():
                actions.ask(call, **form.cleaned_data)
            messages.success(request, SENT)
            return redirect("calls:questions", call.slug)
        return render(request, "calls/ask_question.html", {**context, "form": form, "near": []})
    draft = DraftQuestionForm(request.GET if "text" in request.GET else None)
    if not draft.is_valid():
        return render(request, "calls/ask_question.html", {**context, "draft": draft})
    text = draft.cleaned_data["text"]
    near = PublicQuestion.objects.public().filter(call=call).like(text)[:LIKE_SHOWN]
    form = QuestionForm(initial={"text": text})
    return render(
        request, "calls/ask_question.html", {**context, "form": form, "near": near, "compared": True}
    )


def window(call):
    """Until when questions are taken, and whether they still are."""
    closes_at = questions_close_at(call)
    return {
        "questions_close_at": closes_at,
        "takes_questions": bool(closes_at) and clock.now() < closes_at,
    }


def last_answers(call):
    """What a call's own page says of questions."""
    public = PublicQuestion.objects.public().filter(call=call)
    return {"questions": public.order_by("-number")[:LAST_SHOWN], **window(call)}


# The secretariat


@require_safe
def question_list(request):
    """What was asked on the calls of one's funds, the oldest first."""
    require(rules.reads_some_fund(request.user))
    seen = PublicQuestion.objects.visible_to(request.user)
    calls = seen.order_by("call__title").values_list("call__slug", "call__title").distinct()
    filters = QuestionFilterSet(request.GET, seen.select_related("call"), calls=list(calls))
    page = page_of(request, filters.qs.order_by("asked_at", "id"))
    return render(request, "calls/question_list.html", {"filters": filters, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def question(request, pk):
    """One question: as it was asked, and what is answered; published, its answer is corrected here."""
    found = get_question(request.user, pk)
    if request.method == "POST":
        require(rules.can_answer_questions(request.user, found.call))
    private = "private" in request.POST
    form = AnswerForm(request.POST or None, initial=proposed(found), private=private)
    if form.is_valid():
        publish = actions.publish_question if found.number is None else actions.correct_question
        answer = actions.answer_privately if private else publish
        told = answer(found, by=request.user, **form.cleaned_data)
        messages.success(request, ANSWERED if told else "Rien n’a changé : aucun message n’est envoyé.")
        return redirect("calls:question", found.pk)
    return render(
        request, "calls/question.html", {"question": found, "form": form, **moves(request.user, found)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request, pk):
    """Ask for a reason, then leave the question without an answer."""
    found = get_question(request.user, pk)
    require(rules.can_answer_questions(request.user, found.call))
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        actions.set_aside(found, by=request.user, **form.cleaned_data)
        messages.success(request, "La question est écartée ; la personne qui l’a posée en connaît le motif.")
        return redirect("calls:question", found.pk)
    return render(request, "calls/set_question_aside.html", {"question": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def questions_end(request, slug):
    """Say until when a call takes questions."""
    call = get_draftable(request.user, slug)
    day, hour = last_day(call.questions_until)
    form = QuestionsEndForm(request.POST or None, initial={"day": day, "hour": hour}, call=call)
    if form.is_valid():
        actions.set_questions_end(call, until=form.until(), by=request.user)
        messages.success(request, "La date est enregistrée.")
        return redirect("calls:preparation", call.slug)
    return render(request, "calls/questions_end.html", {"call": call, "form": form})


def get_question(user, pk):
    seen = PublicQuestion.objects.visible_to(user).select_related("call__fund", "handled_by")
    return get_object_or_404(seen, pk=pk)


def proposed(question):
    """The published text starts as what was asked."""
    asked = f"{question.text}\n\n{question.body}".strip()
    return {
        "version": question.version,
        "published_text": question.published_text or asked,
        "answer": question.answer,
    }


def moves(user, question):
    """What this person may still do with it."""
    answers = rules.can_answer_questions(user, question.call)
    return {
        "can_answer": answers,
        "other_ways": [("private", "Répondre sans publier")] * (question.state in WITHOUT_ANSWER),
        "can_set_aside": answers and question.state == Question.RECEIVED,
    }
