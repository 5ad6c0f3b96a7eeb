"""The addresses of the web site: everything that no other route takes."""

from django.urls import path, re_path

from cms.site import views

RESERVED = ("admin", "api", "media", "static")
"""First parts of paths that belong to others, also where they have nothing at the rest of the path."""

app_name = "site"
urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("preview/<str:token>/", views.preview, name="preview"),
    re_path(r"^problems/(?P<name>[a-z-]*)/?$", views.problem, name="problem"),
    re_path(rf"^(?!(?:{'|'.join(RESERVED)})/)(?:.*/)?$", views.page, name="page"),
]
