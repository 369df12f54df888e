// A button beside each passphrase that shows what was typed. Without this file it stays hidden.
(function () {
  "use strict";

  Array.prototype.forEach.call(document.querySelectorAll("input[data-show]"), function (field) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "other reveal";
    button.textContent = field.dataset.show;
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", function () {
      var shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.textContent = shown ? field.dataset.show : field.dataset.hide;
    });
    field.insertAdjacentElement("afterend", button);
    // A browser keeps what was typed into a field for text.
    field.form.addEventListener("submit", function () {
      field.type = "password";
    });
  });
})();
