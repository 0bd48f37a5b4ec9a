"""Subscribing by e-mail. Who holds the key of a subscription, which only its own messages give, manages it."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from calls import news
from calls.actions import subscriptions as actions
from calls.forms.subscriptions import ALL, SubscribeForm, TopicsForm
from calls.models import Subscription
from journal.limits import limit

DAYS = actions.WAITS.days
SAID = {
    "confirme": "Votre abonnement est confirmé.",
    "modifie": "Vos choix sont enregistrés.",
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request):
    """Ask to be told of calls. « fonds » and « appel » in the address tick what one comes from."""
    chosen = {
        "chosen_funds": [clean(slug) for slug in request.GET.getlist("fonds")],
        "chosen_calls": [clean(slug) for slug in request.GET.getlist("appel")],
    }
    form = SubscribeForm(request.POST or None, **chosen)
    if form.is_valid():
        limit("subscribe", request, most=60, within=3600)
        actions.request_subscription(**form.cleaned_data)
        return redirect("calls:subscription_requested")
    return render(request, "calls/subscribe.html", {"form": form, "days": DAYS})


@login_not_required
@require_safe
def subscription_requested(request):
    """What to do now; the same page whether the address is known or not."""
    return render(
        request, "calls/subscription_requested.html", {"days": DAYS, "most": actions.REQUESTS_A_DAY}
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_subscription(request, key):
    """Confirm with a button: the filters of mail servers follow links, they press no button."""
    asked = actions.waiting_requests().filter(key=key).first()
    if asked is None:
        return gone(request)
    if request.method == "POST":
        subscription = actions.confirm_subscription(asked)
        return redirect(f"{subscription.get_absolute_url()}?etat=confirme")
    return render(
        request,
        "calls/confirm_subscription.html",
        {"email": asked.email, "topics": news.in_words(asked), "days": DAYS},
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request, key):
    """What an address is told of, to be changed or ended."""
    found = Subscription.objects.filter(key=key).first()
    if found is None:
        return gone(request)
    form = TopicsForm(request.POST if request.method == "POST" else None, **topics_of(found))
    if form.is_valid():
        actions.change_subscription(found, **form.cleaned_data)
        return redirect(f"{found.get_absolute_url()}?etat=modifie")
    context = {"subscription": found, "form": form, "said": SAID.get(request.GET.get("etat"), "")}
    return render(request, "calls/subscription.html", context)


@login_not_required
@csrf_exempt  # RFC 8058: mail programs post here by themselves; the key is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, key):
    """End a subscription at once. Posting answers the same for a key that is no longer known."""
    found = Subscription.objects.filter(key=key).first()
    if request.method == "POST":
        if found:
            actions.unsubscribe(found)
        return render(request, "calls/unsubscribed.html")
    if found is None:
        return gone(request)
    return render(request, "calls/unsubscribe.html", {"subscription": found})


def gone(request):
    """A link that served, expired, or never was."""
    return render(request, "calls/subscription_gone.html", {"days": DAYS}, status=404)


def topics_of(found):
    topics = list(found.topics.select_related("fund", "call"))
    funds = [topic.fund.slug if topic.fund else ALL for topic in topics if not topic.call]
    return {
        "chosen_funds": funds,
        "chosen_calls": [topic.call.slug for topic in topics if topic.call],
        "initial": {"deadlines": found.deadlines_since is not None},
    }


def clean(slug):
    """A slug of the address without what PostgreSQL refuses."""
    return slug.replace("\0", "")[:80]
