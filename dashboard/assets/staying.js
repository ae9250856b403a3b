// The address as a page sees it while somebody stays there; dashboard/pages/staying.py names what is kept of it.
// No callback of Dash: each would take its turn at every click, for each page that stands by.

(function () {
  // Dash tells of its own steps by the first, the browser of its buttons by the second
  var steps = ["_dashprivate_pushstate", "popstate"];
  // What the address of each page asked last, and what the page had been drawn or filled for by then
  var latest = Object.create(null);

  function kept(name, part) {
    var store = window.pagewalk_parts.kept(name + "-" + part);
    return store && store.data;
  }

  function tell(name, part, search) {
    window.dash_clientside.set_props(name + "-" + part, { data: search });
  }

  // What a query opens, and all else that it asks
  function parted(search, field) {
    var query = new URLSearchParams(search);
    var open = (field && query.get(field)) || "";
    query.delete(field);
    return { open: open, else: query.toString() };
  }

  function close(closing) {
    Object.keys(closing).forEach(function (identity) {
      window.dash_clientside.set_props(identity, closing[identity]);
    });
  }

  // Tells a page what else is asked of it, and what is open. To close something, the server need not be asked, and
  // with all else that changes the page closes it itself: to draw that alone, before, would take as long as another
  // click. Unless the server is being asked: its answer would open what was closed.
  function follow() {
    var name = window.location.pathname.slice(1), search = window.location.search;
    var drawn = kept(name, "address"), opens = kept(name, "opens"), last = latest[name];
    if (typeof drawn !== "string") { return; }
    // A page that was drawn since shows what it was drawn for
    var before = last && last.drawn === drawn ? last.search : drawn;
    var was = parted(before, opens.field), is = parted(search, opens.field);
    var opensOnly = is.else === was.else;
    window.pagewalk_parts.resume(name, opensOnly);
    if (search === before) { return; }
    var mayOpen = is.open || (was.open && window.pagewalk_parts.isBusy());
    latest[name] = { drawn: opensOnly ? drawn : search, search: search };
    if (!opensOnly) { tell(name, "address", search); }
    if (mayOpen) { tell(name, "opened", search); } else if (opensOnly) { close(opens.closing); }
  }

  steps.forEach(function (step) { window.addEventListener(step, follow); });
})();
