// Keeps a slider and its number in step, and says how many people a share is.
for (const group of document.querySelectorAll("[data-share]")) {
  const slider = group.querySelector("input[type=range]");
  const number = group.querySelector("input[type=number]");
  const output = group.querySelector("output");
  const people = Number(group.dataset.share);
  const language = document.documentElement.lang;

  const say = () => {
    const words = output.dataset.words.replace("{m}", people.toLocaleString(language));
    output.textContent = words.replace("{n}", Math.round((people * number.value) / 100).toLocaleString(language));
  };
  slider.addEventListener("input", () => { number.value = slider.value; say(); });
  number.addEventListener("input", () => { slider.value = number.value; say(); });
  say();
}
