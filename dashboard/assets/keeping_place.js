// Dash mounts anew whatever a callback returns as children. Who reads a page that follows running work
// must not lose the focus, the scrolling or what was opened by that: regions marked data-watched keep them.

(function () {
  var focused = null;
  var scrolled = {};
  var opened = {};

  function regionOf(node) {
    return node.closest ? node.closest("[data-watched]") : null;
  }

  // The way from a region down to a node, as numbers of children: the same place after the next answer.
  function wayTo(node, region) {
    var way = [];
    for (; node !== region; node = node.parentElement) {
      way.unshift(Array.prototype.indexOf.call(node.parentElement.children, node));
    }
    return way;
  }

  function follow(way, region) {
    return way.reduce(function (node, at) { return node && node.children[at]; }, region);
  }

  function remember(store, node, value) {
    var region = regionOf(node);
    if (region) { store[region.id + " " + wayTo(node, region).join(".")] = value; }
  }

  function recall(store, apply) {
    Object.keys(store).forEach(function (key) {
      var parts = key.split(" ");
      var region = document.getElementById(parts[0]);
      var node = region && follow(parts[1].split(".").map(Number), region);
      if (node) { apply(node, store[key]); }
    });
  }

  document.addEventListener("focusin", function (event) {
    var region = regionOf(event.target);
    focused = region && {
      node: event.target,
      region: region.id,
      href: event.target.getAttribute("href"),
      way: wayTo(event.target, region),
    };
  });
  document.addEventListener("scroll", function (event) {
    remember(scrolled, event.target, event.target.scrollLeft);
  }, true);
  document.addEventListener("toggle", function (event) {
    remember(opened, event.target, event.target.open);
  }, true);

  function restoreFocus() {
    if (!focused || focused.node.isConnected || document.activeElement !== document.body) { return; }
    var region = document.getElementById(focused.region);
    var links = region ? Array.prototype.slice.call(region.querySelectorAll("a")) : [];
    // Rows change places; a link is the same wherever it stands
    var same = links.find(function (link) { return focused.href && link.getAttribute("href") === focused.href; });
    var node = same || (region && !focused.href && follow(focused.way, region));
    if (node) { node.focus({ preventScroll: true }); }
  }

  // Runs before the next frame is drawn: nothing is seen of it
  new MutationObserver(function (changes) {
    if (!changes.some(function (change) { return change.addedNodes.length && regionOf(change.target); })) { return; }
    recall(scrolled, function (node, left) { if (node.scrollLeft !== left) { node.scrollLeft = left; } });
    recall(opened, function (node, open) { if (node.open !== undefined) { node.open = open; } });
    restoreFocus();
  }).observe(document, { childList: true, subtree: true });
})();
