"""What axe holds against a page. To be told of all that it looked at would take longer than its looking."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# What fades in has come first: half of it would be too pale.
_ASK = """() => Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime < 10000).map(({ finished }) => finished))
  .then(() => axe.run({ resultTypes: ["violations"] })).then(({ violations }) => violations
  .filter(({ impact }) => ["serious", "critical"].includes(impact))
  .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`))"""


def grave_faults(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_ASK)
    return found
