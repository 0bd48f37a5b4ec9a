"""The messages that the secretariat writes once."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.models import FundRole
from journal.refusals import require
from selection import batches, desk, rules
from selection.actions import message_templates as actions
from selection.forms.message_templates import TemplateForm
from selection.message_templates import FIELDS
from selection.models import MessageTemplate
from selection.views.refusal import keeping, status_of


def get_template(request, pk):
    """A template of a fund that this person follows, or 404."""
    funds = desk.funds_of(request.user, FundRole.READERS)
    return get_object_or_404(MessageTemplate.objects.filter(fund__in=funds).select_related("fund"), pk=pk)


@require_safe
def template_list(request):
    """The templates of each fund that one follows."""
    require(rules.reads_some_fund(request.user))
    kept = set(desk.funds_of(request.user))
    funds = desk.funds_of(request.user, FundRole.READERS).prefetch_related("message_templates__changed_by")
    funds = [(fund, fund.message_templates.all(), fund in kept) for fund in funds]
    return render(request, "selection/message_templates.html", {"funds": funds})


@require_http_methods(["GET", "HEAD", "POST"])
def new_template(request, slug):
    fund = get_object_or_404(desk.funds_of(request.user, FundRole.READERS), slug=slug)
    require(rules.can_keep_templates(request.user, fund))
    return edited(request, fund)


@require_http_methods(["GET", "HEAD", "POST"])
def change_template(request, pk):
    """Change a template, or only read it, for who audits."""
    template = get_template(request, pk)
    may_keep = rules.can_keep_templates(request.user, template.fund)
    if may_keep:
        return edited(request, template.fund, template)
    require(request.method != "POST")
    return render(request, "selection/message_template.html", {"template": template, "fund": template.fund})


def edited(request, fund, template=None):
    """The form: tried on a dossier, or kept."""
    cases = batches.treatable_by(request.user).filter(application__call__fund=fund)
    form = TemplateForm(request.POST or None, instance=template, fund=fund, cases=cases)
    example = ""
    if form.is_valid():
        if "try" not in request.POST:
            data = form.cleaned_data
            with keeping(form):
                actions.save_template(
                    fund, name=data["name"], text=data["text"], by=request.user, template=template
                )
                messages.success(request, f"Le modèle « {data['name']} » est gardé.")
                return redirect("selection:message_templates")
        elif form.case is None:
            form.add_error("reference", "Donnez la référence du dossier sur lequel essayer ce modèle.")
        else:
            example = form.example()
    context = {
        "form": form,
        "fund": fund,
        "template": template,
        "fields": [(f"{{{name}}}", told) for name, told in FIELDS.items()],
        "example": example,
        "case": form.case,
        "try_buttons": [("try", "Essayer sur ce dossier")],
    }
    return render(request, "selection/edit_message_template.html", context, status=status_of(form))


@require_POST
def delete_template(request, pk):
    template = get_template(request, pk)
    actions.delete_template(template, by=request.user)
    messages.success(request, f"Le modèle « {template.name} » est supprimé.")
    return redirect("selection:message_templates")
