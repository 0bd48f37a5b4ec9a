"""Whether a dossier may be reviewed at all: the rules, one by one, then the decision."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.views.dossiers import get_application
from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from journal.refusals import refuse_unless, require
from selection import eligibility, rules
from selection.actions import eligibility as actions
from selection.follow import LETTER
from selection.forms.eligibility import EligibleForm, FactForm, IneligibilityForm, SettlementForm
from selection.models import Case
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, status_of


def get_case(request, reference, *, to_act=False):
    """The case of a dossier that this person reads, and their right to check it, or 403."""
    application = get_submission(request, reference, to_act=to_act).application
    require(rules.can_check_eligibility(request.user, application))
    return application, eligibility.current(application.case.pk)


def _refuse_decided(case):
    refuse_unless(case.state == Case.State.TO_CHECK, "La recevabilité de ce dossier est déjà décidée.")


@require_http_methods(["GET", "HEAD", "POST"])
def check_eligibility(request, reference):
    """Each rule with its evidence and what was retained of it; then let the dossier through."""
    application, case = get_case(request, reference)
    form = EligibleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.declare_eligible(application, by=request.user, **form.cleaned_data)
        messages.success(request, "Le dossier est déclaré recevable.")
        return redirect("selection:case", reference)
    lines = eligibility.examined(case)
    to_check = case.state == Case.State.TO_CHECK and not case.withdrawn
    context = frame(application, "eligibility") | {
        "submission": case.submission,
        "lines": lines,
        "unsettled": eligibility.unsettled(lines),
        "to_confirm": [line for line in lines if not line.fact and line.finding.found != "unknown"],
        "to_check": to_check,
        "proposal": case.ineligibility_proposals.filter(settled_at=None)
        .select_related("proposed_by")
        .first(),
        "refused": case.ineligibility_proposals.filter(accepted=False).select_related("settled_by"),
        "check": getattr(case, "eligibility", None),
        "letter": ProducedDocument.objects.latest(LETTER, str(case.pk)),
        "form": form if to_check else None,
    }
    return render(request, "selection/check_eligibility.html", context)


@require_POST
def confirm_facts(request, reference):
    """Confirm all that could be told."""
    application, _ = get_case(request, reference)
    count = actions.confirm_facts(application, by=request.user)
    told = ngettext("%d constat est confirmé.", "%d constats sont confirmés.", count) % count
    messages.success(request, told if count else "Tous les constats étaient déjà confirmés.")
    return redirect("selection:eligibility", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def settle_fact(request, reference, rule):
    """Confirm or overrule what was found of one rule."""
    application, case = get_case(request, reference, to_act=True)
    if request.method != "POST":
        _refuse_decided(case)
    line = {line.finding.rule: line for line in eligibility.examined(case)}.get(rule)
    if line is None:
        raise Http404
    initial = {"verdict": line.verdict, "reason": line.fact.reason if line.fact else ""}
    form = FactForm(request.POST or None, found=line.finding.found, initial=initial)
    if form.is_valid():
        with keeping(form):
            actions.settle_fact(application, rule, by=request.user, **form.cleaned_data)
            messages.success(request, "Ce que vous retenez est enregistré.")
            return redirect("selection:eligibility", reference)
    context = frame(application, "eligibility") | {"line": line, "form": form}
    return render(request, "selection/settle_fact.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def ineligibility(request, reference):
    """Propose to turn the dossier down; or, for another person, accept or refuse what is proposed."""
    application, case = get_case(request, reference, to_act=True)
    proposal = case.ineligibility_proposals.filter(settled_at=None).select_related("proposed_by").first()
    if proposal and "reason" not in request.POST:  # a page read before it was proposed sends a reason
        return _settle(request, application, proposal)
    refuse_unless(not {"accepted", "answer"} & request.POST.keys(), SETTLED)
    if request.method != "POST":
        _refuse_decided(case)
    lines = eligibility.examined(case)
    form = IneligibilityForm(request.POST or None, initial={"reason": eligibility.reason_from(lines)})
    if form.is_valid():
        with keeping(form):
            actions.propose_ineligible(application, by=request.user, **form.cleaned_data)
            messages.success(
                request, "L’irrecevabilité est proposée : une autre personne du secrétariat en décide."
            )
            return redirect("selection:eligibility", reference)
    context = frame(application, "eligibility") | {"form": form, "broken": eligibility.broken(lines)}
    return render(request, "selection/propose_ineligible.html", context, status=status_of(form))


def _settle(request, application, proposal):
    may_settle = rules.can_settle_ineligibility(request.user, proposal)
    if request.method == "POST":
        require(may_settle)
    form = SettlementForm(request.POST or None, initial={"proposal": proposal.pk})
    if form.is_valid():
        said = dict(form.cleaned_data)
        read = said.pop("proposal")
        with keeping(form):
            refuse_unless(read == str(proposal.pk), ANOTHER)
            actions.settle_ineligibility(proposal, by=request.user, **said)
            accepted = said["accepted"]
            told = "Le dossier est déclaré irrecevable ; le porteur en est averti." if accepted else REFUSED
            messages.success(request, told)
            return redirect("selection:eligibility", application.reference)
        form.data = form.data.copy()
        form.data["proposal"] = proposal.pk  # the page that comes back shows this one
    context = frame(application, "eligibility") | {
        "proposal": proposal,
        "form": form if may_settle else None,
        "people": rules.who_settles_ineligibility(proposal),
    }
    return render(request, "selection/settle_ineligibility.html", context, status=status_of(form))


ANOTHER = (
    "La proposition que vous avez lue a été refusée entre-temps, et une autre est faite : rien n’est décidé."
    " Lisez celle-ci, puis décidez."
)
SETTLED = (
    "Cette proposition est déjà tranchée par un collègue : votre réponse n’est pas enregistrée. Relisez la recevabilité"
    " du dossier."
)
REFUSED = "La proposition est refusée : la recevabilité reste à examiner, et qui proposait en est prévenu."


# The letter


def letter_of(application):
    """The letter that tells a carrier their dossier is turned down, made or being made; 404 where there is none."""
    case = Case.objects.filter(application=application, state=Case.State.INELIGIBLE).first()
    document = case and ProducedDocument.objects.latest(LETTER, str(case.pk))
    if not document:
        raise Http404
    return document


def serve_letter(application):
    document = letter_of(application)
    if document.file is None:
        raise Http404
    return serve(document.file, name=f"{application.reference}-irrecevabilite.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request, reference):
    """How far the letter of ineligibility is."""
    application = get_submission(request, reference).application
    back = reverse("selection:eligibility", args=[reference])
    return show_progress(request, letter_of(application), label=LETTER_LABEL, back=back)


@require_safe
def letter_pdf(request, reference):
    return serve_letter(get_submission(request, reference).application)


@require_http_methods(["GET", "HEAD", "POST"])
def carrier_letter(request, key):
    """The same, for the carrier."""
    application = get_application(request, key)
    back = reverse("selection:follow", args=[key])
    return show_progress(request, letter_of(application), label=LETTER_LABEL, back=back)


@require_safe
def carrier_letter_pdf(request, key):
    return serve_letter(get_application(request, key))


LETTER_LABEL = "Lettre d’irrecevabilité"
