// A question to the server takes Dash some forty steps, there and back. Its store tells every element of all pages of
// each of them, though most change nothing that any shows: elements are told of those that do. (A dcc.Loading, which
// shows how far a question is, would have nothing to show here.)

(function () {
  // Where Dash notes how far its questions are; it is told of all steps, for that is what takes them
  var WITHIN = ["callbacks", "loading"];

  function isShown(before, after) {
    return Object.keys(after).some(function (part) {
      return before[part] !== after[part] && WITHIN.indexOf(part) < 0;
    });
  }

  function tellLess(store) {
    var subscribe = store.subscribe;
    store.subscribe = function (listener) {
      var before = store.getState();
      return subscribe(function () {
        var after = store.getState(), shown = isShown(before, after);
        before = after;
        if (shown) { listener(); }
      });
    };
  }

  // Dash puts its store here when it has subscribed itself, and before it draws anything
  var stores = (window.dash_stores = window.dash_stores || []);
  stores.push = function (store) {
    tellLess(store);
    return Array.prototype.push.call(stores, store);
  };
})();
