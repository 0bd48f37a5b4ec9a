from django.urls import path

from fondsportal.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/courriels/", views.emails, name="emails"),
    path("demo/courriels/<int:pk>/", views.email, name="email"),
]
