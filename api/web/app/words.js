// The page's words in both languages. Sentences of an answer come from the server.
const zh = {
  pageTitle: "网格 · 这件事归谁管",
  skip: "跳到答复", title: "网格", subtitle: "一条上报归谁管、凭什么、何时办结",
  demo: "演示数据", demoNote: "地图为近似值，案件为模拟数据，均不具法律效力。",
  formTitle: "上报", text: "发生了什么，在哪里", textExample: "例如：红房子医院门口有流动摊贩占道",
  category: "类别", byText: "由文字判断", at: "时间（上海）",
  point: "坐标", pointHint: "可不填；也可在下图中点选", lon: "经度", lat: "纬度", accuracy: "精度（米）",
  datum: "坐标来自", gcj02: "高德、腾讯", bd09: "百度", wgs84: "GPS（WGS-84）",
  submit: "查归属", asking: "查询中…", reset: "清空",
  map: "地图", mapLabel: "地图，点选坐标", zoomIn: "放大", zoomOut: "缩小", zoomAll: "全区",
  mapHelp: "点击即取坐标（WGS-84）。键盘：方向键移动，+ − 缩放，回车取十字所在的点。",
  credit: "底图为近似值，部分数据",
  answer: "答复", welcome: "写下来电人的话，或给出一个坐标，即可得到一份可核对、可重放的管辖证书。", try: "试一试",
  signIn: "访问令牌", signInNote: "本服务需要令牌。令牌只保存在此标签页，关闭即忘。", token: "令牌", enter: "进入",
  badToken: "令牌无效。", needText: "请写下情况，或给出坐标。", needDatum: "请选择坐标来自哪里：不同坐标系相差可达数百米。",
  needBoth: "经度与纬度须同时给出。", notNumber: "请填数字，如 121.5344。", offline: "连不上服务，请稍后再试。",
  settled: "归属明确", contested: "归属存疑", outside: "不在本区", unlocated: "未能定位",
  lead: "主办", nobody: "暂无", assist: "协办", due: "办结时限", noDue: "无时限规定", basis: "依据", lastResort: "街镇托底",
  place: "所在", cell: "单元网格", edge: "边界",
  edgeSays: (m, along, other) => `距边界 ${m} 米${along ? `（${along}）` : ""}${other ? `，对面是${other}` : ""}`,
  runnerUp: "另一可能", runnerUpSays: (name, share) => `${name}：误差范围内占 ${share}`, runnerUpLead: (name) => `若在该处，由${name}主办`,
  beyond: "区外", beyondSays: (name, m) => `距最近的${name} ${m} 米`, handOver: (name) => `移交${name}`,
  hotspots: "重点点位", open: "开放", closed: "不开放", inForce: "管控中", notInForce: "不在时段", inside: "在范围内", away: (m) => `相距 ${m} 米`,
  categoryIs: "类别", proposed: "由文字判断", foundBy: "定位依据",
  how: { door: "门牌", crossing: "路口", place: "地名", hotspot: "重点点位", road: "道路", area: "区域" },
  askCaller: "请问来电人", sureTo: (p) => `街道把握 ${p}`, roadPart: (name, p) => `${name}：占该路的 ${p}`,
  kind: { perimeter: "周边", corridor: "沿线", diversion: "疏导点", campus: "校园园区", resource: "共享资源", site: "点位" },
  say: "可读给来电人", steps: "逐步推定", won: "采用", lost: "未采用",
  version: "所据版本", versionMap: "地图", versionDuties: "权责", versionCalendar: "日历",
  certificate: "证书编号", copy: "复制", copied: "已复制", replay: "重放", replayed: "此证书按编号重放",
  file: "立案", filing: "立案中…", filed: "已立案", wasFiled: "此前已立案", again: "同一上报不会重复立案",
  ready: (standing, lead) => `${standing}，主办：${lead}`,
  example1: "红房子医院门口有流动摊贩占道", example2: "控江路1665号有乱张贴", example3: "图们路上有人摆摊", other: "其他",
};

