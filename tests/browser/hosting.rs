//! The built folder on a host: below any path, with the documented headers, and without a network once it has been seen.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::CURRENT;
use super::page::{Page, Visit, dist};
use super::server::Server;

/// Where a project page would lie.
const BELOW: Visit = Visit { width: 1280, height: 900, base: "/a/project", at: "" };

/// The service worker has kept everything, and answers.
const KEPT: &str = "!!navigator.serviceWorker.controller";

/// How often a browser is left and entered until it has noticed.
const TRIES: usize = 50;

/// The page's own files, as `web/` has them.
const START: &str = include_str!("../../web/static/start.js");
const WORKER: &str = include_str!("../../web/static/worker.js");
const SERVICE_WORKER: &str = include_str!("../../web/static/sw.js");

/// The headers as people read them.
const HOSTING: &str = include_str!("../../web/HOSTING.md");

#[test]
fn it_works_below_any_path_and_asks_nobody_else() {
    let Some(page) = Page::visit(BELOW) else { return };
    page.wait_text(".headline", "$");
    page.wait_until(KEPT);
    let asked = page.requests();
    for beginning in ["app.", "app_bg.", "icon.", "start.", "style.", "worker."] {
        let file = format!("{}{beginning}", page.site());
        assert!(asked.iter().any(|url| url.starts_with(&file)), "{beginning}: {asked:#?}");
    }
    let outside: Vec<&String> = asked.iter().filter(|url| !url.starts_with(&page.site())).collect();
    assert!(outside.is_empty(), "{outside:?}");
    page.assert_quiet();
}

#[test]
fn it_opens_a_second_time_without_a_network() {
    let Some(page) = Page::visit(BELOW) else { return };
    page.wait_text(".headline", "$");
    page.wait_until(KEPT);
    let seen = "catalog/aws/sa-east-1.csv";
    assert_eq!(fetch(&page, seen), json!(200));

    page.offline(true);
    page.requests();
    page.reload();
    page.wait_text(".headline", "$");
    assert_eq!(fetch(&page, seen), json!(200), "prices that were fetched stay");
    page.assert_quiet();
    assert_eq!(fetch(&page, "catalog/aws/eu-west-3.csv"), json!("no network"));
    assert!(page.requests().is_empty());
}

#[test]
fn a_new_version_replaces_the_old_one() {
    let folder = TempDir::new().expect("a folder");
    write_version(folder.path(), "old");
    let Some(page) = Page::of(folder.path().to_path_buf(), BELOW) else { return };
    page.wait_until(KEPT);
    assert_eq!(page.text("h1"), "old");

    write_version(folder.path(), "new");
    page.reload();
    assert_eq!(page.text("h1"), "new");
    page.run_async(
        "const done = arguments[0];
        navigator.serviceWorker.ready.then(async ready => {
            await ready.update();
            const coming = ready.installing;
            if (coming) coming.onstatechange = () => done();
            else done();
        });",
        &[],
    );
    // The old version stays for the page that it opened, which may yet ask for its files, and goes with it.
    let caches = "
        const done = arguments[0];
        caches.keys().then(names => done(names.map(name => name.split(' ').at(-1))));";
    assert_eq!(page.run_async(caches, &[]), json!(["old", "new"]));
    let replaced = (0..TRIES).any(|_| {
        page.run("location = 'about:blank'", &[]);
        page.wait_until("location.href === 'about:blank'");
        page.go("");
        page.run_async(caches, &[]) == json!(["new"])
    });
    assert!(replaced, "{}", page.run_async(caches, &[]));
    page.offline(true);
    page.reload();
    assert_eq!(page.text("h1"), "new");
}

