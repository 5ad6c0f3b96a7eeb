"""How do words become the vector that full text search looks in? One expression of SQL for all weights."""

from collections.abc import Mapping

from django.db.models.expressions import RawSQL

from cms.content.models import Document

PART = "setweight(to_tsvector(%s::regconfig, %s), %s)"
UNWEIGHTED = "D"
"""PostgreSQL's own weight of words that have none."""


def vector(words: Mapping[str, str], configuration: str) -> RawSQL:
    """Make the vector of words by weight, A to D, for a column of PostgreSQL.

    By hand, for it is written with every draft and every publication: expressions of Django for the same are built,
    resolved and compiled for each weight, which takes as long as all other columns of the row together.
    """
    given = words or {UNWEIGHTED: ""}
    values = [value for weight, text in given.items() for value in (configuration, text, weight)]
    return RawSQL(" || ".join([PART] * len(given)), values, output_field=Document._meta.get_field("search"))
