// The page: one form, one map, one card.
import { ask, everything, Problem, useToken } from "./ask.js";
import { copyButton, draw, el } from "./card.js";
import { Picture } from "./map.js";
import { language, speak, t } from "./words.js";

const $ = (id) => document.getElementById(id);
const form = $("form");
const fields = ["text", "category", "at", "lon", "lat", "accuracy_m", "datum"];

// What the card shows: the certificate, the report it answers (none when replayed),
// and the case once it is filed.
let shown = null;
let atTouched = false;
let turn = 0; // only the answer to the last question is shown

const picture = new Picture($("map"), ([lon, lat]) => {
  form.lon.value = lon.toFixed(6);
  form.lat.value = lat.toFixed(6);
  form.datum.value = "wgs84";
  if (!form.accuracy_m.value) form.accuracy_m.value = "30";
  clearFaults();
  picture.show([lon, lat], Number(form.accuracy_m.value), null);
  submit();
});

function shanghaiNow() { return new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 16); }

// report reads the form. Its faults are shown beside the fields; null means there are some.
function report() {
  const faults = [], r = {};
  const text = form.text.value.trim();
  if (text) r.text = text;
  if (form.category.value) r.category = form.category.value;
  if (atTouched && form.at.value) r.at = `${form.at.value}:00+08:00`;
  for (const name of ["lon", "lat", "accuracy_m"]) {
    const v = form[name].value.trim();
    if (!v) continue;
    if (!/^[+-]?\d+(\.\d+)?$/.test(v)) faults.push({ at: name, says: t("notNumber") });
    r[name] = Number(v);
  }
  const placed = "lon" in r || "lat" in r;
  if (("lon" in r) !== ("lat" in r)) faults.push({ at: "lon" in r ? "lat" : "lon", says: t("needBoth") });
  if (placed && !form.datum.value) faults.push({ at: "datum", says: t("needDatum") });
  if (placed && form.datum.value) r.datum = form.datum.value;
  if (!placed) delete r.accuracy_m;
  if (!text && !placed) faults.push({ at: "text", says: t("needText") });
  if (!faults.length) return r;
  showFaults(faults);
  return null;
}

function controls(name) { return name === "datum" ? [...form.elements].filter((n) => n.name === "datum") : [$(name)]; }

function clearFaults() {
  $("trouble").hidden = true;
  for (const name of fields) {
    $(`${name}-fault`).hidden = true;
    for (const n of controls(name)) { n.removeAttribute("aria-invalid"); n.removeAttribute("aria-describedby"); }
  }
}

function showFaults(faults, summary) {
  const rest = summary ? [summary] : [];
  let first = null;
  for (const f of faults) {
    const p = fields.includes(f.at) && $(`${f.at}-fault`);
    if (!p) { rest.push(f.says); continue; }
    p.textContent = p.hidden ? f.says : `${p.textContent} ${f.says}`;
    p.hidden = false;
    for (const n of controls(f.at)) { n.setAttribute("aria-invalid", "true"); n.setAttribute("aria-describedby", p.id); first ??= n; }
  }
  $("trouble").replaceChildren(...rest.map((s) => el("p", {}, s)));
  $("trouble").hidden = rest.length === 0;
  first?.focus();
}

function trouble(err) {
  if (!(err instanceof Problem)) throw err;
  if (err.status === 401) return signIn();
  showFaults(err.faults(language()), err.status === 0 ? t("offline") : err.says(language()));
}

async function submit() {
  clearFaults();
  const r = report();
  if (!r) return;
  const mine = ++turn;
  $("submit").textContent = t("asking");
  $("card").setAttribute("aria-busy", "true");
  try {
    const c = await ask(`/v1/locate?lang=${language()}`, { method: "POST", body: r });
    if (mine !== turn) return;
    history.replaceState(null, "", location.pathname + location.search);
    shown = { certificate: c, report: { ...r, at: c.asked.at } };
    show();
  } catch (err) {
    if (mine === turn) trouble(err);
  } finally {
    $("submit").textContent = t("submit");
    $("card").removeAttribute("aria-busy");
  }
}

function show({ quietly = false } = {}) {
  const c = shown.certificate;
  $("welcome").hidden = true;
  draw($("card"), c, { file: filing(), replayed: !shown.report });
  const accuracy = c.asked.accuracy_m || c.asked.matched?.error_m || 0;
  picture.show(c.point?.coordinates, accuracy, c.place?.street.code);
  if (quietly) return;
  if (c.point) picture.goTo(c.point.coordinates, Math.max(2400, accuracy * 8));
  $("live").textContent = t("ready")(t(c.standing), c.lead?.name ?? t("nobody"));
  const narrow = matchMedia("(max-width: 60rem)").matches;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (narrow) $("answer").scrollIntoView({ behavior: still ? "auto" : "smooth" });
}

