const timeline = document.querySelector(".timeline");
if (timeline) {
  const frames = [...timeline.querySelectorAll("img")];
  const slider = timeline.querySelector("input");
  const output = timeline.querySelector("output");
  const button = timeline.querySelector("button");
  let playing = 0;

  const show = (index) => {
    frames.forEach((frame, i) => frame.hidden = i !== index);
    slider.value = index;
    output.textContent = frames[index].dataset.step;
  };
  const stop = () => {
    clearInterval(playing);
    playing = 0;
    button.textContent = "Play";
  };
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  button.addEventListener("click", () => {
    if (playing) return stop();
    if (Number(slider.value) === frames.length - 1) show(0);
    button.textContent = "Stop";
    playing = setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next >= frames.length) return stop();
      show(next);
    }, 250);
  });
}
