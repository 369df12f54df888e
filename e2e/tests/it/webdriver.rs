//! A headless Chromium, driven by WebDriver over a plain socket: as much of it as the tests need.
//!
//! Each [`Browser`] has a driver, a profile and a port of its own, and ends all of them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A browser with one window.
#[derive(Debug)]
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

/// The first of these programs that is on the search path.
///
/// Fails with what to install: pages nobody looked at are not tested.
fn program(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
        .unwrap_or_else(|| {
            panic!("no {}: apt-get install -y chromium chromium-driver", names.join(" or "))
        })
}

impl Browser {
    /// Starts a driver and a browser with a fresh profile.
    pub(crate) fn start() -> Browser {
        let chromium = program(&["chromium", "chromium-browser", "google-chrome"]);
        let mut driver = Command::new(program(&["chromedriver"]))
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let said = BufReader::new(driver.stdout.take().expect("chromedriver's words")).lines();
        let port = said
            .map_while(Result::ok)
            .find_map(|line| line.strip_suffix('.')?.rsplit_once("on port ")?.1.parse().ok())
            .expect("chromedriver names its port");
        let profile = tempfile::tempdir().expect("a profile");
        let mut browser = Browser { driver, port, session: String::new(), _profile: profile };
        let profile = format!("--user-data-dir={}", browser._profile.path().display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            &profile,
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"binary": chromium, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let session = browser.ask("POST", "/session", &wanted);
        browser.session = session["sessionId"].as_str().expect("a session").to_owned();
        browser.leave_its_own_page();
        browser
    }

    /// Leaves the page that the browser begins with, which may still load, take the focus and ask for
    /// pieces of itself; and forgets what it asked for.
    fn leave_its_own_page(&self) {
        for _ in 0..100 {
            self.post("/url", &json!({"url": "about:blank"}));
            std::thread::sleep(Duration::from_millis(100));
            if self.run("return location.href") == "about:blank" && self.requests().is_empty() {
                return;
            }
        }
        panic!("the browser does not leave its own page");
    }

    /// Sets the size of the page, as that of a phone or a desk.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        // Not as a mobile screen: that would widen the window for whatever is too wide for it.
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics});
        self.post("/goog/cdp/execute", &command);
    }

    /// Shows pages as to somebody who asked for light or dark.
    pub(crate) fn prefer(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        let params = json!({"features": features});
        let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": params});
        self.post("/goog/cdp/execute", &command);
    }

    /// Opens a file.
    pub(crate) fn open(&self, page: &Path) {
        self.visit(&format!("file://{}", page.display()));
    }

    /// Opens an address, and waits until its page, or the one it leads to, is there whole.
    pub(crate) fn visit(&self, address: &str) {
        self.post("/url", &json!({"url": address}));
        self.wait_for(
            "return location.href !== 'about:blank' && document.readyState === 'complete'",
        );
    }

    /// Gives the browser a device that makes passkeys and asks a person who always agrees; with the
    /// pseudo-random function by which keys are unlocked, or without.
    pub(crate) fn has_passkeys(&self, with_secret: bool) {
        let command = |name: &str, parameters: Value| {
            self.post("/goog/cdp/execute", &json!({"cmd": name, "params": parameters}))
        };
        command("WebAuthn.enable", json!({}));
        let options = json!({
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal",
            "hasResidentKey": true, "hasUserVerification": true, "isUserVerified": true,
            "automaticPresenceSimulation": true, "hasPrf": with_secret,
        });
        command("WebAuthn.addVirtualAuthenticator", json!({"options": options}));
    }

    /// Presses a button that a script waits for, and waits until another page is there.
    pub(crate) fn press_button(&self, button: &str) {
        let script = format!(
            "window.before = true; document.querySelector({}).click();",
            Value::from(button)
        );
        self.run(&script);
        self.wait_for("return !window.before && document.readyState === 'complete'");
    }

    /// Waits until a script says that it is so.
    pub(crate) fn wait_for(&self, script: &str) {
        for _ in 0..600 {
            if self.run(script) == true {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("not within half a minute: {script}: {}", self.text("body"));
    }

    /// The text of the first element that fits.
    pub(crate) fn text(&self, selector: &str) -> String {
        let script = format!(
            "const found = document.querySelector({}); return found ? found.innerText : '';",
            Value::from(selector)
        );
        self.run(&script).as_str().expect("text").to_owned()
    }

    /// Types into the fields of a page's form by their names, presses the button that fits, and waits
    /// until another page is there.
    pub(crate) fn send(&self, fields: &[(&str, &str)], button: &str) {
        let fields: Value = fields.iter().map(|(name, value)| json!([name, value])).collect();
        let script = format!(
            "window.before = true;
             const button = document.querySelector({});
             for (const [name, value] of {fields}) button.form.elements[name].value = value;
             button.click();",
            Value::from(button)
        );
        self.run(&script);
        self.wait_for("return !window.before && document.readyState === 'complete'");
    }

    /// What a script returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Presses keys, one after the other, in whatever has the focus.
    pub(crate) fn press(&self, key: &str) {
        let strokes = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": strokes});
        self.post("/actions", &json!({"actions": [keyboard]}));
    }

    /// A picture of the window as PNG.
    pub(crate) fn screenshot(&self) -> Vec<u8> {
        from_base64(
            self.in_session("GET", "/screenshot", &Value::Null).as_str().expect("a picture"),
        )
    }

    /// The page as it is printed, as PDF.
    pub(crate) fn print(&self) -> Vec<u8> {
        from_base64(self.post("/print", &json!({})).as_str().expect("a document"))
    }

    /// What the console said since it was asked last.
    pub(crate) fn console(&self) -> Vec<String> {
        self.log("browser")
    }

    /// The addresses that the page asked for since it was asked last.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.log("performance")
            .iter()
            .filter_map(|entry| serde_json::from_str::<Value>(entry).ok())
            .filter(|entry| entry["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|entry| {
                entry["message"]["params"]["request"]["url"].as_str().map(str::to_owned)
            })
            .collect()
    }

    fn log(&self, kind: &str) -> Vec<String> {
        let entries = self.post("/se/log", &json!({"type": kind}));
        let entries = entries.as_array().expect("a log").iter();
        entries.filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect()
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.in_session("POST", path, body)
    }

    fn in_session(&self, method: &str, path: &str, body: &Value) -> Value {
        self.ask(method, &format!("/session/{}{path}", self.session), body)
    }

    /// One request to the driver, and the value it answers. Where the browser was between two pages, the
    /// driver says so and is asked again.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut tries = 0;
        loop {
            let mut answer = self.ask_once(method, path, body);
            let message = answer["value"]["message"].as_str().unwrap_or_default();
            if tries < 20 && message.contains("aborted by navigation") {
                tries += 1;
                std::thread::sleep(Duration::from_millis(200));
                continue;
            }
            let error = &answer["value"]["error"];
            assert!(error.is_null(), "{method} {path}: {error}: {}", answer["value"]["message"]);
            return answer["value"].take();
        }
    }

    fn ask_once(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).expect("the driver listens");
        socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        );
        socket.write_all(request.as_bytes()).expect("the driver takes the request");
        let answer = read_body(&mut BufReader::new(socket));
        serde_json::from_slice(&answer).expect("the driver answers in JSON")
    }
}

impl Drop for Browser {
    /// Ends the browser, also when a test has failed; so nothing here may panic.
    fn drop(&mut self) {
        if !self.session.is_empty()
            && let Ok(mut socket) = TcpStream::connect(("127.0.0.1", self.port))
        {
            let _ = socket.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = write!(
                socket,
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                self.session
            );
            // It answers when the browser is gone.
            let _ = socket.read(&mut [0]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The body of an answer with a stated length.
fn read_body(answer: &mut impl BufRead) -> Vec<u8> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        answer.read_line(&mut line).expect("a line of the answer's head");
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(stated) = line.strip_prefix("content-length:") {
            length = stated.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    answer.read_exact(&mut body).expect("the whole body");
    body
}

/// Decodes base64 (RFC 4648).
fn from_base64(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters = text.bytes().filter(|letter| !b"=\r\n".contains(letter));
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(text.len() * 3 / 4), 0u32, 0);
    for letter in letters {
        bits = bits << 6 | u32::from(value(letter));
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}
