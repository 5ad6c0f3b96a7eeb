"""The addresses of the content API."""

from django.urls import path

from cms.delivery.views import about, assets, documents, pages, search

app_name = "delivery"
urlpatterns = [
    path("", about.Index.as_view(), name="index"),
    path("documents/", documents.DocumentList.as_view(), name="documents"),
    path("documents/<str:document_id>/", documents.DocumentDetail.as_view(), name="document"),
    path("pages/", pages.Page.as_view(), name="page"),
    path("search/", search.Search.as_view(), name="search"),
    path("assets/", assets.AssetList.as_view(), name="assets"),
    path("assets/<str:asset_id>/", assets.AssetDetail.as_view(), name="asset"),
    path("types/", about.TypeList.as_view(), name="types"),
    path("openapi.json", about.OpenApi.as_view(), name="openapi"),
    path("docs/", about.Docs.as_view(), name="docs"),
    path("<path:path>", about.Nothing.as_view(), name="nothing"),
]
