// The document brings the page as text. Once the page itself is there it takes that place, between two frames,
// with what its reader has opened and where the keyboard was.

(function () {
  var links = "a[href]";
  var folds = "details";

  function all(root, selector) {
    return Array.prototype.slice.call(root.querySelectorAll(selector));
  }

  function same(node, early, selector) {
    var app = document.getElementById("react-entry-point");
    return all(app, selector)[all(early, selector).indexOf(node)];
  }

  function handOver(early) {
    all(early, folds).forEach(function (fold) {
      var here = fold.open && same(fold, early, folds);
      if (here) { here.open = true; }
    });
    var focused = early.contains(document.activeElement) && document.activeElement;
    var twin = focused && focused.matches(links) && same(focused, early, links);
    early.remove();
    if (twin) { twin.focus({ preventScroll: true }); }
  }

  // What Dash mounts, it mounts at once: no frame shows both
  var watch = new MutationObserver(function () {
    var early = document.getElementById("early");
    if (!early) { watch.disconnect(); return; }
    if (document.querySelector("#page h1")) { watch.disconnect(); handOver(early); }
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });

  function besides(library, name) {
    var known = document.querySelector("script[src*='/" + library + "/']");
    return known && known.src.replace(/[^/]*$/, name);
  }

  function load(addresses) {
    if (!addresses.length) { return; }
    var script = document.createElement("script");
    script.src = addresses[0];
    script.onload = script.onerror = function () {
      window.requestIdleCallback(function () { load(addresses.slice(1)); });
    };
    document.head.appendChild(script);
  }

  // Plots and tables come with scripts of 6 MB. Whoever reads has time for them, whoever clicks has not.
  window.addEventListener("load", function () {
    setTimeout(function () {
      var grid = besides("dash_ag_grid", "async-community.js");
      var plots = [!window.Plotly && window._dashPlotlyJSURL, besides("dash/dcc", "async-graph.js")];
      load([grid].concat(plots).filter(Boolean));
    }, 500);
  });
})();
