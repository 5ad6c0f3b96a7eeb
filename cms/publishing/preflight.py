"""Is a document ready to be published? Pure: what it holds and what its targets are in, findings out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cms.content.blocks import is_readable, iterate
from cms.content.definition import TypeDefinition
from cms.content.fields.kind import Context, Link
from cms.content.fields.record import complete_record, links_of
from reliability.wording import say as _

ALT_RULES = ("block", "warn", "off")


@dataclass(frozen=True)
class Finding:
    """Something to mend: where, what, and whether it keeps the document from being published."""

    document: str
    path: str
    code: str
    message: str
    blocks: bool = True


@dataclass(frozen=True)
class Surroundings:
    """What pre-flight must know of the rest of the site."""

    reachable: Collection[str]
    """Translation keys of targets that are published, or will be together with this document."""
    alt: Mapping[str, bool]
    """By asset id: whether it has an alternative text of its own, or needs none. A missing id means that
    there is no such asset."""
    alt_rule: str = "block"


def links_to_check(fields: Mapping[str, Any], definition: TypeDefinition, context: Context) -> list[Link]:
    """List everything whose state pre-flight must know."""
    return links_of(definition.fields, fields, "", context)


def preflight(
    document: str, fields: Mapping[str, Any], definition: TypeDefinition, context: Context, around: Surroundings
) -> list[Finding]:
    """Find what keeps a document from being published, and what is worth a warning; complete, not only the first."""
    findings = [
        Finding(document, problem.path, problem.code, problem.message)
        for problem in complete_record(definition.fields, fields, "", context)
    ]
    for link in links_of(definition.fields, fields, "", context):
        findings += _link(document, link, around)
    findings += _images(document, fields, definition, context, around)
    findings += _headings(document, fields, definition, context)
    return findings


def _link(document: str, link: Link, around: Surroundings) -> Iterable[Finding]:
    if link.to_key is not None and link.to_key not in around.reachable:
        message = _("This points at something that is not published. Publish it first, or remove the link.")
        yield Finding(document, link.path, "unpublished_target", message)
    if link.to_asset is not None and link.to_asset not in around.alt:
        yield Finding(document, link.path, "missing_asset", _("This file does not exist any more. Choose another one."))


def _images(
    document: str, fields: Mapping[str, Any], definition: TypeDefinition, context: Context, around: Surroundings
) -> Iterable[Finding]:
    if around.alt_rule == "off":
        return
    for path, media in _media(fields, definition, context, ""):
        if not media["decorative"] and not media["alt"] and not around.alt.get(media["asset"], True):
            message = _("Describe the image for those who cannot see it, or mark it as decorative.")
            yield Finding(document, path, "alt_missing", message, blocks=around.alt_rule == "block")


def _media(
    fields: Mapping[str, Any], definition: TypeDefinition, context: Context, path: str
) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for field in definition.active_fields:
        value, place = fields.get(field.key), f"{path}{field.key}"
        if field.kind == "media" and value and "image" in (field.options.get("accept") or ["image"]):
            for media in value if isinstance(value, list) else [value]:
                yield place, media
        elif field.kind == "blocks":
            for block in value or []:
                if is_readable(block, context.types):
                    below = f"{place}.{block['id']}."
                    yield from _media(block["value"], context.types[block["type"]], context, below)


def _headings(
    document: str, fields: Mapping[str, Any], definition: TypeDefinition, context: Context
) -> Iterable[Finding]:
    for field in definition.active_fields:
        if field.kind != "blocks":
            continue
        level = 1
        for block in iterate(fields.get(field.key) or [], context.types):
            if block["type"] != "heading" or not is_readable(block, context.types):
                continue
            found = int(block["value"].get("level") or 2)
            if found > level + 1:
                message = _(
                    "The heading jumps from level {before} to {level}; screen readers expect {expected}.",
                    before=level,
                    level=found,
                    expected=level + 1,
                )
                yield Finding(document, f"{field.key}.{block['id']}", "heading_skipped", message, blocks=False)
            level = found
