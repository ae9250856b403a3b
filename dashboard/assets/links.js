// Follows links in text as dcc.Link does: the page changes, the document stays.

document.addEventListener("click", function (event) {
  var link = event.target.closest("a[data-followed]");
  var otherwise = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || otherwise || event.defaultPrevented) { return; }
  event.preventDefault();
  window.history.pushState({}, "", link.getAttribute("href"));
  // Dash listens for this
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  window.scrollTo(0, 0);
});
