"""Which files of the export are at hand? They become assets, each once; all others keep their address."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from cms.accounts.ids import new_id
from cms.media.actions import upload_asset
from cms.media.models import Asset
from cms.media.reception import REFUSALS, received
from cms.publishing.actions.importing.memory import stored_key
from cms.publishing.actions.importing.target import ImportRefused, Target
from cms.publishing.models import ImportedFile
from cms.publishing.wordpress.attachments import SIZE_SUFFIX, PlannedMedia, relative_path
from cms.publishing.wordpress.report import Report

MAX_TITLE = 255
MAX_ALT = 1_000


class Files:
    """Imports files from a folder like `wp-content/uploads`; without one only those that were imported before."""

    def __init__(self, target: Target, folder: Path | None, report: Report, *, dry_run: bool) -> None:
        """Read which files are known. Raises ImportRefused when there is no such folder."""
        if folder is not None and not folder.is_dir():
            raise ImportRefused(f"{folder} is no folder; give the folder wp-content/uploads of the site with --media.")
        self._target, self._folder, self._report, self._dry_run = target, folder, report, dry_run
        rows = ImportedFile.objects.filter(site_id=target.site.id, source=target.source)
        self._known: dict[str, UUID] = dict(rows.values_list("source_key", "asset_id"))
        self._by_address: dict[str, str | None] = {}

    def take(self, planned: PlannedMedia) -> None:
        """Import the file of an attachment, or report why it is not imported."""
        key = planned.source_key
        self._report.name(key, planned.title or planned.relative_path)
        if stored_key(key) not in self._known and self._folder is None:
            self._report.skip(key, "a file that stays where it is, because no folder was given with --media")
        elif stored_key(key) not in self._known and self._find(planned.relative_path) is None:
            self._report.skip(key, "a file that is not in the folder given with --media")
        self._by_address[planned.url] = self._asset(key, planned.relative_path, planned.title, planned.alt)

    def asset_key(self, address: str) -> str | None:
        """Give the asset for an address, also of a file that the export does not list but the folder holds."""
        if address not in self._by_address:
            path = SIZE_SUFFIX.sub("", relative_path(address)) if "/uploads/" in address else ""
            self._by_address[address] = self._asset(f"file:{path}", path) if path else None
        return self._by_address[address]

    def _asset(self, source_key: str, path: str, title: str = "", alt: str = "") -> str | None:
        key = stored_key(source_key)
        if key not in self._known:
            file = self._find(path)
            made = self._upload(file, source_key, title, alt) if file else None
            if made is None:
                return None
            self._known[key] = made
        return str(self._known[key])

    def _find(self, path: str) -> Path | None:
        """Look for a file below the folder; a name may be longer than the file system allows."""
        try:
            found = self._folder / path if self._folder and path else None
            return found if found and found.is_file() else None
        except (OSError, ValueError):
            return None

    def _upload(self, file: Path, source_key: str, title: str, alt: str) -> UUID | None:
        try:
            return self._judged(file) if self._dry_run else self._uploaded(file, source_key, title, alt)
        except (*REFUSALS, OSError) as error:
            self._report.skip(source_key, f"{file.name} is refused: {str(error).removeprefix('file: ')}")
            return None

    def _uploaded(self, file: Path, source_key: str, title: str, alt: str) -> UUID:
        with file.open("rb") as opened:
            asset = upload_asset(
                site_id=self._target.site.id,
                file=opened,
                file_name=file.name,
                title=title[:MAX_TITLE],
                alt={self._target.locale.code: alt[:MAX_ALT]},
                by=self._target.by,
                now=self._target.now,
            )
        ImportedFile.objects.create(
            site_id=self._target.site.id, source=self._target.source, source_key=stored_key(source_key), asset=asset
        )
        return asset.pk

    def _judged(self, file: Path) -> UUID:
        """Say what an upload would give, without one."""
        with (
            file.open("rb") as opened,
            received(opened, file_name=file.name, max_bytes=settings.UPLOAD_MAX_BYTES) as taken,
        ):
            rows = Asset.objects.filter(site_id=self._target.site.id, hash=taken.hash)
        return rows.values_list("pk", flat=True).first() or new_id()
