"""Begin a translation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.accounts import sites
from cms.accounts.sites import LocaleEntry
from cms.content.actions import translate
from cms.content.models import Document
from cms.editor.views.access import attempt, go, load, page, person_of, screen


@screen
def translate_screen(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Ask for the language, and make a draft copy in it."""
    person = person_of(request)
    document = load(document_id, person)
    open_locales = _open_locales(document)
    wanted = request.POST.get("locale") or request.GET.get("locale")
    locale = next((each for each in open_locales if each.code == wanted), None)
    if request.method == "POST" and locale is not None:
        made: list[Document] = []
        done = attempt(
            request,
            lambda: made.append(
                translate(document_id=document.pk, locale_id=locale.id, by=person.actor, now=person.now)
            ),
        )
        if done:
            messages.success(
                request, _("This is a copy of the original. Translate it, and publish it when it is ready.")
            )
            return go("change", made[0].pk)
    context = {"title": _("Translate"), "document": document, "locales": open_locales, "chosen": locale}
    return page(request, "editor/translate.html", context)


def _open_locales(document: Document) -> list[LocaleEntry]:
    taken = Document.objects.filter(translation_group_id=document.translation_group_id)
    ids = set(taken.values_list("locale_id", flat=True))
    return [each for each in sites.current().by_id[document.site_id].locales.values() if each.id not in ids]
