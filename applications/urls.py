from django.urls import path

from applications import section_views, views

app_name = "applications"
urlpatterns = [
    path("dossiers/", views.application_list, name="list"),
    path("dossiers/nouveau/<slug:slug>/", views.create, name="create"),
    path("dossiers/<slug:key>/", views.detail, name="detail"),
    path("dossiers/<slug:key>/identite/", views.change_identity, name="identity"),
    path("dossiers/<slug:key>/sections/<slug:section_key>/", section_views.section, name="section"),
    path("dossiers/<slug:key>/pieces/<int:pk>/", section_views.attachment, name="attachment"),
    path("dossiers/<slug:key>/pieces/<int:pk>/retirer/", section_views.detach, name="detach"),
    path("dossiers/<slug:key>/visa/", views.ask_for_visa, name="visa"),
    path("dossiers/<slug:key>/renvoyer/", views.return_to_writers, name="return"),
    path("dossiers/<slug:key>/deposer/", views.file_application, name="file"),
    path("dossiers/<slug:key>/reprendre/", views.take_back, name="take_back"),
    path("dossiers/<slug:key>/retirer/", views.withdraw, name="withdraw"),
    path("dossiers/<slug:key>/documents/<slug:name>/", views.document, name="document"),
    path("dossiers/<slug:key>/documents/<slug:name>.pdf", views.download, name="download"),
]
