/* The list at the door. Each tap gets an id here and waits in this page until the server has named it, so a lost
   network loses nothing while the page stays open, and a tap that was sent twice counts once. ES2017. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-taps]");
  if (!form || !window.fetch || !window.crypto || !form.querySelector(".marks")) return;
  const say = form.querySelector("[data-say]");
  const waiting = [];
  const AT_ONCE = 50;
  let sending = false;
  let refused = 0;
  let problem = "";
  let pause = 2000;

  form.querySelector("[data-save]").hidden = true;

  // UUID version 7: milliseconds, then chance.
  const newId = () => {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    let time = Date.now();
    for (let place = 5; place >= 0; place -= 1) {
      bytes[place] = time % 256;
      time = Math.floor(time / 256);
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  const show = () => {
    form.querySelectorAll("[data-sum]").forEach((sum) => {
      sum.textContent = form.querySelectorAll(`.marks input:checked[value="${sum.dataset.sum}"]`).length;
    });
    const words = form.dataset;
    let text = words.wordAll;
    if (problem === "out") text = words.wordOut;
    else if (problem === "net") text = words.wordWaiting;
    else if (waiting.length) text = words.wordSending;
    else if (refused) text = words.wordRefused;
    say.textContent = text.replace("#", waiting.length || refused);
    say.className = `taps-say${problem || refused ? " taps-trouble" : ""}`;
  };

  // Who signed in again on another page has another token: it stands on this page when it is asked for anew.
  const renew = async () => {
    const page = await fetch(location.href, { credentials: "same-origin" });
    const found = new DOMParser().parseFromString(await page.text(), "text/html");
    const fresh = found.querySelector("form[data-taps] [name=csrfmiddlewaretoken]");
    if (fresh) form.querySelector("[name=csrfmiddlewaretoken]").value = fresh.value;
  };

  const send = async () => {
    if (sending || !waiting.length) return;
    sending = true;
    const part = waiting.slice(0, AT_ONCE);
    try {
      const answer = await fetch(form.dataset.taps, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
        },
        body: JSON.stringify({ taps: part }),
      });
      const told = answer.ok ? (await answer.json()).taps : null;
      if (told) {
        problem = "";
        pause = 2000;
        part.filter((tap) => told[tap.id]).forEach((tap) => {
          if (told[tap.id] === "refused") refused += 1;
          waiting.splice(waiting.indexOf(tap), 1);
        });
      } else {
        // Kept either way: a server in trouble comes back, and who was signed out signs in again on another page.
        problem = answer.status >= 500 ? "net" : "out";
        if (problem === "out") await renew();
      }
    } catch (error) {
      problem = "net";
    }
    sending = false;
    show();
    if (!waiting.length) return;
    if (!problem) send();
    else {
      setTimeout(send, pause);
      pause = Math.min(pause * 2, 30000);
    }
  };

  const tap = (radio) => {
    const row = radio.closest("[data-family]");
    waiting.push({ id: newId(), student: row.dataset.family, mark: radio.value, at: new Date().toISOString() });
  };

  form.addEventListener("change", (event) => {
    if (!event.target.closest(".marks")) return;
    tap(event.target);
    show();
    send();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const rest = event.submitter && event.submitter.dataset.rest;
    if (rest === undefined) return;
    form.querySelectorAll('.marks input:checked[value=""]').forEach((open) => {
      const radio = open.closest(".marks").querySelector(`input[value="${rest}"]`);
      radio.checked = true;
      tap(radio);
    });
    show();
    send();
  });

  window.addEventListener("online", () => {
    pause = 2000;
    send();
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting.length) event.preventDefault();
  });
})();
