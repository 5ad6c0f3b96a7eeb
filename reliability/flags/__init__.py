"""Feature flags: deploy dark, roll out to some first, switch off at once."""
