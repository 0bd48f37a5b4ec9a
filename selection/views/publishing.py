"""What surrounds an announcement in preparation: its quotes, contacts, figures and pictures, and the pages checked."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from calls.rows import bound
from documents import storage
from journal import clock
from journal.refusals import refuse_unless, require
from selection import page_checks, rules
from selection.actions import announcement as actions
from selection.actions import page_checks as check_actions
from selection.forms.announcements import AnnouncementForm
from selection.forms.publishing import ROWS, AskChecksForm, FiguresForm, PictureForm
from selection.lifecycle import Notice
from selection.models import LaureateCheck
from selection.views.announcements import get_announcement
from selection.views.refusal import keeping, status_of

SAVE = "Enregistrer"
VALIDATED = "Cette annonce est validée : rendez-la d’abord à la préparation."


def get_draft(request, slug):
    """An announcement that this person may write in, now."""
    found = get_announcement(request, slug)
    refuse_unless(found.state == Notice.DRAFT, VALIDATED)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def write_announcement(request, slug):
    """Its title and its introduction."""
    found = get_draft(request, slug)
    form = AnnouncementForm(
        request.POST or None, initial={"title": found.title, "introduction": found.introduction}
    )
    if form.is_valid():
        actions.write_announcement(found, by=request.user, **form.cleaned_data)
        messages.success(request, "Le texte de l’annonce est enregistré.")
        return redirect("selection:announcement_preparation", slug)
    context = {"announcement": found, "form": form, "title": "Texte de l’annonce", "help": "", "submit": SAVE}
    return render(request, "selection/announcement_part.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def announcement_rows(request, slug, part):
    """The quotes or the press contacts, one a row."""
    if part not in ROWS:
        raise Http404
    found = get_draft(request, slug)
    field, title, formset_class = ROWS[part]
    formset, complete = bound(formset_class, request, written=getattr(found, field))
    if complete:
        actions.write_announcement(found, by=request.user, **{field: formset.rows()})
        messages.success(request, "C’est enregistré.")
        return redirect("selection:announcement_preparation", slug)
    context = {"announcement": found, "title": title, "formset": formset}
    return render(request, "selection/announcement_rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def announcement_figures(request, slug):
    """Which figures the announcement shows."""
    found = get_draft(request, slug)
    form = FiguresForm(request.POST or None, announcement=found)
    if form.is_valid():
        actions.write_announcement(found, by=request.user, **form.cleaned_data)
        messages.success(request, "Les chiffres montrés sont enregistrés.")
        return redirect("selection:announcement_preparation", slug)
    context = {"announcement": found, "form": form, "title": "Chiffres", "help": "", "submit": SAVE}
    return render(request, "selection/announcement_part.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_picture(request, slug):
    found = get_draft(request, slug)
    form = PictureForm(request.POST or None, request.FILES or None, announcement=found)
    if form.is_valid():
        data = form.cleaned_data
        actions.add_picture(
            found,
            by=request.user,
            file=storage.store([form.picture], content_type=form.content_type),
            **{name: data[name] for name in ("alternative", "credit", "laureate")},
        )
        messages.success(request, "L’image est ajoutée.")
        return redirect("selection:announcement_preparation", slug)
    if request.method == "POST":
        form.ask_again()
    told = "Une image ne se publie qu’avec un texte de remplacement et un crédit."
    context = {
        "announcement": found,
        "form": form,
        "title": "Ajouter une image",
        "help": told,
        "submit": "Ajouter l’image",
    }
    return render(request, "selection/announcement_part.html", context)


@require_POST
def remove_picture(request, slug, pk):
    found = get_draft(request, slug)
    actions.remove_picture(get_object_or_404(found.pictures, pk=pk), by=request.user)
    messages.success(request, "L’image est retirée de l’annonce.")
    return redirect("selection:announcement_preparation", slug)


@require_POST
def keep_picture(request, slug, pk):
    found = get_draft(request, slug)
    actions.keep_picture(get_object_or_404(found.pictures, pk=pk), by=request.user)
    messages.success(request, "L’image du porteur sera publiée avec l’annonce.")
    return redirect("selection:announcement_preparation", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def publish_now(request, slug):
    """Ask for a confirmation, then make the announcement public at this very minute."""
    found = get_announcement(request, slug)
    require(rules.can_publish_announcement(request.user, found))
    refuse_unless(found.state in (Notice.VALIDATED, Notice.SCHEDULED), "Validez d’abord l’annonce.")
    if request.method == "POST":
        actions.schedule_announcement(found, publish_at=clock.now(), by=request.user)
        messages.success(request, "L’annonce est publique.")
        return redirect("selection:announcement_preparation", slug)
    return render(request, "selection/publish_now.html", {"announcement": found})


# The carriers' checks


@require_http_methods(["GET", "HEAD", "POST"])
def ask_checks(request, slug):
    """Ask every carrier that has not answered to check its page, by a deadline."""
    found = get_draft(request, slug)
    form = AskChecksForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            asked = check_actions.ask_checks(found, due_at=form.cleaned_data["moment"], by=request.user)
            told = "Le porteur est prévenu" if asked == 1 else f"Les {asked} porteurs sont prévenus"
            messages.success(request, f"{told} par courriel.")
            return redirect("selection:announcement_preparation", slug)
    told = (
        "Chaque porteur qui n’a pas répondu lit sa page, et elle seule, sous embargo ; il l’accepte ou la corrige."
        " Passé ce moment, votre texte vaut."
    )
    context = {
        "announcement": found,
        "form": form,
        "title": "Faire relire les pages",
        "help": told,
        "submit": "Écrire aux porteurs",
    }
    return render(request, "selection/announcement_part.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def settle_check(request, slug, pk):
    """What a carrier wrote beside what is to be published: take it, or keep one's own."""
    found = get_announcement(request, slug)
    checks = LaureateCheck.objects.filter(laureate__announcement=found).exclude(answer="")
    check = get_object_or_404(checks.select_related("laureate", "answered_by"), laureate=pk)
    if request.method == "POST":
        take = "take" in request.POST
        check_actions.settle_check(check, take=take, by=request.user)
        told = (
            "La page du lauréat reprend le texte du porteur."
            if take
            else "La page du lauréat garde votre texte."
        )
        messages.success(request, told)
        return redirect("selection:announcement_preparation", slug)
    laureate = check.laureate
    context = {
        "announcement": found,
        "laureate": laureate,
        "check": check,
        "standing": page_checks.standing_of(laureate, clock.now()),
        "beside": [
            ("En bref", laureate.short_text, check.short_text),
            ("Présentation", laureate.summary, check.long_text),
            ("Contact public", laureate.contact, check.contact),
        ],
        "picture": laureate.pictures.filter(published=False).first(),
        "may_settle": check.answer == LaureateCheck.Answer.CORRECTED and found.state == Notice.DRAFT,
    }
    return render(request, "selection/settle_check.html", context)
