"""What is voted, and what is decided."""

from decimal import Decimal

from django import forms

from calls.money import AmountField, euros
from selection import proposals, reserve, tally
from selection.models import Ballot, Decision

State = Decision.Outcome
CONDITIONAL = "conditional"
USUAL = [
    (State.SELECTED, "retenu"),
    (CONDITIONAL, "retenu sous condition"),
    (State.RESERVE, "liste complémentaire"),
    (State.DEFERRED, "ajourné à la prochaine séance"),
    (State.REJECTED, "non retenu"),
]
PROPOSED = [
    (State.SELECTED, "favorable"),
    (CONDITIONAL, "favorable, sous condition"),
    (State.RESERVE, "favorable, en liste complémentaire"),
    (State.DEFERRED, "à ajourner"),
    (State.REJECTED, "défavorable"),
]
GRANTS = {State.SELECTED, CONDITIONAL}


class GrantField(AmountField):
    """An amount of more than nothing."""

    def __init__(self, **kwargs):
        told = {"min_value": "Écrivez un montant supérieur à zéro."}
        super().__init__(min_value=Decimal("0.01"), error_messages=told, required=False, **kwargs)


def long_text(label, *, rows=3, help_text=""):
    return forms.CharField(
        label=label,
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class BallotForm(forms.Form):
    """One's vote; `number` says of which vote, so that what was meant for one is not counted in the next."""

    number = forms.IntegerField(min_value=1, max_value=32_767, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label="Votre vote",
        choices=Ballot.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez pour, contre ou abstention : aucun vote n’a été enregistré.",
        },
    )
    amount = GrantField(
        label="Montant le plus élevé que vous accordez (€)",
        help_text="Avec un vote pour ; laissez vide si vous ne fixez pas de plafond.",
    )

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, **kwargs)
        if not item.case.application.call.pays:
            del self.fields["amount"]

    @classmethod
    def initial_of(cls, vote, ballot):
        kept = {"choice": ballot.choice, "amount": ballot.amount} if ballot else {}
        return {"number": vote.number} | kept

    def clean(self):
        data = super().clean()
        if data.get("amount") and data.get("choice") not in (None, Ballot.Choice.FOR):
            self.add_error(
                "amount", "Un montant accompagne un vote pour, et lui seul : aucun vote n’a été enregistré."
            )
        return data


class ConsensusForm(forms.Form):
    """What the chair hears."""

    carried = forms.TypedChoiceField(
        label="Le comité",
        choices=[("oui", "adopte le projet"), ("non", "n’adopte pas le projet")],
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
    )
    amount = GrantField(label="Montant convenu (€)", help_text="Si le projet est adopté.")
    note = forms.CharField(
        label="Constat",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce que la présidence constate, tel que le relevé le dira.",
    )

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, **kwargs)
        if item.session.committee.proposes:
            self.fields["carried"].choices = [
                ("oui", "est favorable au projet"),
                ("non", "n’est pas favorable au projet"),
            ]
        if not item.case.application.call.pays:
            del self.fields["amount"]

    def clean(self):
        data = super().clean()
        if data.get("amount") and data.get("carried") is False:
            if "amount" in self.changed_data:
                self.add_error("amount", "Un montant accompagne un projet adopté, et lui seul.")
            else:
                data["amount"] = None  # what the page proposed of itself
        return data


class PutOffForm(forms.Form):
    """Why an item is left to another session."""

    reason = forms.CharField(
        label="Motif du renvoi",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Tel que le relevé de décisions le dira.",
    )


