//! A page in a browser of its own, and what a person can do with it.
//!
//! Whatever names an element waits until it is there; whatever fails says so where the test called.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::driver::{Browser, text};
use super::key::Key;
use super::netlog::NetLog;
use super::server::Server;

/// How long the page may take to do what a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often a test looks whether it has.
const GLANCE: Duration = Duration::from_millis(20);

/// Failures of a click that pass when the page comes to rest.
const PASSING: [&str; 3] =
    ["element click intercepted", "element not interactable", "stale element reference"];

/// Where downloads land, among the page's files.
const DOWNLOADS: &str = "downloads";

/// What marks requests of the driver's own.
const MARK: &str = "?heard";

/// What an unfinished download is called.
const UNFINISHED: &str = "crdownload";

/// A page, served from this process below a path, in a browser with a fresh profile.
pub struct Page {
    browser: Browser,
    server: Server,
    log: NetLog,
    files: TempDir,
}

/// How a page is opened.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// The screen, in CSS pixels.
    pub width: u32,
    pub height: u32,
    /// What the address of the site begins with: nothing, or `/a/path`.
    pub base: &'a str,
    /// What follows the site's address: nothing, or a file, a query, a fragment.
    pub at: &'a str,
}

impl Default for Visit<'_> {
    fn default() -> Self {
        Self { width: 1280, height: 900, base: "", at: "" }
    }
}

/// Coming and going.
impl Page {
    /// Opens the built page as asked; `None`, loudly, without a browser or a built page.
    pub fn visit(visit: Visit) -> Option<Self> {
        Self::of(dist()?, visit)
    }

    /// Opens the page of any folder.
    pub fn of(folder: PathBuf, visit: Visit) -> Option<Self> {
        let files = TempDir::new().expect("a folder for files");
        let downloads = files.path().join(DOWNLOADS);
        fs::create_dir(&downloads).expect("a folder for downloads");
        let log = files.path().join("netlog.json");
        let browser = Browser::start(visit.width, visit.height, &downloads, &log)?;
        let (server, log) = (Server::start(folder, visit.base), NetLog::new(&log));
        let page = Self { browser, server, log, files };
        page.go(visit.at);
        Some(page)
    }

    /// Opens the page anew, with this after the site's address.
    pub fn go(&self, at: &str) {
        let url = format!("{}{at}", self.server.url());
        self.browser.post("/url", &json!({ "url": url }));
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.browser.post("/refresh", &json!({}));
    }

    /// Goes back as the browser's button does.
    pub fn back(&self) {
        self.browser.post("/back", &json!({}));
    }

    /// Where the page is, without the site's address: what [`Page::go`] takes.
    pub fn at(&self) -> String {
        let url = text(&self.eval("location.href"));
        url.strip_prefix(&self.server.url()).unwrap_or(&url).to_owned()
    }

    /// The site's address, which ends in `/`.
    pub fn site(&self) -> String {
        self.server.url()
    }
}

/// Waiting.
impl Page {
    /// Waits until a selector finds something.
    #[track_caller]
    pub fn wait_for(&self, selector: &str) {
        self.element(selector);
    }

    /// Waits until a selector finds nothing.
    #[track_caller]
    pub fn wait_gone(&self, selector: &str) {
        let gone = patiently(|| self.browser.find(selector).is_none().then_some(()));
        gone.unwrap_or_else(|| panic!("`{selector}` does not go"));
    }

    /// Waits until the text of an element contains this.
    #[track_caller]
    pub fn wait_text(&self, selector: &str, wanted: &str) {
        let found = patiently(|| {
            self.texts(selector).iter().any(|text| text.contains(wanted)).then_some(())
        });
        found.unwrap_or_else(|| {
            panic!("no `{selector}` says `{wanted}`, but {:?}", self.texts(selector))
        });
    }

    /// Waits until an expression of JavaScript is true.
    #[track_caller]
    pub fn wait_until(&self, expression: &str) {
        let came = patiently(|| (self.eval(expression) == json!(true)).then_some(()));
        came.unwrap_or_else(|| panic!("waited in vain for {expression}"));
    }
}

