// The address as a page sees it while somebody stays there; dashboard/pages/staying.py names what is kept of it.
// No callback of Dash: each would take its turn at every click, for each page that stands by.

(function () {
  // Dash tells of its own steps by the first, the browser of its buttons by the second
  var steps = ["_dashprivate_pushstate", "popstate"];
  // What the address of each page asked last
  var latest = Object.create(null);

  function kept(name, part) {
    var store = window.pagewalk_parts.kept(name + "-" + part);
    return store && store.data;
  }

  function tell(name, part, search) {
    window.dash_clientside.set_props(name + "-" + part, { data: search });
  }

  // What a query opens, and all else that it asks
  function parted(search, opens) {
    var query = new URLSearchParams(search);
    var open = (opens && query.get(opens)) || "";
    query.delete(opens);
    return { open: open, else: query.toString() };
  }

  // Tells a page what else is asked of it, and what is open: where nothing is, and nothing was, neither page nor
  // server need look.
  function follow() {
    var name = window.location.pathname.slice(1), search = window.location.search;
    var drawn = kept(name, "address"), opened = kept(name, "opened"), opens = kept(name, "opens");
    if (typeof drawn !== "string") { return; }
    // A page that nothing has been opened on shows what it was drawn or filled for
    var before = typeof opened === "string" ? latest[name] : drawn;
    if (search === before) { return; }
    latest[name] = search;
    var was = parted(before, opens), is = parted(search, opens);
    var opensOnly = opens && is.else === was.else;
    if (!opensOnly) { tell(name, "address", search); }
    if (opensOnly || was.open || is.open) { tell(name, "opened", search); }
  }

  steps.forEach(function (step) { window.addEventListener(step, follow); });
})();
