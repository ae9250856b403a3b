// Components of our own, which dashboard/components describes to Dash.

(function () {
  var near = 300;
  // Who has read for so long finds the rest of the page drawn
  var patience = 1500;

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
    var idle = setTimeout(function () { window.requestIdleCallback(show); }, patience);
    return function () {
      watch.disconnect();
      clearTimeout(idle);
    };
  }

  window.pagewalk_parts = {
    // Text of many elements that React need not know one by one.
    Text: function (props) {
      var inner = { dangerouslySetInnerHTML: { __html: props.html } };
      return window.React.createElement(props.tag, Object.assign({}, props.attributes, inner));
    },

    Later: function (props) {
      var React = window.React;
      var place = React.useRef(null);
      var state = React.useState(false);
      var shown = state[0];
      React.useLayoutEffect(function () {
        var show = function () { state[1](true); };
        if (shown) { return undefined; }
        return isNear(place.current) ? show() : awaitReader(place.current, show);
      }, [shown]);
      var style = shown ? { display: "contents" } : props.room;
      return React.createElement("div", { ref: place, style: style }, shown ? props.children : null);
    },
  };
})();
