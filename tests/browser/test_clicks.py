"""What the benchmark of clicks counts: all that a click brings, step by step, and nothing after."""

import time

import pytest
from playwright.sync_api import Browser

from bench import clicks

PAGE = """data:text/html,<button>go</button><p id=told>nothing</p><script>
  const told = document.getElementById("told");
  document.querySelector("button").onclick = () => setTimeout(() => {
    told.textContent = "half";
    setTimeout(() => { told.textContent = "whole"; }, 200);
  }, 200);
</script>"""


def test_a_click_takes_until_its_last_step_is_drawn_and_the_quiet_after_it_is_not_counted(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clicks, "READING", 0.0)
    monkeypatch.setattr(clicks, "QUIET", 2.0)
    page = browser.new_page()
    page.add_init_script(clicks.WITNESS)
    page.goto(PAGE)
    began = time.monotonic()
    taken = clicks.waited(page, clicks.Act("go", lambda page: page.get_by_role("button").click()))
    assert page.locator("#told").inner_text() == "whole"
    assert 0.4 <= taken < time.monotonic() - began - 1.0
    page.close()


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
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clicks, "READING", 0.0)
    monkeypatch.setattr(clicks, "QUIET", 2.0)
    page = browser.new_page()
    page.add_init_script(clicks.WITNESS)
    page.goto(PASSING)
    taken = clicks.waited(page, clicks.Act("go", lambda page: page.get_by_role("button").click()))
    assert taken * 1e3 < page.evaluate("window.passed")
    page.close()
