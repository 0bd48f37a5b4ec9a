"""Keeping ways to look at the list: one's own, or shared with the fund's secretariat."""

from django.db import transaction

from accounts.models import User
from journal import actions as journal
from journal.refusals import refuse_unless, require
from selection import rules
from selection.models import SavedView

MOST = 50  # views of one person in one fund


@transaction.atomic(durable=True)
def save_view(fund, *, name, query, shared, by):
    """Keep the choices of a list under a name; the same name again replaces what it kept."""
    require(rules.can_keep_views(by, fund))
    _lock_views_of(by)
    views = SavedView.objects.filter(fund=fund, owner=by)
    view = views.filter(name=name).first() or SavedView(fund=fund, owner=by, name=name)
    refuse_unless(
        view.pk or views.count() < MOST,
        f"Vous gardez déjà {MOST} vues : supprimez-en une avant d’en enregistrer une autre.",
    )
    view.query, view.shared = query, shared
    view.save()
    journal.record("view.saved", view, by=by, name=name, shared=shared)
    return view


@transaction.atomic(durable=True)
def change_view(view, *, name, shared, by):
    """Rename a view, share it, or take it back for oneself."""
    require(rules.can_change_view(by, view))
    view = _standing(view)
    taken = SavedView.objects.filter(fund=view.fund, owner=view.owner, name=name).exclude(pk=view.pk)
    refuse_unless(not taken.exists(), f"Vous avez déjà une vue « {name} » : choisissez un autre nom.")
    view.name, view.shared = name, shared
    view.save(update_fields=["name", "shared"])
    journal.record("view.changed", view, by=by, name=name, shared=shared)


@transaction.atomic(durable=True)
def delete_view(view, *, by):
    """Forget a view; the dossiers that it showed stay as they are."""
    require(rules.can_change_view(by, view))
    view = _standing(view)
    journal.record("view.deleted", view, by=by, name=view.name)
    view.delete()


# Steps


def _lock_views_of(owner):
    """Two pages of one person that give the same name wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)


def _standing(view):
    """A view that nobody deleted meanwhile, and its owner's others, held as they are."""
    _lock_views_of(view.owner)
    found = SavedView.objects.select_for_update(of=["self"]).filter(pk=view.pk).first()
    refuse_unless(found, "Cette vue vient d’être supprimée. Enregistrez-la de nouveau depuis la liste.")
    return found
