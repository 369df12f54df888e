// Saves what was typed into a return a moment after typing stops, says beside each field what is wrong with
// it, keeps the sums, and shows the definition of a row when `?` is pressed in its number. Nothing is kept in
// the browser. Without this file a button saves.
(function () {
  "use strict";

  var form = document.getElementById("draft");
  var said = document.getElementById("saved");
  if (!form || !said || !window.fetch || !window.URLSearchParams) {
    return;
  }

  // In milliseconds, after the last key.
  var pause = 1500;
  var timer = 0;
  var sending = false;
  var again = false;
  // Somebody else saved, or the session is over: from here on only the button saves.
  var stopped = false;
  var changed = false;

  function tell(field, kind, lead, words) {
    var place = document.getElementById(field + kind);
    if (!place) {
      return;
    }
    place.textContent = "";
    if (words && lead) {
      var strong = document.createElement("strong");
      strong.textContent = lead;
      place.appendChild(strong);
      place.appendChild(document.createTextNode(" "));
    }
    if (words) {
      place.appendChild(document.createTextNode(words));
    }
    place.hidden = !words;
  }

  function by(list) {
    var words = {};
    list.forEach(function (one) {
      words[one.field] = words[one.field] ? words[one.field] + " " + one.words : one.words;
    });
    return words;
  }

  function show(answer) {
    form.elements.version.value = String(answer.version);
    var wrong = by(answer.problems);
    var odd = by(answer.odd);
    Array.prototype.forEach.call(form.querySelectorAll("input[id], select[id]"), function (field) {
      tell(field.id, "-error", form.dataset.problem, wrong[field.id]);
      tell(field.id, "-odd", "", odd[field.id]);
      if (wrong[field.id]) {
        field.setAttribute("aria-invalid", "true");
      } else {
        field.removeAttribute("aria-invalid");
      }
      var cell = field.closest(".cell, .field");
      if (cell) {
        cell.classList.toggle("wrong", Boolean(wrong[field.id]));
      }
    });
    Object.keys(answer.sums).forEach(function (id) {
      var place = document.getElementById(id);
      if (place) {
        place.textContent = answer.sums[id];
      }
    });
  }

  function failed() {
    stopped = true;
    said.textContent = form.dataset.failed;
  }

  function save() {
    if (stopped) {
      return;
    }
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    changed = false;
    fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
      redirect: "error",
    })
      .then(function (response) {
        var kind = response.headers.get("content-type") || "";
        if (kind.indexOf("application/json") !== 0) {
          failed();
          return null;
        }
        return response.json().then(function (answer) {
          stopped = stopped || !response.ok;
          if (response.ok) {
            show(answer);
          }
          said.textContent = answer.said;
        });
      })
      .catch(failed)
      .then(function () {
        sending = false;
        if (again) {
          again = false;
          save();
        }
      });
  }

  form.addEventListener("input", function () {
    changed = true;
    window.clearTimeout(timer);
    if (!stopped) {
      said.textContent = form.dataset.saving;
      timer = window.setTimeout(save, pause);
    }
  });
  form.addEventListener("submit", function () {
    changed = false;
    stopped = true;
    window.clearTimeout(timer);
  });
  window.addEventListener("beforeunload", function (event) {
    if (changed || sending) {
      event.preventDefault();
    }
  });

  form.addEventListener("keydown", function (event) {
    if (event.key !== "?" || !event.target.classList.contains("answer")) {
      return;
    }
    var row = event.target.closest("tr");
    var definition = row && row.querySelector("details");
    if (definition) {
      event.preventDefault();
      definition.open = !definition.open;
    }
  });
})();
