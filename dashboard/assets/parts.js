// Components of our own, which dashboard/components describes to Dash.

(function () {
  function titleOf(page) {
    var query = new URLSearchParams(window.location.search);
    var pair = [query.get("base"), query.get("head")].filter(Boolean).join(" → ");
    return [pair || query.get("benchmark"), query.get("subject"), page, "pagewalk"].filter(Boolean).join(" · ");
  }

  // Dash tells of its own steps by the first, the browser of its buttons by the second
  var steps = ["_dashprivate_pushstate", "popstate"];

  window.pagewalk_parts = Object.assign(window.pagewalk_parts || {}, {
    // Text of many elements that React need not know one by one.
    Text: function (props) {
      var inner = { dangerouslySetInnerHTML: { __html: props.html } };
      return window.React.createElement(props.tag, Object.assign({}, props.attributes, inner));
    },

    Title: function (props) {
      // Comes with the page itself, so that the page is seen as soon as it is there
      window.React.useLayoutEffect(function () {
        if (window.location.pathname === props.path) { window.dash_clientside.pagewalk.show(props.path); }
      }, [props.path]);
      window.React.useEffect(function () {
        var tell = function () {
          if (window.location.pathname === props.path) { document.title = titleOf(props.page); }
        };
        tell();
        steps.forEach(function (step) { window.addEventListener(step, tell); });
        return function () {
          steps.forEach(function (step) { window.removeEventListener(step, tell); });
        };
      }, [props.page, props.path]);
      return null;
    },
  });
})();
