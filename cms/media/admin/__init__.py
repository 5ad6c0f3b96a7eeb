"""The admin's screens of files."""

from cms.media.admin.assets import AssetAdmin

__all__ = ["AssetAdmin"]
