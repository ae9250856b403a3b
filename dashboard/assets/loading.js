// Dash marks each element that the server is asked about: it draws it anew for that, and again when the answer has
// come, every picker and table of a page twice a click. Here a line at the top tells of it, and no element asks.

(function () {
  function never() { return false; }

  function markNothing(api) {
    var contextOf = api.useDashContext;
    api.useDashContext = function () {
      var context = contextOf();
      context.useLoading = context.isLoading = never;
      return context;
    };
    api.marksNothing = true;
  }

  // Dash's own script comes after this one, and draws nothing before it is there as a whole
  document.addEventListener("load", function () {
    var api = window.dash_component_api;
    if (api && api.useDashContext && !api.marksNothing) { markNothing(api); }
  }, true);
})();
