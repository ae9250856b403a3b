// Which page is seen. Dash puts pages into rooms; a page that stays stands by in its own while another is seen.

(function () {
  var PASSING = "passing", AHEAD = "pw-ahead";
  // Milliseconds of quiet after which whoever came back reads: time to look whether the page has grown old
  var CALM = 1000;
  var steps = ["_dashprivate_pushstate", "popstate"];
  // Their elements, by name; nothing else, since a path may be any word
  var rooms = Object.create(null);
  // Rooms that were filled, or asked for, before anybody came
  var ahead = Object.create(null);
  var seen = "", followed = null;
  var giveUp = null;

  function nameOf(path) {
    var name = path.slice(1);
    return rooms[name] ? name : PASSING;
  }

  function stands(name) {
    return name !== PASSING && rooms[name].querySelector("h1") !== null;
  }

  function mark(path) {
    document.querySelectorAll("#nav > span").forEach(function (entry) {
      var here = entry.firstElementChild.getAttribute("href") === path;
      entry.className = here ? "pw-here" : "";
      if (here) { entry.setAttribute("aria-current", "page"); } else { entry.removeAttribute("aria-current"); }
    });
  }

  // A page that does not stay may watch something every second, which nobody sees any more.
  function tidy(stood) {
    Object.keys(rooms).forEach(function (name) {
      if (name !== seen) { window.pagewalk_parts.restTables(rooms[name]); }
    });
    if (seen === PASSING) { return; }
    window.dash_clientside.set_props("passing-room", { children: null });
    if (stood) { window.dash_clientside.set_props("returned", { data: Date.now() }); }
  }

  // Shows the page at a path, which has just come into its room, or stood there.
  function show(path, stood) {
    if (!seen) { buildAhead(); }
    seen = nameOf(path);
    Object.keys(rooms).forEach(function (name) { rooms[name].classList.toggle("pw-away", name !== seen); });
    rooms[seen].classList.remove(AHEAD);
    mark(path);
    if (giveUp) { giveUp(); }
    giveUp = window.pagewalk_parts.whenQuiet(CALM, function () { tidy(stood); });
  }

  function ask(name, path, query) {
    window.dash_clientside.set_props(name + "-room-asked", { data: { path: path, query: query } });
  }

  function askHere(name) { ask(name, window.location.pathname, window.location.search); }

  // A page that stays takes long to build, and little to change. While somebody reads, those that nobody has been
  // on yet are built as they are without a query, one after the other.
  function buildAhead(before) {
    window.pagewalk_parts.whenQuiet(CALM, function () {
      if (before) { rooms[before].classList.remove(AHEAD); }
      var name = Object.keys(rooms).find(function (one) { return one !== PASSING && !stands(one) && !ahead[one]; });
      if (!name) { return; }
      ahead[name] = true;
      rooms[name].classList.add(AHEAD);
      ask(name, "/" + name, "");
      buildAhead(name);
    });
  }

  // What the page has to ask the server goes out first: the browser draws thousands of elements while it waits. Dash
  // asks in the turn after the one in which it is told, and it is told after this.
  function showAfter(turns, path) {
    if (turns) { setTimeout(showAfter, 0, turns - 1, path); return; }
    if (path === followed && nameOf(path) !== seen) { show(path, true); }
  }

  // Another address of the same page is that page's own affair
  function follow() {
    var path = window.location.pathname;
    var name = nameOf(path);
    if (path === followed) { return; }
    followed = path;
    if (!stands(name)) { askHere(name); } else { showAfter(2, path); }
  }

  steps.forEach(function (step) { window.addEventListener(step, follow); });

  // What stands in a room measures itself as soon as it is there: React would show the room only after that
  function Room(props) {
    var place = window.React.useRef(null);
    window.React.useLayoutEffect(function () {
      rooms[props.name] = place.current;
      return function () { delete rooms[props.name]; };
    }, [props.name]);
    return window.React.createElement("div", { ref: place, className: "pw-away" }, props.children);
  }

  window.pagewalk_parts = Object.assign(window.pagewalk_parts || {}, {
    Room: Room,

    // A page that stood by is come back to, at the address that it shows or at another.
    resume: function (name, isSame) {
      if (rooms[name]) { window.pagewalk_parts.resumeTables(rooms[name], isSame); }
    },
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.pagewalk = Object.assign({}, window.dash_clientside.pagewalk, {
    show: show,

    // Asks for the page that the address names: in the beginning, and where it has grown old, which the present
    // version of the results says after a while.
    enter: function (version) {
      var name = nameOf(window.location.pathname);
      var drawn = window.pagewalk_parts.kept(name + "-room-drawn");
      if (followed === null) { follow(); } else if (stands(name) && drawn.data !== version) { askHere(name); }
      return window.dash_clientside.no_update;
    },
  });
})();
