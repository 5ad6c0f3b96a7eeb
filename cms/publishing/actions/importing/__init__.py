"""Import the export of a WordPress site: one document a transaction, so that it can be ended and run again."""

from cms.publishing.actions.importing.run import import_wordpress
from cms.publishing.actions.importing.target import ImportRefused

__all__ = ["ImportRefused", "import_wordpress"]