#[test]
fn the_page_gets_its_root_and_workers_that_answer() {
    let folder = TempDir::new().expect("a folder");
    let engine = "
        let started = false;
        export default async ({ module_or_path }) => {
            started = module_or_path instanceof WebAssembly.Module;
        };
        export const engine = ask => {
            if (!started || ask === 'panic') throw new Error('unreachable');
            return ask.toUpperCase();
        };
        export const start_app = (root, newWorker) => {
            if (root.id !== 'app') throw new Error('no root');
            window.newWorker = () => newWorker('app');
            window.newLater = () => newWorker('later');
        };";
    let page = r#"<!doctype html><link rel="icon" href="data:,">
        <div id="app"><p class="boot">Loading</p></div><script type="module" src="start.js"></script>"#;
    let nothing = "";
    let backwards =
        engine.replace("ask.toUpperCase()", "[...ask.toUpperCase()].reverse().join('')");
    for (name, text) in [
        ("app.js", engine),
        // The shortest module there is.
        ("app_bg.wasm", "\0asm\u{1}\0\0\0"),
        ("later.js", &backwards),
        ("later_bg.wasm", "\0asm\u{1}\0\0\0"),
        ("index.html", page),
        ("start.js", START),
        ("worker.js", WORKER),
        ("sw.js", nothing),
    ] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let Some(page) = Page::of(folder.path().to_path_buf(), BELOW) else { return };
    page.wait_until("!!window.newWorker");
    let ask = "
        const done = arguments[1], worker = window.newWorker();
        worker.onmessage = event => done(event.data);
        worker.postMessage(arguments[0]);";
    assert_eq!(page.run_async(ask, &[json!("first")]), json!("FIRST"));
    let crashed = page.run_async(ask, &[json!("panic")]);
    assert_eq!(crashed, json!(r#"{"crashed":"Error: unreachable"}"#));
    assert_eq!(page.run_async(ask, &[json!("another worker")]), json!("ANOTHER WORKER"));
    // Questions wait until what answers them has been loaded, and it is loaded when it is asked.
    let later = ask.replace("newWorker()", "newLater()");
    assert!(!page.requests().iter().any(|url| url.contains("later")));
    assert_eq!(page.run_async(&later, &[json!("later")]), json!("RETAL"));
    assert!(page.requests().iter().any(|url| url.contains("later_bg.wasm")));
    page.assert_quiet();

    let broken = engine.replace("'app'", "'none'");
    fs::write(folder.path().join("app.js"), broken).expect("a file");
    page.reload();
    page.wait_text(".boot", "The calculator could not start: Error: no root");
}

#[test]
fn what_is_loaded_later_is_asked_for_again_where_it_did_not_come() {
    let Some(dist) = dist() else { return };
    let folder = TempDir::new().expect("a folder");
    let mut module = None;
    for name in names(&dist, "").into_iter().filter(|name| !name.contains('/')) {
        let copy = folder.path().join(&name);
        fs::copy(dist.join(&name), &copy).expect("a file can be copied");
        if name.starts_with("later_bg.") {
            module = Some(copy);
        }
    }
    let module = module.expect("there is a second module");
    let away = folder.path().join("away");
    fs::rename(&module, &away).expect("a file can be moved");
    let Some(page) = Page::of(folder.path().to_path_buf(), BELOW) else { return };
    page.wait_for(CURRENT);
    page.click("button[data-file='totals.csv']");
    page.wait_text(
        "#take p[role='status'], .take + p[role='status']",
        "could not be loaded; try again",
    );
    fs::rename(&away, &module).expect("a file can be moved");
    let (name, bytes) = page.download(|page| page.click("button[data-file='totals.csv']"));
    assert_eq!((name.as_str(), bytes.is_empty()), ("totals.csv", false));
}

#[test]
fn every_file_comes_with_the_documented_headers() {
    let Some(dist) = dist() else { return };
    let server = Server::start(dist.clone(), BELOW.base);
    let everywhere =
        HOSTING.split("```text\n/*\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let everywhere: Vec<(&str, &str)> = everywhere
        .expect("the headers are documented")
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
        .collect();
    assert!(everywhere.len() > 3, "{everywhere:?}");

    for name in names(&dist, "").into_iter().filter(|name| name != "_headers") {
        let url = format!("{}{name}", server.url());
        let answer = ureq::get(url).header("Accept-Encoding", "gzip").call().expect("an answer");
        let headers = answer.headers();
        for (header, value) in &everywhere {
            assert_eq!(headers[*header], value, "{name}");
        }
        let lasting = "public, max-age=31536000, immutable";
        let fixed = ["index.html", "sw.js"].contains(&name.as_str()) || name.contains("catalog/");
        let caching = if fixed { "no-cache" } else { lasting };
        assert_eq!(headers["Cache-Control"], caching, "{name}");
        assert_eq!(headers.get_all("Cache-Control").iter().count(), 1, "{name}");
        assert!(HOSTING.contains(&format!("  Cache-Control: {caching}\n")));
        assert_eq!(headers["Content-Encoding"], "gzip", "{name}");
        if name.ends_with(".wasm") {
            assert_eq!(
                headers["Content-Type"], "application/wasm",
                "browsers compile it as it comes"
            );
        }
    }
    let hidden = ureq::get(format!("{}_headers", server.url())).call();
    assert!(matches!(hidden, Err(ureq::Error::StatusCode(404))));
}

#[test]
fn the_policy_forbids_what_is_inline_and_whoever_else() {
    let Some(page) = Page::visit(BELOW) else { return };
    page.wait_text(".headline", "$");
    page.assert_quiet();
    let attempt = "
        const done = arguments[0];
        const add = (kind, parts) =>
            document.body.append(Object.assign(document.createElement(kind), parts));
        const forbidden = [];
        addEventListener('securitypolicyviolation', event => {
            // The same policy stands in the page and in a header: each violation is told twice.
            if (!forbidden.includes(event.effectiveDirective)) forbidden.push(event.effectiveDirective);
            if (forbidden.length === 4) done(forbidden.sort());
        });
        add('script', { textContent: 'window.inline = true' });
        add('style', { textContent: 'body { margin: 1px }' });
        add('img', { src: 'https://elsewhere.example/picture.png' });
        fetch('https://elsewhere.example/').catch(() => {});";
    let forbidden = page.run_async(attempt, &[]);
    assert_eq!(forbidden, json!(["connect-src", "img-src", "script-src-elem", "style-src-elem"]));
    assert_eq!(page.eval("typeof window.inline"), json!("undefined"));
    assert!(page.requests_elsewhere().is_empty());
}

/// The status of a file of the site, asked for by the page.
fn fetch(page: &Page, name: &str) -> Value {
    let ask = "
        const done = arguments[1];
        fetch(arguments[0]).then(answer => done(answer.status), () => done('no network'));";
    page.run_async(ask, &[json!(format!("./{name}"))])
}

/// A small site with the real service worker, filled in as the build does.
fn write_version(folder: &Path, version: &str) {
    let page = format!(
        "<!doctype html><link rel=icon href='data:,'><h1>{version}</h1>
        <script>navigator.serviceWorker.register('./sw.js')</script>"
    );
    let service_worker = SERVICE_WORKER
        .replace("VERSION = ''", &format!("VERSION = '{version}'"))
        .replace("FILES = []", "FILES = ['./']");
    fs::write(folder.join("index.html"), page).expect("a page");
    fs::write(folder.join("sw.js"), service_worker).expect("a service worker");
}

/// The names of all files below a folder.
fn names(folder: &PathBuf, beginning: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = format!("{beginning}{}", entry.file_name().display());
        let path = entry.path();
        if path.is_dir() {
            found.extend(names(&path, &format!("{name}/")));
        } else {
            found.push(name);
        }
    }
    found
}
