"""People who use the sites of a lab over HTTP: an editor with a browser's cookies, readers, programs."""

import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace

import httpx

from tests.integration.editor.forms import Fields, fields_of

BROWSER = {"Accept": "text/html"}
TIMEOUT_SECONDS = 20
REGIONS = (0, 1, 2)
"""us-east, eu-west, ap-southeast: numbers of their ports."""
PAUSE_SECONDS = 0.1
"""Between two requests of a reader: two cores carry the whole lab."""
LISTS = ("/admin/", "/admin/cms_content/document/", "/admin/cms_content/document/tree/", "/admin/cms_media/asset/")
"""What a person who edits looks at all day."""
TOKEN = "X-Consistency-Token"


class Editor:
    """A person who edits; her cookies go to every port of 127.0.0.1, as those of a browser do."""

    def __init__(self, client: httpx.Client, *, first_port: int) -> None:
        self.client = client
        self._first_port = first_port

    def get(self, path: str, *, region: int) -> httpx.Response:
        return self.client.get(url(path, region=region, first_port=self._first_port))

    def sign_in(self, *, email: str, password: str, region: int) -> httpx.Response:
        path = "/admin/login/?next=/admin/"
        fields = form_of(self.get(path, region=region), form="//form")
        return self.post(path, {**fields, "username": [email], "password": [password]}, region=region)

    def save(self, path: str, *, region: int, op: str = "save", title: str) -> httpx.Response:
        """Open the form of a document, give it a title, and press a button; the answer may be a refusal."""
        fields = form_of(self.get(path, region=region))
        return self.post(path, {**fields, "f.title": [title], "op": [op]}, region=region)

    def post(self, path: str, fields: Fields, *, region: int) -> httpx.Response:
        """Send a form."""
        return self.client.post(url(path, region=region, first_port=self._first_port), data=fields)


@dataclass
class Readers:
    """Two people in each region who read one address after another; what they got, and how long they waited."""

    first_port: int
    paths: Sequence[str]
    cookies: httpx.Cookies | None = None
    statuses: list[int | str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def errors(self) -> list[int | str]:
        return [status for status in self.statuses if status != httpx.codes.OK]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read during the block."""
        with ThreadPoolExecutor(2 * len(REGIONS)) as threads:
            work = [threads.submit(self._read, region) for region in REGIONS * 2]
            try:
                yield
            finally:
                self._stop.set()
            for each in work:
                each.result()

    def _read(self, region: int) -> None:
        with httpx.Client(headers=BROWSER, timeout=TIMEOUT_SECONDS, cookies=self.cookies) as client:
            for path in itertools.cycle(self.paths):
                began = time.monotonic()
                try:
                    status: int | str = client.get(url(path, region=region, first_port=self.first_port)).status_code
                except httpx.HTTPError as error:
                    status = repr(error)
                self.statuses.append(status)
                self.seconds.append(time.monotonic() - began)
                if self._stop.wait(PAUSE_SECONDS):
                    return


@contextmanager
def editor(*, first_port: int) -> Iterator[Editor]:
    """Give somebody who is not signed in yet."""
    with httpx.Client(headers=BROWSER, timeout=TIMEOUT_SECONDS) as client:
        yield Editor(client, first_port=first_port)


def url(path: str, *, region: int, first_port: int) -> str:
    """Give an address at the site of a region."""
    return f"http://127.0.0.1:{first_port + region}{path}"


def form_of(page: httpx.Response, *, form: str = "//form[@method='post'][not(@id='logout-form')]") -> Fields:
    """Read what a browser would send of the form on a page, a refusal among them."""
    assert page.status_code in (httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE), page.text
    return fields_of(SimpleNamespace(content=page.content), form=form)
