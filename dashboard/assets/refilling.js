// A picker that the page fills anew is put in anew, which shows its value at once. The one that stands there would
// show it in the fourth of four drawings, after the rest of the page, and tell Dash twice of what it has from there.

(function () {
  var KINDS = ["Select", "MultiSelect"];

  function isWithin(identity) {
    var active = document.activeElement;
    return active !== null && active.id === identity;
  }

  function refilled(Picker) {
    function Refilled(props) {
      var known = window.React.useRef({ value: props.value, data: props.data, times: 0 }).current;
      // Whoever chose or types keeps the keyboard where it is
      var isAnew = (props.value !== known.value || props.data !== known.data) && !isWithin(props.id);
      if (isAnew) { known.times += 1; }
      known.value = props.value;
      known.data = props.data;
      // What stands in it is its own affair: the one that comes next would begin with that of the one before
      function tell(news) {
        if (!("value" in news)) { return; }
        known.value = news.value;
        props.setProps(news);
      }
      return window.React.createElement(Picker, Object.assign({}, props, { key: known.times, setProps: tell }));
    }
    return Object.assign(Refilled, Picker, { isRefilled: true });
  }

  // Dash draws nothing before all scripts are there
  document.addEventListener("load", function () {
    var library = window.dash_mantine_components;
    if (!library || library[KINDS[0]].isRefilled) { return; }
    // What the library names cannot be named anew within it
    window.dash_mantine_components = Object.assign({}, library, Object.fromEntries(KINDS.map(function (kind) {
      return [kind, refilled(library[kind])];
    })));
  }, true);
})();
