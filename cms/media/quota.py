"""Cut off uploads that are too large while they arrive, so that they cannot fill the temporary storage."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class QuotaUploadHandler(FileUploadHandler):
    """Passes on at most one byte more than is allowed: enough for the action to see, and to refuse, what is too large.

    Stands first in FILE_UPLOAD_HANDLERS, since forms are read before anything knows whose they are.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._left = settings.UPLOAD_MAX_BYTES + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        passed = raw_data[: self._left]
        self._left -= len(passed)
        return passed or None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""
