// The page in a real browser. WANGGE_URL is a server in open mode over the demo map,
// WANGGE_TOKEN_URL one that needs WANGGE_TOKEN; CHROMIUM is the browser to start.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const { WANGGE_URL: url, WANGGE_TOKEN_URL: tokenURL, WANGGE_TOKEN: token, CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sentence = "红房子医院门口有流动摊贩占道";

let browser;
before(async () => { browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] }); });
after(async () => { await browser?.close(); });

// visit opens the page, hands it to fn, and then looks at what went out and what was complained of.
async function visit(options, fn) {
  const { path = "/", ...context } = options;
  const ctx = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context });
  const page = await ctx.newPage();
  const complaints = [], abroad = [];
  page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") complaints.push(m.text()); });
  page.on("pageerror", (e) => complaints.push(String(e)));
  page.on("request", (r) => { const u = new URL(r.url()); if (u.origin !== new URL(url).origin && u.protocol !== "data:") abroad.push(r.url()); });
  try {
    await page.goto(url + path);
    await page.waitForSelector("#map .areas path");
    await fn(page);
    assert.deepEqual(abroad, [], "requests that leave the origin");
    assert.deepEqual(complaints, [], "complaints of the console");
  } finally {
    await ctx.close();
  }
}

async function askText(page, text = sentence) {
  await page.fill("#text", text);
  await page.click("#submit");
  await page.waitForSelector("#card:not([hidden]):not([aria-busy])");
}

const lead = (page) => page.textContent("#lead");

test("a sentence is answered with the street office", () => visit({}, async (page) => {
  await askText(page);
  assert.match(await page.textContent("#place"), /大桥街道/);
  assert.match(await lead(page), /大桥街道/);
  assert.match(await page.textContent("#paragraph"), /大桥街道/);
  assert.ok(await page.locator(".steps li").count() >= 4, "steps");
  assert.equal(await page.locator("#map .areas .here").count(), 1, "its street is marked on the map");
  assert.match(await page.textContent("#live"), /大桥街道/, "it is said aloud");
}));

test("a click on the map sets the coordinates and is answered", () => visit({}, async (page) => {
  await page.locator("#map").scrollIntoViewIfNeeded();
  const box = await page.locator("#map").boundingBox();
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.6);
  await page.waitForSelector("#card:not([hidden]):not([aria-busy])");
  const lon = await page.inputValue("#lon"), lat = await page.inputValue("#lat");
  assert.equal(await page.isChecked("[name=datum][value=wgs84]"), true);
  const answer = await page.request.get(`${url}/v1/locate?lon=${lon}&lat=${lat}&datum=wgs84&accuracy_m=30`);
  const c = await answer.json();
  assert.equal(await lead(page), c.lead.name);
  assert.ok((await page.textContent("#place")).includes(c.place.street.name));
}));

test("dragging the map moves it and asks nothing", () => visit({}, async (page) => {
  const before = await page.getAttribute("#map", "viewBox");
  await page.locator("#map").scrollIntoViewIfNeeded();
  const box = await page.locator("#map").boundingBox();
  await page.mouse.move(box.x + 200, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 260, box.y + 240, { steps: 4 });
  await page.mouse.up();
  assert.notEqual(await page.getAttribute("#map", "viewBox"), before);
  assert.equal(await page.isHidden("#card"), true);
}));

test("coordinates need their datum, and the fault stands beside the field", () => visit({}, async (page) => {
  await page.fill("#lon", "121.5344");
  await page.fill("#lat", "31.2592");
  assert.equal(await page.locator("[name=datum]:checked").count(), 0, "no datum is guessed");
  await page.click("#submit");
  assert.equal(await page.isVisible("#datum-fault"), true);
  assert.equal(await page.evaluate(() => document.activeElement.name), "datum");
  await page.check("[name=datum][value=gcj02]");
  await page.click("#submit");
  await page.waitForSelector("#card:not([hidden])");
  assert.match(await page.textContent("#place"), /大桥街道/);
}));

test("a pasted pair fills both fields", () => visit({}, async (page) => {
  await page.focus("#lon");
  await page.evaluate(() => {
    const d = new DataTransfer();
    d.setData("text", "121.5344, 31.2592");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: d, bubbles: true, cancelable: true }));
  });
  assert.equal(await page.inputValue("#lon"), "121.5344");
  assert.equal(await page.inputValue("#lat"), "31.2592");
}));

