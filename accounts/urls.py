from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("compte/connexion/", views.SignIn.as_view(), name="sign_in"),
    path("compte/deconnexion/", views.SignOut.as_view(), name="sign_out"),
]
