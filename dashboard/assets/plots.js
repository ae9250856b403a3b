// Dash has plotly measure each new picture again, a tenth of a second after it was drawn. Plotly then draws it
// a second time, though its place is as large as before, and the page asks its server what that means.

(function () {
  function fits(graph) {
    var drawn = graph && graph._fullLayout;
    return Boolean(drawn) && Math.abs(drawn.width - graph.clientWidth) < 1 &&
      Math.abs(drawn.height - graph.clientHeight) < 1;
  }

  function drawOnlyWhatChanged(plots) {
    var resize = plots.resize;
    plots.resize = function (graph) {
      return fits(graph) ? Promise.resolve(graph) : resize(graph);
    };
    plots.drawsOnlyWhatChanged = true;
  }

  // Whoever loads plotly, and when: this runs before the listeners of the script itself
  document.addEventListener("load", function () {
    var plots = window.Plotly && window.Plotly.Plots;
    if (plots && !plots.drawsOnlyWhatChanged) { drawOnlyWhatChanged(plots); }
  }, true);
})();
