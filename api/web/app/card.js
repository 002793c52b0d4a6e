// The certificate as a card.
import { language, t } from "./words.js";

// el makes an element; a property that is null or false is left out.
export function el(tag, props = {}, ...children) {
  const n = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (v === null || v === undefined || v === false) continue;
    if (k.startsWith("on")) n.addEventListener(k.slice(2), v);
    else n.setAttribute(k, v === true ? "" : v);
  }
  n.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return n;
}

const han = /[\u3400-\u9fff\u3007]+/gu;

// said marks Chinese names inside an English sentence, for those who listen.
export function said(text) {
  if (language() === "zh" || !text) return [text ?? ""];
  const out = [];
  let from = 0;
  for (const m of text.matchAll(han)) {
    if (m.index > from) out.push(text.slice(from, m.index));
    out.push(el("span", { lang: "zh-Hans" }, m[0]));
    from = m.index + m[0].length;
  }
  out.push(text.slice(from));
  return out;
}

export function when(stamp) {
  if (!stamp) return "";
  const d = new Date(stamp);
  const locale = language() === "zh" ? "zh-CN" : "en-GB";
  return new Intl.DateTimeFormat(locale, {
    timeZone: "Asia/Shanghai", year: "numeric", month: language() === "zh" ? "long" : "short", day: "numeric",
    weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(d);
}

const metres = (m) => (m < 10 ? m.toFixed(1) : Math.round(m).toLocaleString("en").replaceAll(",", "\u202f"));
const percent = (share) => (share > 0 && share < 0.01 ? "<1%" : `${Math.round(share * 100)}%`);

// Each standing has its shape as well as its colour.
const shapes = {
  settled: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm3.3 4.3-4.4 4.5-2.2-2.2-1.1 1.1 3.3 3.3 5.5-5.6Z",
  contested: "M8 .5 15.5 8 8 15.5.5 8Zm-.8 4v4.5h1.6V4.5Zm0 5.6v1.7h1.6v-1.7Z",
  outside: "M8 1.5 15.5 14.5H.5Z",
  unlocated: "M1.5 1.5h13v13h-13Zm1.7 1.7v9.6h9.6V3.2Z",
};

function badge(standing) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", shapes[standing] ?? shapes.unlocated);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return el("p", { class: `badge ${standing}` }, svg, t(standing));
}

const row = (name, ...what) => el("div", { class: "row" }, el("dt", {}, name), el("dd", {}, ...what));

function placeRow(c) {
  if (!c.place) return null;
  const path = [c.place.district.name, c.place.street.name].flatMap((n) => [...said(n), el("span", { class: "sep", "aria-hidden": "true" }, " › ")]);
  return row(t("place"), el("span", { id: "place" }, ...path, t("cell"), " ", el("code", {}, c.place.cell.code)));
}

function edgeRows(c) {
  const e = c.edge, o = e?.other;
  if (!e || !c.place) return [];
  const rows = [row(t("edge"), ...said(t("edgeSays")(metres(e.distance_m), e.along, o?.name)))];
  if (o && (o.share > 0 || c.standing === "contested")) {
    const says = t(c.asked.matched?.how === "road" ? "roadPart" : "runnerUpSays");
    rows.push(row(t("runnerUp"), ...said(says(o.name, percent(o.share))),
      el("meter", { min: 0, max: 1, value: o.share, "aria-label": t("runnerUp") }),
      ...(o.lead ? [el("br"), ...said(t("runnerUpLead")(o.lead.name))] : [])));
  }
  return rows;
}

function beyondRow(c) {
  const b = c.outside;
  if (!b) return null;
  const parts = [];
  if (b.nearest) parts.push(...said(t("beyondSays")(b.nearest.name, metres(b.distance_m))));
  if (b.hand_over) parts.push(el("br"), ...said(t("handOver")(b.hand_over)));
  return row(t("beyond"), ...parts);
}

function hotspotRow(c) {
  if (!c.hotspots.length) return null;
  return row(t("hotspots"), el("ul", { class: "spots" }, c.hotspots.map((h) => {
    const permits = h.kind === "diversion" || h.kind === "resource";
    const state = permits ? (h.open ? "open" : "closed") : (h.open ? "inForce" : "notInForce");
    return el("li", {},
      el("strong", {}, ...said(h.name)), " ",
      el("span", { class: `tag ${h.open ? "on" : "off"}` }, t(state)), " ",
      el("small", {}, `${t("kind")[h.kind] ?? h.kind} · ${h.distance_m > 0 ? t("away")(metres(h.distance_m)) : t("inside")}`),
      h.why ? el("div", { class: "why" }, ...said(h.why)) : null);
  })));
}

function categoryRow(c) {
  if (!c.category) return null;
  return row(t("categoryIs"), ...said(c.category.name), c.category.proposed ? el("small", {}, ` · ${t("proposed")}`) : null);
}

function foundRow(c) {
  const m = c.asked.matched;
  if (!m) return null;
  return row(t("foundBy"), `${t("how")[m.how] ?? m.how} `, ...said(m.label), el("small", {}, ` ± ${metres(m.error_m)} m · ${t("sureTo")(percent(m.confidence))}`));
}

function questionRow(c) {
  return c.question ? row(t("askCaller"), el("strong", { id: "question" }, ...said(c.question))) : null;
}

function steps(c) {
  return el("ol", { class: "steps" }, c.steps.map((s) => el("li", { class: s.won === undefined ? null : s.won ? "won" : "lost" },
    s.won === undefined ? null : el("span", { class: "mark" }, el("span", { "aria-hidden": "true" }, s.won ? "✓" : "✕"), el("span", { class: "unseen" }, s.won ? t("won") : t("lost"))),
    ...said(s.says))));
}

export function copyButton(text, name) {
  const b = el("button", { type: "button", class: "small", "aria-label": `${t("copy")} · ${name}` }, t("copy"));
  b.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      b.textContent = t("copied");
    } catch { // no clipboard here: mark the text, so that a key can copy it
      getSelection().selectAllChildren(b.previousElementSibling);
    }
  });
  return b;
}

