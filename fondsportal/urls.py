from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from fondsportal.front.api import routes as api

handler500 = "fondsportal.front.errors.server_error"
urlpatterns = [
    path("", include("fondsportal.front.urls")),
    path("api/v1/", api.patterns),
    path("", include("accounts.urls")),
    path("", include("calls.urls")),
    path("", include("applications.urls")),
    path("", include("selection.urls")),
    path("administration/", admin.site.urls),
]
if settings.PORTAL_DEMO:
    urlpatterns.append(path("", include("fondsportal.demo.urls")))
