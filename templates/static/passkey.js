// Passkeys (Web Authentication, Level 3): asks the browser to make one or to
// use one, and sends its answer with the form of the page that asked. Forms
// that need it are hidden until it has found out that this browser can.

const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0));

const text = buffer => btoa(Array.from(new Uint8Array(buffer), b => String.fromCharCode(b)).join(""))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// options asks for what a passkey is to be made or used by. Each is good for
// one answer.
async function options(form) {
  const said = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams() });
  if (said.redirected) { // to sign in, or to prove it once more
    location.assign(said.url);
    return new Promise(() => {});
  }
  const answer = await said.json();
  if (!said.ok) throw new Error(answer.detail);
  const options = answer.publicKey;
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const known of [...options.allowCredentials ?? [], ...options.excludeCredentials ?? []]) known.id = bytes(known.id);
  return options;
}

function send(form, credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  form.elements.answer.value = JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  });
  form.submit();
}

let offered; // what the list of the username's field may answer: { stop, since }

// offer lets the list of the username's field offer passkeys, too.
async function offer(form) {
  if (!await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
  offered?.stop.abort();
  const mine = offered = { stop: new AbortController(), since: Date.now() };
  try {
    const publicKey = await options(form);
    send(form, await navigator.credentials.get({ publicKey, mediation: "conditional", signal: mine.stop.signal }));
  } catch {
    // It was only an offer; the button says what is wrong.
  }
}

async function press(form) {
  const button = form.querySelector("button");
  const reasons = [...form.querySelectorAll("[data-why]")];
  for (const reason of reasons) reason.hidden = true;
  button.disabled = true;
  offered?.stop.abort();
  try {
    const publicKey = await options(form);
    const credential = form.dataset.passkey === "make" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
    send(form, credential);
  } catch (error) {
    const known = error.name === "InvalidStateError" && reasons.find(r => r.dataset.why === "known");
    const reason = known || reasons.find(r => r.dataset.why === "other");
    if (error.constructor === Error && error.message) reason.textContent = error.message; // ours, in words
    reason.hidden = false;
    button.disabled = false;
    if (form.dataset.offer) offer(form);
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", event => {
      event.preventDefault();
      press(form);
    });
    if (form.dataset.offer) {
      offer(form);
      addEventListener("focus", () => { // a page that was left alone for long
        if (Date.now() - offered?.since > 4 * 60 * 1000) offer(form);
      });
    }
  }
  for (const hint of document.querySelectorAll("[data-without]")) hint.hidden = true;
}
