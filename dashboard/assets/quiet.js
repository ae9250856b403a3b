// When a page has come to rest: what can wait is done only then, for a browser that works keeps its reader waiting.

(function () {
  var gestures = ["pointerdown", "keydown", "wheel", "touchmove"];
  // Dash shows this while a question to the server is under way
  var BUSY = "._dash-loading-callback";
  // Who waits, and since when nothing has happened
  var waiting = 0;
  var since = 0;

  function notice() { since = performance.now(); }

  function isBusy() { return document.querySelector(BUSY) !== null; }

  // What stands by is seen by nobody
  var watch = new MutationObserver(function (changes) {
    if (changes.some(function (change) { return !change.target.closest(".pw-away"); })) { notice(); }
  });

  function begin() {
    waiting += 1;
    if (waiting > 1) { return; }
    watch.observe(document.getElementById("page"), { childList: true, subtree: true });
    gestures.forEach(function (kind) { window.addEventListener(kind, notice, { capture: true, passive: true }); });
  }

  function end() {
    waiting -= 1;
    if (waiting) { return; }
    watch.disconnect();
    gestures.forEach(function (kind) { window.removeEventListener(kind, notice, { capture: true }); });
  }

  // Calls go once nothing has been asked, changed or done for some milliseconds; returns what gives that up.
  function whenQuiet(milliseconds, go) {
    var timer = null, idle = null;
    var began = performance.now();
    begin();
    function look() {
      if (isBusy()) { notice(); }
      var left = Math.max(since, began) + milliseconds - performance.now();
      if (left > 0) { timer = setTimeout(look, left); return; }
      end();
      timer = null;
      idle = window.requestIdleCallback(go);
    }
    timer = setTimeout(look, milliseconds);
    return function () {
      if (timer !== null) { end(); }
      clearTimeout(timer);
      window.cancelIdleCallback(idle);
      timer = null;
    };
  }

  window.pagewalk_parts = Object.assign(window.pagewalk_parts || {}, {
    isBusy: isBusy,
    whenQuiet: whenQuiet,
  });
})();
