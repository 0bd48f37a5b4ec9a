"""Someone's dossiers, as their own pages list them: by state, the nearest deadline first, and how to narrow them."""

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When

from applications.lifecycle import UNFILED, State
from applications.models import Application, SectionAnswers
from calls.filters import PublicFilterSet
from calls.models import FormVersion

# Who looks for a dossier looks for what is still to be done; what is over comes last.
GROUPS = [
    (State.CLARIFYING, "Compléments demandés"),
    (State.DRAFT, "Brouillons"),
    (State.AWAITING_VISA, "En attente de visa"),
    (State.FILED, "Déposés"),
    (State.WITHDRAWN, "Retirés"),
]


def dossiers_of(user):
    """The dossiers that someone may see, each with its deadline, the keys of the sections begun, its last change."""
    rows = SectionAnswers.objects.filter(application=OuterRef("pk"), version__gt=0).order_by()
    changes = rows.filter(changed_at__isnull=False).order_by("-changed_at")
    rank = Case(*[When(state=state, then=Value(at)) for at, (state, _) in enumerate(GROUPS)])
    return (
        Application.objects.visible_to(user)
        .with_deadline()
        .select_related("call", "organisation")
        .defer("call__search", "call__description", "call__sources", "call__facts")
        .annotate(
            begun=ArraySubquery(rows.values("section_key")),
            changed_at=Subquery(changes.values("changed_at")[:1]),
            changed_by_name=Subquery(changes.values("changed_by__name")[:1]),
        )
        # What is to be filed is sorted by its deadline, what was filed by its newness.
        .order_by(rank, Case(When(state__in=UNFILED, then=F("due_at"))).asc(nulls_last=True), "-id")
    )


def read_forms(applications):
    """Give each dossier of a list its form: one query, and each form once, for forms are long and shared."""
    forms = FormVersion.objects.in_bulk({each.form_id for each in applications})
    for each in applications:
        each.form = forms[each.form_id]
        left = sum(1 for section in each.form.sections if _is_to_begin(section, each.begun))
        each.left_text = (
            f"{left} section{'s' * (left > 1)} obligatoire{'s' * (left > 1)} à commencer"
            if left
            else "toutes les sections obligatoires sont commencées"
        )
    return applications


def _is_to_begin(section, begun):
    """Whether a section is required of everyone and nothing was written in it; files are not written."""
    required = section.get("required") and not section.get("condition") and section["kind"] != "attachments"
    return bool(required) and section["key"] not in begun


def in_groups(applications):
    """(label, dossiers) pairs of a list of dossiers, by state; empty ones are left out."""
    by_state = {state: [] for state, _ in GROUPS}
    for application in applications:
        by_state[application.state].append(application)
    return [(label, by_state[state]) for state, label in GROUPS if by_state[state]]


class PortfolioFilterSet(PublicFilterSet):
    """What narrows the list of someone's dossiers; the choices are those of their own dossiers."""

    q = django_filters.CharFilter(label="Projet ou référence", method="named", max_length=200)
    etat = django_filters.ChoiceFilter(
        label="État", field_name="state", choices=GROUPS, empty_label="Tous les états"
    )
    organisme = django_filters.ChoiceFilter(
        label="Organisme", field_name="organisation__slug", empty_label="Tous les organismes"
    )
    appel = django_filters.ChoiceFilter(label="Appel", field_name="call__slug", empty_label="Tous les appels")

    def get_form_class(self):
        mine = self.queryset.order_by()
        for name, label in (("organisme", "organisation__name"), ("appel", "call__title")):
            choices = mine.values_list(self.filters[name].field_name, label).distinct()
            self.filters[name].extra["choices"] = sorted(choices, key=lambda choice: choice[1])
        return super().get_form_class()

    def named(self, queryset, name, value):
        return queryset.filter(Q(title__icontains=value) | Q(reference__icontains=value))
