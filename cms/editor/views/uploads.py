"""Files that were sent along with the form of a document."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from cms.content.problems import Problem
from cms.editor import paths
from cms.editor.forms.document import DocumentForm
from cms.editor.forms.operations import Outcome, definition_at
from cms.editor.forms.posted import PREFIX
from cms.editor.views.access import Person
from cms.editor.views.form_page import Place
from cms.media.actions import upload_asset
from cms.media.errors import FieldRefused
from cms.media.models import Asset
from cms.media.reception import REFUSALS

SUFFIX = ":file"


def take_uploads(request: HttpRequest, form: DocumentForm, place: Place, person: Person) -> Outcome | None:
    """Store the files that were sent, and put them into their fields; a refusal stands at the field.

    Returns what changed, None when no file was sent. Raises PermissionMissing.
    """
    outcome = None
    for name, files in request.FILES.lists():
        if name.startswith(PREFIX) and name.endswith(SUFFIX):
            path = name[len(PREFIX) : -len(SUFFIX)]
            for file in files:
                if isinstance(file, UploadedFile):
                    _take(file, path, form, place, person)
            outcome = Outcome(changed=path)
    return outcome


def _take(file: "UploadedFile[Any]", path: str, form: DocumentForm, place: Place, person: Person) -> None:
    try:
        field = definition_at(form, path)
        if field is None or field.kind != "media":
            return
        asset = upload_asset(
            site_id=place.site.id, file=file, file_name=file.name or "file", by=person.actor, now=person.now
        )
        form.data = paths.change(
            form.data, path, lambda value: _with(value, asset, many=bool(field.options.get("multiple")))
        )
    except paths.NoSuchPlace:
        return
    except (*REFUSALS, FieldRefused) as error:
        form.problems.append(Problem(path, "not_uploaded", f"{file.name}: {error}"))


def _with(value: Any, asset: Asset, *, many: bool) -> Any:
    chosen = {"asset": str(asset.pk), "alt": None, "decorative": False, "focal": None}
    return [*(value or []), chosen] if many else chosen
