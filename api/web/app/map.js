// A plain picture of the district in SVG: drawn from the API, decides nothing.
import { ask, everything } from "./ask.js";
import { language } from "./words.js";

const NS = "http://www.w3.org/2000/svg";
const backdrops = ["context", "green", "water"];

function svg(tag, attributes = {}, parent) {
  const n = document.createElementNS(NS, tag);
  for (const [k, v] of Object.entries(attributes)) if (v !== null && v !== undefined) n.setAttribute(k, v);
  parent?.append(n);
  return n;
}

// Plane turns degrees into metres on the drawing, y downwards, about a middle.
class Plane {
  constructor([west, south, east, north]) {
    this.lon = (west + east) / 2;
    this.lat = (south + north) / 2;
    this.kx = 111320 * Math.cos(this.lat * Math.PI / 180);
    this.ky = 110880;
  }
  to([lon, lat]) { return [(lon - this.lon) * this.kx, (this.lat - lat) * this.ky]; }
  from(x, y) { return [this.lon + x / this.kx, this.lat - y / this.ky]; }
}

function eachPoint(g, fn) {
  const walk = (c) => (typeof c[0] === "number" ? fn(c) : c.forEach(walk));
  if (g) walk(g.coordinates);
}

// lines gives the rings or lines of a geometry, closed told apart.
function lines(g) {
  switch (g?.type) {
    case "LineString": return [[g.coordinates, false]];
    case "MultiLineString": return g.coordinates.map((l) => [l, false]);
    case "Polygon": return g.coordinates.map((r) => [r, true]);
    case "MultiPolygon": return g.coordinates.flat().map((r) => [r, true]);
  }
  return [];
}

// middle is the centroid of the largest ring.
function middle(g, plane) {
  let best = [0, 0], most = -1;
  for (const [ring] of lines(g)) {
    let a = 0, x = 0, y = 0;
    const ps = ring.map((p) => plane.to(p));
    for (let i = 1; i < ps.length; i++) {
      const w = ps[i - 1][0] * ps[i][1] - ps[i][0] * ps[i - 1][1];
      a += w; x += w * (ps[i - 1][0] + ps[i][0]); y += w * (ps[i - 1][1] + ps[i][1]);
    }
    if (Math.abs(a) > most) [most, best] = [Math.abs(a), [x / (3 * a), y / (3 * a)]];
  }
  return best;
}

export class Picture {
  constructor(root, pick) {
    this.root = root;
    this.pick = pick;
    this.ready = false;
    this.listen();
  }

