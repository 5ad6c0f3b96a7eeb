"""The addresses of OFREP; fixed by its specification."""

from django.urls import path

from reliability.flags import views

app_name = "ofrep"
urlpatterns = [
    path("v1/evaluate/flags", views.evaluate_flags, name="flags"),
    path("v1/evaluate/flags/<str:key>", views.evaluate_flag, name="flag"),
]
