"""How is the content API described? Parameters and answers of each operation, for drf-spectacular (OpenAPI 3.1)."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from cms.delivery.cursor import MAX_LENGTH
from cms.delivery.filters import OPERATORS
from cms.delivery.schemas import LIMIT_MAX, QUERY_MAX, TREE_LEVELS_MAX

Schema = dict[str, Any]


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Schema, *, optional: tuple[str, ...] = (), more: bool = False, **extra: Any) -> Schema:
    required = [key for key in properties if key not in optional]
    closed: Schema = {} if more else {"additionalProperties": False}
    return {"type": "object", "properties": properties, "required": required, **closed, **extra}


ID: Schema = {"type": "string", "format": "uuid"}
TEXT: Schema = {"type": "string"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
WHOLE: Schema = {"type": "integer"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
DOCUMENT_PROPERTIES: Schema = {
    "id": ID,
    "type": {**TEXT, "description": "Key of the type; `/types/` describes its fields."},
    "type_version": WHOLE,
    "version": {**WHOLE, "description": "Rises with every change of the answer, across unpublishing too."},
    "site": TEXT,
    "locale": {**TEXT, "description": "Locale of this text, after fallback."},
    "requested_locale": TEXT,
    "translation_key": {**ID, "description": "The same for all translations."},
    "parent": {"type": ["string", "null"], "format": "uuid", "description": "Id of the page above."},
    "path": {**MAYBE_TEXT, "description": "Path within the locale; null for what is no page."},
    "url": {**MAYBE_TEXT, "description": "Path on the web site, with the locale's prefix."},
    "title": TEXT,
    "published_at": INSTANT,
    "first_published_at": INSTANT,
    "updated_at": INSTANT,
    "fields": {
        "type": "object",
        "description": "By key, as the type's JSON Schema says.",
        "additionalProperties": True,
    },
    "seo": _object({"title": TEXT, "description": TEXT}, more=True),
}
NODE: Schema = _object(
    {
        "id": ID,
        "title": TEXT,
        "path": TEXT,
        "url": TEXT,
        "type": TEXT,
        "children": {"type": "array", "items": _ref("Node")},
    }
)
COMPONENTS: Schema = {
    "Document": _object(DOCUMENT_PROPERTIES),
    "Included": _object(
        {
            "documents": {"type": "object", "additionalProperties": _ref("Document")},
            "assets": {"type": "object", "additionalProperties": _ref("Asset")},
        },
        description="What the answer names: documents asked for by `include`, and every asset, each once, by id.",
    ),
    "Links": _object({"next": {**MAYBE_TEXT, "description": "Address of the next page; null on the last one."}}),
    "Node": NODE,
    "DocumentDetail": _object({**DOCUMENT_PROPERTIES, "included": _ref("Included")}),
    "DocumentList": _object(
        {"items": {"type": "array", "items": _ref("Document")}, "included": _ref("Included"), "links": _ref("Links")}
    ),
    "Page": _object(
        {
            **DOCUMENT_PROPERTIES,
            "included": _ref("Included"),
            "tree": {"type": "array", "items": _ref("Node"), "description": "The pages below, if asked for."},
        },
        optional=("tree",),
    ),
    "Redirect": _object(
        {"redirect": _object({"to": {**TEXT, "description": "Where the page is now."}, "status": WHOLE})},
        description="The path is a former one.",
    ),
    "Hit": _object(
        {
            **DOCUMENT_PROPERTIES,
            "score": {"type": "number"},
            "highlight": {**TEXT, "description": "An excerpt as HTML; matches are in <mark>, all else is escaped."},
        }
    ),
    "SearchResults": _object(
        {
            "items": {"type": "array", "items": _ref("Hit")},
            "total": _object({"value": WHOLE, "relation": {"type": "string", "enum": ["eq", "gte"]}}),
            "included": _ref("Included"),
            "links": _ref("Links"),
        }
    ),
    "Rendition": {
        "type": "object",
        "description": "One encoded size of an image.",
        "properties": {"spec": TEXT, "url": TEXT, "mime": TEXT, "width": WHOLE, "height": WHOLE},
        "required": ["spec", "url", "mime", "width", "height"],
        "additionalProperties": True,
    },
    "Asset": _object(
        {
            "id": ID,
            "mime": TEXT,
            "url": {**TEXT, "description": "The original file."},
            "file_name": TEXT,
            "title": TEXT,
            "alt": {**TEXT, "description": "Alternative text in the reader's language, or empty."},
            "width": {"type": ["integer", "null"]},
            "height": {"type": ["integer", "null"]},
            "size_bytes": WHOLE,
            "focal": _object({"x": {"type": "number"}, "y": {"type": "number"}}),
            "renditions": {"type": "array", "items": _ref("Rendition")},
            "version": WHOLE,
        }
    ),
    "AssetList": _object({"items": {"type": "array", "items": _ref("Asset")}, "links": _ref("Links")}),
    "Type": _object(
        {
            "key": TEXT,
            "name": TEXT,
            "usage": {"type": "string", "enum": ["page", "item", "block"]},
            "title": {**TEXT, "description": "Key of the field that names the document."},
            "version": WHOLE,
            "fields": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
            "schema": {"type": "object", "description": "JSON Schema of `fields`.", "additionalProperties": True},
        }
    ),
    "TypeList": _object({"items": {"type": "array", "items": _ref("Type")}}),
    "Index": {"type": "object", "additionalProperties": TEXT},
    "Problem": _object(
        {
            "type": {**TEXT, "description": "Address of a page about this kind of problem."},
            "title": TEXT,
            "status": WHOLE,
            "detail": TEXT,
            "instance": TEXT,
            "errors": {"type": "array", "items": _object({"field": TEXT, "message": TEXT})},
            "request_id": {**TEXT, "description": "Tells us which request it was; not on answers that caches keep."},
        },
        optional=("errors", "request_id"),
        description="RFC 9457.",
    ),
}


def _query(name: str, description: str, schema: Schema | None = None, **extra: Any) -> OpenApiParameter:
    return OpenApiParameter(name, schema or {"type": "string"}, description=description, **extra)


SITE = _query("site", "Key of the site. Default: the site of the host.")
LOCALE = _query("locale", "Locale, such as de or de-CH. Default: the site's own.")
FALLBACK = _query("fallback", "`none` turns the locale's fallbacks off.", {"type": "string", "enum": ["none"]})
INCLUDE = _query(
    "include", "References to include, comma-separated, up to three levels: `author,author.employer,translations`."
)
FIELDS = _query("fields", "Fields to give, comma-separated; `fields[article]=title` for one type.")
TYPE = _query("type", "Key of a type, or several, comma-separated.")
LIMIT = _query("limit", "Rows on a page.", {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": 20})
CURSOR = _query("cursor", "Where the page begins; from `links.next`.", {"type": "string", "maxLength": MAX_LENGTH})
ORDER = _query(
    "order",
    "`published_at`, `updated_at`, `title`, `tree`, or a filterable field of the one type; `-` for descending.",
    {"type": "string", "default": "-published_at"},
)
FILTER = OpenApiParameter(
    "filter",
    {"type": "object", "additionalProperties": {"type": "string"}},
    style="deepObject",
    explode=True,
    description=(
        "`filter[field]=value` or `filter[field][operator]=value`, at most five. Fields: those marked as filterable, "
        "and `id`, `parent`, `path`, `translation_key`, `published_at`, `updated_at`, `refers_to`. "
        f"Operators: {', '.join(OPERATORS)}."
    ),
)
PATH = _query("path", "Path within the locale, such as /about/.", required=True)
TREE = _query(
    "tree", "Levels of the pages below to add.", {"type": "integer", "minimum": 1, "maximum": TREE_LEVELS_MAX}
)
SEARCH = _query("q", "What to search for.", {"type": "string", "minLength": 1, "maxLength": QUERY_MAX}, required=True)
IF_NONE_MATCH = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="ETag of the kept copy.")
READING = (SITE, LOCALE, FALLBACK)
PAGING = (LIMIT, CURSOR)


def operation(
    name: str, summary: str, schema: str | Schema, *parameters: OpenApiParameter, missing: bool = False
) -> Callable[[Any], Any]:
    """Describe a read: its name for generated clients, its answer, and its parameters."""
    problem = {(code, "application/problem+json"): _problem(text) for code, text in _problems(missing=missing)}
    answer = _ref(schema) if isinstance(schema, str) else schema
    return extend_schema(
        operation_id=name,
        summary=summary,
        tags=["content"],
        auth=[],
        parameters=[*parameters, IF_NONE_MATCH],
        responses={
            (200, "application/json"): OpenApiResponse(answer, "The answer."),
            304: OpenApiResponse(description="The kept copy is still right."),
            **problem,
        },
    )


def _problems(*, missing: bool) -> list[tuple[int, str]]:
    known = [(400, "A parameter is not understood."), (405, "The method is not allowed.")]
    return [*known, (404, "Nothing is published here.")] if missing else known


def _problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(_ref("Problem"), description)


def add_components(result: Schema, **kwargs: Any) -> Schema:
    """Add the shapes that the operations name, and say what the document is about (a hook of drf-spectacular)."""
    result.setdefault("components", {}).setdefault("schemas", {}).update(COMPONENTS)
    return result
