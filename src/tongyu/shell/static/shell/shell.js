/* The little the pages need beyond htmx. No page depends on it to be usable. ES2017. */
(function () {
  "use strict";

  const meta = (name) => {
    const found = document.querySelector(`meta[name="${name}"]`);
    return found ? found.content : "";
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = meta("csrf-token");
  });

  // Where the keyboard covers the page instead of making it shorter (iPhone), what stays at the bottom moves above it.
  const seen = window.visualViewport;
  if (seen) {
    const lift = () => {
      const covered = Math.max(0, Math.round(window.innerHeight - seen.height - seen.offsetTop));
      document.documentElement.style.setProperty("--ty-keys", seen.scale > 1 ? "0px" : `${covered}px`);
    };
    seen.addEventListener("resize", lift);
    seen.addEventListener("scroll", lift);
  }

  // A failed htmx request says so instead of doing nothing.
  const say = (text) => {
    const old = document.getElementById("say");
    if (old) old.remove();
    const box = document.createElement("div");
    box.id = "say";
    box.className = "note note-error say";
    box.setAttribute("role", "alert");
    box.textContent = text;
    document.body.appendChild(box);
    setTimeout(() => box.remove(), 8000);
  };
  document.addEventListener("htmx:sendError", () => say("网络不通，刚才的操作没有送达，请稍后再试。"));
  document.addEventListener("htmx:responseError", (event) => {
    const switched = event.detail.xhr && event.detail.xhr.getResponseHeader("X-Hat-Changed");
    say(switched ? "您已在别的页面切换身份，刚才的操作没有执行。换回来再点一次就行。" : "刚才的操作没有完成，请刷新页面后再试。");
  });

  // One form, one submission: a second tap is swallowed until the page comes back.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("hx-boost")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-ask]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.ask);
      if (dialog.showModal) dialog.showModal();
      else dialog.setAttribute("open", "");
    }
    const closer = event.target.closest("[data-ask-close]");
    if (closer) {
      const dialog = closer.closest("dialog");
      if (dialog.close) dialog.close();
      else dialog.removeAttribute("open");
    }
    document.querySelectorAll(".tabbar details[open], .hats[open]").forEach((box) => {
      if (!box.contains(event.target)) box.removeAttribute("open");
    });
  });

  document.addEventListener("change", (event) => {
    const control = event.target.closest("[data-autosubmit]");
    if (control && control.form.requestSubmit) control.form.requestSubmit();
    else if (control) control.form.submit();
  });

  const showErrors = () => {
    const summary = document.querySelector("[data-error-summary]");
    if (!summary || summary.dataset.shown) return;
    summary.dataset.shown = "1";
    document.title = `有误：${document.title}`;
    summary.focus();
  };
  document.addEventListener("DOMContentLoaded", showErrors);
  document.addEventListener("htmx:afterSettle", showErrors);
})();