// Text of the page that is Chinese and not marked as a Chinese name.
const strayHan = (page) => page.evaluate(() => {
  const out = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    if (!/\p{Script=Han}/u.test(n.data) || n.parentElement.closest("script, noscript, [lang^=zh]:not(html)")) continue;
    out.push(n.data.trim());
  }
  for (const n of document.querySelectorAll("[aria-label], [placeholder], [title], meter, optgroup")) {
    for (const a of ["aria-label", "placeholder", "title", "label"]) {
      const v = n.getAttribute(a);
      if (v && /\p{Script=Han}/u.test(v)) out.push(`${n.tagName} ${a}=${v}`);
    }
  }
  return out;
});

test("English leaves no Chinese but names", () => visit({}, async (page) => {
  await askText(page);
  const chinese = await page.textContent("#paragraph p");
  await page.click("#language");
  await page.waitForFunction((was) => document.querySelector("#paragraph p").textContent !== was, chinese);
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.deepEqual(await strayHan(page), []);
  const names = await page.locator("#card [lang^=zh]").allTextContents();
  for (const name of names) assert.ok([...name].length <= 24 && !/[，。；：]/.test(name), `a name, not a sentence: ${name}`);
  await page.click("#language");
  await page.waitForFunction((was) => document.querySelector("#paragraph p").textContent === was, chinese);
  assert.equal(await page.textContent("#submit"), "查归属");
}));

test("both languages have the same words", () => visit({}, async (page) => {
  const [zh, en] = await page.evaluate(async () => {
    const src = performance.getEntriesByType("resource").map((r) => r.name).find((n) => /\/words\.[0-9a-f]+\.js$/.test(n));
    const { words } = await import(src);
    return [words.zh, words.en].map((w) => Object.keys(w).sort());
  });
  assert.deepEqual(en, zh);
  const used = await page.evaluate(() => ["t", "tPlaceholder", "tLabel"].flatMap((k) => [...document.querySelectorAll("*")].map((n) => n.dataset?.[k]).filter(Boolean)));
  for (const key of used) assert.ok(zh.includes(key), `the page uses ${key}`);
}));

// tabTo presses Tab until the element with an id has the focus.
async function tabTo(page, id) {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate(() => document.activeElement?.id) === id) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reaches #${id}`);
}

test("the keyboard alone asks, files and reads the number", () => visit({}, async (page) => {
  await tabTo(page, "text");
  await page.keyboard.insertText(sentence);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#card:not([hidden])");
  await tabTo(page, "file");
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(ring, "none", "the focus can be seen");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#case-id");
  const id = await page.textContent("#case-id");
  const filed = await (await page.request.get(`${url}/v1/cases/${id}`)).json();
  assert.equal(filed.report.text, sentence);
  assert.equal(filed.certificate.id, await page.textContent("#certificate-id"), "what was shown is what was filed");
}));

test("the keyboard alone picks a point on the map", () => visit({}, async (page) => {
  await tabTo(page, "map");
  for (const key of ["+", "+", "ArrowDown", "ArrowLeft", "Enter"]) await page.keyboard.press(key);
  await page.waitForSelector("#card:not([hidden])");
  assert.match(await page.inputValue("#lon"), /^121\.\d+$/);
}));

test("a certificate is replayed from its address", () => visit({}, async (page) => {
  await askText(page);
  const text = await page.textContent("#paragraph p");
  const href = await page.getAttribute("#replay", "href");
  await visit({ path: `/${href}` }, async (other) => {
    await other.waitForSelector("#card:not([hidden])");
    assert.equal(await other.textContent("#paragraph p"), text);
    assert.equal(await other.locator("#file").count(), 0, "a replay cannot be filed");
  });
}));

for (const colorScheme of ["light", "dark"]) {
  for (const lang of ["zh", "en"]) {
    test(`axe finds nothing serious: ${lang}, ${colorScheme}`, () => visit({ colorScheme, path: `/?lang=${lang}` }, async (page) => {
      await askText(page);
      await page.evaluate(axeSource);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
      assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`), []);
    }));
  }
}

for (const width of [390, 320]) {
  test(`nothing sticks out at ${width} pixels`, () => visit({ viewport: { width, height: 800 } }, async (page) => {
    await askText(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
  }));
}

test("the page asks for a token and forgets it with the tab", { skip: !tokenURL }, async () => {
  const ctx = await browser.newContext();
  const page = await ctx.newPage();
  await page.goto(tokenURL);
  await page.waitForSelector("#sign-in[open]");
  await page.fill("#token", "wrong");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#token-fault:not([hidden])");
  await page.fill("#token", token);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#map .areas path");
  assert.equal(await page.isVisible("#sign-in"), false);
  await askText(page);
  assert.match(await page.textContent("#place"), /大桥街道/);
  const other = await ctx.newPage();
  await other.goto(tokenURL);
  await other.waitForSelector("#sign-in[open]");
  await ctx.close();
});
