"""Declaring what ties one to a body, and settling, dossier by dossier, whether it keeps from dealing with it."""

from django.db import transaction

from accounts.models import User
from applications.models import Application
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import conflict_emails, conflicts, rules
from selection.actions.recusal import recuse
from selection.actions.standing import locked_case
from selection.models import ConflictDeclaration, InterestLink

State = ConflictDeclaration.State


@transaction.atomic(durable=True)
def declare_interest(organisation, *, nature, text, by):
    """Note what ties someone to a body; what it changes is settled on each dossier, before they are given it."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    standing = by.interests.filter(organisation=organisation, nature=nature, ended_at=None)
    refuse_unless(not standing.exists(), "Ce lien est déjà déclaré.")
    link = InterestLink.objects.create(user=by, organisation=organisation, nature=nature, text=text)
    journal.record("interest.declared", link, by=by, organisation=organisation.pk, nature=nature)
    return link


@transaction.atomic(durable=True)
def end_interest(link, *, by):
    """Note that a link no longer holds; it stays among those that were declared."""
    link = InterestLink.objects.select_for_update().get(pk=link.pk)
    require(link.user_id == by.pk)
    refuse_unless(link.ended_at is None, "Ce lien a déjà pris fin.")
    link.ended_at = clock.now()
    link.save(update_fields=["ended_at"])
    journal.record("interest.ended", link, by=by)


@transaction.atomic(durable=True)
def raise_declaration(application, user, *, text="", by):
    """Ask someone else to settle whether a person may deal with a dossier, for what is found and what is added."""
    application = Application.objects.locked(application)
    require(rules.can_raise_declaration(by, application))
    found = conflicts.grounds(user, application)
    refuse_unless(
        not any(ground.bars for ground in found),
        f"Il n’y a rien à trancher : {conflicts.why_not_assigned(user, application)}",
    )
    grounds = [{"kind": ground.kind, "text": ground.text} for ground in found]
    grounds += [{"kind": "said", "text": text}] if text else []
    refuse_unless(grounds, "Le portail ne trouve aucun lien : dites lequel est à trancher.")
    people = list(rules.settlers(user, application))
    refuse_unless(
        people, "Personne d’autre ne peut trancher : un second membre du secrétariat est nécessaire."
    )
    standing = application.declarations.filter(user=user, state=State.TO_SETTLE)
    refuse_unless(not standing.exists(), "Cette déclaration attend déjà d’être tranchée.")
    declaration = put_to_settle(application, user, grounds, by=by)
    journal.post(*conflict_emails.declaration_to_settle(declaration, people))
    return declaration


@transaction.atomic(durable=True)
def settle_declaration(declaration, *, recused, reason, by):
    """Say whether someone may deal with a dossier in spite of what ties them to it, and why."""
    application = Application.objects.locked(declaration.application)
    case = locked_case(application)
    declaration = ConflictDeclaration.objects.select_for_update(of=["self"]).get(pk=declaration.pk)
    require(rules.can_settle_declaration(by, declaration))
    refuse_unless(declaration.state == State.TO_SETTLE, "Cette déclaration est déjà tranchée.")
    refuse_unless(reason.strip(), "Motivez ce que vous décidez.")
    declaration.state = State.RECUSED if recused else State.CLEARED
    declaration.reason, declaration.settled_by, declaration.settled_at = reason, by, clock.now()
    declaration.save(update_fields=["state", "reason", "settled_by", "settled_at"])
    if recused:
        recuse(case, declaration.user, reason, by=by)
    journal.record("declaration.settled", declaration, by=by, recused=recused, reason=reason)
    journal.post(*conflict_emails.declaration_settled(declaration))
    return declaration


@transaction.atomic(durable=True)
def recuse_oneself(application, *, reason, by):
    """Have nothing more to do with a dossier, of one's own accord; nobody has to agree."""
    application = Application.objects.locked(application)
    require(rules.can_recuse_oneself(by, application))
    recuse(locked_case(application), by, reason, by=by)


# Steps


def put_to_settle(application, user, grounds, *, by):
    """What ties someone to a locked dossier, to settle, or to settle again; `grounds` as the row keeps them."""
    declaration, is_new = ConflictDeclaration.objects.select_for_update(of=["self"]).get_or_create(
        application=application, user=user, defaults={"grounds": grounds, "raised_by": by}
    )
    if not is_new:
        declaration.grounds, declaration.raised_by, declaration.raised_at = grounds, by, clock.now()
        declaration.state, declaration.reason = State.TO_SETTLE, ""
        declaration.settled_at = declaration.settled_by = None
        declaration.save()
    journal.record("declaration.raised", declaration, by=by, user=user.pk, grounds=grounds)
    return declaration
