"""How is an error of the driver said in one line? libpq names host and port, never a password."""


def first_line(error: BaseException) -> str:
    """Give the first line of an error's text; its class when it has none."""
    text = str(error).strip() or type(error).__name__
    return " ".join(text.splitlines()[0].split())
