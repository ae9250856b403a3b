"""Clicks in Chromium, and how long a person waits for each: from the click to the last thing drawn.

The page itself is the witness, by its own clock: an outsider's clock would count how long a question to the
browser takes, and end a click between two steps of a busy page. A click is over when nothing is asked for and
nothing has changed for `QUIET`; it took until the frame after the last change. A page that is busy cannot see
that it is quiet, so no step is missed however long it takes. An attribute that has its old value again when
the next frame is drawn was seen by nobody.

What a page prepares for later, a plot far below the window say, comes after a longer quiet and is nobody's
waiting; to scroll there at once is an act of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from bench.generate_history import Size
from bench.served import addresses

QUIET = 0.3
"""Seconds without a change after which a page is taken to be done; they are not counted."""
READING = 2.0
"""Seconds that a person looks at a page before the next click; what it does meanwhile is its own affair."""
RESTING, PRESSING = 0.1, 0.08
"""Seconds that a pointer rests on a link before its button goes down, and until that comes up again: a person
who has to see that it is there takes longer."""
MOST = 120.0
FIRST, APART = 11, 7
"""Places of the first turn's benchmark and of the next one's."""
WITNESS = """
  window.witness = {began: 0, changed: 0, drawn: 0, flying: 0, unseen: false};
  (told => {
    const landed = () => { told.flying -= 1; told.changed = performance.now(); };
    const ask = window.fetch;
    window.fetch = (...asked) => { told.flying += 1; return ask(...asked).finally(landed); };
    const begin = () => { told.began = performance.now(); };
    addEventListener("click", begin, true);
    addEventListener("keydown", begin, true);
    let before = new Map(), more = false, noticed = 0;
    const moved = () => more || [...before].some(([node, values]) =>
      [...values].some(([name, value]) => node.getAttribute(name) !== value));
    const draw = () => requestAnimationFrame(() => {
      told.unseen = false;
      if (moved()) {
        told.changed = noticed;
        const after = new MessageChannel();
        after.port1.onmessage = () => { told.drawn = performance.now(); };
        after.port2.postMessage(0);
      }
      before = new Map();
      more = false;
    });
    const remember = change => {
      const values = before.get(change.target) || new Map();
      if (!values.has(change.attributeName)) { values.set(change.attributeName, change.oldValue); }
      before.set(change.target, values);
    };
    // Only said to screen readers, a moment later: nothing of it is drawn
    const isSaid = change => change.target.closest && change.target.closest(".ag-aria-description-container");
    new MutationObserver(every => {
      const changes = every.filter(change => !isSaid(change));
      if (!changes.length) { return; }
      for (const node of changes.flatMap(change => [...change.addedNodes])) {
        if (node.nodeName !== "SCRIPT" || !node.src) { continue; }
        told.flying += 1;
        node.addEventListener("load", landed);
        node.addEventListener("error", landed);
      }
      changes.filter(change => change.type === "attributes").forEach(remember);
      more = more || changes.some(change => change.type !== "attributes");
      noticed = performance.now();
      if (!told.unseen) { draw(); }
      told.unseen = true;
    }).observe(document, {
      subtree: true, childList: true, attributes: true, attributeOldValue: true, characterData: true
    });
  })(window.witness);
"""
"""Runs first in every document; times in milliseconds."""
_WAIT = """quiet => {
  const told = window.witness;
  const still = !told.flying && !told.unseen;
  const done = still && told.drawn > told.began && told.drawn >= told.changed;
  return done && performance.now() - told.changed > quiet && {taken: told.drawn - told.began};
}"""
_LINK = """where => {
  const link = document.createElement("a");
  link.href = where;
  link.dataset.followed = "";
  link.id = "onward";
  link.textContent = "onward";
  link.style = "position: fixed; top: 60px; right: 60px; z-index: 1000";
  document.getElementById("onward")?.remove();
  document.body.append(link);
}"""
"""Puts a link on the page, of the kind that its texts have."""
_BACK = "() => { window.witness.began = performance.now(); history.back(); }"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person does on a page.

    Args:
        title: what the table calls it.
        do: does it.
    """

    title: str
    do: Callable[[Page], object]


def acts(size: Size, turn: int = 0, *, at_once: bool = False) -> list[Act]:
    """Return a walk through the pages of a history of this size, from the overview and back to it.

    Args:
        turn: each compares commits and shows a benchmark that no other one does.
        at_once: whether links are followed by a script, which rests on none before.
    """
    where = addresses(size, FIRST + APART * turn, turn)

    def follow(title: str) -> Act:
        return Act(title, lambda page: _follow(page, where[title], at_once=at_once))

    def click(title: str, what: str) -> Act:
        return Act(title, lambda page: page.locator(what).first.click())

    def choose(title: str) -> Act:
        return click(title, f"#nav a:text-is('{title}')")

    return [
        follow("Compare"),
        Act("Compare, a row", _click_a_row),
        Act("Compare, its end", _press_end),
        follow("History"),
        click("History, a commit", "#history-body :is(td, th) a, #history-body .ag-row [col-id]"),
        follow("Curve"),
        choose("Crashes"),
        choose("Machines"),
        Act("Back", lambda page: page.evaluate(_BACK)),
        choose("Overview"),
    ]


def _follow(page: Page, where: str, *, at_once: bool) -> None:
    page.evaluate(_LINK, where)
    link = page.locator("#onward")
    if at_once:
        link.evaluate("link => link.click()")
        return
    link.hover()
    page.wait_for_timeout(RESTING * 1e3)
    page.mouse.down()
    page.wait_for_timeout(PRESSING * 1e3)
    page.mouse.up()


def _click_a_row(page: Page) -> None:
    # One that is seen: a table that somebody comes back to is scrolled as it was left
    page.locator("#grid .ag-center-cols-viewport").click(position={"x": 200, "y": 60})


def _press_end(page: Page) -> None:
    # A hint that comes up where the pointer rests is no answer to a key
    page.mouse.move(0, 0)
    page.keyboard.press("Control+End")


def waited(page: Page, act: Act) -> float:
    """Do it and return the seconds from the click to the last thing drawn.

    Raises:
        playwright.sync_api.TimeoutError: nothing was drawn, or the page found no quiet.
    """
    page.wait_for_timeout(READING * 1e3)
    act.do(page)
    told = page.wait_for_function(_WAIT, arg=QUIET * 1e3, timeout=MOST * 1e3, polling=20).json_value()
    return float(told["taken"]) / 1e3
