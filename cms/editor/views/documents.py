"""The list of documents, the tree, and the trash."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.accounts import sites
from cms.accounts.models import User
from cms.content import types
from cms.editor.branches import beginnings, branch
from cms.editor.flags import COMPACT_LIST
from cms.editor.listing import Wanted, listing
from cms.editor.statuses import ALL
from cms.editor.views.access import load, page, person_of, screen
from cms.editor.views.choose import chosen_locale, chosen_site

FILTERS = ("type", "site", "locale", "status", "author", "after")
MAX_AUTHORS = 200


@screen
def document_list(request: HttpRequest) -> HttpResponse:
    """List documents, the newest changes first, by search and filters."""
    return _list(request, in_trash=False, title=_("Content"))


@screen
def trash_list(request: HttpRequest) -> HttpResponse:
    """List what is in the trash."""
    return _list(request, in_trash=True, title=_("Trash"))


@screen
def document_tree(request: HttpRequest) -> HttpResponse:
    """Show one branch of the tree."""
    person = person_of(request)
    person.actor.require("view", now=person.now)
    node_id = request.GET.get("node", "")
    if node_id:
        try:
            node = load(UUID(node_id), person)
        except ValueError as error:
            raise Http404 from error
        site, locale = sites.current().by_id[node.site_id], sites.current().locales[node.locale_id]
        found = branch(node, person.actor, now=person.now, after=request.GET.get("after", ""))
    else:
        site = chosen_site(request)
        locale = chosen_locale(request, site)
        found = beginnings(person.actor, site_id=site.id, locale_id=locale.id, now=person.now)
    context = {
        "title": _("Content"),
        "branch": found,
        "site": site,
        "locale": locale,
        "sites": sites.current().sites,
        "may_create": person.actor.may("create", now=person.now),
        "view": "tree",
    }
    return page(request, "editor/tree.html", context)


def _list(request: HttpRequest, *, in_trash: bool, title: str) -> HttpResponse:
    person = person_of(request)
    person.actor.require("view", now=person.now)
    given = {
        name: request.GET.get(name, "").strip() for name in ("type", "site", "locale", "status", "author", "after")
    }
    wanted = Wanted(query=request.GET.get("q", "").strip(), in_trash=in_trash, **given)
    context = {
        "title": title,
        "listing": listing(wanted, person.actor, now=person.now),
        "wanted": wanted,
        "types": types.current().of_documents(),
        "sites": sites.current().sites,
        "locales": sorted(sites.current().locales.values(), key=lambda each: each.name),
        "statuses": ALL,
        "authors": User.objects.filter(is_staff=True).only("email", "name").order_by("email")[:MAX_AUTHORS],
        "may_create": person.actor.may("create", now=person.now),
        "view": "trash" if in_trash else "list",
        "is_compact": COMPACT_LIST.on(),
    }
    return page(request, "editor/document_list.html", context)
