"""What is asked of the simulator, as its address says it, and the names of what is kept."""

from urllib.parse import urlencode

from django import forms

from calls.money import AmountField, PercentField, euros
from calls.rows import ADD, RowsFormSet, rows_formset
from selection.models import Scenario
from selection.simulator import RULES, Asked, Basis, Objective

CHOICES = [("", "selon le calcul"), ("impose", "imposé"), ("ecarte", "écarté")]
PREFIX = "regles"
MOST_RULES = 20


class RuleForm(forms.Form):
    """A floor or a ceiling of a ministry or a theme, in euros or in dossiers."""

    mark_optional = False
    sens = forms.ChoiceField(label="Règle", choices=[("plancher", "au moins"), ("plafond", "au plus")])
    montant = AmountField(label="Montant (€)", required=False)
    nombre = forms.IntegerField(
        label="ou nombre de dossiers",
        required=False,
        min_value=0,
        max_value=10_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    groupe = forms.ChoiceField(label="Pour")

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sens"].initial = "plancher"  # an untouched row has not changed
        self.fields["groupe"].choices = [
            ("", "Choisir"),
            *((key, label) for key, (label, _) in groups.items()),
        ]

    def clean(self):
        data = super().clean()
        if not self.errors and (data.get("montant") is None) == (data.get("nombre") is None):
            self.add_error("montant", "Écrivez un montant, ou un nombre de dossiers : l’un des deux.")
        return data


class Rules(RowsFormSet):
    row_name = "règle"


RulesFormSet = rows_formset(RuleForm, formset=Rules, max_num=MOST_RULES)


class SimulatorForm(forms.Form):
    """What is sought, at which amounts, under which ceilings, and what is forced or excluded dossier by dossier."""

    mark_optional = False
    objectif = forms.ChoiceField(
        label="Chercher le plus haut total pour",
        choices=Objective,
        help_text="À somme de notes, plusieurs petits projets passent souvent devant un grand.",
    )
    montants = forms.ChoiceField(label="Montant de chaque dossier", choices=Basis)
    part = PercentField(
        label="Accepter un montant réduit à (%)",
        required=False,
        help_text="Par exemple 75 : un dossier peut recevoir les trois quarts de son montant, et compte alors pour les"
        " trois quarts de sa valeur. Vide : tout ou rien.",
    )

    def __init__(self, data=None, *, known, left=None, **kwargs):
        self.known = known
        super().__init__(data, **kwargs)
        year = known.year
        self.fields["ae"] = AmountField(
            label=f"Plafond d’AE {year} (€)",
            required=False,
            initial=left and left["ae"],
            help_text="Proposé : ce qui reste de l’enveloppe. Toute la subvention s’engage cette année. Vide : sans"
            " plafond.",
        )
        for each in known.years:
            envelope = known.envelopes.get(each)
            told = "non communiqués" if envelope is None else euros(envelope.payments)
            self.fields[f"cp_{each}"] = AmountField(
                label=f"Plafond de CP {each} (€)",
                required=False,
                initial=left and left[each],
                help_text=f"CP de l’enveloppe {each}\u00a0: {told}. Vide : sans plafond.",
            )
        for candidate in known.candidates:
            self.fields[f"d{candidate.item.pk}"] = forms.ChoiceField(
                label=f"Choix pour {candidate.item.case.application.reference}",
                choices=CHOICES,
                required=False,
            )

    def ceilings(self):
        return [self["ae"], *(self[f"cp_{year}"] for year in self.known.years)]

    def rows(self):
        """(candidate, the field of its choice)."""
        return [(each, self[f"d{each.item.pk}"]) for each in self.known.candidates]

    def clean_part(self):
        part = self.cleaned_data["part"]
        if part == 0:
            raise forms.ValidationError("Écrivez plus de 0 %, ou laissez vide.")
        return None if part == 1 else part

    def clean(self):
        """A forced dossier must have what is counted: what is unknown cannot be taken."""
        data = super().clean()
        for each in self.known.candidates:
            if data.get(f"d{each.item.pk}") != "impose" or self.errors.keys() & {"objectif", "montants"}:
                continue
            if each.amounts[data["montants"]] is None or each.values[data["objectif"]] is None:
                self.add_error(
                    f"d{each.item.pk}",
                    f"«\u00a0{each.name}\u00a0» ne peut pas être imposé : son montant ou sa valeur est non communiqué.",
                )
            elif not each.payments and any(data.get(f"cp_{year}") is not None for year in self.known.years):
                self.add_error(
                    f"d{each.item.pk}",
                    f"«\u00a0{each.name}\u00a0» ne peut pas être imposé sous un plafond de CP :"
                    " son échéancier est non communiqué.",
                )
        return data


class Question:
    """The form and its rules, as an address asks them; `asked` is None until both are right."""

    def __init__(self, query, known, left=None):
        self.known, self.query = known, query
        bound = bool(query)
        self.form = SimulatorForm(query if bound else None, known=known, left=left)
        self.rules = RulesFormSet(
            _counted(query) if bound else None, prefix=PREFIX, form_kwargs={"groups": known.groups}
        )
        self.is_asked = bound and ADD not in query
        valid = self.is_asked and all([self.form.is_valid(), self.rules.is_valid()])
        self.asked = self._asked() if valid else None

    def _asked(self):
        data = self.form.cleaned_data

        def chosen(choice):
            keys = (each.item.pk for each in self.known.candidates)
            return frozenset(key for key in keys if data[f"d{key}"] == choice)

        return Asked(
            objective=data["objectif"],
            basis=data["montants"],
            least=data["part"],
            commitments=data["ae"],
            payments={year: data[f"cp_{year}"] for year in self.known.years},
            rules=[
                (RULES[row["sens"]], row["groupe"], row["montant"], row["nombre"])
                for row in self.rules.rows()
            ],
            forced=chosen("impose"),
            excluded=chosen("ecarte"),
        )

    @property
    def parts(self):
        return [self.form, self.rules]

    @property
    def opens(self):
        """Whether some choice of a dossier is to be seen: one was made, or is refused."""
        return any(field.errors or field.value() for _, field in self.form.rows())

    def settings(self):
        """What a scenario keeps of what was asked: its address, what it is held against, and the same in words."""
        asked = self.asked
        kept = [(name, value) for name, value in self.query.items() if value and name != ADD]
        names = {each.item.pk: each.name for each in self.known.candidates}
        ceilings = [(f"AE {self.known.year}", asked.commitments)]
        ceilings += [(f"CP {year}", limit) for year, limit in sorted(asked.payments.items())]
        rules = []
        for row in self.rules.rows():
            size = euros(row["montant"]) if row["nombre"] is None else f"{row['nombre']} dossier(s)"
            sense = dict(RuleForm.base_fields["sens"].choices)[row["sens"]]
            rules.append(f"{sense} {size} pour «\u00a0{self.known.groups[row['groupe']][0]}\u00a0»")
        return {
            "query": urlencode(kept),
            "objective": asked.objective,
            "basis": asked.basis,
            "facts": [
                ["On cherche", Objective(asked.objective).label],
                ["Montants", Basis(asked.basis).label],
                [
                    "Montant réduit",
                    f"jusqu’à {asked.least:.0%}".replace("%", "\u00a0%") if asked.least else "non",
                ],
                [
                    "Plafonds",
                    " ; ".join(f"{name} : {euros(limit)}" for name, limit in ceilings if limit is not None)
                    or "aucun",
                ],
                ["Règles", " ; ".join(rules) or "aucune"],
                ["Imposés", ", ".join(names[key] for key in sorted(asked.forced)) or "aucun"],
                ["Écartés", ", ".join(names[key] for key in sorted(asked.excluded)) or "aucun"],
            ],
        }


def _counted(query):
    """The query with how many rules it has: one more where one was asked for, none where nobody said."""
    data = query.copy()
    name, initial = f"{PREFIX}-TOTAL_FORMS", f"{PREFIX}-INITIAL_FORMS"
    total = data.get(name, "")
    total = int(total) if total.isascii() and total.isdecimal() and len(total) < 5 else 0
    data[name] = total + (data.get(ADD) == PREFIX)
    data[initial] = 0
    return data


class NameForm(forms.ModelForm):
    """What a scenario is called, once in its session."""

    mark_optional = False

    class Meta:
        model = Scenario
        fields = ["name"]
        labels = {"name": "Nom du scénario"}
        help_texts = {"name": "Par exemple « Priorité aux économies »."}
