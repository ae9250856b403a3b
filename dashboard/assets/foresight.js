// Whoever rests on a link is about to follow it. What its page takes long to work out, the server begins with then.

(function () {
  // Milliseconds: a pointer on its way elsewhere passes a link in less
  var RESTING = 30;
  var MOST_REMEMBERED = 100;
  var asked = new Set();
  var resting = null;
  // What somebody rests on, and whether the server works something out already: it does one thing at a time
  var wanted = null, isBusy = false;

  function address(target) {
    var link = target && target.closest && target.closest("a[href]");
    var found = link && link.origin === window.location.origin && link.search ? link : null;
    return found && found.href !== window.location.href ? found : null;
  }

  function foresee() {
    var link = wanted;
    if (!link || isBusy || asked.has(link.href)) { return; }
    if (asked.size >= MOST_REMEMBERED) { asked.clear(); }
    asked.add(link.href);
    isBusy = true;
    var body = JSON.stringify({ path: link.pathname, query: link.search });
    var about = { "Content-Type": "application/json" };
    // Nothing is lost where it fails: the click asks again
    window.fetch("/_foresee", { method: "POST", headers: about, body: body }).catch(function () {}).then(function () {
      isBusy = false;
      foresee();
    });
  }

  function notice(wait) {
    return function (event) {
      clearTimeout(resting);
      wanted = null;
      var link = address(event.target);
      if (link) { resting = setTimeout(function () { wanted = link; foresee(); }, wait); }
    };
  }

  document.addEventListener("pointerover", notice(RESTING), { passive: true });
  document.addEventListener("focusin", notice(RESTING));
  document.addEventListener("pointerdown", notice(0), { passive: true });
})();
