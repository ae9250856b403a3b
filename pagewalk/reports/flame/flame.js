"use strict";
// Draws the tree in #profile as an icicle, root at the top. Only frames wider than half a pixel exist as elements.
(() => {
  const data = JSON.parse(document.getElementById("profile").textContent);
  const graph = document.getElementById("graph");
  const told = document.getElementById("told");
  const search = document.getElementById("search");
  const side = document.getElementById("side");
  const differential = data.before !== "";
  const ROW = 19;
  const SLIVER = 0.5;

  const unpack = ([name, before, after, children], parent, depth) => {
    const frame = { name: data.names[name], before, after, parent, depth };
    frame.children = children.map((child) => unpack(child, frame, depth + 1));
    return frame;
  };
  const top = unpack(data.tree, null, 0);
  let zoomed = top;
  let here = top;
  let shown = new Map();

  document.getElementById("sides").hidden = !differential;
  if (differential) {
    side.options[0].textContent = `after: ${data.after}`;
    side.options[1].textContent = `before: ${data.before}`;
  }

  const weight = (frame) => (side.value === "base" ? frame.before : frame.after);
  const share = (part, whole) => (whole ? part / whole : 0);
  const percent = (value) => `${(100 * value).toFixed(value < 0.1 ? 2 : 1)} %`;
  const gain = (frame) => share(frame.after, top.after) - share(frame.before, top.before);

  // Blue for less and orange for more can be told apart by colour-blind people; the sign is in the words.
  const colour = (frame) => {
    if (!differential) {
      let hash = 0;
      for (const letter of frame.name) hash = (hash * 31 + letter.codePointAt(0)) | 0;
      return `hsl(${30 + (Math.abs(hash) % 28)} 85% ${70 + (Math.abs(hash >> 8) % 12)}%)`;
    }
    const strength = Math.min(1, Math.abs(gain(frame)) / 0.1);
    return gain(frame) > 0 ? `hsl(28 95% ${94 - 34 * strength}%)` : `hsl(212 85% ${94 - 34 * strength}%)`;
  };

  const words = (frame) => {
    const after = `${frame.after} samples, ${percent(share(frame.after, top.after))}`;
    if (!differential) return `${frame.name} — ${after}`;
    const points = `${gain(frame) < 0 ? "−" : "+"}${Math.abs(100 * gain(frame)).toFixed(2)} pp`;
    return `${frame.name} — ${percent(share(frame.before, top.before))} → ${percent(share(frame.after, top.after))} (${points})`;
  };

  const matcher = () => {
    const text = search.value;
    if (!text) return null;
    if (text.length > 2 && text.startsWith("/") && text.endsWith("/")) {
      try {
        const pattern = new RegExp(text.slice(1, -1), "i");
        return (frame) => pattern.test(frame.name);
      } catch {
        return () => false;
      }
    }
    const wanted = text.toLowerCase();
    return (frame) => frame.name.toLowerCase().includes(wanted);
  };

  // Samples below frames that match; a match below a match counts once.
  const matched = (frame, match) =>
    match(frame) ? weight(frame) : frame.children.reduce((sum, child) => sum + matched(child, match), 0);

  const ancestors = (frame) => (frame.parent ? [...ancestors(frame.parent), frame.parent] : []);

  const draw = () => {
    const match = matcher();
    const width = graph.clientWidth;
    const pieces = document.createDocumentFragment();
    let deepest = 0;
    shown = new Map();
    const place = (frame, left, wide) => {
      if (wide < SLIVER) return;
      deepest = Math.max(deepest, frame.depth);
      const element = document.createElement("div");
      element.className = "frame";
      if (match && match(frame)) element.classList.add("found");
      if (frame === here) element.classList.add("here");
      if (frame.depth < zoomed.depth) element.classList.add("dim");
      element.style.left = `${left}px`;
      element.style.width = `${wide}px`;
      element.style.top = `${frame.depth * ROW}px`;
      element.style.background = colour(frame);
      element.textContent = wide > 24 ? frame.name : "";
      element.title = words(frame);
      shown.set(element, frame);
      pieces.append(element);
      if (frame.depth < zoomed.depth) return;
      let at = left;
      for (const child of frame.children) {
        const own = (wide * weight(child)) / (weight(frame) || 1);
        place(child, at, own);
        at += own;
      }
    };
    for (const frame of ancestors(zoomed)) place(frame, 0, width);
    place(zoomed, 0, width);
    graph.replaceChildren(pieces);
    graph.style.height = `${(deepest + 1) * ROW}px`;
    if (match) {
      told.textContent = `${percent(share(matched(top, match), weight(top)))} of samples match ${search.value}`;
    } else {
      told.textContent = weight(top) ? words(here) : "no samples on this side";
    }
  };

  // The graph as it is on screen, on a canvas: text that does not fit is cut as in the page.
  const picture = () => {
    const scale = 2;
    const canvas = document.createElement("canvas");
    canvas.width = graph.clientWidth * scale;
    canvas.height = graph.clientHeight * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.font = "12px ui-monospace, monospace";
    for (const [element, frame] of shown) {
      const box = [element.offsetLeft, element.offsetTop, element.offsetWidth - 1, ROW - 1];
      pen.save();
      pen.beginPath();
      pen.rect(...box);
      pen.clip();
      pen.fillStyle = colour(frame);
      pen.fillRect(...box);
      pen.fillStyle = "#1a2027";
      pen.fillText(element.textContent, box[0] + 3, box[1] + 13);
      pen.restore();
    }
    canvas.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = "pagewalk-flame.png";
      link.click();
      URL.revokeObjectURL(link.href);
    });
  };

  const go = (frame) => {
    if (!frame) return;
    here = frame;
    draw();
  };
  const zoom = (frame) => {
    zoomed = frame;
    go(frame);
  };

  graph.addEventListener("click", (event) => shown.has(event.target) && zoom(shown.get(event.target)));
  graph.addEventListener("mouseover", (event) => {
    if (shown.has(event.target) && !search.value) told.textContent = words(shown.get(event.target));
  });
  graph.addEventListener("keydown", (event) => {
    const siblings = here.parent ? here.parent.children : [here];
    const at = siblings.indexOf(here);
    const widest = [...here.children].sort((one, other) => weight(other) - weight(one))[0];
    const moves = {
      ArrowDown: () => go(widest),
      ArrowUp: () => go(here.parent),
      ArrowLeft: () => go(siblings[at - 1]),
      ArrowRight: () => go(siblings[at + 1]),
      Enter: () => zoom(here),
      Escape: () => zoom(top),
    };
    if (event.key in moves) {
      event.preventDefault();
      moves[event.key]();
    }
  });
  document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("reset").addEventListener("click", () => zoom(top));
  document.getElementById("picture").addEventListener("click", picture);
  search.addEventListener("input", draw);
  side.addEventListener("change", draw);
  window.addEventListener("resize", draw);
  draw();
})();
