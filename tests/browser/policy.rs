//! The content security policy under attack: who got a word into the page could neither run code nor tell anybody, and what
//! no policy can stop is written down.
//!
//! The same attempts are made on a page without a policy, where they succeed: a test that nothing can pass proves nothing.

use std::collections::BTreeMap;
use std::fs;
use std::net::UdpSocket;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::page::{Page, Visit, dist};
use super::server::Server;

/// What is tried in the page.
const ATTACKS: &str = include_str!("attacks.js");

/// What is tried in a worker.
const WORKER_ATTACKS: &str = include_str!("worker-attacks.js");

/// Its violation is told in the frame's own document.
const IN_ITS_FRAME: &str = "frame-with-markup";

/// It leaves the page, if it may.
const LEAVES: &str = "form-of-its-own";

/// How long something may take to be heard elsewhere.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the policy is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Headers and the page, as a host should.
    Headers,
    /// The page alone, where a host sends no headers of ours.
    Page,
    /// Nothing.
    Nothing,
}

/// The built page without its catalogue, and a worker that attacks.
fn site(told: Told) -> Option<TempDir> {
    let (dist, folder) = (dist()?, TempDir::new().expect("a folder"));
    for entry in fs::read_dir(dist).expect("the page can be listed").flatten() {
        let name = entry.file_name();
        let left_out = name == "_headers" && told != Told::Headers;
        if !left_out && entry.path().is_file() {
            fs::copy(entry.path(), folder.path().join(name)).expect("a file can be copied");
        }
    }
    fs::write(folder.path().join("attacks.js"), WORKER_ATTACKS).expect("a file");
    if told == Told::Nothing {
        let page = folder.path().join("index.html");
        let text = fs::read_to_string(&page).expect("the page is text");
        let meta = "<meta http-equiv=\"Content-Security-Policy\"";
        let (before, after) = text.split_once(meta).expect("the page has a policy");
        let (_, after) = after.split_once('>').expect("a tag ends");
        fs::write(page, format!("{before}{after}")).expect("a file");
    }
    Some(folder)
}

fn visit(folder: &Path) -> Option<Page> {
    let page = Page::of(folder.to_path_buf(), Visit::default())?;
    page.wait_text(".headline", "$");
    Some(page)
}

/// Another origin, and the folder that it has.
fn elsewhere() -> (Server, TempDir) {
    let folder = TempDir::new().expect("a folder");
    (Server::start(folder.path().to_path_buf(), ""), folder)
}

/// What became of an attempt.
#[derive(Debug)]
struct Tried {
    stopped: String,
    ran: bool,
    heard: bool,
}

/// Each attempt by its name, with what the other origin heard of it.
fn tried(told: &Value, heard: &[String]) -> BTreeMap<String, Tried> {
    let all = told.as_array().unwrap_or_else(|| panic!("{told} is no list"));
    let one = |one: &Value| {
        let name = one["name"].as_str().expect("an attempt has a name").to_owned();
        let ending = [format!("/hit/{name}."), format!("/hit/{name}/")];
        let heard = heard.iter().any(|url| ending.iter().any(|one| url.contains(one)));
        let ran = one["ran"] == json!(true);
        (name, Tried { stopped: one["stopped"].to_string(), ran, heard })
    };
    all.iter().map(one).collect()
}

#[test]
fn who_gets_a_word_into_the_page_neither_runs_code_nor_tells_anybody() {
    for told in [Told::Headers, Told::Page, Told::Nothing] {
        let Some(folder) = site(told) else { return };
        let Some(page) = visit(folder.path()) else { return };
        let (other, _folder) = elsewhere();
        let skipped = if told == Told::Nothing { vec![LEAVES] } else { Vec::new() };
        let answer = page.run_async(ATTACKS, &[json!(other.origin()), json!(skipped)]);
        let tried = tried(&answer, &other.requests());
        assert!(tried.len() > 40, "{tried:?}");
        for (name, tried) in &tried {
            let through = tried.ran || tried.heard;
            if told == Told::Nothing {
                assert!(through, "without a policy {name} must succeed: {tried:?}");
                continue;
            }
            assert!(!through, "{name} gets through with {told:?}: {tried:?}");
            let stopped = tried.stopped.contains("-src") || tried.stopped.contains("-uri");
            let stopped = stopped || tried.stopped.contains("form-action");
            assert!(stopped || name == IN_ITS_FRAME, "nobody stopped {name}: {tried:?}");
        }
        if told != Told::Nothing {
            let asked = page.requests_elsewhere();
            assert!(asked.is_empty(), "{told:?}: {asked:?}");
            // It was attacked, and goes on.
            assert!(page.text(".headline").contains('$'));
        }
    }
}

