// The CSRF cookie is HttpOnly, so the token lives in the page: on <body> for htmx, in each form for plain posts.

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

// A sign-in in another tab rotates it too: this page, fetched again, carries the new one.
export async function refreshCsrfToken() {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" }, redirect: "error" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = JSON.parse(page.body.getAttribute("hx-headers") || "{}")["x-csrftoken"];
  if (token) setCsrfToken(token);
  return Boolean(token);
}
