//! What the page shows is what the command prints, to the digit.

use serde_json::json;

use super::page::Page;
use super::{REBUILD, assert_agrees, choose, command, examples, file, generated, open};

#[test]
fn every_start_shows_the_figures_of_the_command() {
    let Some(page) = open(1280, 900) else { return };
    for (name, text) in examples() {
        choose(&page, &name);
        assert_agrees(&page);
        let printed = command(&["compare", "-"], &text);
        let blocks: Vec<&str> = printed.split("\n\n").collect();
        for (table, block) in [(".platforms", blocks[1]), (".components", blocks[2])] {
            let rows = rows(&page, table);
            assert!(rows.iter().any(|row| row.len() > 1), "{name} has a platform with figures");
            // A terminal has no room for every component: the small ones stand together there, and totals agree.
            let together = block.contains(" other ");
            for row in rows.iter().filter(|row| row.len() > 1) {
                let row = match together {
                    true => vec![row[0].clone(), row[row.len() - 1].clone()],
                    false => row.clone(),
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

/// A table row by row: the platform, then its figures as the command writes them, without currency.
fn rows(page: &Page, table: &str) -> Vec<Vec<String>> {
    let script = "
        let platform = '';
        const figures = row => [...row.querySelectorAll('th, td.fleet, td.number:not(.horizon, .recovery)')];
        const text = cell => (cell.querySelector('button') ?? cell).firstChild?.data ?? '';
        const read = row => {
            const [name, ...rest] = figures(row).map(cell => text(cell).replace(/[$\\u00a0]/g, '').trim());
            if (!row.classList.contains('part')) platform = name;
            return [row.classList.contains('part') ? `${platform}, ${name}` : name, ...rest];
        };
        return [...document.querySelectorAll(arguments[0] + ' tbody tr')].map(read);";
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

#[test]
fn the_engine_gives_the_same_bytes_here_and_there() {
    let Some(page) = open(1280, 900) else { return };
    let glue = file(&page, "later.", ".js");
    let drawn = generated::scenarios(200);
    let cases = examples().into_iter().chain(drawn);
    for (name, text) in cases {
        let script = "
            const [glue, text, done] = arguments;
            const later = import(glue).then(async later => (await later.default(), later));
            later.then(later => later.compare_json(text)).then(done, error => done(String(error)));";
        let on_page = page.run_async(script, &[json!(glue), json!(text)]);
        let on_page = on_page.as_str().expect("a document is text").to_owned();
        let printed = command(&["compare", "-", "--format", "json"], &text);
        let differing = on_page.lines().zip(printed.lines()).find(|(page, line)| page != line);
        assert_eq!(differing, None, "{name}: {REBUILD}\n{text}");
        assert!(on_page == printed, "{name}: one document is longer, or ends differently");
    }
    page.assert_quiet();
}

#[test]
fn prices_of_another_region_are_fetched_from_the_site() {
    let Some(page) = open(1280, 900) else { return };
    page.select("#in-prices-region", "aws sa-east-1");
    page.wait_text(".about", "sa-east-1");
    let text = assert_agrees(&page);
    assert!(text.contains("sa-east-1"), "{text}");
    assert!(page.requests().iter().any(|url| url.contains("sa-east-1")), "it was not fetched");
    page.assert_quiet();
}

#[test]
fn figures_come_in_other_units() {
    let Some(page) = open(1280, 900) else { return };
    let month = page.text(".platforms tbody td.total");
    page.click("input[value='a year']");
    page.wait_text(".components caption", "per year");
    let year = page.text(".platforms tbody td.total");
    assert_ne!(month, year);
    page.click("input[value='an hour']");
    page.wait_text(".components caption", "per hour");
    assert!(page.text(".platforms tbody td.total").contains('.'), "an hour has cents");
    page.click("input[value='GB (powers of ten)']");
    page.wait_text(".stream .live", "MB/s");
    page.wait_until("location.hash.includes('show=hour,GB')");
    page.assert_quiet();
}

#[test]
fn a_phone_needs_no_sideways_scrolling() {
    let Some(page) = open(360, 740) else { return };
    for (name, _) in examples() {
        choose(&page, &name);
        fits(&page, &name);
        page.screenshot(&format!("{name}-360.png"));
    }
    super::unfold(&page);
    fits(&page, "with every fold open");
    page.screenshot("open-360.png");
    page.write("#scenario", "fan_out = 3");
    page.wait_for(".faults");
    fits(&page, "with a problem");
    page.screenshot("fault-360.png");
    page.assert_quiet();
}

#[track_caller]
fn fits(page: &Page, what: &str) {
    let widths = "
        const page = document.documentElement;
        return [page.scrollWidth, page.clientWidth]";
    assert_eq!(page.run(widths, &[]), json!([360, 360]), "{what}");
}
