/* Says how far a job is without the page being asked for again. Keeps nothing; asks only this server, once. */
"use strict";

(() => {
  const bar = document.getElementById("progress");
  const again = document.getElementById("again");
  const events = new EventSource(bar.dataset.events);
  const show = (event) => {
    const [done, steps] = event.data.split("/").map(Number);
    bar.max = steps;
    bar.value = done;
    bar.textContent = event.data;
  };
  events.addEventListener("step", show);
  events.addEventListener("ended", () => {
    events.close();
    window.location.replace(again.href);
  });
  // A page that is left open keeps no session awake: the link is there to ask again.
  events.addEventListener("error", () => events.close());
})();
