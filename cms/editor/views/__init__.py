"""The screens of editors: one module per screen."""
