// Asking the API: the token, and problems as errors.
import { remembered } from "./words.js";

let token = remembered.get("token") ?? "";

export function useToken(value) {
  token = value;
  remembered.set("token", value);
}

// Problem is an answer of application/problem+json; status 0 means no answer came.
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? "no answer");
    this.status = status;
    this.body = body ?? {};
  }
  says(lang) { return (lang === "zh" ? this.body.detail_zh : this.body.detail) ?? ""; }
  faults(lang) {
    return (this.body.faults ?? []).map((f) => ({ at: f.at.replace(/^[/?]/, ""), says: lang === "zh" ? f.says_zh : f.says }));
  }
}

export async function ask(path, { method = "GET", body } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: "omit" });
  } catch {
    throw new Problem(0);
  }
  const said = await answer.json().catch(() => null);
  if (!answer.ok) throw new Problem(answer.status, said);
  return said;
}

// everything reads a list to its last page.
export async function everything(path) {
  const items = [];
  for (let next = path; next;) {
    const page = await ask(next);
    items.push(...(page.items ?? page.features));
    next = page.next;
  }
  return items;
}
