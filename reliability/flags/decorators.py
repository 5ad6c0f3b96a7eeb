"""Views that exist only while a flag is on."""

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from reliability.flags.api import is_enabled

Otherwise = int | str | Callable[..., Any]
"""What happens while the flag is off: 404, the name or address of another page, or another view."""


def require_flag(key: str, *, otherwise: Otherwise = 404, default: bool = False) -> Callable[[Any], Any]:
    """Let a view be reached only while a flag is on; for plain and asynchronous views."""

    def decorate(view: Any) -> Any:
        if iscoroutinefunction(view):

            @wraps(view)
            async def asynchronous(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                if is_enabled(key, default=default):
                    return await view(request, *args, **kwargs)
                return _otherwise(otherwise, request, *args, **kwargs)

            return asynchronous

        @wraps(view)
        def plain(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if is_enabled(key, default=default):
                return view(request, *args, **kwargs)
            return _otherwise(otherwise, request, *args, **kwargs)

        return plain

    return decorate


class FlagRequiredMixin:
    """Lets a class-based view be reached only while `flag_key` is on."""

    flag_key: str
    flag_otherwise: Otherwise = 404

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_enabled(self.flag_key):
            found: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view
            return found
        answer: HttpResponseBase = _otherwise(self.flag_otherwise, request, *args, **kwargs)
        return answer


def _otherwise(otherwise: Otherwise, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
    if callable(otherwise):
        return otherwise(request, *args, **kwargs)
    if isinstance(otherwise, str):
        return redirect(otherwise)
    raise Http404
