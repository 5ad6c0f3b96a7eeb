"""Which address shows an asset in small?"""

from cms.media.ladder import POSTER, url
from cms.media.models import Asset
from cms.media.storage import ORIGINAL


def thumbnail_url(asset: Asset, *, width: int = 320) -> str:
    """Give the address of a small picture of an asset, at least `width` wide where there is one; empty without any."""
    if asset.mime == "image/svg+xml":
        return url(asset.hash, ORIGINAL)
    if asset.is_animated:
        return url(asset.hash, POSTER) if asset.state == Asset.State.READY else ""
    whole = [each for each in asset.ladder if each["crop"] is None and each["mime"] == "image/webp"]
    wide = [each for each in whole if each["width"] >= width] or whole[-1:]
    return str(wide[0]["url"]) if wide else ""
