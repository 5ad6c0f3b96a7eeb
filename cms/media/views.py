"""Serve files: by hash, so an address never changes its content and may be kept for a year."""

from typing import BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cms.media import queries, storage
from cms.media.ladder import FILE_NAME, MIMES
from cms.media.ranges import NotSatisfiable, Part, part

YEAR_SECONDS = 31_536_000
BLOCK_BYTES = 64 * 1024
SHOWN = ("image/", "video/", "audio/")
"""Types that a browser shows in place; everything else is offered for saving."""
SANDBOX = "default-src 'none'; sandbox"
SVG_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""A drawing may use the styles that the upload has let through."""


@require_safe
def original(request: HttpRequest, hash_: str) -> HttpResponseBase:
    """Serve an uploaded file, entirely or in part."""
    found = queries.original(hash_, now=timezone.now())
    if found is None:
        raise Http404("There is no such file.")
    headers = {
        "Content-Type": found.mime,
        "Content-Disposition": content_disposition_header(not found.mime.startswith(SHOWN), found.file_name) or "",
        **_guard(found.mime),
    }
    return _file(request, storage.key_of(hash_), etag=f'"{hash_}"', headers=headers)


@require_safe
def rendition(request: HttpRequest, hash_: str, name: str) -> HttpResponseBase:
    """Serve a rendition, without a query; one that is not made yet is not there."""
    found = FILE_NAME.fullmatch(name)
    if found is None:
        raise Http404("There is no such file.")
    headers = {"Content-Type": MIMES[found["format"]], "Content-Disposition": "inline"}
    return _file(request, storage.key_of(hash_, name), etag=f'"{hash_[:32]}-{name}"', headers=headers)


def _guard(mime: str) -> dict[str, str]:
    """A browser must not run what was uploaded, in whichever way it is opened."""
    if mime == "image/svg+xml":
        return {"Content-Security-Policy": SVG_SANDBOX}
    return {} if mime.startswith(SHOWN) else {"Content-Security-Policy": SANDBOX}


def _file(request: HttpRequest, key: str, *, etag: str, headers: dict[str, str]) -> HttpResponseBase:
    always = {
        "ETag": etag,
        "Cache-Control": f"public, max-age={YEAR_SECONDS}, immutable",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
        "Accept-Ranges": "bytes",
    }
    empty = HttpResponse(headers=headers | always)
    answer = get_conditional_response(request, etag=etag, response=empty)
    if answer is not None and answer is not empty:
        return answer
    try:
        size = storage.size_of(key)
        asked = _part(request, etag, size)
        return _headed(empty, asked, size) if request.method == "HEAD" else _sent(key, empty, asked, size)
    except storage.FileMissing as error:
        raise Http404("There is no such file.") from error
    except NotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})


def _part(request: HttpRequest, etag: str, size: int) -> Part | None:
    """If-Range holds a client's copy against ours: when it has another one, it gets the whole file."""
    if request.method == "HEAD" or request.headers.get("If-Range", etag) != etag:
        return None
    return part(request.headers.get("Range", ""), size)


def _headed(answer: HttpResponse, asked: Part | None, size: int) -> HttpResponse:
    answer["Content-Length"] = str(asked.length if asked else size)
    if asked:
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {asked.first}-{asked.last}/{size}"
    return answer


def _sent(key: str, head: HttpResponse, asked: Part | None, size: int) -> FileResponse:
    _headed(head, asked, size)
    file = storage.open_file(key)
    answer = FileResponse(_Section(file, asked) if asked else file, status=head.status_code)
    answer.block_size = BLOCK_BYTES
    for name, value in head.items():
        answer[name] = value
    return answer


class _Section:
    """A part of a file, read like a file."""

    def __init__(self, file: BinaryIO, section: Part) -> None:
        self._file, self._left = file, section.length
        file.seek(section.first)

    def read(self, size: int) -> bytes:
        chunk = self._file.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()
