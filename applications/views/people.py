"""The team of a dossier, and the link by which one enters it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db.models import Max, OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.invitations import token_hash
from accounts.forms import OpenAccountForm
from accounts.models import Invitation, User
from applications import actions, rules
from applications.certifiers import filers_of
from applications.lifecycle import State
from applications.models import Application, Collaborator, Invited, SectionVersion
from applications.people_forms import InvitationForm
from applications.views.dossiers import get_application
from journal import clock
from journal.limits import limit
from journal.refusals import refuse_unless, require

ACCOUNT_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_safe
def team(request, key):
    """Everyone on the dossier, and those who are invited to it."""
    application = get_application(request, key)
    rights = rules.rights(request.user, application)
    managing = rights.commit and application.state != State.WITHDRAWN
    context = {
        "application": application,
        "members": members(application),
        "certifiers": filers_of(application),
        "managing": managing,
        "own": rights.member,
        "pending": pending(application) if managing else [],
        "now": clock.now(),
        "mine": application.collaborators.filter(user=request.user).first(),
    }
    return render(request, "applications/team.html", context)


def members(application):
    """The collaborators, each with `is_present` and `changed_at`, when they last changed a section."""
    saved = SectionVersion.objects.filter(
        application=application, saved_by=OuterRef("user"), kept=True
    ).order_by("-saved_at")
    present = set(application.collaborators.present().values_list("pk", flat=True))
    found = list(
        application.collaborators.select_related("user", "added_by")
        .annotate(saved_at=Subquery(saved.values("saved_at")[:1]))
        .order_by("guest_of", "user__name")
    )
    last = dict(
        application.sections.exclude(changed_by=None)
        .values_list("changed_by")
        .annotate(last=Max("changed_at"))
        .values_list("changed_by", "last")
    )
    for each in found:
        each.is_present = each.pk in present
        moments = [moment for moment in (each.saved_at, last.get(each.user_id)) if moment]
        each.changed_at = max(moments, default=None)
    return found


def pending(application):
    return application.invited.pending().select_related("invitation__invited_by")


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request, key):
    """Ask for an address and what it may do, then write to it."""
    application = get_application(request, key)
    require(rules.can_invite(request.user, application))
    refuse_unless(application.state != State.WITHDRAWN, "Ce dossier est retiré : son équipe ne change plus.")
    form = InvitationForm(request.POST or None, application=application, by=request.user)
    if form.is_valid():
        limit_letters(request)
        actions.invite(application, by=request.user, **form.invited)
        messages.success(request, f"L’invitation part pour {form.cleaned_data['email']}.")
        return redirect("applications:team", application.key)
    return render(request, "applications/invite.html", {"application": application, "form": form})


def limit_letters(request):
    limit("invitation", request, most=settings.INVITATIONS_AN_HOUR, within=3600, who=request.user.pk)


def get_invited(request, key, pk):
    application = get_application(request, key)
    require(rules.can_invite(request.user, application))
    return get_object_or_404(application.invited.select_related("application", "invitation"), pk=pk)


@require_POST
def resend_invitation(request, key, pk):
    invited = get_invited(request, key, pk)
    limit_letters(request)
    actions.resend_invitation(invited, by=request.user)
    messages.success(request, "L’invitation est renvoyée. Le lien précédent ne vaut plus.")
    return redirect("applications:team", key)


@require_POST
def withdraw_invitation(request, key, pk):
    actions.withdraw_invitation(get_invited(request, key, pk), by=request.user)
    messages.success(request, "L’invitation est retirée. Son lien ne vaut plus.")
    return redirect("applications:team", key)


def get_collaborator(request, key, pk):
    application = get_application(request, key)
    require(rules.can_invite(request.user, application))
    return get_object_or_404(application.collaborators.select_related("application", "user"), pk=pk)


@require_POST
def change_role(request, key, pk):
    """Let a writer read only, or a reader write."""
    collaborator, role = get_collaborator(request, key, pk), Collaborator.Role
    wanted = role.WRITER if collaborator.role == role.READER else role.READER
    actions.change_role(collaborator, role=wanted, by=request.user)
    messages.success(request, f"{collaborator.user} est maintenant {wanted.label}.")
    return redirect("applications:team", key)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, key, pk):
    """Ask for a confirmation, then take someone off the dossier."""
    collaborator = get_collaborator(request, key, pk)
    if request.method == "POST":
        actions.remove(collaborator, by=request.user)
        messages.success(request, f"{collaborator.user} ne participe plus au dossier.")
        return redirect("applications:team", key)
    context = {"application": collaborator.application, "collaborator": collaborator}
    return render(request, "applications/remove_collaborator.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, key):
    """Ask for a confirmation, then take oneself off the dossier."""
    application = get_application(request, key)
    require(application.collaborators.filter(user=request.user).exists())
    if request.method == "POST":
        actions.leave(application, by=request.user)
        messages.success(request, f"Vous ne participez plus au dossier « {application.title} ».")
        return redirect("applications:list")
    return render(request, "applications/leave.html", {"application": application})


@require_POST
def alert_certifiers(request, key):
    """Write to those who may file, because none of them signed in."""
    application = get_application(request, key)
    require(rules.can_ask_for_visa(request.user, application))
    limit("certifier_alert", request, most=2, within=3600, who=application.key)
    actions.alert_certifiers(application, by=request.user)
    messages.success(request, "L’alerte part par courriel. Si rien ne bouge, téléphonez.")
    return redirect(application)


# The link


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request, token):
    """What an invitation opens, to whoever holds its link; a button alone takes it up."""
    invited = Invited.objects.filter(invitation__token_sha256=token_hash(token)).select_related(
        "invitation__invited_by", "application__call", "application__organisation"
    )
    invited = invited.first()
    if invited is None or not Invitation.objects.standing().filter(pk=invited.invitation_id).exists():
        return over(request, invited)
    if request.user.is_authenticated and not invited.invitation.is_for(request.user):
        return render(request, "applications/invitation_of_another.html", status=403)
    if request.user.is_authenticated and request.method == "POST":
        actions.accept_invitation(invited, by=request.user)
        return entered(request, invited)
    form = account_form(request, invited.invitation)
    if form and form.is_valid():
        user = actions.open_account_and_accept(
            invited, name=form.cleaned_data["name"], password=form.cleaned_data["new_password1"]
        )
        login(request, user, backend=ACCOUNT_BACKEND)
        return entered(request, invited)
    return render(request, "applications/accept_invitation.html", {"invited": invited, "form": form})


def account_form(request, invitation):
    """The form of an account, for who is not signed in and has none; only who holds the address's link learns it."""
    if request.user.is_authenticated or User.objects.filter(email__iexact=invitation.email).exists():
        return None
    return OpenAccountForm(User(email=invitation.email), request.POST or None)


def entered(request, invited):
    messages.success(request, "Vous participez maintenant à ce dossier.")
    return redirect(invited.application)


def over(request, invited):
    """A link that is dead: who has taken it up is led to the dossier, the others are told what to do."""
    seen = Application.objects.visible_to(request.user)
    if invited and invited.invitation.accepted_by_id and seen.filter(pk=invited.application_id).exists():
        return redirect(invited.application)
    return render(request, "applications/invitation_over.html", status=404)
