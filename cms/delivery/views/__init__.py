"""The content API, version 1: what is published, for programs."""
