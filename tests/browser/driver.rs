//! A headless Chromium, steered through ChromeDriver: as much of the WebDriver protocol as we use.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long a command may take before it counts as broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// Largest answer: a screenshot of a long page.
const LARGEST: u64 = 64 << 20;

/// Narrower screens count as those of phones.
const PHONE: u32 = 600;

/// How WebDriver marks a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one window and a profile of its own. Dropping it ends browser and driver.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

/// Why a command failed, in WebDriver's words.
#[derive(Debug)]
pub struct Failure {
    pub code: String,
    message: String,
}

impl Browser {
    /// Starts one of this size, or says loudly why there is none. It finds no other host than this machine.
    ///
    /// Where `CI` is set its absence is a failure: a skipped test would look like a passed one.
    pub fn start(width: u32, height: u32, downloads: &Path, log: &Path) -> Option<Self> {
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
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--disable-dev-shm-usage", format!("--window-size={width},{height}"),
                    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                    format!("--log-net-log={}", log.display()),
                ],
                "prefs": { "download.default_directory": downloads, "download.prompt_for_download": false },
            },
        } } });
        let session = browser.send("POST", "/session", &capabilities).expect("a session begins");
        browser.session = text(&session["sessionId"]);
        browser.resize(width, height);
        Some(browser)
    }

    /// Makes the screen this large; windows have a least width, emulated screens do not.
    pub fn resize(&self, width: u32, height: u32) {
        let screen = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < PHONE,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", &screen);
    }

    /// Runs a script: `arguments` holds the arguments, and what it returns comes back.
    #[track_caller]
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs a script whose last argument is the function that ends it.
    #[track_caller]
    pub fn run_async(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("/execute/async", &json!({ "script": script, "args": arguments }))
    }

    /// The first element that a CSS selector finds now.
    pub fn find(&self, selector: &str) -> Option<String> {
        let query = json!({ "using": "css selector", "value": selector });
        match self.try_post("/element", &query) {
            Ok(found) => Some(text(&found[ELEMENT])),
            Err(failure) if failure.code == "no such element" => None,
            Err(failure) => panic!("`{selector}`: {failure:?}"),
        }
    }

    /// A reference to an element, as commands take it.
    pub fn reference(element: &str) -> Value {
        json!({ ELEMENT: element })
    }

    /// Most memory that any process of the browser has had, in bytes; `None` where the system does not tell.
    pub fn memory(&self) -> Option<u64> {
        let mut ours = vec![self.driver.id()];
        let mut most = None;
        let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
            .ok()?
            .flatten()
            .filter_map(|entry| {
                let process = entry.file_name().to_str()?.parse().ok()?;
                // Its name, which is in parentheses, may hold anything.
                let state = fs::read_to_string(entry.path().join("stat")).ok()?;
                let parent = state.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()?;
                Some((process, parent))
            })
            .collect();
        while let Some(one) = ours.pop() {
            ours.extend(
                parents.iter().filter(|(_, parent)| *parent == one).map(|(child, _)| child),
            );
            let status = fs::read_to_string(format!("/proc/{one}/status")).unwrap_or_default();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let peak = peak.and_then(|peak| peak.split_whitespace().next()?.parse::<u64>().ok());
            most = most.max(peak.map(|kibibytes| kibibytes << 10));
        }
        most
    }

    /// A command of the DevTools protocol.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// A command of the WebDriver protocol that must succeed.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.try_post(path, body);
        answer.unwrap_or_else(|Failure { code, message }| panic!("{path}: {code}: {message}"))
    }

    /// A command of the WebDriver protocol.
    pub fn try_post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send("POST", &format!("/session/{}{path}", self.session), body)
    }

    /// One command over a connection of its own.
    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, Failure> {
        let answer = self.exchange(method, path, &body.to_string()).expect("ChromeDriver answers");
        let mut answer: Value = serde_json::from_str(&answer).expect("ChromeDriver speaks JSON");
        let value = answer["value"].take();
        match value["error"].as_str() {
            Some(code) => Err(Failure { code: code.to_owned(), message: text(&value["message"]) }),
            None => Ok(value),
        }
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

#[track_caller]
pub fn text(value: &Value) -> String {
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
