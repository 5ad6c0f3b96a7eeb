"""The four addresses of health; fixed, as orchestrators are configured with them."""

from django.urls import path

from reliability.health.answers import PATHS
from reliability.health.views import health

app_name = "health"
urlpatterns = [path(each.removeprefix("/"), health, name=each.removeprefix("/")) for each in PATHS]
