"""Label matchers mean here what they mean in Prometheus."""

import pytest

from reliability.slo.selectors import parse, write


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        ('code="500"', {"code": "500"}, True),
        ('code="500"', {"code": "50"}, False),
        ('code!="500"', {"code": "200"}, True),
        ('code!="500"', {}, True),
        ('code=~"5.."', {"code": "503"}, True),
        ('code=~"5.."', {"code": "5030"}, False),
        ('code!~"5.."', {"code": "503"}, False),
        ('code!~"5.."', {}, True),
        ('code=~"5..",route="/"', {"code": "503", "route": "/x"}, False),
    ],
)
def test_a_series_fits_or_not(text: str, labels: dict[str, str], expected: bool) -> None:
    assert all(each.fits(labels) for each in parse(text)) is expected


def test_what_was_read_is_written_again() -> None:
    text = 'code=~"5..",route!="/"'

    assert write(parse(text)) == "{" + text + "}"


def test_the_opposite_fits_where_the_matcher_does_not() -> None:
    [matcher] = parse('code=~"5.."')

    assert not matcher.negated().fits({"code": "500"})
    assert matcher.negated().fits({"code": "200"})
