"""The administrator of the journeys, and her way in."""

from typing import TYPE_CHECKING

from cms.accounts.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Page

ADDRESS, PASSWORD = "ada@example.org", "a long password"


def make_ada() -> User:
    """Make an administrator whose clock is that of Berlin."""
    return User.objects.create_superuser(ADDRESS, PASSWORD, name="Ada", time_zone="Europe/Berlin")


def sign_in(page: "Page") -> None:
    """Sign in, as far as the dashboard."""
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Hello, Ada").wait_for()
