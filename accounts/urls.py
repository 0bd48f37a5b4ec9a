from django.urls import path

from accounts import account_views, views

app_name = "accounts"
urlpatterns = [
    path("compte/connexion/", views.SignIn.as_view(), name="sign_in"),
    path("compte/deconnexion/", views.SignOut.as_view(), name="sign_out"),
    # One's places and one's mail
    path("compte/courriels/", account_views.notices, name="notices"),
    path("compte/delegations/", account_views.delegations, name="delegations"),
    path("compte/delegations/<int:pk>/lever/", account_views.revoke_delegation, name="revoke_delegation"),
]
