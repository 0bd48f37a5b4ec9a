"""A portal whose home page fails, to see what is answered then."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from fondsportal.urls import handler500

__all__ = ["handler500", "urlpatterns"]


@login_not_required
def fail(request):
    raise ZeroDivisionError


urlpatterns = [path("", fail)]
