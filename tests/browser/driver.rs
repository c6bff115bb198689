//! A headless Chromium, steered through ChromeDriver: as much of the WebDriver protocol as we use.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

/// How long anything may take before it counts as broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// Largest answer: a screenshot of a long page.
const LARGEST: u64 = 64 << 20;

/// How WebDriver marks a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser window. Dropping it ends browser and driver.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

impl Browser {
    /// Starts one of this size, or says loudly why there is none.
    ///
    /// Where `CI` is set its absence is a failure: a skipped test would look like a passed one.
    pub fn start(width: u32, height: u32) -> Option<Self> {
        let ready = on_path("chromedriver") && (on_path("chromium") || on_path("google-chrome"));
        if !ready {
            assert!(env::var_os("CI").is_none(), "there is no Chromium with ChromeDriver on PATH");
            eprintln!("*** SKIPPED: there is no Chromium with ChromeDriver on PATH");
            return None;
        }
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("ChromeDriver starts");
        let output = driver.stdout.take().expect("its output is piped");
        let mut browser = Self { driver, port: 0, session: String::new() };

        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        browser.port = lines.find_map(|line| port(&line)).expect("ChromeDriver says its port");
        // A full pipe would stop the driver.
        thread::spawn(move || lines.for_each(drop));

        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "goog:chromeOptions": { "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", format!("--window-size={width},{height}"),
            ] },
        } } });
        let session = browser.send("POST", "/session", &capabilities);
        browser.session = text(&session["sessionId"]);
        // Windows have a least width; emulated screens do not.
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        browser.devtools("Emulation.setDeviceMetricsOverride", &screen);
        Some(browser)
    }

    /// Opens a page and waits until it has loaded.
    pub fn open(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// Runs a script: `arguments` holds the arguments, and what it returns comes back.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs a script whose last argument is the function that ends it.
    pub fn run_async(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("/execute/async", &json!({ "script": script, "args": arguments }))
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn wait_for(&self, expression: &str) {
        let script = format!(
            "const done = arguments[0], start = performance.now();
            (function look() {{
                if ({expression}) done(true);
                else if (performance.now() - start > {}) done(false);
                else requestAnimationFrame(look);
            }})()",
            (PATIENCE / 3).as_millis()
        );
        assert_eq!(self.run_async(&script, &[]), json!(true), "waited in vain for {expression}");
    }

    /// Clicks the first element that a CSS selector finds.
    pub fn click(&self, selector: &str) {
        self.post(&format!("/element/{}/click", self.find(selector)), &json!({}));
    }

    /// Types at the end of a field.
    pub fn write(&self, selector: &str, keys: &str) {
        self.post(&format!("/element/{}/value", self.find(selector)), &json!({ "text": keys }));
    }

    /// What the browser has logged since the last call, `browser` or `performance`.
    pub fn log(&self, kind: &str) -> Vec<Value> {
        match self.post("/se/log", &json!({ "type": kind })) {
            Value::Array(entries) => entries,
            other => panic!("a log is a list, not {other}"),
        }
    }

    /// Writes the whole page, as long as it is, to a PNG file.
    pub fn screenshot(&self, path: &Path) {
        let options = json!({ "captureBeyondViewport": true });
        let answer = self.devtools("Page.captureScreenshot", &options);
        let picture = BASE64_STANDARD.decode(text(&answer["data"])).expect("a picture in base64");
        fs::write(path, picture).expect("the screenshot can be written");
    }

    fn find(&self, selector: &str) -> String {
        let found = self.post("/element", &json!({ "using": "css selector", "value": selector }));
        text(&found[ELEMENT])
    }

    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.send("POST", &format!("/session/{}{path}", self.session), body)
    }

    /// One command over a connection of its own.
    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.exchange(method, path, &body.to_string()).expect("ChromeDriver answers");
        let answer: Value = serde_json::from_str(&answer).expect("ChromeDriver speaks JSON");
        let value = &answer["value"];
        assert!(
            value["error"].is_null(),
            "{method} {path}: {} {}",
            value["error"],
            value["message"]
        );
        value.clone()
    }

    /// The driver says what went wrong in the body of its answer, whatever the status.
    fn exchange(&self, method: &str, path: &str, body: &str) -> Result<String, ureq::Error> {
        let config = ureq::Agent::config_builder();
        let config = config.http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
        let agent = ureq::Agent::new_with_config(config);
        let url = format!("http://localhost:{}{path}", self.port);
        let mut answer = match method {
            "DELETE" => agent.delete(url).call()?,
            _ => agent.post(url).content_type("application/json").send(body)?,
        };
        answer.body_mut().with_config().limit(LARGEST).read_to_string()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            drop(self.exchange("DELETE", &format!("/session/{}", self.session), ""));
        }
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The port, from the line that says that the driver listens.
fn port(line: &str) -> Option<u16> {
    let rest = line.split("started successfully on port ").nth(1)?;
    rest.trim_end_matches('.').parse().ok()
}

fn on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
