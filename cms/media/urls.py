"""Addresses of files: /media/<hash>/original and /media/<hash>/<rendition>."""

from django.urls import path, register_converter

from cms.media import views


class HashConverter:
    """A SHA-256 in hex: nothing else reaches the storage."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(HashConverter, "sha256")

app_name = "media"
urlpatterns = [
    path("<sha256:hash_>/original", views.original, name="original"),
    path("<sha256:hash_>/<str:name>", views.rendition, name="rendition"),
]