// draw fills the card; file, when given, is the element that files the case.
export function draw(card, c, { file, replayed }) {
  card.className = `card ${c.standing}`;
  card.replaceChildren(
    el("header", {},
      badge(c.standing),
      el("div", { class: "who" },
        el("h3", {}, el("span", { class: "over" }, t("lead")), el("strong", { id: "lead" }, ...(c.lead ? said(c.lead.name) : [t("nobody")]))),
        c.lead && !c.duty ? el("p", { class: "soft" }, t("lastResort")) : null),
      el("dl", { class: "facts" },
        row(t("assist"), ...(c.assist.length ? [el("ul", { class: "chips" }, c.assist.map((u) => el("li", {}, ...said(u.name))))] : [t("nobody")])),
        row(t("due"), c.due ? el("time", { datetime: c.due }, when(c.due)) : t("noDue")))),
    el("blockquote", { id: "paragraph" }, el("p", {}, ...said(c.text)), el("footer", {}, t("say"))),
    el("dl", { class: "facts" }, [questionRow(c), placeRow(c), ...edgeRows(c), beyondRow(c), hotspotRow(c), categoryRow(c), foundRow(c),
      c.basis ? row(t("basis"), ...said(c.basis)) : null].filter(Boolean)),
    file ?? el("span"),
    el("section", {}, el("h4", {}, t("steps")), steps(c)),
    el("footer", { class: "proof" },
      el("p", {}, el("span", { class: "over" }, t("certificate")), el("code", { id: "certificate-id" }, c.id), copyButton(c.id, t("certificate")),
        el("a", { href: `?lang=${language()}#${c.id}`, id: "replay" }, t("replay"))),
      el("p", { class: "soft" }, replayed ? `${t("replayed")}. ` : "", `${t("version")}: `,
        `${t("versionMap")} ${c.version.map} · ${t("versionDuties")} ${c.version.duties} · ${t("versionCalendar")} ${c.version.calendar}`)));
  card.hidden = false;
}
