"""The addresses of the content API."""

from django.urls import path

from cms.delivery import views

app_name = "delivery"
urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("documents/", views.DocumentList.as_view(), name="documents"),
    path("documents/<str:document_id>/", views.DocumentDetail.as_view(), name="document"),
    path("pages/", views.Page.as_view(), name="page"),
    path("search/", views.Search.as_view(), name="search"),
    path("assets/", views.AssetList.as_view(), name="assets"),
    path("assets/<str:asset_id>/", views.AssetDetail.as_view(), name="asset"),
    path("types/", views.TypeList.as_view(), name="types"),
    path("openapi.json", views.OpenApi.as_view(), name="openapi"),
    path("docs/", views.Docs.as_view(), name="docs"),
    path("<path:path>", views.Nothing.as_view(), name="nothing"),
]
