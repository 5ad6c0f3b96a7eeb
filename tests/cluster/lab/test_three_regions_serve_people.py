"""People edit and read in three regions over HTTP, while standbys stand still and hang and a primary dies.

The tests share a lab; the last one replaces its primary.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from reliability.lab.binaries import BinaryMissing
from reliability.lab.laboratory import Laboratory
from reliability.lab.orders import ORDERS
from tests.cluster.lab.content import EDITOR
from tests.cluster.lab.people import LISTS, REGIONS, TOKEN, Editor, Readers, editor, form_of, url
from tests.cluster.lab.running import running_lab
from tests.plugin import is_required
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their databases along: once is enough.

US, EU, AP = REGIONS
PUBLISH = {"op": ["publish"]}
"""The button that is pressed."""
READS = 60
SLOWEST_READ_SECONDS = 2.5


@dataclass
class Place:
    """A lab, its editor, and a page of its site."""

    lab: Laboratory
    port: int
    ada: Editor
    form: str
    page: str
    api: str

    def order(self, name: str, **arguments: object) -> None:
        """Do what `lab NAME` does."""
        ORDERS[name](self.lab, **arguments)

    def title(self, region: int, *, token: str = "") -> str:
        """Ask the API for the title of the page, as a program."""
        headers = {TOKEN: token} if token else {}
        answer = httpx.get(url(self.api, region=region, first_port=self.port), headers=headers, timeout=10)
        title: str = answer.raise_for_status().json()["title"]
        return title


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    try:
        with running_lab() as (lab, port), editor(first_port=port) as ada:
            assert ada.sign_in(**EDITOR, region=US).status_code == httpx.codes.FOUND
            yield _place(lab, port, ada)
    except BinaryMissing as missing:
        if is_required():
            raise
        pytest.skip(str(missing))


@pytest.mark.parametrize("region", [US, EU], ids=["in us-east", "in eu-west"])
def test_who_publishes_sees_it_in_every_region_at_once_while_the_standbys_stand_still(
    place: Place, region: int
) -> None:
    before, after = place.title(EU), f"Published at {region}"
    for node in ("eu-1", "ap-1"):
        place.order("pause", node=node)

    published = place.ada.save(place.form, region=region, op="publish", title=after)

    assert published.status_code == httpx.codes.FOUND, published.text
    assert [place.title(each, token=published.headers[TOKEN]) for each in REGIONS] == [after] * 3
    assert all(f"<title>{after}" in place.ada.get(place.page, region=each).text for each in REGIONS)
    assert all(f'value="{after}"' in place.ada.get(place.form, region=each).text for each in REGIONS)
    assert [place.title(each) for each in REGIONS] == [after, before, before]
    for node in ("eu-1", "ap-1"):
        place.order("resume", node=node)
    wait_until(lambda: [place.title(each) for each in REGIONS] == [after] * 3)


@pytest.mark.parametrize("fault", ["hang", "kill"])
def test_no_reader_gets_an_error_when_the_standby_of_the_region_is_gone(place: Place, fault: str) -> None:
    readers = Readers(place.port, ["/", place.page, place.api])

    with readers.reading():
        wait_until(lambda: len(readers.statuses) > READS)
        place.order(fault, node="eu-1")
        wait_until(lambda: len(readers.statuses) > 3 * READS)
    place.order("resume", node="eu-1")

    assert readers.errors == []
    assert max(readers.seconds) <= SLOWEST_READ_SECONDS
    wait_until(lambda: _node(place, EU) == "eu-1")


def test_a_region_that_is_cut_off_reads_what_it_has_and_refuses_writes(place: Place) -> None:
    place.order("partition", node="us-1", region="eu-west")
    wait_until(lambda: _post(place, EU).status_code == httpx.codes.SERVICE_UNAVAILABLE)

    elsewhere = place.ada.save(place.form, region=US, op="publish", title="Not for everybody")
    here = place.ada.save(place.form, region=EU, title="Refused")

    assert (elsewhere.status_code, here.status_code) == (httpx.codes.FOUND, httpx.codes.SERVICE_UNAVAILABLE)
    assert _node(place, EU) == "eu-1"
    place.order("heal", node="us-1")
    wait_until(lambda: place.ada.save(place.form, region=EU, title="Again").status_code == httpx.codes.FOUND)


def test_without_a_primary_all_is_read_and_no_form_is_lost_and_the_sites_follow_the_next(place: Place) -> None:
    everything = ["/", place.page, place.api, place.form, *LISTS]
    readers = Readers(place.port, everything, place.ada.client.cookies)
    opened = form_of(place.ada.get(place.form, region=US))
    entered = {**opened, "f.title": ['"Kept" <b>&']}

    with readers.reading():
        place.order("kill", node="us-1")
        refused = [place.ada.post(place.form, {**entered, **PUBLISH}, region=region) for region in REGIONS]
        programs = [_post(place, region) for region in REGIONS]
        wait_until(lambda: len(readers.statuses) > READS)
    place.order("promote", node="eu-1")
    saved = _until_saved(place, refused[AP])

    assert readers.errors == []
    assert [answer.status_code for answer in refused] == [503] * 3, place.lab.regions["us-east"].log.read_text()
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    assert all(_values(form_of(answer), entered) == entered for answer in refused)
    assert [answer.status_code for answer in programs] == [503] * 3
    assert {answer.headers["Content-Type"] for answer in programs} == {"application/problem+json"}
    assert saved.status_code == httpx.codes.FOUND
    assert [place.title(each, token=saved.headers[TOKEN]) for each in REGIONS] == ['"Kept" <b>&'] * 3

    place.order("rejoin", node="us-1")
    wait_until(lambda: _node(place, US) == "us-1")
    assert place.title(US, token=saved.headers[TOKEN]) == '"Kept" <b>&'


def _place(lab: Laboratory, port: int, ada: Editor) -> Place:
    found = httpx.get(url("/api/v1/documents/?limit=10", region=US, first_port=port), timeout=10).json()["items"]
    page = next(each for each in found if each["path"] == "/page-0/")
    form = f"/admin/cms_content/document/{page['id']}/change/"
    return Place(lab, port, ada, form, page["path"], f"/api/v1/documents/{page['id']}/")


def _node(place: Place, region: int) -> str:
    """Tell which node answers a reader."""
    timing = httpx.get(url(place.api, region=region, first_port=place.port), timeout=10).headers["Server-Timing"]
    return timing.split('"')[1]


def _post(place: Place, region: int) -> httpx.Response:
    return httpx.post(url("/api/v1/documents/", region=region, first_port=place.port), json={}, timeout=10)


def _until_saved(place: Place, refused: httpx.Response) -> httpx.Response:
    """Press "Publish" on the form that came back until it is taken."""
    answers = [refused]

    def press() -> bool:
        answers.append(place.ada.post(place.form, {**form_of(answers[-1]), **PUBLISH}, region=AP))
        return answers[-1].status_code != httpx.codes.SERVICE_UNAVAILABLE

    wait_until(press)
    return answers[-1]


def _values(kept: dict[str, list[str]], entered: dict[str, list[str]]) -> dict[str, list[str]]:
    """Leave the token of the form alone: each page has its own."""
    return {**kept, "csrfmiddlewaretoken": entered["csrfmiddlewaretoken"]}