const en = {
  pageTitle: "wangge · who is responsible for this",
  skip: "Skip to the answer", title: "wangge", subtitle: "Who is responsible for a report, by which rule, and by when",
  demo: "Demonstration data", demoNote: "The map is approximate, the cases are synthetic; neither has legal force.",
  formTitle: "Report", text: "What happened, and where", textExample: "In Chinese, for example: street stall at the hospital gate",
  category: "Category", byText: "From the text", at: "Time (Shanghai)",
  point: "Coordinates", pointHint: "optional; or pick a point on the map", lon: "Longitude", lat: "Latitude", accuracy: "Accuracy (m)",
  datum: "They come from", gcj02: "AMap, Tencent", bd09: "Baidu", wgs84: "GPS (WGS-84)",
  submit: "Find the unit", asking: "Asking…", reset: "Clear",
  map: "Map", mapLabel: "Map, pick coordinates", zoomIn: "Zoom in", zoomOut: "Zoom out", zoomAll: "Whole district",
  mapHelp: "Click to take coordinates (WGS-84). Keys: arrows move, + − zoom, Enter takes the point at the cross.",
  credit: "Approximate base map, in part",
  answer: "Answer", welcome: "Write down the caller's words or give a point, and get a certificate that anyone can check and replay.", try: "Try one",
  signIn: "Access token", signInNote: "This service needs a token. It is kept in this tab only and forgotten when the tab closes.", token: "Token", enter: "Enter",
  badToken: "The token is not valid.", needText: "Write what happened, or give coordinates.",
  needDatum: "Say where the coordinates come from: datums differ by hundreds of metres.",
  needBoth: "Longitude and latitude come together.", notNumber: "A number is wanted, like 121.5344.", offline: "The service cannot be reached; try again.",
  settled: "Settled", contested: "Contested", outside: "Outside the district", unlocated: "Not located",
  lead: "Lead", nobody: "None", assist: "Assist", due: "Due", noDue: "No deadline", basis: "Basis", lastResort: "Last resort: the street office",
  place: "Place", cell: "Cell", edge: "Border",
  edgeSays: (m, along, other) => `${m} m to the border${along ? ` (${along})` : ""}${other ? `; beyond it ${other}` : ""}`,
  runnerUp: "Runner-up", runnerUpSays: (name, share) => `${name}: ${share} of the accuracy circle`, runnerUpLead: (name) => `there, ${name} would lead`,
  beyond: "Outside", beyondSays: (name, m) => `${m} m from ${name}, the nearest`, handOver: (name) => `hand over to ${name}`,
  hotspots: "Hotspots", open: "Open", closed: "Closed", inForce: "In force", notInForce: "Not in its hours", inside: "inside", away: (m) => `${m} m away`,
  categoryIs: "Category", proposed: "from the text", foundBy: "Found by",
  how: { door: "house number", crossing: "crossing", place: "place", hotspot: "hotspot", road: "road", area: "area" },
  askCaller: "Ask the caller", sureTo: (p) => `street office sure to ${p}`, roadPart: (name, p) => `${name}: ${p} of that road`,
  kind: { perimeter: "perimeter", corridor: "corridor", diversion: "diversion point", campus: "campus", resource: "resource", site: "site" },
  say: "To read to the caller", steps: "Step by step", won: "taken", lost: "not taken",
  version: "Rests on", versionMap: "map", versionDuties: "duties", versionCalendar: "calendar",
  certificate: "Certificate", copy: "Copy", copied: "Copied", replay: "Replay", replayed: "This certificate was replayed from its id",
  file: "File the case", filing: "Filing…", filed: "Filed", wasFiled: "Filed before", again: "the same report is never filed twice",
  ready: (standing, lead) => `${standing}. Lead: ${lead}`,
  other: "Other",
};
// Examples are what a caller says, and callers speak Chinese.
Object.assign(en, { example1: zh.example1, example2: zh.example2, example3: zh.example3 });

export const words = { zh, en };

// remembered is storage of this tab, or nothing where the browser forbids it.
export const remembered = {
  get(key) { try { return sessionStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { sessionStorage.setItem(key, value); } catch { /* forgotten at once, then */ } },
};

let lang = new URLSearchParams(location.search).get("lang") ?? remembered.get("lang");
if (lang !== "en") lang = "zh";

export const language = () => lang;
export const t = (key) => words[lang][key];

// speak writes the page's own words in a language.
export function speak(to) {
  lang = to;
  remembered.set("lang", lang);
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = t("pageTitle");
  for (const n of document.querySelectorAll("[data-t]")) n.textContent = t(n.dataset.t);
  for (const n of document.querySelectorAll("[data-t-placeholder]")) n.placeholder = t(n.dataset.tPlaceholder);
  for (const n of document.querySelectorAll("[data-t-label]")) n.setAttribute("aria-label", t(n.dataset.tLabel));
}
