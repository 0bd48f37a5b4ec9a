"""The shape of a question and of its answer."""

import copy

import django_filters
from django import forms

from calls.filters import PublicFilterSet
from calls.forms.preparation import TIME, end
from calls.forms.trap import TrappedForm
from calls.models import PublicQuestion
from calls.questionnaire.fields import DayField
from calls.readiness import questions_gaps

LONG = {"rows": 8}


class SearchForm(forms.Form):
    """A few words to look for in the answers."""

    q = forms.CharField(label="Chercher dans les réponses", max_length=300, required=False)
    mark_optional = False


class DraftQuestionForm(forms.Form):
    """The first step: the question alone, to be compared with those already answered."""

    text = forms.CharField(
        label="Votre question",
        max_length=300,
        help_text="En une phrase, 300 caractères au plus. Vous donnerez des précisions ensuite.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )


class QuestionForm(TrappedForm, DraftQuestionForm):
    """The second step: the question, and where to answer it."""

    body = forms.CharField(
        label="Précisions", max_length=3000, required=False, widget=forms.Textarea(attrs=LONG)
    )
    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Pour vous répondre. Elle n’est jamais publiée. Format attendu : nom@domaine.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = "En une phrase, 300 caractères au plus."


class VersionForm(forms.Form):
    """What the officer had under their eyes, so that who comes second is told."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class AnswerForm(VersionForm):
    published_text = forms.CharField(
        label="La question telle qu’elle sera publiée",
        max_length=2000,
        widget=forms.Textarea(attrs=LONG),
        help_text="La première ligne sert de titre. Retirez ce qui désigne une personne ou un projet.",
    )
    answer = forms.CharField(
        label="Réponse",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Texte simple : une ligne vide sépare deux paragraphes, « - » fait une liste.",
    )

    def __init__(self, *args, private=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.private = private
        self.fields["published_text"].required = not private

    def clean(self):
        data = super().clean()
        if self.private:
            data.pop("published_text", None)
        return data


class ReasonForm(VersionForm):
    reason = forms.CharField(
        label="Motif",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Il est envoyé à la personne qui a posé la question.",
    )


class QuestionsEndForm(forms.Form):
    """Until when a call takes questions, in Paris time."""

    day = DayField(label="Dernier jour", required=False, help_text="Vide : jusqu’à la date limite de dépôt.")
    hour = forms.TimeField(
        label="Heure limite", widget=TIME, required=False, help_text="Vide : minuit, à la fin de ce jour."
    )

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, **kwargs)
        self.call = call

    def clean(self):
        data = super().clean()
        if data.keys() >= {"day", "hour"}:
            last = self.call.rounds.order_by("-closes_at").first()
            for gap in questions_gaps(self.until(), self.call.opens_at, last and last.closes_at):
                self.add_error("day", gap)
        return data

    def until(self):
        day = self.cleaned_data["day"]
        return end(day, self.cleaned_data["hour"]) if day else None


class QuestionFilterSet(PublicFilterSet):
    """The questions of one's funds, by call and by state."""

    appel = django_filters.ChoiceFilter(field_name="call__slug", label="Appel", empty_label="Tous les appels")
    etat = django_filters.ChoiceFilter(
        field_name="state", label="État", choices=PublicQuestion.State, empty_label="Tous les états"
    )

    def __init__(self, *args, calls, **kwargs):
        self.base_filters = copy.deepcopy(self.base_filters)  # the class's own are everyone's
        self.base_filters["appel"].extra["choices"] = calls
        super().__init__(*args, **kwargs)
