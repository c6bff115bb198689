//! The built page in a real browser: it loads quietly, answers as the command does, and fits a phone.
//!
//! Screenshots of every example land in the target folder, under `tmp`.

mod axe;
mod driver;
mod hosting;
mod itself;
mod key;
mod netlog;
mod page;
#[path = "../web/xtask/src/serve.rs"]
mod serve;
mod server;

use std::fs;
use std::path::Path;

use serde_json::json;

use self::page::Page;

/// What to do about most differences.
const REBUILD: &str = "if `dist/` is old, run `cargo xtask web`";

#[test]
fn the_page_shows_the_figures_of_the_command() {
    let Some(page) = open(1280, 900) else { return };
    for (name, text) in examples() {
        choose(&page, &name);
        let printed = command(&["compare", "-"], &text);
        let blocks: Vec<&str> = printed.split("\n\n").collect();
        for (table, block) in [(".platforms", blocks[1]), (".dense", blocks[2])] {
            let rows = rows(&page, table);
            assert!(rows.iter().any(|row| row.len() > 1), "{name} has a platform with figures");
            // A terminal has no room for every component: the small ones stand together there, and totals agree.
            let together = block.contains(" other ");
            for row in rows.iter().filter(|row| row.len() > 1) {
                let row = if together {
                    vec![row[0].clone(), row[row.len() - 1].clone()]
                } else {
                    row.clone()
                };
                // A part stands below its platform.
                let line = match row[0].split_once(", ") {
                    Some((platform, part)) => {
                        let own = block.lines().skip_while(|line| !is_about(line, platform));
                        own.skip(1).find(|line| line.trim_start().starts_with(part))
                    }
                    None => block.lines().find(|line| is_about(line, &row[0])),
                };
                let line = line.unwrap_or_default();
                for figure in &row[1..] {
                    // A terminal cuts what is too long, and says so.
                    let cut = line.split('…').next().filter(|_| line.contains('…'));
                    let begins = cut.is_some_and(|cut| {
                        let start = cut.rsplit("  ").next().unwrap_or_default().trim();
                        !start.is_empty() && figure.starts_with(start)
                    });
                    let shown = line.contains(figure) || begins;
                    assert!(shown, "{name}: {figure} is not in\n{line}\n{REBUILD}");
                }
            }
        }
        page.screenshot(&format!("{name}-1280.png"));
    }
    page.assert_quiet();
}

#[test]
fn the_page_and_the_command_give_the_same_bytes() {
    let Some(page) = open(1280, 900) else { return };
    for (name, text) in examples() {
        let script = "
            const [text, done] = arguments;
            const glue = document.querySelector('link[rel=modulepreload]').href;
            import(glue).then(app => done(app.compare_json(text)), error => done(String(error)));";
        let on_page = page.run_async(script, &[json!(text)]);
        let on_page = on_page.as_str().expect("a document is text").to_owned();
        let printed = command(&["compare", "-", "--format", "json"], &text);
        let differing = on_page.lines().zip(printed.lines()).find(|(page, line)| page != line);
        assert_eq!(differing, None, "{name}: {REBUILD}");
        assert!(on_page == printed, "{name}: one document is longer, or ends differently");
    }
    page.assert_quiet();
}

#[test]
fn a_broken_edit_says_where_and_is_not_lost() {
    let Some(page) = open(1280, 900) else { return };
    let (name, text) = examples().swap_remove(0);
    choose(&page, &name);
    page.write("#scenario", "fan_out = 3");
    page.wait_for(".faults");

    let place = format!("line {}, column 1", text.lines().count() + 1);
    assert_eq!(page.text(".faults .place"), place);
    assert!(page.text(".headline").contains(&place));

    page.click(".faults .place");
    let selected = "
        const field = document.activeElement;
        return field.value.slice(field.selectionStart, field.selectionEnd)";
    assert_eq!(page.run(selected, &[]), json!("fan_out"));
    page.screenshot("fault-1280.png");

    choose(&page, &name);
    page.click("input[value='own']");
    page.wait_for(".faults");
    page.assert_quiet();
}

#[test]
fn prices_of_another_region_are_fetched_from_the_site() {
    let Some(page) = open(1280, 900) else { return };
    let (_, text) = examples().swap_remove(0);
    let moved = model::scenario::set(&text, "prices.region", "sa-east-1").expect("a path");
    page.fill("#scenario", &moved);
    page.wait_text(".about", "sa-east-1");
    let printed = command(&["compare", "-"], &moved);
    let headline = page.text(".headline");
    let said: String = printed.split_whitespace().collect();
    let shown: String = headline.split_whitespace().collect();
    assert!(said.contains(&shown), "{headline} is not in\n{printed}\n{REBUILD}");
    page.assert_quiet();
}

#[test]
fn a_phone_needs_no_sideways_scrolling() {
    let Some(page) = open(360, 740) else { return };
    for (name, _) in examples() {
        choose(&page, &name);
        let widths = "
            const page = document.documentElement;
            return [page.scrollWidth, page.clientWidth]";
        assert_eq!(page.run(widths, &[]), json!([360, 360]), "{name}");
        page.screenshot(&format!("{name}-360.png"));
    }
    page.write("#scenario", "fan_out = 3");
    page.wait_for(".faults");
    page.screenshot("fault-360.png");
    page.assert_quiet();
}

/// The page with an answer on it.
fn open(width: u32, height: u32) -> Option<Page> {
    let page = Page::open(width, height)?;
    page.wait_for(".headline");
    Some(page)
}

/// Chooses an example and waits for its answer.
fn choose(page: &Page, example: &str) {
    page.click(&format!("input[value='{example}']"));
    page.wait_for(".platforms");
    let headline = page.text(".headline");
    assert!(headline.contains('$'), "{example}: {headline}");
}

/// A table row by row: the platform, then its figures as the command writes them, without currency.
fn rows(page: &Page, table: &str) -> Vec<Vec<String>> {
    let script = "
        const rows = [...document.querySelectorAll(arguments[0] + ' tbody tr')];
        const figures = row => [...row.querySelectorAll('th, td.fleet, td.number')];
        // Fleets of parts stand one below the other, each with its part.
        const figure = cell => (cell.firstChild?.data ?? '').replace(/[$\\u00a0]/g, '').trim();
        return rows.map(row => figures(row).map(figure));";
    serde_json::from_value(page.run(script, &[json!(table)])).expect("rows are texts")
}

/// Whether a row of the command's table is about a platform; long names are cut.
fn is_about(line: &str, platform: &str) -> bool {
    let name = line.split(' ').next().unwrap_or_default();
    match name.strip_suffix('…') {
        Some(beginning) => platform.starts_with(beginning),
        None => platform == name,
    }
}

/// Name and text of every example.
fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let files = fs::read_dir(&folder).expect("the examples can be read");
    let mut examples: Vec<(String, String)> = files
        .map(|file| file.expect("an example can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| {
            let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("an example can be read"))
        })
        .collect();
    examples.sort();
    examples
}

/// What `highwater` prints about a scenario on its standard input.
fn command(arguments: &[&str], scenario: &str) -> String {
    let words = ["highwater"].iter().chain(arguments);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(words, &mut scenario.as_bytes(), &mut out, &mut err);
    assert_eq!(code, 0, "{}", String::from_utf8_lossy(&err));
    String::from_utf8(out).expect("the command prints UTF-8")
}
