from django.urls import path, re_path

from fondsportal.front import machine_views, results_views, satisfaction_views, search_views, views
from fondsportal.front.api import views as api
from fondsportal.front.open_data import views as open_data

app_name = "front"
urlpatterns = [
    path("", views.home, name="home"),
    path("recherche/", search_views.search, name="search"),
    path("espace/", views.desk, name="desk"),
    path("resultats/", results_views.funds, name="results"),
    path("resultats/<slug:slug>/", results_views.fund, name="fund_results"),
    path("accessibilite/", views.static_page, {"page": "accessibility"}, name="accessibility"),
    path("mentions-legales/", views.static_page, {"page": "legal"}, name="legal"),
    path("donnees-personnelles/", views.static_page, {"page": "privacy"}, name="privacy"),
    path("cookies/", views.static_page, {"page": "cookies"}, name="cookies"),
    path("plan-du-site/", views.site_plan, name="site_plan"),
    path("avis-sur-le-portail/", satisfaction_views.survey, name="survey"),
    path("avis-sur-le-portail/merci/", satisfaction_views.thanks, name="survey_thanks"),
    path("avis-sur-le-portail/resultats/", satisfaction_views.results, name="survey_results"),
    path("sante/vivant", views.alive, name="alive"),
    path("sante/pret", views.ready, name="ready"),
    # Open data
    path("donnees/", open_data.dataset_list, name="dataset_list"),
    re_path(
        r"^donnees/(?P<dataset>[a-z]+)\.(?P<extension>[a-z]+)$", open_data.dataset_file, name="dataset_file"
    ),
    re_path(
        r"^donnees/(?P<dataset>[a-z]+)\.(?P<extension>[a-z]+)\.sha256$",
        open_data.dataset_checksum,
        name="dataset_checksum",
    ),
    path("donnees/<slug:dataset>/", open_data.dataset_detail, name="dataset"),
    path("donnees/<slug:dataset>/schema.json", open_data.dataset_schema, name="dataset_schema"),
    path("donnees/<slug:dataset>/validation/", open_data.dataset_validation, name="dataset_validation"),
    path(
        "donnees/<slug:dataset>/lignes-a-completer.csv",
        open_data.dataset_rejected,
        name="dataset_rejected",
    ),
    # Read by programs
    path("api/v1/docs", api.api_documentation, name="api_documentation"),
    path("flux/appels.atom", machine_views.calls_feed, name="calls_feed"),
    path("flux/annonces.atom", machine_views.announcements_feed, name="announcements_feed"),
    path("calendrier.ics", machine_views.deadlines, name="calendar"),
    path("sitemap.xml", machine_views.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", machine_views.sitemap_section, name="sitemap_section"),
    path("robots.txt", machine_views.robots, name="robots"),
]
