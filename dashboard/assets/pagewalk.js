// What has to happen in the browser. Loaded from our own origin, so that no inline script is needed.

var dagfuncs = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});

// A crash must not sink below a column of numbers, whatever the table is sorted by.
dagfuncs.outcomesFirst = function (params) {
  var nodes = params.nodes;
  var endings = nodes.filter(function (node) { return node.data && node.data.outcome; });
  var numbers = nodes.filter(function (node) { return !(node.data && node.data.outcome); });
  endings.concat(numbers).forEach(function (node, at) { nodes[at] = node; });
};

dagfuncs.openOnEnter = function (params, id) {
  if (params.event && params.event.key === "Enter" && params.node) {
    params.node.setSelected(true, true);
    window.dash_clientside.set_props(id || "grid", { cellClicked: { rowId: params.node.id, timestamp: Date.now() } });
  }
};

// Where two pinned columns would leave no room for a number, the case stays, narrow, and the metric scrolls.
dagfuncs.unpinForPhones = function (params) {
  setTimeout(function () { params.api.setColumnWidths([{ key: "case", newWidth: 132 }]); });
  return [params.api.getColumn("metric")];
};

document.addEventListener("keydown", function (event) {
  var close = document.querySelector(".pw-panel:not([hidden]) .pw-close");
  // Whatever else closes on Escape, a list of options say, has already taken the key
  if (event.key === "Escape" && !event.defaultPrevented && close) {
    close.click();
  }
});

window.dash_clientside = Object.assign({}, window.dash_clientside, {
  pagewalk: {
    title: function (nav, search, pathname) {
      var query = new URLSearchParams(search || "");
      var pair = [query.get("base"), query.get("head")].filter(Boolean).join(" → ");
      var here = (nav || []).find(function (entry) { return entry.props["aria-current"]; });
      var name = here ? here.props.children.props.children : "No such page";
      var parts = [pair || query.get("benchmark"), query.get("subject"), name, "pagewalk"];
      document.title = parts.filter(Boolean).join(" · ");
      return window.dash_clientside.no_update;
    },

    // A picker also tells what it was filled with: only what a person typed is worth a question.
    typed: function (text, value, options, before) {
      var chosen = (options || []).find(function (option) { return option.value === value; });
      var filled = !before && (!text || (chosen && chosen.label === text));
      return filled || typeof text !== "string" ? window.dash_clientside.no_update : text;
    },
  },
});