class DecisionForm(forms.Form):
    """What the call's own outcomes offer, or else the usual ones, then what goes with each.

    `below` says what prevents selecting, `standing` is the decision to correct. It begins with what another committee
    proposed, as far as the vote agrees. What a field proposes of itself does not hinder another outcome; what somebody
    typed there and does not go with the outcome is told, never dropped.
    """

    mark_optional = False

    outcome = forms.ChoiceField(label="Décision", widget=forms.RadioSelect)
    amount = GrantField(label="Subvention accordée (€)")
    conditions = long_text("Conditions", help_text="Ce que le porteur doit remplir avant la convention.")
    milestones = long_text("Jalons attendus", help_text="Ce que le comité veut voir, et quand.")
    rank = forms.IntegerField(
        label="Rang sur la liste complémentaire",
        required=False,
        min_value=1,
        max_value=32_767,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Écrivez un rang, par exemple 1."},
    )
    asked = long_text("Ce qui est demandé pour la prochaine séance")

    def __init__(self, *args, item, below=(), standing=None, **kwargs):
        self.call = item.case.application.call
        self.criteria = list(self.call.criteria.all())
        self.proposal = None if standing else proposals.before(item).first()
        super().__init__(*args, initial=self._proposed(item, standing), **kwargs)
        self.below = below
        for criterion in self.criteria:
            self.fields[f"reason_{criterion.pk}"] = long_text(f"Motif sur « {criterion.label} »", rows=2)
        self.fields["reason"] = long_text("Motif d’ensemble", help_text="Tel que le porteur le lira.")
        if not self.call.pays:
            del self.fields["amount"]
        else:
            self.fields["amount"].help_text = self._amount_told(item)
        self.selects = "un projet retenu, et lui seul"
        if item.session.committee.proposes:
            self._say_that_it_proposes()
        self._offer_outcomes(PROPOSED if item.session.committee.proposes else USUAL)

    def _say_that_it_proposes(self):
        self.selects = "une proposition favorable, et elle seule"
        self.fields["outcome"].label = "Proposition"
        self.fields[
            "reason"
        ].help_text = "Lu du comité qui décide et du secrétariat ; le porteur n’en lit rien."
        if "amount" in self.fields:
            self.fields["amount"].label = "Subvention proposée (€)"

    def _offer_outcomes(self, usual):
        """The choices, and on each field those that it goes with."""
        self.named = {str(outcome.pk): outcome for outcome in self.call.outcomes.all()}
        choices = [(key, outcome.label) for key, outcome in self.named.items()] or usual
        self.fields["outcome"].choices = choices
        conditions = {State.SELECTED} if self.named else {CONDITIONAL}
        states = {key: outcome.state for key, outcome in self.named.items()} or {key: key for key, _ in USUAL}
        self.goes_with = {
            "amount": GRANTS,
            "conditions": conditions,
            "milestones": GRANTS,
            "rank": {State.RESERVE},
            "asked": {State.DEFERRED},
            **{f"reason_{each.pk}": {State.REJECTED} for each in self.criteria},
        }
        self.states = states
        for name, kinds in self.goes_with.items():
            if name in self.fields:
                values = " ".join(str(key) for key, state in states.items() if state in kinds)
                self.fields[name].widget.attrs["data-goes-with"] = values

    def _proposed(self, item, standing):
        """What the fields say before anybody writes: the decision to correct, or the vote's amount and a rank."""
        if standing is None:
            last = tally.last_vote(item)
            result = tally.standing(last) if last else None
            amount = (result.amount or item.proposed_amount) if result and result.carried else None
            said = {"amount": amount, "rank": reserve.next_rank(item.session)}
            return said if self.proposal is None else self._taken_up(self.proposal.decision, result) | said
        rank = standing.rank or reserve.next_rank(item.session)
        said = {"amount": standing.amount, "rank": rank, "outcome": self._chosen(standing)}
        return self._words_of(standing) | said

    def _words_of(self, decision):
        reasons = {f"reason_{each.criterion_id}": each.text for each in decision.reasons.all()}
        return reasons | {
            name: getattr(decision, name) for name in ("conditions", "milestones", "asked", "reason")
        }

    def _taken_up(self, proposed, vote):
        """The words of a proposal; its outcome too, unless the vote says otherwise."""
        favourable = proposed.outcome in (State.SELECTED, State.RESERVE)
        agrees = vote is not None and favourable == bool(vote.carried)
        return self._words_of(proposed) | ({"outcome": self._chosen(proposed)} if agrees else {})

    def _chosen(self, standing):
        for outcome in self.call.outcomes.all():
            if (outcome.label, outcome.state) == (standing.label, standing.outcome):
                return str(outcome.pk)
        return CONDITIONAL if standing.is_conditional else standing.outcome

    def _amount_told(self, item):
        last = tally.last_vote(item)
        granted = tally.standing(last).amount if last else None
        proposes = item.session.committee.proposes
        told = "Pour une proposition favorable." if proposes else "Pour un projet retenu, et lui seul."
        if granted:
            return f"{told} Montant majoritaire du vote : {euros(granted)}, et pas plus."
        if item.proposed_amount:
            return f"{told} Proposé au comité : {euros(item.proposed_amount)}."
        return told

    def clean_outcome(self):
        outcome = self.cleaned_data["outcome"]
        if self.states[outcome] in GRANTS and self.below:
            raise forms.ValidationError(f"Ce dossier ne peut pas être retenu. {' ; '.join(self.below)}.")
        return outcome

    def clean(self):
        data = super().clean()
        chosen = self.states.get(data.get("outcome"))
        if chosen is None:
            return data
        for name, kinds in self.goes_with.items():
            if name in self.fields and chosen not in kinds and data.get(name):
                if name in self.changed_data:
                    self.add_error(name, self._stray(name))
                else:
                    data[name] = None if name in ("amount", "rank") else ""
        needed = {
            "amount": (GRANTS, "Écrivez le montant."),
            "conditions": ({CONDITIONAL}, "Dites à quelle condition."),
            "asked": ({State.DEFERRED}, "Dites ce qui est demandé au porteur."),
            **{
                f"reason_{each.pk}": ({State.REJECTED}, "Donnez le motif sur ce critère.")
                for each in self.criteria
            },
        }
        for name, (kinds, error) in needed.items():
            if chosen in kinds and name in self.fields and name not in self.errors and not data.get(name):
                self.add_error(name, error)
        return data

    def _stray(self, name):
        if name == "amount":
            return f"Un montant accompagne {self.selects}."
        return "Ce texte n’accompagne pas ce qui est choisi : effacez-le, ou choisissez autre chose."

    def said(self):
        """What the action is told."""
        data = self.cleaned_data
        chosen, named = self.states[data["outcome"]], self.named.get(data["outcome"])
        reasons = {each: data[f"reason_{each.pk}"] for each in self.criteria}
        names = ("conditions", "milestones", "rank", "asked", "reason")
        return {name: data[name] for name in names} | {
            "outcome": State.SELECTED if chosen == CONDITIONAL else chosen,
            "is_conditional": chosen == CONDITIONAL,
            "label": named.label if named else "",
            "amount": data.get("amount"),
            "reasons": reasons if chosen == State.REJECTED else {},
        }


class CorrectionForm(DecisionForm):
    """Another decision instead of the one that stands, and why."""

    correction = forms.CharField(
        label="Pourquoi la décision est corrigée",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Inscrit au journal et au relevé, avec la décision corrigée, qui reste lisible.",
    )

    def _say_that_it_proposes(self):
        super()._say_that_it_proposes()
        self.fields["correction"].label = "Pourquoi la proposition est corrigée"
        self.fields[
            "correction"
        ].help_text = "Inscrit au journal, avec la proposition corrigée, qui reste lisible."

    def said(self):
        return super().said() | {"correction": self.cleaned_data["correction"]}