/// Reading.
impl Page {
    /// The text of the first element, without space around it.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        text(&self.ask(selector, "found.textContent.trim()"))
    }

    /// The texts of all elements, of none as well.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let script =
            "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.trim())";
        let texts = self.browser.run(script, &[json!(selector)]);
        serde_json::from_value(texts).expect("texts")
    }

    /// How many elements a selector finds now.
    pub fn count(&self, selector: &str) -> usize {
        self.texts(selector).len()
    }

    /// What stands in a field.
    #[track_caller]
    pub fn value(&self, selector: &str) -> String {
        text(&self.ask(selector, "found.value"))
    }

    /// An attribute of the first element.
    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let value = self.ask(selector, &format!("found.getAttribute({})", json!(name)));
        value.as_str().map(str::to_owned)
    }

    /// Whether the first element can be seen, at this scroll position or another.
    #[track_caller]
    pub fn shows(&self, selector: &str) -> bool {
        self.ask(selector, "found.checkVisibility({ visibilityProperty: true })") == json!(true)
    }

    /// Whether the focus is on what a selector finds.
    pub fn has_focus(&self, selector: &str) -> bool {
        self.eval(&format!("document.activeElement.matches({})", json!(selector))) == json!(true)
    }

    /// The tag of what has the focus, with its attributes, for people.
    pub fn focused(&self) -> String {
        text(&self.eval("document.activeElement.cloneNode().outerHTML"))
    }

    /// What an expression of JavaScript is worth.
    #[track_caller]
    pub fn eval(&self, expression: &str) -> Value {
        self.browser.run(&format!("return ({expression})"), &[])
    }

    /// Runs a script: `arguments` holds the arguments, and what it returns comes back.
    #[track_caller]
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.browser.run(script, arguments)
    }

    /// Runs a script whose last argument is the function that ends it.
    #[track_caller]
    pub fn run_async(&self, script: &str, arguments: &[Value]) -> Value {
        self.browser.run_async(script, arguments)
    }

    /// What a copy has left to paste.
    pub fn clipboard(&self) -> String {
        let granted =
            json!({ "permissions": ["clipboardReadWrite"], "origin": self.server.origin() });
        self.browser.devtools("Browser.grantPermissions", &granted);
        let read = "
            const done = arguments[0];
            navigator.clipboard.readText().then(done, error => done(String(error)))";
        text(&self.browser.run_async(read, &[]))
    }
}

