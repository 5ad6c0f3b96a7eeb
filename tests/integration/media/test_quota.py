"""An upload is cut off while it arrives, so that it cannot fill the temporary storage."""

from contextlib import closing
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory


def test_one_byte_more_than_allowed_is_kept_of_each_file(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    files = [
        SimpleUploadedFile("big.txt", b"x" * 3_000_000),  # written to a file
        SimpleUploadedFile("fits.txt", b"y" * 100_000),
    ]

    request = RequestFactory().post("/", {"file": files})

    with closing(request):  # as the server does, else the temporary files stay open
        assert [file.size for file in request.FILES.getlist("file")] == [100_001, 100_000]


def test_small_requests_are_cut_off_in_memory_too(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 10

    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.txt", b"x" * 2_000)})

    assert request.FILES["file"].read() == b"x" * 11
