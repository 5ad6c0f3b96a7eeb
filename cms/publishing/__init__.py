"""Bridge drafts and publications: the only capability that knows both."""
