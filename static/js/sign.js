/* A signature drawn by hand, beside the typed name. Without this the name alone is the signature. */
(() => {
  "use strict";

  const BOX = { width: 600, height: 200 };
  const MOST_POINTS = 3600;
  const field = document.getElementById("id_strokes");
  const room = document.querySelector("[data-pad]");
  if (!field || !room || !window.SignaturePad) return;

  room.hidden = false;
  const canvas = room.querySelector("canvas");
  const pad = new window.SignaturePad(canvas, { minWidth: 1.2, maxWidth: 2.6 });

  const kept = () => {
    try {
      return JSON.parse(field.value || "[]");
    } catch {
      return [];
    }
  };

  const whole = (value, most) => Math.min(most, Math.max(0, Math.round(value)));

  /* Whole units of the box, and no more points than a signature needs. */
  function strokes() {
    const { width, height } = canvas.getBoundingClientRect();
    const groups = pad.toData().map((group) => group.points);
    const every = Math.ceil(groups.flat().length / MOST_POINTS);
    return groups.map((points) => points
      .filter((_, at) => at % every === 0 || at === points.length - 1)
      .map(({ x, y }) => [whole((x / width) * BOX.width, BOX.width), whole((y / height) * BOX.height, BOX.height)])
      .filter(([x, y], at, all) => at === 0 || x !== all[at - 1][0] || y !== all[at - 1][1]));
  }

  function draw() {
    const { width, height } = canvas.getBoundingClientRect();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.penColor = getComputedStyle(canvas).color;
    pad.clear();
    pad.fromData(kept().map((stroke) => ({
      penColor: pad.penColor,
      dotSize: 0,
      minWidth: 1.2,
      maxWidth: 2.6,
      velocityFilterWeight: 0.7,
      compositeOperation: "source-over",
      points: stroke.map(([x, y], at) => ({
        x: (x / BOX.width) * width,
        y: (y / BOX.height) * height,
        pressure: 0.5,
        time: at * 10,
      })),
    })));
  }

  pad.addEventListener("endStroke", () => { field.value = JSON.stringify(strokes()); });
  room.querySelector("[data-clear]").addEventListener("click", () => {
    field.value = "";
    pad.clear();
  });
  window.addEventListener("resize", draw);
  draw();
})();
