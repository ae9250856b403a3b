// What a page follows of its address, which dashboard/pages/staying.py connects.

(function () {
  // What the address of each page asked last
  var latest = {};

  function without(name, search) {
    var query = new URLSearchParams(search);
    query.delete(name);
    return query.toString();
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.pagewalk = Object.assign({}, window.dash_clientside.pagewalk, {
    // The store of a page is named after its path. Tells by the first answer what else is asked, by the second
    // that only something else is opened.
    stay: function (search, pathname, drawn, opened, opens, identity) {
      var nothing = window.dash_clientside.no_update;
      // A page that nothing has been opened on shows what it was drawn or filled for
      var before = typeof opened === "string" ? latest[identity] : drawn;
      if ("/" + identity.replace(/-address$/, "") !== pathname || search === before) { return [nothing, nothing]; }
      latest[identity] = search;
      var opensOnly = opens && without(opens, search) === without(opens, before);
      return opensOnly ? [nothing, search] : [search, nothing];
    },
  });
})();
