/* Today's check by keyboard, and the time until the earliest start. The server judges; without this the buttons do. */
(() => {
  "use strict";

  const form = document.getElementById("check");
  const TYPED = 'input[type="text"], input[type="date"], input[type="time"], textarea';
  const slotOf = (element) => element.closest(".slot[data-code]");
  const asked = () => [...form.querySelectorAll(".slot[data-code]")].filter((slot) => slot.querySelector("fieldset"));
  const first = (slot) => slot.querySelector("input:checked:not([type=hidden])")
    || slot.querySelector("fieldset input:not([type=hidden]):not(:disabled), fieldset textarea");
  let goingOn = null;

  function goOn(code) {
    const slots = asked();
    const next = slots[slots.findIndex((slot) => slot.dataset.code === code) + 1];
    const target = next ? first(next) : document.querySelector("#against button");
    if (!target) return;
    target.focus({ preventScroll: true });
    (next || target).scrollIntoView({ block: "center" });
  }

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const slot = slotOf(event.target);
    if (!slot) return;
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      goOn(slot.dataset.code);
      return;
    }
    if (event.target.matches(TYPED)) return;
    const answer = slot.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!answer) return;
    event.preventDefault();
    if (!answer.checked) {
      answer.checked = true;
      /* What this answer opens stands next: go on once the server has said. */
      goingOn = answer.value === "no" ? null : slot.dataset.code;
      answer.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (!goingOn) goOn(slot.dataset.code);
  });

  /* What was wrong with an answer is over once it is changed; the server says anew what is missing. */
  form.addEventListener("change", (event) => {
    const slot = slotOf(event.target);
    if (!slot) return;
    for (const wrong of slot.querySelectorAll(".question-wrong")) wrong.classList.remove("question-wrong");
    for (const words of slot.querySelectorAll(".field-error")) words.remove();
  });

  /* A meal is nearly always today's: a time alone is taken for today's, in full view. */
  form.addEventListener("change", (event) => {
    if (!event.target.matches('input[type="time"]') || !event.target.value) return;
    const day = event.target.closest("fieldset").querySelector('input[type="date"]');
    if (day && !day.value) day.value = form.dataset.today;
  }, true);

  /* A verdict holds for the answers it was made of: where the server has not judged the newest, none is shown. */
  const isJudgement = ({ xhr }) => xhr.status === 200 && new URL(xhr.responseURL).pathname === form.getAttribute("hx-post");
  const isOurs = (event) => event.detail.requestConfig && event.detail.requestConfig.elt === form;

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (isOurs(event) && !isJudgement(event.detail)) event.detail.shouldSwap = false;
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!isOurs(event)) return;
    const isShown = isJudgement(event.detail);
    document.getElementById("against").hidden = !isShown;
    document.getElementById("unjudged").hidden = isShown;
  });

  /* A look that the countdown takes by itself keeps nobody signed in. */
  document.body.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.triggeringEvent?.type === "look") detail.headers["X-Unattended"] = "yes";
  });

  document.getElementById("judge-again").addEventListener("click", () => htmx.trigger(form, "change"));

  document.body.addEventListener("htmx:afterSettle", () => {
    if (goingOn) goOn(goingOn);
    goingOn = null;
    count();
  });

  function count() {
    const earliest = document.querySelector("[data-earliest]");
    const words = document.querySelector("[data-countdown]");
    if (!earliest || !words) return;
    const left = Math.ceil((new Date(earliest.dateTime) - Date.now()) / 1000);
    if (left <= 0) {
      htmx.trigger(form, "look");
      return;
    }
    words.textContent = `${Math.floor(left / 60)} min ${String(left % 60).padStart(2, "0")} s left.`;
  }

  setInterval(count, 1000);
  count();

  /* Begin at the first question, but for what has to be read before it. */
  const [begin] = asked();
  if (begin && !document.querySelector("[autofocus]")) first(begin).focus({ preventScroll: true });
})();
