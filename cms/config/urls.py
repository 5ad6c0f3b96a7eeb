"""Every address of the product, by capability."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", include("cms.accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("cms.delivery.urls")),
]
