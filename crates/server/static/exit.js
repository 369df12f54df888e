// "Exit this page": covers the page at once, takes its place in the history, and listens for Esc or
// Shift pressed three times. Without this file the link still leads away.
(function () {
  "use strict";

  var exit = document.getElementById("exit");
  var said = document.getElementById("exit-said");
  var how = document.getElementById("exit-how");
  if (!exit || !said || !how) {
    return;
  }

  // How long a press counts, in milliseconds.
  var lasting = 5000;
  // The key that is down with no other since, and how often it was pressed so.
  var down = "";
  var counted = "";
  var times = 0;
  var timer = 0;

  function leave() {
    document.documentElement.classList.add("leaving");
    document.title = exit.dataset.tab;
    said.textContent = exit.dataset.leaving;
    window.location.replace(exit.href);
  }

  function forget() {
    window.clearTimeout(timer);
    counted = "";
    times = 0;
  }

  function stay() {
    forget();
    said.textContent = exit.dataset.stayed;
    timer = window.setTimeout(function () {
      said.textContent = "";
    }, lasting);
  }

  exit.addEventListener("click", function (event) {
    event.preventDefault();
    leave();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Shift" || event.key === "Escape") {
      if (!event.repeat) {
        down = event.key;
      }
      return;
    }
    // Shift with a letter is writing, not leaving.
    down = "";
    if (times > 0) {
      stay();
    }
  });

  document.addEventListener("keyup", function (event) {
    if (event.key !== down) {
      return;
    }
    down = "";
    times = event.key === counted ? times + 1 : 1;
    counted = event.key;
    window.clearTimeout(timer);
    if (times === 3) {
      leave();
      return;
    }
    said.textContent = times === 1 ? exit.dataset.once : exit.dataset.twice;
    timer = window.setTimeout(stay, lasting);
  });

  // A page that a browser brings back whole must not stay covered.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      document.documentElement.classList.remove("leaving");
    }
  });

  how.hidden = false;
})();
