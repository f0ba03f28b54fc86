/* The intake by keyboard, and saved as it is typed. Without this file the page works by its buttons. */
(() => {
  "use strict";

  const form = document.getElementById("intake");
  const TYPED = 'input[type="text"], input[type="date"], input[type="time"], textarea';
  const WAIT = 1500;
  let unsaved = 0;
  let saving = 0;
  let waiting = null;
  let isStoring = false;
  let isAtTheEnd = false;

  /* What was touched since the last request: it is not drawn over by the answer to an earlier one. */
  const touched = new Map();

  const slotOf = (element) => element.closest(".slot");
  const asked = () => [...form.querySelectorAll(".slot[data-code]")].filter((slot) => slot.querySelector("fieldset"));
  const first = (slot) => slot.querySelector("input:checked:not([type=hidden])")
    || slot.querySelector("fieldset.question input:not([type=hidden]):not(:disabled), fieldset.question textarea");

  function save() {
    clearTimeout(waiting);
    waiting = null;
    htmx.trigger(form, "intake-save");
  }

  function focusOn(slot) {
    const target = first(slot);
    if (!target) return;
    target.focus({ preventScroll: true });
    slot.scrollIntoView({ block: "center", behavior: "instant" });
  }

  function isAnswered(slot) {
    return Boolean(slot.querySelector("fieldset :checked")) || [...slot.querySelectorAll(`fieldset :is(${TYPED})`)].some((one) => one.value);
  }

  function goOn(slot) {
    // From the plan, which is no question, to the first one.
    const slots = asked();
    const next = slots.slice(slots.indexOf(slot) + 1).find((one) => !isAnswered(one));
    if (next) focusOn(next);
    else if (form.classList.contains("htmx-request") || waiting) isAtTheEnd = true;
    else finish();
  }

  /* After the last question: to what is still open, else to the button that stores. */
  function finish() {
    isAtTheEnd = false;
    const open = firstOpen();
    if (open) focusOn(open);
    else form.querySelector("[data-store]").focus();
  }

  function firstOpen() {
    const link = document.querySelector(".live-open a");
    return link && document.getElementById(link.hash.slice(1));
  }

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const slot = slotOf(event.target);
    if (!slot) return;
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      goOn(slot);
      return;
    }
    if (event.target.matches('[inputmode="decimal"]') && /^[a-z]$/i.test(event.key)) event.preventDefault();
    if (event.target.matches(TYPED)) return;
    const answer = slot.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!answer) return;
    event.preventDefault();
    if (!answer.checked) {
      answer.checked = true;
      answer.dispatchEvent(new Event("change", { bubbles: true }));
    }
    goOn(slot);
  });

  /* A choice is saved at once, what is typed when its question is left or the typing pauses. */
  form.addEventListener("input", (event) => {
    const slot = slotOf(event.target);
    if (slot) touched.set(slot.id, ++unsaved);
    if (!event.target.matches(TYPED)) return;
    clearTimeout(waiting);
    if (event.target.matches("textarea")) waiting = setTimeout(save, WAIT);
  });

  form.addEventListener("change", (event) => {
    const slot = slotOf(event.target);
    if (!slot) return;
    touched.set(slot.id, ++unsaved);
    if (!event.target.matches(TYPED)) save();
  });

  form.addEventListener("focusout", (event) => {
    const slot = slotOf(event.target);
    if (slot && event.target.matches(TYPED) && touched.has(slot.id) && !slot.contains(event.relatedTarget)) save();
  });

  /* A button inside a question is sent as the rest is; what stores the screening leaves the page. */
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && button.formAction.endsWith("/store/")) {
      if (isStoring) event.preventDefault();
      isStoring = true;
      leave();
      return;
    }
    event.preventDefault();
    const values = button && button.name ? { [button.name]: button.value } : {};
    htmx.ajax("POST", form.getAttribute("hx-post"), { source: form, target: "#intake-told", swap: "innerHTML", values });
  });

  document.body.addEventListener("htmx:beforeRequest", () => {
    saving = unsaved;
  });

  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const isNewer = (touched.get(target.id) || 0) > saving;
    const saysTheSame = target.id === "intake-said" && target.textContent === fragment.textContent;
    if (isNewer || saysTheSame) event.detail.shouldSwap = false;
  });

  document.body.addEventListener("htmx:afterSettle", () => {
    if (isAtTheEnd && touched.size === 0) finish();
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { status } = event.detail.xhr;
    if (status >= 200 && status < 300) saved();
    else if (status === 403) renewToken();
    else if (status !== 401) trouble(status);
  });

  function saved() {
    document.getElementById("intake-offline").hidden = true;
    for (const [id, number] of touched) if (number <= saving) touched.delete(id);
  }

  function trouble(status) {
    const box = document.getElementById("intake-offline");
    for (const words of box.querySelectorAll("[data-trouble]")) {
      words.hidden = words.dataset.trouble !== (status === 404 ? "404" : "0");
    }
    box.hidden = false;
  }

  /* After a new sign-in the page's old token is refused: take the new one, then save. */
  async function renewToken(again = true) {
    const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
    const drawn = answer && answer.ok && !answer.redirected
      && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("intake-token");
    if (!drawn) {
      trouble(answer ? answer.status : 0);
      return;
    }
    document.getElementById("intake-token").replaceChildren(...drawn.childNodes);
    if (again) save();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-again]")) renewToken();
  });

  /* A link to a question leads to its first input. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#slot-"]:not([href^="#slot-plan-"])');
    const slot = link && document.getElementById(link.hash.slice(1));
    if (!slot) return;
    event.preventDefault();
    const live = document.getElementById("intake-live");
    if (live.matches(":popover-open")) live.hidePopover();
    focusOn(slot);
  });

  const warn = (event) => {
    if (touched.size) event.preventDefault();
  };
  const leave = () => window.removeEventListener("beforeunload", warn);
  window.addEventListener("beforeunload", warn);

  /* Begin at the first question that is open. */
  if (!window.location.hash && !document.querySelector("[autofocus]")) {
    const open = firstOpen();
    const places = document.querySelector("#slot-plan-sites details[open] input:not(:disabled)");
    if (places) places.focus({ preventScroll: true });
    else if (open) focusOn(open);
  }
})();
