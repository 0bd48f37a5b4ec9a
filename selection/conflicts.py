"""Conflicts of interest: what ties a person to a dossier, and whether it keeps them from dealing with it.

Of a body that carries the dossier or takes part in it, under any name or number: barred, without appeal, and the
dossier is not even seen (`Application.objects.not_recusing`, which says the same to the database). Same supervising
ministry, or a declared link, a former employer among them: someone else settles whether they may, before anything is
assigned to them. It knows nothing of roles: the secretariat, experts and committees ask it the same.
"""

from typing import NamedTuple

from accounts.bodies import names_of, plain, same_bodies
from accounts.models import Organisation
from applications.models import Application
from selection.models import ConflictDeclaration


class Ground(NamedTuple):
    """Something that ties a person to a dossier; `bars` when it leaves nothing to settle."""

    kind: str
    text: str
    bars: bool


def grounds(user, application):
    """What ties a person to a filed dossier, what bars them first."""
    named = _named(application)
    found = [*_barring(user, application, named), *_to_settle(user, application, named)]
    barred = not Application.objects.not_recusing(user).filter(pk=application.pk).exists()
    if barred and not any(ground.bars for ground in found):
        found.insert(0, Ground("other", "son organisme prend part au dossier", True))
    return found


def to_settle(user, application):
    """The grounds that someone else must settle before this person deals with the dossier."""
    return [ground for ground in grounds(user, application) if not ground.bars]


def why_not_assigned(user, application):
    """Why a dossier may not be given to this person now, in a sentence; empty when it may be."""
    found = grounds(user, application)
    barring = [ground.text for ground in found if ground.bars]
    if barring:
        return f"{user} ne peut pas traiter ce dossier : {' ; '.join(barring)}."
    declaration = ConflictDeclaration.objects.filter(user=user, application=application).first()
    if declaration and declaration.state == ConflictDeclaration.State.TO_SETTLE:
        return f"La déclaration de {user} sur ce dossier est à trancher avant de le lui confier."
    settled = {ground["text"] for ground in declaration.grounds} if declaration else set()
    new = [ground.text for ground in found if ground.text not in settled]
    if new:
        return f"Une déclaration est à trancher avant de confier ce dossier à {user} : {' ; '.join(new)}."
    return ""


def _named(application):
    """The bodies that a dossier names beside its carrier, as (name to show, what it may be matched by)."""
    content = application.case.submission.content
    partners = [
        (each.get("organisation_name") or each.get("name") or "", each.get("organisation"), each.get("name"))
        for each in content.get("partners", [])
    ]
    partners += [(each["carrier"], None, None) for each in content.get("components", [])]
    texts = plain([text or "" for shown, _, name in partners for text in (shown, name)])
    return [
        (shown, {key for key in (f"#{slug}" if slug else "", *texts[2 * rank : 2 * rank + 2]) if key})
        for rank, (shown, slug, _) in enumerate(partners)
    ]


def _barring(user, application, named):
    recusal = application.recusals.filter(user=user).first()
    if recusal:
        yield Ground("recused", f"déport enregistré ({recusal.reason})", True)
    if application.collaborators.filter(user=user).exists():
        yield Ground("writer", "prend part à la rédaction du dossier", True)
    own = list(Organisation.objects.filter(memberships__user=user).distinct())
    if not own:
        return
    same = same_bodies(body.pk for body in own)
    if application.organisation_id in same:
        yield Ground("carrier", f"appartient au porteur, « {application.organisation} »", True)
    for name in _matching(named, names_of(same)):
        yield Ground("partner", f"appartient à un organisme partie prenante, « {name} »", True)


def _to_settle(user, application, named):
    bodies = [application.organisation, *_in_directory(named)]
    ministries = {body.ministry for body in bodies if body.ministry}
    own = Organisation.objects.filter(memberships__user=user).select_related("supervising_ministry")
    for ministry in sorted({body.ministry for body in own} & ministries, key=str):
        yield Ground("ministry", f"même ministère de tutelle, « {ministry} »", False)
    # One that ended still ties, as a former employer does: nobody lifts their own by saying that it is over.
    links = user.interests.select_related("organisation").order_by("pk")
    for link in {(link.nature, link.organisation_id, link.text): link for link in links}.values():
        same = same_bodies([link.organisation_id])
        if application.organisation_id in same or _matching(named, names_of(same)):
            text = f"{link.get_nature_display()}, « {link.organisation} »"
            yield Ground(link.nature, f"{text} ({link.text})" if link.text else text, False)


def _in_directory(named):
    slugs = [key.removeprefix("#") for _, keys in named for key in keys if key.startswith("#")]
    return Organisation.objects.filter(slug__in=slugs).select_related("supervising_ministry")


def _matching(named, names):
    """The bodies named in the dossier that are called by one of these names, once each."""
    return list(dict.fromkeys(shown for shown, keys in named if keys & names))
