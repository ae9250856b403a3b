// What a person types into a picker of very many things, which dashboard/pages/pickers.py answers. The picker itself
// tells of every text that comes to stand in it, and most come from the page.

(function () {
  function tell(picker, text) {
    var told = picker.id && window.pagewalk_parts.kept(picker.id + "-typed");
    if (told && (told.data || "") !== text) {
      window.dash_clientside.set_props(picker.id + "-typed", { data: text });
    }
  }

  document.addEventListener("input", function (event) { tell(event.target, event.target.value); });
  // Who leaves it finds it the next time as if nothing had been typed
  document.addEventListener("focusout", function (event) { tell(event.target, ""); });
})();
