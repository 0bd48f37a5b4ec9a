"""The demonstration's letter box. These addresses do not exist in production."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from journal.models import OutgoingEmail


@login_not_required
@require_safe
def emails(request):
    """What the portal wrote, newest first."""
    page = Paginator(OutgoingEmail.objects.all(), 30).get_page(request.GET.get("page"))
    return render(request, "demo/emails.html", {"page": page})


@login_not_required
@require_safe
def email(request, pk):
    return render(request, "demo/email.html", {"email": get_object_or_404(OutgoingEmail, pk=pk)})