// filing is the part of the card that files the case.
function filing() {
  if (!shown.report) return null;
  const box = el("div", { class: "filing" });
  if (shown.filed) {
    box.append(el("p", { class: "done", role: "status" }, el("strong", {}, t(shown.existing ? "wasFiled" : "filed")), " ",
      el("code", { id: "case-id" }, shown.filed), copyButton(shown.filed, t("filed")), el("small", {}, ` ${t("again")}`)));
    return box;
  }
  shown.key ??= `web-${crypto.randomUUID()}`;
  const button = el("button", { type: "button", class: "primary", id: "file" }, t("file"));
  const says = el("p", { class: "fault", role: "alert", hidden: true });
  button.addEventListener("click", async () => {
    const current = shown;
    button.disabled = true;
    button.textContent = t("filing");
    says.hidden = true;
    try {
      const filed = await ask("/v1/cases", { method: "POST", body: { ...current.report, key: current.key, source: "web" } });
      current.filed = filed.id;
      if (current === shown) { box.replaceWith(filing()); $("case-id").parentElement.querySelector("button").focus(); }
    } catch (err) {
      button.disabled = false;
      button.textContent = t("file");
      if (!(err instanceof Problem)) throw err;
      if (err.status === 401) { signIn(); return; }
      says.textContent = [err.status ? err.says(language()) : t("offline"), ...err.faults(language()).map((f) => f.says)].join(" ");
      says.hidden = false;
    }
  });
  box.append(button, says);
  return box;
}

async function replay(id) {
  const mine = ++turn;
  try {
    const c = await ask(`/v1/certificates/${encodeURIComponent(id)}?lang=${language()}`);
    if (mine !== turn) return;
    shown = { certificate: c };
    show();
  } catch (err) { trouble(err); }
}

// The whole certificate is asked for again, so that no card mixes languages.
async function switchLanguage() {
  const to = language() === "zh" ? "en" : "zh";
  const mine = ++turn;
  let c = null;
  if (shown) {
    try {
      c = await ask(`/v1/certificates/${encodeURIComponent(shown.certificate.id)}?lang=${to}`);
    } catch (err) { trouble(err); return; }
    if (mine !== turn) return;
  }
  speak(to);
  $("live").textContent = "";
  clearFaults();
  dress();
  if (c) { shown.certificate = c; show({ quietly: true }); }
}

// dress writes what speak cannot: the switch, the categories, the map, the examples.
function dress() {
  const b = $("language");
  b.textContent = language() === "zh" ? "English" : "中文";
  b.lang = language() === "zh" ? "en" : "zh-Hans";
  fillCategories();
  picture.label();
  $("examples").replaceChildren(...["example1", "example2", "example3"].map((k) => el("li", {},
    el("button", { type: "button", class: "example", lang: "zh-Hans", onclick: () => { form.reset(); form.text.value = t(k); submit(); } }, t(k)))));
}

let categories = [];

function fillCategories() {
  const select = form.category, chosen = select.value;
  while (select.children.length > 1) select.lastChild.remove();
  const byGroup = Map.groupBy(categories, (c) => (language() === "en" && c.group_en) || c.group || t("other"));
  for (const [label, list] of byGroup) {
    select.append(el("optgroup", { label }, list.map((c) => el("option", { value: c.code }, language() === "en" && c.name_en ? c.name_en : c.name))));
  }
  select.value = chosen;
}

function signIn(failed) {
  const dialog = $("sign-in");
  $("token-fault").textContent = t("badToken");
  $("token-fault").hidden = !failed;
  if (!dialog.open) dialog.showModal();
}

let loading = false;

async function load() {
  if (loading) return;
  loading = true;
  try {
    const [version, list] = await Promise.all([ask("/v1/version"), everything("/v1/categories")]);
    $("demo").hidden = !version.demo;
    categories = list;
    fillCategories();
    await picture.load();
    const id = decodeURIComponent(location.hash.slice(1));
    if (id.startsWith("wg")) await replay(id);
    else if (shown) show({ quietly: true });
  } catch (err) { trouble(err); } finally { loading = false; }
}

form.addEventListener("submit", (e) => { e.preventDefault(); submit(); });
form.addEventListener("reset", () => setTimeout(() => {
  atTouched = false;
  form.at.value = shanghaiNow();
  clearFaults();
}));
form.at.addEventListener("input", () => { atTouched = true; });
form.text.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); submit(); }
});
// A pair pasted into one field ("121.5344,31.2592") fills both.
for (const name of ["lon", "lat"]) {
  form[name].addEventListener("paste", (e) => {
    const m = /^\s*(\d+\.\d+)\s*[,，;\s]\s*(\d+\.\d+)\s*$/.exec(e.clipboardData.getData("text"));
    if (!m) return;
    e.preventDefault();
    [form.lon.value, form.lat.value] = m.slice(1);
  });
}
$("sign-in-form").addEventListener("submit", async (e) => {
  e.preventDefault();
  useToken($("token").value.trim());
  try {
    await ask("/v1/version");
  } catch (err) { signIn(err.status === 401); return; }
  $("token").value = "";
  $("sign-in").close();
  load();
});
$("language").addEventListener("click", switchLanguage);
$("zoom-in").addEventListener("click", () => picture.zoom(1 / 1.5));
$("zoom-out").addEventListener("click", () => picture.zoom(1.5));
$("zoom-all").addEventListener("click", () => picture.ready && picture.whole());
addEventListener("hashchange", () => { const id = decodeURIComponent(location.hash.slice(1)); if (id.startsWith("wg")) replay(id); });

form.at.value = shanghaiNow();
speak(language());
dress();
load();
