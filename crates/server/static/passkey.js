// Asks a passkey: to come in, to unlock, or for a new one. What it says goes into the form around the
// button, with the 32 bytes by which the key is unlocked, and is sent once. Nothing is kept. Without this
// file the passphrase does the same.
(function () {
  "use strict";

  var part = document.getElementById("passkey");
  if (!part || !window.PublicKeyCredential) {
    return;
  }

  var button = part.querySelector("button");
  var said = part.querySelector("[role=status]");
  var form = button.form;
  // In milliseconds: a little less than the server waits.
  var lasting = 280000;

  function bytes(text) {
    var plain = window.atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) {
      return letter.charCodeAt(0);
    });
  }

  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return window.btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }

  function pseudorandom() {
    return { prf: { eval: { first: new TextEncoder().encode(part.dataset.input) } } };
  }

  // What the passkey gives out for unlocking; nothing when it gives out nothing.
  function secretOf(credential) {
    var prf = credential.getClientExtensionResults().prf;
    return prf && prf.results ? prf.results.first : null;
  }

  function send(fields) {
    Object.keys(fields).forEach(function (name) {
      var field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = fields[name];
      form.appendChild(field);
    });
    form.submit();
  }

  function stop(words) {
    said.textContent = words;
    button.disabled = false;
    button.focus();
  }

  function answer(challenge, only) {
    return navigator.credentials.get({
      publicKey: {
        challenge: challenge,
        rpId: part.dataset.host,
        allowCredentials: only,
        userVerification: "required",
        timeout: lasting,
        extensions: pseudorandom(),
      },
    });
  }

  function make(challenge) {
    var others = part.dataset.others.split(" ").filter(Boolean);
    return navigator.credentials.create({
      publicKey: {
        challenge: challenge,
        rp: { id: part.dataset.host, name: "Clearway" },
        user: {
          id: bytes(part.dataset.handle),
          name: part.dataset.name,
          displayName: part.dataset.name,
        },
        pubKeyCredParams: [
          { type: "public-key", alg: -7 },
          { type: "public-key", alg: -8 },
        ],
        excludeCredentials: others.map(function (id) {
          return { type: "public-key", id: bytes(id) };
        }),
        authenticatorSelection: {
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
        attestation: "none",
        timeout: lasting,
        extensions: pseudorandom(),
      },
    });
  }

  function comeIn() {
    return window
      .fetch(part.dataset.ask, { method: "POST" })
      .then(function (response) {
        return response.ok ? response.text() : Promise.reject(new Error("not asked"));
      })
      .then(function (challenge) {
        return answer(bytes(challenge), []);
      })
      .then(function (credential) {
        var secret = secretOf(credential);
        if (!secret) {
          stop(part.dataset.unable);
          return;
        }
        var response = credential.response;
        send({
          way: "passkey",
          credential: text(credential.rawId),
          handle: text(response.userHandle || new ArrayBuffer(0)),
          client_data: text(response.clientDataJSON),
          authenticator_data: text(response.authenticatorData),
          signature: text(response.signature),
          secret: text(secret),
        });
      });
  }

  function add() {
    var challenge = bytes(part.dataset.challenge);
    return make(challenge).then(function (credential) {
      var prf = credential.getClientExtensionResults().prf;
      var secret = secretOf(credential);
      // Many devices give it out only when they answer: the person is asked once more.
      var given =
        !secret && prf && prf.enabled
          ? answer(challenge, [{ type: "public-key", id: credential.rawId }]).then(secretOf)
          : Promise.resolve(secret);
      return given.then(function (secret) {
        if (!secret) {
          stop(part.dataset.unable);
          return;
        }
        send({
          client_data: text(credential.response.clientDataJSON),
          authenticator_data: text(credential.response.getAuthenticatorData()),
          secret: text(secret),
        });
      });
    });
  }

  button.addEventListener("click", function () {
    // What is missing beside the passkey is said by the server, before a passkey is asked.
    if (form.elements.purpose && !form.elements.purpose.value) {
      form.submit();
      return;
    }
    button.disabled = true;
    said.textContent = part.dataset.waiting;
    (part.dataset.challenge ? add : comeIn)().catch(function (error) {
      var there = error && error.name === "InvalidStateError" && part.dataset.there;
      stop(there || part.dataset.failed);
    });
  });

  button.parentNode.hidden = false;
})();
