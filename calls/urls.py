from django.urls import path

from calls.views import preparation, public

app_name = "calls"
urlpatterns = [
    path("appels/", public.call_list, name="list"),
    path("appels/<slug:slug>/", public.call_detail, name="detail"),
    path("appels/<slug:slug>/documents/<int:pk>/", public.call_document, name="document"),
    path("secretariat/appels/", preparation.preparation_list, name="preparation_list"),
    path("secretariat/appels/nouveau/", preparation.prepare_call, name="prepare"),
    path("secretariat/appels/<slug:slug>/", preparation.preparation, name="preparation"),
    path("secretariat/appels/<slug:slug>/modifier/", preparation.change_call, name="change"),
    path("secretariat/appels/<slug:slug>/criteres/", preparation.set_criteria, name="criteria"),
    path("secretariat/appels/<slug:slug>/documents/", preparation.add_document, name="add_document"),
    path(
        "secretariat/appels/<slug:slug>/documents/<int:pk>/retirer/",
        preparation.remove_document,
        name="remove_document",
    ),
    path("secretariat/appels/<slug:slug>/publier/", preparation.publish_call, name="publish"),
    path("secretariat/appels/<slug:slug>/reporter/", preparation.postpone_deadline, name="postpone"),
]
