// Hides the page after half an hour without a key, a touch or a movement, and at once when "Hide now" is
// pressed; then it locks the session, as the button does. Other windows of this site that are in use keep
// this one open. Nothing is kept. Without this file the server still locks.
(function () {
  "use strict";

  var form = document.getElementById("hide");
  if (!form) {
    return;
  }

  // In milliseconds.
  var idle = Number(form.dataset.minutes) * 60000;
  // How often it is looked at, and said to other windows.
  var often = 10000;
  var last = Date.now();
  var said = 0;
  var hidden = false;
  var others = "BroadcastChannel" in window ? new BroadcastChannel("clearway-in-use") : null;

  function cover() {
    hidden = true;
    document.title = form.dataset.tab;
    Array.prototype.forEach.call(document.body.children, function (part) {
      part.inert = true;
    });
    document.documentElement.classList.add("covered");
    var words = document.createElement("p");
    words.className = "cover";
    words.setAttribute("role", "status");
    words.textContent = form.dataset.said;
    document.body.appendChild(words);
  }

  function look() {
    if (!hidden && Date.now() - last >= idle) {
      cover();
      form.submit();
    }
  }

  function used() {
    var now = Date.now();
    // After a laptop has slept, the first movement comes too late.
    look();
    last = hidden ? last : now;
    if (others && !hidden && now - said >= often) {
      said = now;
      others.postMessage("in use");
    }
  }

  ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "input"].forEach(function (kind) {
    document.addEventListener(kind, used, { capture: true, passive: true });
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);
  form.addEventListener("submit", cover);
  if (others) {
    others.onmessage = function () {
      last = hidden ? last : Date.now();
    };
  }
  window.setInterval(look, often);
})();