/// Acting.
impl Page {
    /// Clicks the first element, as soon as nothing is in front of it.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let mut problem = None;
        let clicked = patiently(|| {
            let element = self.browser.find(selector)?;
            if problem.is_some() {
                // What covers it may be a bar that stays in sight: a person scrolls on.
                let script = "arguments[0].scrollIntoView({ block: 'center' })";
                self.run(script, &[Browser::reference(&element)]);
            }
            match self.browser.try_post(&format!("/element/{element}/click"), &json!({})) {
                Ok(_) => Some(()),
                Err(failure) if PASSING.contains(&failure.code.as_str()) => {
                    problem = Some(failure);
                    None
                }
                Err(failure) => panic!("cannot click `{selector}`: {failure:?}"),
            }
        });
        clicked.unwrap_or_else(|| match problem {
            Some(failure) => panic!("cannot click `{selector}`: {failure:?}"),
            None => panic!("there is no `{selector}`"),
        });
    }

    /// Puts the pointer on the first element.
    #[track_caller]
    pub fn hover(&self, selector: &str) {
        let element = Browser::reference(&self.element(selector));
        let moves =
            json!([{ "type": "pointerMove", "duration": 0, "origin": element, "x": 0, "y": 0 }]);
        let mouse = json!({ "type": "pointer", "id": "mouse", "actions": moves });
        self.browser.post("/actions", &json!({ "actions": [mouse] }));
    }

    /// Presses keys one after the other, wherever the focus is.
    pub fn keys(&self, keys: &[Key]) {
        let strokes = keys.iter().flat_map(|key| ["keyDown", "keyUp"].map(|kind| (kind, *key)));
        self.press(strokes);
    }

    /// Presses keys together, such as Shift and Tab.
    pub fn chord(&self, keys: &[Key]) {
        let down = keys.iter().map(|key| ("keyDown", *key));
        self.press(down.chain(keys.iter().rev().map(|key| ("keyUp", *key))));
    }

    /// Types at the end of a field, key by key.
    #[track_caller]
    pub fn write(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.browser.post(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Replaces what stands in a field at a stroke, as pasting does.
    #[track_caller]
    pub fn fill(&self, selector: &str, text: &str) {
        self.ask(selector, "found.focus()");
        self.chord(&[Key::Control, Key::Char('a')]);
        if text.is_empty() {
            self.keys(&[Key::Delete]);
        } else {
            self.browser.devtools("Input.insertText", &json!({ "text": text }));
        }
    }

    /// Chooses the option of a `select` that has this value.
    #[track_caller]
    pub fn select(&self, selector: &str, value: &str) {
        self.click(&format!("{selector} option[value={}]", json!(value)));
    }

    /// Gives a file to a field for files.
    #[track_caller]
    pub fn upload(&self, selector: &str, name: &str, bytes: &[u8]) {
        let folder = self.files.path().join("uploads");
        fs::create_dir_all(&folder).expect("a folder for uploads");
        let path = folder.join(name);
        fs::write(&path, bytes).expect("a file to upload");
        self.write(selector, path.to_str().expect("a path that can be typed"));
    }

    /// Name and contents of the file that is downloaded when this is done.
    #[track_caller]
    pub fn download(&self, action: impl FnOnce(&Self)) -> (String, Vec<u8>) {
        action(self);
        let path = patiently(|| self.downloaded()).expect("a file is downloaded");
        let bytes = fs::read(&path).expect("the download can be read");
        // The next download finds an empty folder.
        fs::remove_file(&path).expect("the download can be removed");
        let name = path.file_name().expect("a download has a name");
        (name.to_string_lossy().into_owned(), bytes)
    }
}

/// The surroundings.
impl Page {
    /// Takes the network away, with everything that the browser keeps to save requests, or gives it back.
    pub fn offline(&self, offline: bool) {
        self.server.be_silent(offline);
        self.browser.devtools("Network.enable", &json!({}));
        self.browser.devtools("Network.clearBrowserCache", &json!({}));
        let unlimited = -1;
        let conditions = json!({
            "offline": offline, "latency": 0,
            "downloadThroughput": unlimited, "uploadThroughput": unlimited,
        });
        self.browser.devtools("Network.emulateNetworkConditions", &conditions);
    }

    /// Sets features that style sheets ask for, such as `("prefers-color-scheme", "dark")`, instead of those set before.
    pub fn prefer(&self, features: &[(&str, &str)]) {
        self.emulate("", features);
    }

    /// Shows the page as it is printed.
    pub fn as_printed(&self) {
        self.emulate("print", &[]);
    }

    /// Makes the screen this large.
    pub fn resize(&self, width: u32, height: u32) {
        self.browser.resize(width, height);
    }
}

/// What the page leaves behind.
impl Page {
    /// What the console says since the last call, errors that nobody caught among it.
    pub fn console(&self) -> Vec<String> {
        let entries = self.browser.post("/se/log", &json!({ "type": "browser" }));
        let entries = entries.as_array().expect("a log is a list").clone();
        entries
            .iter()
            .map(|entry| format!("{}: {}", text(&entry["level"]), text(&entry["message"])))
            .filter(|line| !line.contains(MARK))
            .collect()
    }

    /// The addresses that the site was asked for since the last call, by the page, its workers or the browser.
    pub fn requests(&self) -> Vec<String> {
        let mut requests = self.server.requests();
        requests.retain(|url| !url.contains(MARK));
        requests
    }

    /// The addresses that the page or its workers asked anyone else for since the last call, in vain.
    #[track_caller]
    pub fn requests_elsewhere(&self) -> Vec<String> {
        let mut requests = Vec::new();
        // The browser writes its log late, but in order: where a request of our own is, all before it are.
        let heard = patiently(|| {
            let ask = "
                const done = arguments[1];
                fetch(arguments[0], { mode: 'no-cors' }).then(() => done(), () => done());";
            let mark = format!("{}{MARK}", self.server.url());
            self.browser.run_async(ask, &[json!(mark)]);
            requests.extend(self.log.requests());
            requests.contains(&mark).then_some(())
        });
        heard.expect("the browser writes down what it asks for");
        let origin = format!("{}/", self.server.origin());
        requests.retain(|url| !url.starts_with(&origin));
        requests
    }

    /// Most memory that any process of the browser has had, in bytes; `None` where the system does not tell.
    pub fn memory(&self) -> Option<u64> {
        self.browser.memory()
    }

    /// The console is empty, and nothing was asked of anyone else.
    #[track_caller]
    pub fn assert_quiet(&self) {
        let complaints = self.console();
        assert!(complaints.is_empty(), "the console says {complaints:#?}");
        let asked = self.requests_elsewhere();
        assert!(asked.is_empty(), "others are asked: {asked:#?}");
    }

    /// Writes the whole page, as long as it is, to a PNG file of this name in the target folder, under `tmp`.
    pub fn screenshot(&self, name: &str) {
        let options = json!({ "captureBeyondViewport": true });
        let answer = self.browser.devtools("Page.captureScreenshot", &options);
        let picture = BASE64_STANDARD.decode(text(&answer["data"])).expect("a picture in base64");
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(path, picture).expect("the screenshot can be written");
    }
}

impl Page {
    #[track_caller]
    fn element(&self, selector: &str) -> String {
        let element = patiently(|| self.browser.find(selector));
        element.unwrap_or_else(|| panic!("there is no `{selector}`"))
    }

    /// An expression about what a selector has `found`, once it finds something.
    #[track_caller]
    fn ask(&self, selector: &str, expression: &str) -> Value {
        let script = format!(
            "const found = document.querySelector(arguments[0]);
            return found && [{expression}]"
        );
        let answer = patiently(|| match self.browser.run(&script, &[json!(selector)]) {
            Value::Array(mut answer) => answer.pop(),
            _ => None,
        });
        answer.unwrap_or_else(|| panic!("there is no `{selector}`"))
    }

    fn press(&self, strokes: impl Iterator<Item = (&'static str, Key)>) {
        let strokes: Vec<Value> =
            strokes.map(|(kind, key)| json!({ "type": kind, "value": key.code() })).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        self.browser.post("/actions", &json!({ "actions": [keyboard] }));
    }

    fn emulate(&self, media: &str, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let media = json!({ "media": media, "features": features });
        self.browser.devtools("Emulation.setEmulatedMedia", &media);
    }

    /// A download that is whole.
    fn downloaded(&self) -> Option<PathBuf> {
        let files =
            fs::read_dir(self.files.path().join(DOWNLOADS)).expect("the folder for downloads");
        let mut paths: Vec<PathBuf> =
            files.flatten().map(|file| file.path()).filter(|path| path.is_file()).collect();
        let unfinished = |path: &PathBuf| {
            let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes()[0] == b'.');
            hidden || path.extension().is_some_and(|ending| ending == UNFINISHED)
        };
        if paths.iter().any(unfinished) {
            return None;
        }
        // An empty file holds the place of one that comes.
        paths.pop().filter(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0))
    }
}

/// What comes while one looks for it with patience.
fn patiently<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if started.elapsed() > PATIENCE {
            return None;
        }
        thread::sleep(GLANCE);
    }
}

/// The built page; `None`, loudly, if there is none.
pub fn dist() -> Option<PathBuf> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    if dist.join("index.html").is_file() {
        return Some(dist);
    }
    assert!(env::var_os("CI").is_none(), "there is no page: run `cargo xtask web`");
    eprintln!("*** SKIPPED: there is no page: run `cargo xtask web`");
    None
}
