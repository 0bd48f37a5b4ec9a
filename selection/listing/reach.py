"""How far someone reads in the list: their funds, the calls of these, and the cases with what they may know of each."""

from django.db.models import Case as Either
from django.db.models import Exists, F, OuterRef, Value, When
from django.utils.functional import cached_property

from calls.models import Call, FundRole
from selection.models import Case, Review
from selection.reviewing import IN_INSTRUCTION

# What a reviewer's own unfinished review hides of a case: what the others made of it.
BLIND = {
    "shown_score": "review_score",
    "shown_spread": "score_spread",
    "shown_recommendation": "recommendation",
    "shown_amount": "proposed_amount",
}


class Reach:
    """Someone of the secretariats or of the audit; each question is asked of the database once."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def roles(self):
        """Their roles by fund."""
        found = {}
        for fund, role in FundRole.objects.filter(user=self.user, role__in=FundRole.READERS).values_list(
            "fund", "role"
        ):
            found.setdefault(fund, set()).add(role)
        return found

    @cached_property
    def writes_in(self):
        """The funds whose secretariat they belong to; an auditor only reads."""
        return [fund for fund, roles in self.roles.items() if roles & set(FundRole.SECRETARIAT)]

    @cached_property
    def calls(self):
        """The calls of their funds for which something was filed, the latest first."""
        filed = Case.objects.filter(call=OuterRef("pk"))
        calls = Call.objects.filter(Exists(filed), fund__in=list(self.roles)).order_by(
            F("opens_at").desc(nulls_last=True), "-pk"
        )
        return list(calls.only("slug", "title", "fund", "has_shortlist"))

    def cases(self):
        """The standing cases that they may read."""
        readable = Case.objects.readable_by(self.user).standing()
        return blinded(readable.filter(call__in=[call.pk for call in self.calls]), self.user)

    def withdrawn(self):
        """Those that their carrier gave up, the latest first: their reason is read, nothing of them stands."""
        cases = Case.objects.readable_by(self.user).filter(withdrawn=True)
        return cases.select_related("application").defer("search", "files_search").order_by("-pk")


def blinded(cases, user):
    """Each case with `blind`, whether this person still owes a review of it, and what they may see of the others'."""
    cases = cases.annotate(blind=Exists(owed_by(user).filter(case=OuterRef("pk"))))
    hidden = When(blind=True, then=Value(None))
    return cases.annotate(**{shown: Either(hidden, default=F(field)) for shown, field in BLIND.items()})


def owed_by(user):
    """The reviews that someone has not finished."""
    return Review.objects.filter(
        reviewer=user, kind=Review.Kind.OWN, state=Review.State.DRAFT, case__state__in=IN_INSTRUCTION
    )
