//! The driver, tried on a page of its own: it does what it says, so that a test that passes means something.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use tempfile::TempDir;

use super::key::Key;
use super::page::{Page, Visit};

/// The page, and the folder that it is served from.
fn open() -> Option<(Page, TempDir)> {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("index.html"), include_str!("itself.html")).expect("a page");
    let visit = Visit { base: "/a/path", ..Visit::default() };
    Page::of(PathBuf::from(folder.path()), visit).map(|page| (page, folder))
}

#[test]
fn it_reads_clicks_and_chooses() {
    let Some((page, _folder)) = open() else { return };
    assert_eq!(page.text("h1"), "What the driver is tried on");
    assert_eq!(page.texts(".away, .hint"), ["away", "hint"]);
    assert_eq!(page.attribute(".file", "type").as_deref(), Some("file"));
    assert_eq!(page.attribute("h1", "class"), None);

    page.click(".first");
    page.wait_for(".cover");
    page.click(".late");
    page.wait_gone(".cover");
    page.wait_text(".log li", "clicked");
    page.select(".choice", "b");
    page.upload(".file", "scenario.toml", b"name = 'x'");
    page.wait_text(".log li", "file name = 'x'");
    assert_eq!(page.texts(".log li"), ["clicked", "choice b", "file name = 'x'"]);

    assert!(!page.shows(".tip"));
    page.hover(".hint");
    assert!(page.shows(".tip"));
    page.click(".copy");
    assert_eq!(page.clipboard(), "copied");
    let (name, bytes) = page.download(|page| page.click(".save"));
    assert_eq!((name.as_str(), bytes.as_slice()), ("table.csv", b"a,b\n1,2\n".as_slice()));
    page.assert_quiet();
}

#[test]
fn it_presses_every_key() {
    let Some((page, _folder)) = open() else { return };
    page.keys(&[Key::Tab]);
    assert!(page.has_focus(".first"), "{}", page.focused());
    page.keys(&[Key::Tab]);
    page.chord(&[Key::Shift, Key::Tab]);
    assert!(page.has_focus(".first"), "{}", page.focused());
    assert_eq!(page.texts(".log li"), ["Tab", "Tab", "Shift+Shift", "Shift+Tab"]);

    page.reload();
    let keys = [
        (Key::Escape, "Escape"),
        (Key::Space, " "),
        (Key::Backspace, "Backspace"),
        (Key::Delete, "Delete"),
        (Key::Up, "ArrowUp"),
        (Key::Down, "ArrowDown"),
        (Key::Left, "ArrowLeft"),
        (Key::Right, "ArrowRight"),
        (Key::Home, "Home"),
        (Key::End, "End"),
        (Key::PageUp, "PageUp"),
        (Key::PageDown, "PageDown"),
        (Key::Enter, "Enter"),
        (Key::Char('x'), "x"),
    ];
    page.keys(&keys.map(|(key, _)| key));
    let heard = page.eval("[...document.querySelectorAll('.log li')].map(e => e.textContent)");
    assert_eq!(heard, json!(keys.map(|(_, name)| name)));
}

#[test]
fn it_fills_fields() {
    let Some((page, _folder)) = open() else { return };
    page.write(".field", "er");
    assert_eq!(page.value(".field"), "older");
    page.fill(".field", "new, € and \"quoted\"");
    assert_eq!(page.value(".field"), "new, € and \"quoted\"");
    page.fill(".field", "");
    assert_eq!(page.value(".field"), "");
    let inputs = "[...document.querySelectorAll('.log li')].some(e => e.textContent === 'field ')";
    page.wait_until(inputs);
}

#[test]
fn it_goes_and_comes_back() {
    let Some((page, _folder)) = open() else { return };
    assert_eq!(page.at(), "");
    page.click(".away");
    assert_eq!(page.at(), "#away");
    page.back();
    assert_eq!(page.at(), "");
    page.go("?query#fragment");
    assert_eq!(page.at(), "?query#fragment");
    assert!(page.site().ends_with("/a/path/"));
}

#[test]
fn it_changes_the_surroundings() {
    let Some((page, _folder)) = open() else { return };
    page.prefer(&[("prefers-color-scheme", "dark"), ("prefers-reduced-motion", "reduce")]);
    assert!(page.shows(".dark-only"));
    assert_eq!(page.eval("matchMedia('(prefers-reduced-motion)').matches"), json!(true));
    page.as_printed();
    assert!(page.shows(".printed-only"));
    page.prefer(&[]);
    assert!(!page.shows(".printed-only"));
    page.resize(320, 600);
    page.wait_text(".width", "320 px");

    let fetch = "
        const done = arguments[1];
        fetch(arguments[0]).then(answer => done(answer.status), () => done('no network'));";
    page.offline(true);
    assert_eq!(page.eval("navigator.onLine"), json!(false));
    assert_eq!(page.run_async(fetch, &[json!("./")]), json!("no network"));
    page.offline(false);
    assert_eq!(page.run_async(fetch, &[json!("./")]), json!(200));
}

#[test]
fn it_hears_what_is_asked_and_said() {
    let Some((page, _folder)) = open() else { return };
    let asked = page.requests();
    assert!(asked.contains(&page.site()), "{asked:?}");
    assert_eq!(page.count("h1, .absent"), 1);
    assert!(page.requests_elsewhere().is_empty());

    // From a worker as well, which the page's own log would not show.
    let ask = "
        const work = `
            const ask = url => fetch(url, { mode: 'no-cors' }).catch(() => {});
            Promise.all([ask('http://plain.example/x'), ask('https://secret.example/y')])
                .then(() => postMessage('done'));`;
        const worker = new Worker(URL.createObjectURL(new Blob([work])));
        worker.onmessage = () => arguments[0]();";
    page.run_async(ask, &[]);
    let mut asked = page.requests_elsewhere();
    asked.sort();
    assert_eq!(asked, ["http://plain.example/x", "https://secret.example/y"]);
    assert!(page.requests_elsewhere().is_empty());

    page.console();
    page.run("console.error('loud'); setTimeout(() => { throw new Error('uncaught') })", &[]);
    page.wait_until("true");
    let said = page.console();
    assert!(said.iter().any(|line| line.starts_with("SEVERE") && line.contains("loud")));
    assert!(said.iter().any(|line| line.contains("uncaught")), "{said:?}");
    page.screenshot("itself.png");
}

#[test]
fn it_finds_barriers() {
    let Some((page, _folder)) = open() else { return };
    let found = page.axe();
    // Without axe there is nothing to see.
    if found.is_empty() && std::env::var_os("CI").is_none() {
        return;
    }
    let labels: Vec<String> = found.iter().map(ToString::to_string).collect();
    for wanted in ["label (critical): ", "select-name (critical): "] {
        assert!(labels.iter().any(|label| label.starts_with(wanted)), "{labels:#?}");
    }
    assert!(labels.iter().any(|label| label.contains("\n    [\".field\"]: ")), "{labels:#?}");
    page.assert_quiet();
}
