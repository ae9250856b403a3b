// What a page follows of its address, which dashboard/pages/staying.py connects.

(function () {
  // What the address of each page asked last
  var latest = {};

  // What a query opens, and all else that it asks
  function parted(search, opens) {
    var query = new URLSearchParams(search);
    var open = (opens && query.get(opens)) || "";
    query.delete(opens);
    return { open: open, else: query.toString() };
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.pagewalk = Object.assign({}, window.dash_clientside.pagewalk, {
    // The store of a page is named after its path. Tells by the first answer what else is asked, by the second
    // what is open: where nothing is, and nothing was, neither page nor server need look.
    stay: function (search, pathname, drawn, opened, opens, identity) {
      var nothing = window.dash_clientside.no_update;
      // A page that nothing has been opened on shows what it was drawn or filled for
      var before = typeof opened === "string" ? latest[identity] : drawn;
      if ("/" + identity.replace(/-address$/, "") !== pathname || search === before) { return [nothing, nothing]; }
      latest[identity] = search;
      var was = parted(before, opens), is = parted(search, opens);
      var opensOnly = opens && is.else === was.else;
      return [opensOnly ? nothing : search, opensOnly || was.open || is.open ? search : nothing];
    },
  });
})();