/// In headers the worker has the same policy; without them it has none, and is bound by what it is.
#[test]
fn a_worker_is_bound_where_a_host_sends_headers() {
    for told in [Told::Headers, Told::Page] {
        let Some(folder) = site(told) else { return };
        let Some(page) = visit(folder.path()) else { return };
        for kind in ["module", "classic"] {
            let (other, _folder) = elsewhere();
            let work = "
                const [elsewhere, type, done] = arguments;
                const worker = new Worker('./attacks.js', { type });
                worker.onmessage = event => done(event.data);
                worker.onerror = event => done(String(event.message));
                worker.postMessage(elsewhere);";
            let answer = page.run_async(work, &[json!(other.origin()), json!(kind)]);
            let tried = tried(&answer, &other.requests());
            assert_eq!(tried.len(), 9, "{tried:?}");
            for (name, tried) in &tried {
                let through = tried.ran || tried.heard;
                assert_eq!(through, told == Told::Page, "{told:?}, {kind}, {name}: {tried:?}");
                assert_eq!(tried.stopped.contains("-src"), told == Told::Headers, "{name}");
            }
        }
    }
}

/// Where the policy ends, as `web/HOSTING.md` says: whoever runs code in a page can lead its user away.
#[test]
fn what_no_policy_stops_is_what_is_documented() {
    let hosting = include_str!("../../web/HOSTING.md").replace('\n', " ");
    let ways = [
        ("an address that is opened", "window.open(arguments[0])"),
        (
            "a link that is clicked",
            "const a = document.createElement('a'); a.href = arguments[0]; a.click()",
        ),
        (
            "a page that refreshes itself",
            "document.body.insertAdjacentHTML('beforeend',
                `<meta http-equiv=\"refresh\" content=\"0; url=${arguments[0]}\">`)",
        ),
    ];
    let Some(folder) = site(Told::Headers) else { return };
    let Some(page) = visit(folder.path()) else { return };
    for (name, way) in ways {
        assert!(hosting.contains(name), "`{name}` is not in `web/HOSTING.md`");
        let (other, _folder) = elsewhere();
        page.run(way, &[json!(format!("{}/hit/left.html", other.origin()))]);
        assert!(is_heard(&other), "{name} is stopped: say so in `web/HOSTING.md`");
        page.go("");
        page.wait_text(".headline", "$");
    }

    let name = "a call between browsers (WebRTC)";
    assert!(hosting.contains(name), "`{name}` is not in `web/HOSTING.md`");
    let socket = UdpSocket::bind(("127.0.0.1", 0)).expect("a port is free");
    socket.set_read_timeout(Some(PATIENCE)).expect("a socket can wait");
    let port = socket.local_addr().expect("it has an address").port();
    let call = "
        window.call = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${arguments[0]}` }] });
        window.call.createDataChannel('secret');
        window.call.createOffer().then(offer => window.call.setLocalDescription(offer));";
    page.run(call, &[json!(port)]);
    let heard = socket.recv(&mut [0; 64]);
    assert!(heard.is_ok(), "{name} is stopped: say so in `web/HOSTING.md`");
}

fn is_heard(other: &Server) -> bool {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if other.requests().iter().any(|url| url.contains("/hit/")) {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

#[test]
fn nobody_frames_the_page_where_a_host_sends_headers() {
    for told in [Told::Headers, Told::Page] {
        let Some(folder) = site(told) else { return };
        let framed = Server::start(folder.path().to_path_buf(), "");
        let other = TempDir::new().expect("a folder");
        let frame = format!(
            "<!doctype html><link rel=icon href=data:,><iframe src='{}'></iframe>",
            framed.url()
        );
        fs::write(other.path().join("index.html"), frame).expect("a file");
        let Some(page) = Page::of(other.path().to_path_buf(), Visit::default()) else { return };
        let begins = |asked: &[String]| asked.iter().any(|url| url.contains("/start."));
        let mut asked = Vec::new();
        page.wait_until("document.readyState === 'complete'");
        let started = Instant::now();
        while !begins(&asked) && started.elapsed() < Duration::from_secs(2) {
            asked.extend(framed.requests());
            thread::sleep(Duration::from_millis(20));
        }
        // The page itself is asked for, and thrown away as soon as its headers are read.
        assert!(!asked.is_empty());
        assert_eq!(begins(&asked), told == Told::Page, "{told:?}: {asked:?}");
    }
}

/// Nobody else's script may stand between the page and its network, and ours only where the page is.
#[test]
fn a_service_worker_is_the_pages_own() {
    let Some(folder) = site(Told::Headers) else { return };
    let below = Visit { base: "/a/project", ..Visit::default() };
    let Some(page) = Page::of(folder.path().to_path_buf(), below) else { return };
    page.wait_text(".headline", "$");
    let (other, _folder) = elsewhere();
    let register = "
        const [script, scope, done] = arguments;
        const own = script === 'blob' ? URL.createObjectURL(new Blob([''], { type: 'text/javascript' })) : script;
        navigator.serviceWorker.register(own, scope ? { scope } : {})
            .then(() => done('registered'), error => done(error.name));";
    let foreign = format!("{}/sw.js", other.origin());
    for (script, scope) in [
        ("./sw.js", "/"),
        ("./sw.js", "/a/"),
        (&*foreign, ""),
        ("blob", ""),
        ("data:text/javascript,", ""),
    ] {
        let answer = page.run_async(register, &[json!(script), json!(scope)]);
        let refused = answer == json!("SecurityError") || answer == json!("TypeError");
        assert!(refused, "{script} for `{scope}`: {answer}");
    }
    assert!(other.requests().is_empty());
}
