"""What the benchmark of clicks counts: all that a click brings, step by step, and nothing after."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from bench import clicks

PAGE = """data:text/html,<button>go</button><p id=told>nothing</p><script>
  const told = document.getElementById("told");
  document.querySelector("button").onclick = () => setTimeout(() => {
    told.textContent = "half";
    setTimeout(() => { told.textContent = "whole"; }, 200);
  }, 200);
</script>"""


GO = clicks.Act("go", lambda page: page.get_by_role("button").click())


@pytest.fixture
def watched(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page with the witness of the benchmark in it, whose reader clicks at once."""
    monkeypatch.setattr(clicks, "READING", 0.0)
    monkeypatch.setattr(clicks, "QUIET", 2.0)
    page = browser.new_page()
    page.add_init_script(clicks.WITNESS)
    yield page
    page.close()


def test_a_click_takes_until_its_last_step_is_drawn_and_the_quiet_after_it_is_not_counted(
    watched: Page,
) -> None:
    watched.goto(PAGE)
    began = time.monotonic()
    taken = clicks.waited(watched, GO)
    assert watched.locator("#told").inner_text() == "whole"
    assert 0.4 <= taken < time.monotonic() - began - 1.0


PASSING = """data:text/html,<button>go</button><p id=told class=''>nothing</p><script>
  const told = document.getElementById("told");
  const pass = async () => {
    window.passed = performance.now() - window.witness.began;
    told.className = "passing";
    await null;
    told.className = "";
    told.dataset.passed = "";
    delete told.dataset.passed;
  };
  document.querySelector("button").onclick = () => {
    told.textContent = "all";
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(pass, 500)));
  };
</script>"""


def test_what_is_taken_back_before_a_frame_shows_it_is_no_step(
    watched: Page,
) -> None:
    watched.goto(PASSING)
    taken = clicks.waited(watched, GO)
    assert taken * 1e3 < watched.evaluate("window.passed")
