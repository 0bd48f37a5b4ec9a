"""The addresses of what comes after the decision: giving up, the reserve list, what the public is told of it."""

from django.urls import path

from selection.views import changes, succession

urlpatterns = [
    path("dossiers/<slug:key>/desistement/", succession.stand_down, name="stand_down"),
    path("secretariat/desistements/", succession.withdrawals, name="withdrawals"),
    path(
        "secretariat/desistements/<int:pk>/courrier/", succession.withdrawal_letter, name="withdrawal_letter"
    ),
    path(
        "secretariat/dossiers/<slug:reference>/desistement/",
        succession.record_withdrawal,
        name="record_withdrawal",
    ),
    path("comite/reprises/<int:pk>/", succession.promotion, name="promotion"),
    path("comite/reprises/<int:pk>/valider/", succession.validate_promotion, name="validate_promotion"),
    path("comite/reprises/<int:pk>/refuser/", succession.refuse_promotion, name="refuse_promotion"),
    # What the public is told of it
    path(
        "secretariat/annonces/<slug:slug>/laureats/a-jour/",
        changes.refresh_laureates,
        name="refresh_laureates",
    ),
    path(
        "secretariat/annonces/<slug:slug>/changements/preparer/<slug:kind>/<slug:reference>/",
        changes.prepare_change,
        name="prepare_change",
    ),
    path(
        "secretariat/annonces/<slug:slug>/changements/<int:pk>/",
        changes.publish_change,
        name="publish_change",
    ),
    path(
        "secretariat/annonces/<slug:slug>/changements/<int:pk>/annuler/",
        changes.call_off_change,
        name="call_off_change",
    ),
]
