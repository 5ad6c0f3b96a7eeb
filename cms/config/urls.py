"""Every address of the product, by capability."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from reliability.telemetry.views import metrics

urlpatterns = [
    path("api/v1/", include("cms.delivery.urls")),  # first: most is asked of it
    path("admin/", include("cms.accounts.urls")),
    path("admin/", admin.site.urls),
    path("media/", include("cms.media.urls")),
    *([path("metrics", metrics)] if settings.METRICS_ON_SITE else []),
    path("ofrep/", include("reliability.flags.urls")),
    path("", include("reliability.health.urls")),
    path("", include("cms.site.urls")),  # last: it takes every address that is left
]
handler400 = "cms.site.errors.bad_request"
handler403 = "cms.site.errors.forbidden"
handler404 = "cms.site.errors.not_found"
handler500 = "cms.site.errors.broken"
