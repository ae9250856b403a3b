// Where tables were left. Another comparison is read from the top, and to draw the rows there takes as long as all
// else of it: a table that stands by goes there while nobody waits. Who comes back to what it shows finds it as it
// was left.

(function () {
  var ROWS = ".ag-body-viewport";
  var left = new WeakMap();

  function each(room, act) { room.querySelectorAll(ROWS).forEach(act); }

  window.pagewalk_parts = Object.assign(window.pagewalk_parts || {}, {
    restTables: function (room) {
      each(room, function (rows) {
        if (rows.scrollTop === 0) { return; }
        left.set(rows, rows.scrollTop);
        rows.scrollTop = 0;
      });
    },

    // Whoever comes to something else begins at the top
    resumeTables: function (room, isSame) {
      each(room, function (rows) {
        if (isSame && left.has(rows)) { rows.scrollTop = left.get(rows); }
        left.delete(rows);
      });
    },
  });
})();
