"""Who may do what with a fund and its calls."""

from accounts.models import PublicDomain
from calls.models import Event, FundRole

Role = FundRole.Role


def has_role(user, fund, *roles):
    return user.is_authenticated and FundRole.objects.filter(user=user, fund=fund, role__in=roles).exists()


def is_in_secretariat(user, fund):
    return has_role(user, fund, *FundRole.SECRETARIAT)


def is_in_some_secretariat(user):
    return user.fund_roles.filter(role__in=FundRole.SECRETARIAT).exists()


def can_apply(user):
    """Whoever acts for some body; which one, and for which call, is asked next."""
    return user.memberships.exists()


def can_prepare_call(user, call):
    return is_in_secretariat(user, call.fund)


can_submit_call = can_prepare_call


def can_return_call(user, call):
    return has_role(user, call.fund, Role.HEAD)


can_call_back = can_return_call


def can_publish_call(user, call):
    """Two people: who prepared the call, or submitted it, does not publish it."""
    return can_return_call(user, call) and user.pk not in (call.prepared_by_id, call.submitted_by_id)


def can_preview_call(user, call):
    """Whoever follows the fund tries its forms and reads what is said of them, before and after publication."""
    return has_role(user, call.fund, *FundRole.READERS)


can_postpone_deadline = can_prepare_call
can_publish_correction = can_prepare_call


def can_publish_form(user, call):
    """Two people too: who wrote the correction of a form does not publish it."""
    return can_return_call(user, call) and user.pk != call.form_draft.changed_by_id


# Questions


def can_answer_questions(user, call):
    return is_in_secretariat(user, call.fund)


def reads_some_fund(user):
    """Whoever reads what the public sent to a fund: its secretariat, and its audit."""
    return user.fund_roles.filter(role__in=FundRole.READERS).exists()


# Events


def can_prepare_event(user, event):
    return is_in_secretariat(user, event.fund)


def may_register(user, event, email):
    """Anyone where the event is open; else who writes from a public body, or is signed in as acting for one."""
    if event.audience == Event.Audience.OPEN or PublicDomain.objects.covering(email).exists():
        return True
    return user.is_authenticated and user.email.lower() == email.lower() and user.memberships.exists()
