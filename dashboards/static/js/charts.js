// Plotly figures come as JSON that names colours by CSS variable: one figure, both modes.
const drawn = new Map();
let figures = {};

function resolveColours(value, style) {
  if (typeof value === "string") {
    const found = /^var\((--[a-z0-9-]+)\)$/.exec(value);
    return found ? style.getPropertyValue(found[1]).trim() : value;
  }
  if (Array.isArray(value)) return value.map((item) => resolveColours(item, style));
  return value;
}

function withColours(node, style) {
  if (Array.isArray(node)) return node.map((item) => withColours(item, style));
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      // Only where a colour belongs: a stranger may be called var(--ink).
      /color/.test(key) ? resolveColours(value, style) : withColours(value, style),
    ]),
  );
}

async function drawChart(node, figure) {
  drawn.set(node, figure);
  const style = getComputedStyle(document.documentElement);
  const { data, layout } = withColours(figure, style);
  layout.font = { ...layout.font, family: getComputedStyle(document.body).fontFamily };
  if (node.clientWidth < 520) narrow(layout);
  await Plotly.react(node, data, layout, {
    displayModeBar: false, responsive: true, scrollZoom: false, showTips: false,
  });
}

function narrow(layout) {
  for (const axis of ["xaxis", "yaxis"]) {
    const title = layout[axis] && layout[axis].title;
    if (title && title.text) title.text = title.text.split(":")[0];
    if (title && title.font) title.font.size = 12;
  }
  // No room for names beside points.
  if (layout.annotations) layout.annotations = layout.annotations.filter(({ name }) => name !== "person");
  if (layout.xaxis && layout.xaxis.nticks) layout.xaxis.nticks = 4;
  if (layout.height > 420) layout.height = 420;
}

function redrawCharts() {
  for (const [node, figure] of drawn) {
    if (node.isConnected) drawChart(node, figure);
    else drawn.delete(node);
  }
}

/** Draws each chart when it comes near the screen. */
function watchCharts() {
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        const { chart } = target.dataset;
        drawChart(target, figures[chart]).then(() => CLICKS[chart] && CLICKS[chart](target));
      }
    },
    { rootMargin: "400px" },
  );
  for (const node of document.querySelectorAll("[data-chart]")) {
    if (!figures[node.dataset.chart]) continue;
    watcher.observe(node);
    node.after(pictureButtons(node, node.dataset.chart));
  }
}

// What a click on a chart leads to.
const CLICKS = {
  room: listenToRoom,
  flood: (node) => leadTo(node, (point) => `#messages?week=${point.customdata}`),
  months: (node) => leadTo(node, (point) => `#messages?month=${point.x}`),
};

function leadTo(node, hashOf) {
  node.on("plotly_click", ({ points }) => { location.hash = hashOf(points[0]); });
}

function pictureButtons(node, name) {
  return el("p", { class: "picture" }, "Save this picture: ", ["png", "svg"].map((format) => {
    const button = el("button", { type: "button", class: "quiet" }, format.toUpperCase());
    button.addEventListener("click", () => savePicture(node, name, format));
    return button;
  }));
}

/** The chart as it is on screen, with its title, on the ground of the mode. */
async function savePicture(node, name, format) {
  if (!drawn.has(node)) await drawChart(node, figures[name]);
  const style = getComputedStyle(document.documentElement);
  const { data, layout } = withColours(structuredClone(drawn.get(node)), style);
  const legend = layout.showlegend === false || data.length < 2 ? 0 : 28;
  const url = await Plotly.toImage({
    data,
    layout: {
      ...layout,
      paper_bgcolor: style.getPropertyValue("--surface").trim(),
      font: { ...layout.font, family: getComputedStyle(document.body).fontFamily },
      title: { text: node.dataset.title, x: 0.02, xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { t: 18 }, font: { size: 18 } },
      margin: { ...layout.margin, t: 56 + legend, l: 24, r: 24, b: 24 },
      height: layout.height + 60 + legend,
    },
  }, { format, width: Math.max(720, node.clientWidth), height: layout.height + 60 + legend, scale: format === "png" ? 2 : 1 });
  const blob = format === "svg"
    ? new Blob([decodeURIComponent(url.slice(url.indexOf(",") + 1))], { type: "image/svg+xml" })
    : new Blob([bytesOf(url.slice(url.indexOf(",") + 1))], { type: "image/png" });
  saveBlob(blob, `mememeter-${name}.${format}`);
}

/** Every chart, in light colours, for as long as the page is being printed. */
function printCharts() {
  const root = document.documentElement;
  let before;
  window.addEventListener("beforeprint", () => {
    before = root.dataset.theme;
    root.dataset.theme = "light";
    for (const node of document.querySelectorAll("[data-chart]")) {
      if (figures[node.dataset.chart] && !drawn.has(node)) drawn.set(node, figures[node.dataset.chart]);
    }
    redrawCharts();
  });
  window.addEventListener("afterprint", () => {
    if (before === undefined) delete root.dataset.theme;
    else root.dataset.theme = before;
    redrawCharts();
  });
}

function listenToRoom(node) {
  node.on("plotly_click", ({ points }) => {
    if (points[0].customdata) location.hash = personHref(points[0].customdata);
  });
  byId("whiskers-label").hidden = false;
  byId("whiskers").addEventListener("change", ({ target }) => {
    const figure = drawn.get(node);
    for (const trace of figure.data) {
      for (const bars of [trace.error_x, trace.error_y]) if (bars) bars.visible = target.checked;
    }
    // The whole scale, as intervals reach further than points.
    for (const axis of [figure.layout.xaxis, figure.layout.yaxis]) {
      axis.points = axis.points || axis.range;
      axis.range = target.checked ? [axis.points[0], 104] : axis.points;
    }
    drawChart(node, figure);
  });
}
