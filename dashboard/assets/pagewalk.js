// What has to happen in the browser. Loaded from our own origin, so that no inline script is needed.

var dagfuncs = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});

// A crash must not sink below a column of numbers, whatever the table is sorted by.
dagfuncs.outcomesFirst = function (params) {
  var nodes = params.nodes;
  var endings = nodes.filter(function (node) { return node.data && node.data.outcome; });
  var numbers = nodes.filter(function (node) { return !(node.data && node.data.outcome); });
  endings.concat(numbers).forEach(function (node, at) { nodes[at] = node; });
};

// A row is told by what it is of, since the grid of some tables knows it by its place.
function opened(params) { return { rowId: params.data.id, timestamp: Date.now() }; }

dagfuncs.open = function (params) {
  window.dash_clientside.set_props("opened-row", { data: opened(params) });
};

dagfuncs.openOnEnter = function (params, id) {
  if (!params.event || params.event.key !== "Enter" || !params.node) { return; }
  params.node.setSelected(true, true);
  if (id) { window.dash_clientside.set_props(id, { cellClicked: opened(params) }); } else { dagfuncs.open(params); }
};

// The grid's own word on its columns comes whenever it is built, too: only a person's sorting is news.
dagfuncs.tellSort = function (params) {
  if (params.source === "uiColumnSorted") {
    var sorted = params.api.getColumnState().map(function (column) {
      return { colId: column.colId, sort: column.sort, sortIndex: column.sortIndex };
    });
    window.dash_clientside.set_props("sorted", { data: sorted });
  }
};

// Other rows are read from the top, wherever the ones before were left. The grid sorts them before it draws any; its
// own event comes when it has drawn those at the place before, which nobody will see.
dagfuncs.fromTop = function (params) {
  dagfuncs.outcomesFirst(params);
  var rows = document.querySelector("[grid-id='" + params.api.getGridId() + "'] .ag-body-viewport");
  // To ask the browser where it stands has all of the page laid out, halfway through its change
  if (rows && params.api.getVerticalPixelRange().top > 0) { rows.scrollTop = 0; }
};

// Where two pinned columns would leave no room for a number, the case stays, narrow, and the metric scrolls.
dagfuncs.unpinForPhones = function (params) {
  setTimeout(function () { params.api.setColumnWidths([{ key: "case", newWidth: 132 }]); });
  return [params.api.getColumn("metric")];
};

// The first and the last cell by these keys are any spreadsheet's. To ag-grid they are Home and End alone; the
// browser scrolls there instead, by way of every row between, and leaves the keyboard where it was.
var corners = ["Home", "End"];

document.addEventListener("keydown", function (event) {
  var cell = (event.ctrlKey || event.metaKey) && event.target.closest && event.target.closest(".ag-cell");
  if (cell && corners.includes(event.key)) {
    event.preventDefault();
    event.stopPropagation();
    cell.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, code: event.key, bubbles: true }));
  }
}, true);

document.addEventListener("keydown", function (event) {
  var panels = Array.prototype.slice.call(document.querySelectorAll(".pw-panel:not([hidden]) .pw-close"));
  var close = panels.find(function (button) { return !button.closest(".pw-away"); });
  // Whatever else closes on Escape, a list of options say, has already taken the key
  if (event.key === "Escape" && !event.defaultPrevented && close) {
    close.click();
  }
});

// A control without a value has none, however it says so.
function spelled(value) {
  var isNothing = !value || (typeof value === "object" && !Object.keys(value).length);
  return isNothing ? "" : JSON.stringify(value);
}

window.dash_clientside = Object.assign({}, window.dash_clientside);
window.dash_clientside.pagewalk = Object.assign({}, window.dash_clientside.pagewalk, {
  // Plots say that they fit their place now, or that a click is forgotten: neither is a person's doing.
  heed: function (value) {
    return value && !value.autosize ? value : window.dash_clientside.no_update;
  },

  // Controls tell of every value, the one that the page has filled them with too: only others are a person's.
  choose: function () {
    var filled = arguments[arguments.length - 1] || {};
    var news = window.dash_clientside.callback_context.triggered.filter(function (told) {
      return spelled(told.value) !== spelled(filled[told.prop_id]);
    }).map(function (told) { return [told.prop_id, told.value]; });
    return news.length ? Object.fromEntries(news) : window.dash_clientside.no_update;
  },
});
