"""How far someone reads in the list: their funds, the calls of these, and the cases with what they may know of each."""

from django.db.models import Exists, F, OuterRef
from django.utils.functional import cached_property

from calls.models import Call, FundRole
from selection.models import Case


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
        return readable.filter(call__in=[call.pk for call in self.calls]).with_scores_for(self.user)

    def withdrawn(self):
        """Those that their carrier gave up, the latest first: their reason is read, nothing of them stands."""
        cases = Case.objects.readable_by(self.user).filter(withdrawn=True)
        return cases.select_related("application").defer("search", "files_search").order_by("-pk")
