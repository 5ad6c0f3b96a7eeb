"""Where is a file used? In drafts and in what readers see, which may differ."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from cms.content.queries import usage
from cms.delivery.models import PublicationReference


@dataclass(frozen=True)
class Use:
    """A place in a document."""

    title: str
    path: str
    """Field and block, such as body.k3v9Qm2xT0aB.image; empty for what is published."""
    is_published: bool
    url: str
    """The page of the admin where the document is changed; empty without one."""


def media_usage(*, asset_id: UUID) -> list[Use]:
    """List the drafts and the publications that name an asset; two queries."""
    drafts = [
        Use(each.from_document.title, each.path, False, _page(each.from_document_id))
        for each in usage(asset_id=asset_id)
    ]
    published = PublicationReference.objects.filter(target=asset_id, kind=PublicationReference.Kind.MEDIA)
    rows = published.values_list("publication__title", "publication__document_id").order_by("publication__title")
    return drafts + [Use(title, "", True, _page(document_id)) for title, document_id in rows.distinct()]


def _page(document_id: UUID) -> str:
    try:
        return reverse("admin:cms_content_document_change", args=[document_id])
    except NoReverseMatch:
        return ""
