from django.urls import path

from calls import views

app_name = "calls"
urlpatterns = [
    path("appels/", views.call_list, name="list"),
    path("appels/<slug:slug>/", views.call_detail, name="detail"),
    path("appels/<slug:slug>/documents/<int:pk>/", views.call_document, name="document"),
    path("secretariat/appels/", views.preparation_list, name="preparation_list"),
    path("secretariat/appels/nouveau/", views.prepare_call, name="prepare"),
    path("secretariat/appels/<slug:slug>/", views.preparation, name="preparation"),
    path("secretariat/appels/<slug:slug>/modifier/", views.change_call, name="change"),
    path("secretariat/appels/<slug:slug>/criteres/", views.set_criteria, name="criteria"),
    path("secretariat/appels/<slug:slug>/documents/", views.add_document, name="add_document"),
    path(
        "secretariat/appels/<slug:slug>/documents/<int:pk>/retirer/",
        views.remove_document,
        name="remove_document",
    ),
    path("secretariat/appels/<slug:slug>/publier/", views.publish_call, name="publish"),
    path("secretariat/appels/<slug:slug>/reporter/", views.postpone_deadline, name="postpone"),
]
