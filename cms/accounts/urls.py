"""Pages of the admin around sign-in; included under /admin/ before Django's own, whose password pages they replace."""

from django.contrib import admin
from django.urls import path

from cms.accounts import views

urlpatterns = [
    path("profile/", admin.site.admin_view(views.Profile.as_view()), name="profile"),
    path("password_change/", admin.site.admin_view(views.OwnPassword.as_view())),
    path("password_reset/", views.ForgottenPassword.as_view(), name="admin_password_reset"),
    path("password_reset/sent/", views.LinkSent.as_view(), name="password_reset_done"),
    path("password_reset/<uidb64>/<token>/", views.NewPassword.as_view(), name="password_reset_confirm"),
    path("password_reset/done/", views.PasswordSet.as_view(), name="password_reset_complete"),
]
