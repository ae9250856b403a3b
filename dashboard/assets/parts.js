// Components of our own, which dashboard/components describes to Dash.

(function () {
  var near = 300;
  // Who has read for so long finds the rest of the page drawn
  var patience = 1500;
  // Steps of what is drawn later
  var WAITING = 0, DRAWING = 1, DRAWN = 2;

  function isNear(node) {
    var box = node.getBoundingClientRect();
    return box.width > 0 && box.top < window.innerHeight + near && box.bottom > -near;
  }

  // Calls show once the node is near the window, or nobody has moved for a while; returns what ends that.
  function awaitReader(node, show) {
    var watch = new IntersectionObserver(function (entries) {
      if (entries.some(function (entry) { return entry.isIntersecting; })) { show(); }
    }, { rootMargin: near + "px" });
    watch.observe(node);
    var idle = null;
    function wait() { idle = setTimeout(function () { window.requestIdleCallback(draw); }, patience); }
    // Nobody reads a page that stands by
    function draw() { if (node.closest(".pw-away")) { wait(); } else { show(); } }
    wait();
    return function () {
      watch.disconnect();
      clearTimeout(idle);
    };
  }

  // What is drawn may have to be loaded first. Until it is there it keeps its room: what lies below would come
  // near without, and be drawn as well.
  function awaitHeight(node, go) {
    var frame = null;
    function look() {
      var content = node.firstElementChild;
      if (content && content.getBoundingClientRect().height > 0) { go(); } else { frame = requestAnimationFrame(look); }
    }
    look();
    return function () { cancelAnimationFrame(frame); };
  }

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

    Later: function (props) {
      var React = window.React;
      var place = React.useRef(null);
      var state = React.useState(WAITING);
      var step = state[0];
      React.useLayoutEffect(function () {
        var node = place.current;
        if (step === WAITING) {
          var show = function () { state[1](DRAWING); };
          return isNear(node) ? show() : awaitReader(node, show);
        }
        return step === DRAWING ? awaitHeight(node, function () { state[1](DRAWN); }) : undefined;
      }, [step]);
      var style = step === DRAWN ? { display: "contents" } : props.room;
      return React.createElement("div", { ref: place, style: style }, step === WAITING ? null : props.children);
    },
  });
})();