  // load asks for everything that is drawn and draws it.
  async load() {
    const geo = (path) => everything(path + (path.includes("?") ? "&" : "?") + "f=geojson");
    const layer = (name) => ask(`/v1/basemap/${name}`).then((c) => c.features, () => []); // a map may have no such layer
    const [areas, spots, roads, ...backs] = await Promise.all(
      [geo("/v1/areas?level=street"), geo("/v1/hotspots"), layer("roads"), ...backdrops.map(layer)]);
    this.areas = areas.filter((f) => f.geometry);
    this.spots = spots.filter((f) => f.geometry);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const f of this.areas) eachPoint(f.geometry, ([x, y]) => { box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y); });
    if (!this.areas.length) return;
    this.plane = new Plane(box);
    this.box = box;
    this.root.replaceChildren();
    backdrops.forEach((name, i) => this.shapes(name, backs[i]));
    this.shapes("roads", roads, (f) => f.properties.class);
    this.shapes("areas", this.areas);
    this.drawSpots();
    this.names = svg("g", { class: "names" }, this.root);
    this.mark = svg("g", { class: "mark" }, this.root);
    this.cross = svg("path", { class: "cross" }, this.root);
    this.roads = roads;
    this.ready = true;
    this.label();
    this.whole();
  }

  path(g) {
    return lines(g).map(([ps, closed]) => `M${ps.map((p) => this.plane.to(p).map((v) => v.toFixed(1)).join(" ")).join("L")}${closed ? "Z" : ""}`).join("");
  }

  shapes(name, features, kind = () => "") {
    const g = svg("g", { class: name }, this.root);
    for (const f of features) {
      const d = this.path(f.geometry);
      if (d) svg("path", { d, class: kind(f) || null, "data-id": f.id }, g);
    }
  }

  drawSpots() {
    const g = svg("g", { class: "spots" }, this.root);
    for (const f of this.spots) {
      const reach = f.properties.reach ?? 0;
      let n;
      if (f.geometry.type === "Point") {
        const [cx, cy] = this.plane.to(f.geometry.coordinates);
        n = svg("circle", { cx, cy, r: Math.max(reach, 20), "data-id": f.id }, g);
      } else {
        n = svg("path", { d: this.path(f.geometry), class: f.geometry.type === "LineString" ? "line" : null, "data-id": f.id }, g);
      }
      n.titled = f;
      svg("title", {}, n);
    }
  }

  // label writes names in the page's language.
  label() {
    if (!this.names) return;
    const named = (p) => (language() === "en" && p.name_en) || p.name || "";
    const short = (s) => (language() === "en" ? s.replace(/ (Road )?Subdistrict$/, "") : s);
    this.names.replaceChildren();
    for (const f of this.areas) {
      const [x, y] = middle(f.geometry, this.plane);
      svg("text", { x, y, class: "area" }, this.names).textContent = short(named(f.properties));
    }
    for (const f of this.roads) {
      const ps = f.geometry?.coordinates ?? [];
      if (ps.length < 2 || typeof ps[0][0] !== "number") continue;
      const [x, y] = this.plane.to(ps[Math.floor(ps.length / 2)]);
      svg("text", { x, y, class: "road" }, this.names).textContent = named(f.properties);
    }
    if (this.view) this.size();
    for (const n of this.root.querySelectorAll(".spots > *")) n.firstChild.textContent = named(n.titled.properties);
  }

  // show marks a point with its accuracy circle and its street; null takes the mark away.
  show(point, accuracy, street) {
    if (!this.ready) return;
    this.mark.replaceChildren();
    for (const n of this.root.querySelectorAll(".areas path")) n.classList.toggle("here", n.dataset.id === street);
    if (!point) return;
    const [cx, cy] = this.plane.to(point);
    if (accuracy > 0) svg("circle", { cx, cy, r: accuracy, class: "accuracy" }, this.mark);
    this.pin = svg("circle", { cx, cy, class: "pin" }, this.mark);
    this.size();
  }

  goTo(point, width = 1800) {
    if (!this.ready) return;
    const [x, y] = this.plane.to(point);
    this.view = { x, y, width: Math.max(width, 300) };
    this.apply();
  }

  whole() {
    const [x0, y0] = this.plane.to([this.box[0], this.box[3]]), [x1, y1] = this.plane.to([this.box[2], this.box[1]]);
    const aspect = this.aspect();
    this.full = Math.max(x1 - x0, (y1 - y0) * aspect) * 1.04;
    this.view = { x: (x0 + x1) / 2, y: (y0 + y1) / 2, width: this.full };
    this.apply();
  }

  aspect() {
    const r = this.root.getBoundingClientRect();
    return r.height ? r.width / r.height : 1;
  }

  apply() {
    const v = this.view, height = v.width / this.aspect();
    v.x = Math.min(this.full, Math.max(-this.full, v.x));
    v.y = Math.min(this.full, Math.max(-this.full, v.y));
    this.root.setAttribute("viewBox", `${v.x - v.width / 2} ${v.y - height / 2} ${v.width} ${height}`);
    this.size();
  }

  // size keeps letters and the pin as large as they are on the screen.
  size() {
    const unit = this.view.width / (this.root.getBoundingClientRect().width || 600);
    this.root.style.setProperty("--unit", `${unit}px`);
    this.sift(unit);
    this.pin?.setAttribute("r", 6 * unit);
    const { x, y } = this.view, arm = 9 * unit;
    this.cross.setAttribute("d", `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`);
  }

  // sift hides the names that would lie over one another; the first written stay.
  sift(unit) {
    const kept = [], near = this.view.width < 4200;
    for (const n of this.names.children) {
      const road = n.classList.contains("road"), size = (road ? 10.5 : 12.5) * unit;
      const wide = [...n.textContent].reduce((w, c) => w + (c > "\u2e80" ? 1 : 0.56), 0) * size;
      const box = { x: +n.getAttribute("x"), y: +n.getAttribute("y"), w: wide / 2 + 2 * unit, h: size * 0.7 };
      const hidden = (road && !near) || kept.some((k) => Math.abs(k.x - box.x) < k.w + box.w && Math.abs(k.y - box.y) < k.h + box.h);
      n.classList.toggle("hidden", hidden);
      if (!hidden) kept.push(box);
    }
  }

  zoom(by) {
    if (!this.ready) return;
    this.view.width = Math.min(this.full * 1.5, Math.max(300, this.view.width * by));
    this.apply();
  }

  // at gives the degrees under a place of the window.
  at(clientX, clientY) {
    const r = this.root.getBoundingClientRect(), unit = this.view.width / r.width;
    return this.plane.from(this.view.x + (clientX - r.left - r.width / 2) * unit, this.view.y + (clientY - r.top - r.height / 2) * unit);
  }

  listen() {
    let from = null;
    this.root.addEventListener("pointerdown", (e) => {
      if (!this.ready || e.button !== 0) return;
      from = { x: e.clientX, y: e.clientY, vx: this.view.x, vy: this.view.y, moved: false };
      this.root.setPointerCapture(e.pointerId);
    });
    this.root.addEventListener("pointermove", (e) => {
      if (!from) return;
      const dx = e.clientX - from.x, dy = e.clientY - from.y;
      if (!from.moved && Math.hypot(dx, dy) < 5) return;
      from.moved = true;
      const unit = this.view.width / this.root.getBoundingClientRect().width;
      this.view.x = from.vx - dx * unit;
      this.view.y = from.vy - dy * unit;
      this.apply();
    });
    this.root.addEventListener("pointerup", (e) => {
      if (from && !from.moved) this.pick(this.at(e.clientX, e.clientY));
      from = null;
    });
    this.root.addEventListener("pointercancel", () => { from = null; });
    this.root.addEventListener("wheel", (e) => {
      if (!e.ctrlKey && document.activeElement !== this.root) return; // the page scrolls until the map is entered
      e.preventDefault();
      this.zoom(e.deltaY > 0 ? 1.2 : 1 / 1.2);
    }, { passive: false });
    this.root.addEventListener("keydown", (e) => this.key(e));
    new ResizeObserver(() => { if (this.ready) this.apply(); }).observe(this.root);
  }

  key(e) {
    if (!this.ready || e.ctrlKey || e.metaKey || e.altKey) return;
    const step = this.view.width / 10;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[e.key]) {
      this.view.x += moves[e.key][0];
      this.view.y += moves[e.key][1];
      this.apply();
    } else if (e.key === "+" || e.key === "=") this.zoom(1 / 1.4);
    else if (e.key === "-") this.zoom(1.4);
    else if (e.key === "Enter") this.pick(this.plane.from(this.view.x, this.view.y));
    else return;
    e.preventDefault();
  }
}
