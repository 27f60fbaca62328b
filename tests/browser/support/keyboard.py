"""Press keys and count them by submission, for the test of a morning's triage."""

from playwright.sync_api import Page

# No decision about a submission needs more keys; a test that loops for ever fails by this.
MAX_PRESSES = 14


class Keyboard:
    """Presses keys and counts them by the submission that is open, or will be."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses: dict[str, int] = {}

    def press(self, key: str, counted_for: str) -> None:
        """Press one key, or keys together, that lead to another page, and wait for it."""
        self.presses[counted_for] = self.presses.get(counted_for, 0) + len(key.split("+"))
        assert self.presses[counted_for] <= MAX_PRESSES, counted_for
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def type(self, keys: str, counted_for: str) -> None:
        """Press keys that stay on the page."""
        for key in keys:
            self.presses[counted_for] = self.presses.get(counted_for, 0) + 1
            self.page.keyboard.press(key)

    def is_offered(self, key: str) -> bool:
        """Tell whether something stands under a key now."""
        return self.page.locator(f'[data-key="{key}"]:not([data-no])').count() > 0
