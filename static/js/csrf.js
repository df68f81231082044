// The CSRF cookie is HttpOnly, so the token lives in the page: on <body> for htmx, in each form for plain posts.
import { WHO } from "./ours.js";

function headers() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}");
}

export function csrfToken() {
  return headers()["x-csrftoken"] ?? "";
}

// Signing in rotates the token; everything already on the page must carry the new one.
export function setCsrfToken(token) {
  document.body.setAttribute("hx-headers", JSON.stringify({ ...headers(), "x-csrftoken": token }));
  for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.value = token;
}

// A sign-in in another tab rotates it, and the offline shell has none: a page fetched now carries it, and says who is
// signed in. Without a session the sign-in page does. Returns {renewed, who}; throws when nobody answers.
export async function refreshCsrfToken() {
  let page = await pageAt(window.location.href);
  page ??= await pageAt(document.getElementById("sign-in")?.dataset.signInUrl ?? "/");
  const token = JSON.parse(page?.body.getAttribute("hx-headers") || "{}")["x-csrftoken"];
  if (token) setCsrfToken(token);
  return { renewed: Boolean(token), who: page?.body.dataset.associate ?? "" };
}

async function pageAt(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (answer.status >= 500 || !answer.headers.has(WHO)) throw new Error(`The server answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.body.hasAttribute("hx-headers") ? page : null;
}
