"""The messages that a fund's secretariat writes once, for dossiers to fill in."""

from django.db import transaction

from calls.models import Fund
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import message_templates, rules
from selection.models import MessageTemplate


@transaction.atomic(durable=True)
def save_template(fund, *, name, text, by, template=None):
    """Keep a template, a new one unless one is given."""
    require(rules.can_keep_templates(by, fund))
    Fund.objects.select_for_update(no_key=True).get(
        pk=fund.pk
    )  # two who give the same name wait for each other
    refuse_unless(
        not message_templates.namesake(fund, name, besides=template), "Un modèle porte déjà ce nom."
    )
    refuse_unless(not message_templates.unknown_fields(text), "Un champ de ce texte n’existe pas.")
    what = {"name": name, "text": text, "changed_at": clock.now(), "changed_by": by}
    if template:
        template = MessageTemplate.objects.select_for_update().filter(pk=template.pk).first()
        refuse_unless(template, "Ce modèle vient d’être supprimé : copiez votre texte dans un nouveau.")
        for field, value in what.items():
            setattr(template, field, value)
        template.save()
    else:
        template = MessageTemplate.objects.create(fund=fund, **what)
    journal.record("template.saved", template, by=by, name=name, text=text)
    return template


@transaction.atomic(durable=True)
def delete_template(template, *, by):
    require(rules.can_keep_templates(by, template.fund))
    template = MessageTemplate.objects.select_for_update().filter(pk=template.pk).first()
    if template:
        journal.record("template.deleted", template, by=by, name=template.name)
        template.delete()
