"""Accept today's description of the API as the promised one; the difference is then reviewed like any other."""

import os
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.config.settings")
    django.setup()
    from cms.delivery.views.about import openapi_document

    Path(__file__).with_name("openapi.json").write_text(openapi_document() + "\n", encoding="utf-8")
