//! The built page in a real browser: it loads quietly, answers as the command does, takes every edit, goes with the user as a
//! link or a file, can be used with keys alone, and fits a phone.
//!
//! Screenshots of every example land in the target folder, under `tmp`.

mod access;
mod answers;
mod axe;
mod doubt;
mod driver;
mod editing;
mod generated;
mod hostile;
mod hosting;
mod itself;
mod key;
mod links;
mod netlog;
mod page;
mod parity;
mod policy;
#[path = "../web/xtask/src/serve.rs"]
mod serve;
mod server;
mod speed;
mod taking;

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use model::calendar::Date;

use self::key::Key;
use self::page::{Page, Visit};
use crate::examples::{highwater, highwater_on};

/// What to do about most differences.
const REBUILD: &str = "if `dist/` is old, run `cargo xtask web`";

/// What the page shows when its answer is to what its fields say.
const CURRENT: &str = "main[data-current='true']";

/// The address of a file of the page by the beginning of its name, and its end.
fn file(page: &Page, beginning: &str, ending: &str) -> String {
    let files = std::fs::read_dir(page::dist().expect("there is a page"));
    let mut names = files
        .expect("the page can be listed")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let name = names.find(|name| name.starts_with(beginning) && name.ends_with(ending));
    let name = name.unwrap_or_else(|| panic!("there is no `{beginning}…{ending}`: {REBUILD}"));
    format!("{}{name}", page.site())
}

/// The page with an answer on it.
fn open(width: u32, height: u32) -> Option<Page> {
    open_at(Visit { width, height, ..Visit::default() })
}

/// The same at a link, in a browser that has never seen it.
fn open_at(visit: Visit) -> Option<Page> {
    let page = Page::visit(visit)?;
    page.wait_for(CURRENT);
    Some(page)
}

/// Chooses an example and waits for its answer.
fn choose(page: &Page, example: &str) {
    page.click(&format!("button[data-example='{example}']"));
    page.wait_for(&format!("button[data-example='{example}'][aria-pressed='true']"));
    page.wait_for(CURRENT);
    page.wait_for(".platforms tbody tr");
}

/// The scenario that the page's fields come to.
fn scenario(page: &Page) -> String {
    page.value("#scenario")
}

/// The first sentence of the command's verdict on a scenario.
fn verdict(scenario: &str) -> String {
    let printed = command(&["compare", "-", "--format", "json"], scenario);
    let document: serde_json::Value = serde_json::from_str(&printed).expect("it prints JSON");
    let sentence = document["verdict"]["sentences"][0].as_str();
    sentence.expect("a verdict has a sentence").to_owned()
}

/// That the page's answer is the command's answer to the scenario that its fields come to.
#[track_caller]
fn assert_agrees(page: &Page) -> String {
    page.wait_for(CURRENT);
    let scenario = scenario(page);
    assert_eq!(page.text(".headline"), verdict(&scenario), "{REBUILD}\n{scenario}");
    scenario
}

/// Replaces what a field says, as somebody who types does.
fn retype(page: &Page, field: &str, text: &str) {
    page.click(field);
    page.chord(&[Key::Control, Key::Char('a')]);
    page.keys(&[Key::Delete]);
    page.write(field, text);
}

/// Opens every fold, and those that are in them, so that what is there can be reached.
fn unfold(page: &Page) {
    let script = "
        const done = arguments[0];
        const closed = () => [...document.querySelectorAll('main details:not([open])')];
        // Until nothing new has come for a while: an answer may bring more.
        const open = still => {
            const folds = closed();
            folds.forEach(fold => { fold.open = true });
            const next = folds.length ? 0 : still + 1;
            next > 4 ? done() : setTimeout(() => open(next), 50);
        };
        open(0);";
    page.run_async(script, &[]);
}

/// Name and text of every example.
fn examples() -> Vec<(String, String)> {
    let named = |path: PathBuf| {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).expect("an example can be read"))
    };
    crate::examples::examples("").into_iter().map(named).collect()
}

/// The day by the clock, in UTC: that of the browser.
fn today() -> Date {
    let since = SystemTime::UNIX_EPOCH.elapsed().expect("it is later than 1970");
    let days = since.as_secs() / (24 * 60 * 60);
    Date::new(1970, 1, 1).and_then(|first| first.plus_days(days as i64)).expect("a day")
}

/// What `highwater` prints about a scenario on its standard input, on a day on which nothing is old.
fn command(arguments: &[&str], scenario: &str) -> String {
    checked(highwater(arguments, scenario))
}

/// What it prints today, as files of the page are judged.
fn command_today(arguments: &[&str], scenario: &str) -> String {
    checked(highwater_on(&today().to_string(), arguments, scenario))
}

fn checked((code, out, err): (u8, String, String)) -> String {
    // 1: nothing can be planned, and the document says why.
    assert!(code <= 1, "{err}");
    out
}
