/* Fills in what a QR code holds, and works out the SHA-256 of a file that never leaves the browser. */
(() => {
  "use strict";

  const paper = document.getElementById("paper");
  const file = document.getElementById("file");
  const drop = document.getElementById("drop");
  const chosen = document.getElementById("chosen");
  const said = document.getElementById("hashing");

  function followAddress() {
    const [number, code] = location.hash.slice(1).split(".");
    if (!/^\d+$/.test(number) || !code) return;
    /* Out of the address bar, so that neither a history nor a copied address holds it. */
    history.replaceState(null, "", location.pathname);
    paper.elements.number.value = number;
    paper.elements.code.value = code;
    paper.requestSubmit();
  }

  followAddress();
  /* The address of another paper, entered while this page is open: what stands here is not about that one. */
  window.addEventListener("hashchange", followAddress);

  async function check(data) {
    said.textContent = "Working out its SHA-256.";
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await data.arrayBuffer()));
    file.elements.digest.value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    file.requestSubmit();
  }

  function take(files) {
    if (files.length !== 1) {
      said.textContent = "Choose one file at a time.";
      return;
    }
    check(files[0]).catch(() => {
      said.textContent = "It could not be read. Choose it again, or enter its SHA-256 below.";
    });
  }

  /* Browsers work it out on safe connections only. */
  if (!window.crypto || !crypto.subtle) return;
  drop.hidden = false;
  chosen.addEventListener("change", () => take(chosen.files));
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    /* A file that is dropped beside the box would else be opened in place of this page. */
    document.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("drop-over", name.startsWith("dragen") || name === "dragover");
    });
  }
  document.addEventListener("drop", (event) => take(event.dataTransfer.files));
})();
