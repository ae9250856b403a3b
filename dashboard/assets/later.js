// What is drawn, and asked for, only when somebody looks at it, comes near, or has nothing else to wait for.

(function () {
  // Pixels beyond the window: what shows at the first move, and what is drawn ahead of whoever scrolls
  var EDGE = 64, NEAR = 300;
  // Who has read for so long finds the rest of the page drawn
  var PATIENCE = 1000;

  // Nobody reads a page that stands by, nor what is hidden
  var AWAY = ".pw-away", HIDDEN = "[hidden]";
  var UNSEEN = AWAY + ", " + HIDDEN;

  // Whether its reader sees the node, or will when the page that it stands by on is shown.
  function isSeen(node) {
    var box = node.getBoundingClientRect(), room = node.closest(AWAY);
    var top = room ? room.getBoundingClientRect().top : 0;
    var isNear = box.top - top < window.innerHeight + EDGE && box.bottom - top > -EDGE;
    return box.width > 0 && isNear && !node.closest(HIDDEN);
  }

  // Calls show once somebody scrolls near the node, or nothing has happened for a while; returns what ends that.
  function awaitReader(node, show) {
    var watches = [EDGE, NEAR].map(function (margin) {
      var began = false;
      var watch = new IntersectionObserver(function (entries) {
        // What is near without anybody's doing is not seen yet
        var counts = began || margin === EDGE;
        began = true;
        if (counts && entries.some(function (entry) { return entry.isIntersecting; })) { show(); }
      }, { rootMargin: margin + "px" });
      watch.observe(node);
      return watch;
    });
    var giveUp = null;
    function wait() { giveUp = window.pagewalk_parts.whenQuiet(PATIENCE, draw); }
    function draw() { if (node.closest(UNSEEN)) { wait(); } else { show(); } }
    wait();
    return function () {
      watches.forEach(function (watch) { watch.disconnect(); });
      giveUp();
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

  function Later(props) {
    var React = window.React;
    var place = React.useRef(null), wasDrawn = React.useRef(false);
    // For what its reader has come, and whether anything stands in the place
    var came = React.useState(null), filled = React.useState(false);
    var asks = props.wanted !== undefined;
    var wanted = asks ? props.wanted : props.drawn || "";
    // What comes along with the page and stands there already is there for good
    var isHere = came[0] === wanted || (!asks && wasDrawn.current);
    var isDrawn = isHere && (!asks || props.drawn === wanted);
    wasDrawn.current = wasDrawn.current || isDrawn;

    React.useLayoutEffect(function () {
      if (isHere) { return undefined; }
      // Dash is told first: the children are then those that it has by now, not those that the place came with
      function show() {
        props.setProps({ asked: wanted });
        came[1](wanted);
      }
      // To measure while the page is put together has the browser lay it out once more: only where it is new
      return came[0] === null && isSeen(place.current) ? show() : awaitReader(place.current, show);
    }, [isHere, wanted]);
    React.useLayoutEffect(function () {
      if (!isDrawn || filled[0]) { return undefined; }
      return awaitHeight(place.current, function () { filled[1](true); });
    }, [isDrawn, filled[0]]);

    var attributes = { ref: place, style: props.room };
    if (isDrawn && filled[0]) { attributes.style = { display: "contents" }; }
    // What is no longer true is not shown, and its room is kept
    if (!isDrawn) { attributes.style = Object.assign({}, props.room, { visibility: "hidden" }); }
    if (props.id) { attributes.id = props.id; }
    return React.createElement("div", attributes, wasDrawn.current ? props.children : null);
  }

  window.pagewalk_parts = Object.assign(window.pagewalk_parts || {}, { Later: Later });
})();
