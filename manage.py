#!/usr/bin/env python
"""Run a management command of Upgrade CMS."""

import os
import sys

from django.core.management import execute_from_command_line

from reliability.telemetry import process

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.config.settings")
    if sys.argv[1:2] == ["ops"]:
        process.stand_apart()  # Before the settings are read, which decide where numbers are kept.
    execute_from_command_line(sys.argv)
