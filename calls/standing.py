"""Where a call stands on its way to the public, what someone may do of it now, and who can do the rest."""

from dataclasses import dataclass, field

from accounts.models import User
from calls import readiness, rules
from calls.lifecycle import State
from calls.models import FormDraft, FundRole
from journal import clock


@dataclass(frozen=True)
class Standing:
    """Read by `templates/calls/publication_panel.html`; a call is known once the public may see it."""

    known: bool
    scheduled: bool
    missing: list = field(default_factory=list)
    may_submit: bool = False
    may_take_back: bool = False
    may_return: bool = False
    may_publish: bool = False
    may_call_back: bool = False
    is_head: bool = False
    publishers: list = field(default_factory=list)
    has_ended: bool = False
    is_correcting: bool = False


def standing(call, user):
    now = clock.now()
    known, is_head = call.is_known_at(now), rules.can_return_call(user, call)
    if not call.in_preparation:
        scheduled = call.state == State.PUBLISHED and not known
        return Standing(
            known=known,
            scheduled=scheduled,
            is_head=is_head,
            may_call_back=scheduled and is_head,
            has_ended=call.closes_at is None or call.closes_at <= now,
            is_correcting=FormDraft.objects.filter(call=call).exists(),
        )
    missing, submitted = readiness.missing(call), call.state == State.SUBMITTED
    member = rules.can_submit_call(user, call)
    return Standing(
        known=False,
        scheduled=False,
        missing=missing,
        may_submit=member and not submitted and not missing,
        may_take_back=member and submitted,
        may_return=submitted and is_head,
        may_publish=submitted and not missing and rules.can_publish_call(user, call),
        is_head=is_head,
        publishers=list(publishers(call, besides=None if submitted else user)),
    )


def publishers(call, *, besides=None):
    """The heads who may publish a call: neither who prepared it, nor who submitted it, nor `besides`."""
    involved = {call.prepared_by_id, call.submitted_by_id, besides and besides.pk} - {None}
    return _heads(call).exclude(pk__in=involved)


def correction_publishers(draft):
    """The heads who may publish the correction of a form: not who last changed it."""
    return _heads(draft.call).exclude(pk=draft.changed_by_id or 0)


def _heads(call):
    return User.objects.filter(
        fund_roles__fund=call.fund_id, fund_roles__role=FundRole.Role.HEAD, is_active=True
    )
