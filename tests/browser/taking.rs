//! Every file that the page gives is what the command writes, byte for byte; files come in as well as go out.

use model::export::audit::{self, Audit, Origin};
use model::export::csv::{MANIFEST, Table};
use model::export::report::{self, Report};
use model::export::workbook;
use model::scorecard::scorecard;
use serde_json::json;

use super::page::Page;
use super::{CURRENT, assert_agrees, choose, command_today, open, scenario, today};

/// What a button gives: its name and its bytes.
fn taken(page: &Page, file: &str) -> (String, String) {
    let (name, bytes) = page.download(|page| page.click(&format!("button[data-file='{file}']")));
    (name, String::from_utf8(bytes).expect("it is text"))
}

#[test]
fn downloads_are_what_the_command_writes() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "smart-meter");
    // With a change of one's own, so that no file can be one that lay about.
    page.click(".preset input[value='bufstream']");
    page.wait_text(".platforms tbody th", "bufstream");
    let text = assert_agrees(&page);

    assert_eq!(taken(&page, "toml"), ("scenario.toml".to_owned(), text.clone()));
    let compared = |format: &str| command_today(&["compare", "-", "--format", format], &text);
    assert_eq!(taken(&page, "charges.csv"), ("charges.csv".to_owned(), compared("csv")));
    assert_eq!(taken(&page, "json"), ("plan.json".to_owned(), compared("json")));
    assert_eq!(taken(&page, "bills"), ("bills.svg".to_owned(), compared("svg")));

    page.select("#take-platform", "kafka-tiered");
    let of = ["--platform", "kafka-tiered"];
    for version in ["1.2", "1.4", "1.3"] {
        page.select("#take-focus", version);
        let words = ["export", "-", "--format", "focus", "--focus-version", version];
        let focus = command_today(&[&words[..], &of[..]].concat(), &text);
        assert_eq!(taken(&page, "focus"), ("focus.csv".to_owned(), focus), "{version}");
    }
    let timeline = command_today(&[&["simulate", "-", "--format", "csv"], &of[..]].concat(), &text);
    assert_eq!(taken(&page, "timeline"), ("timeline.csv".to_owned(), timeline));

    // The description of a file of rows has the moment at which the command made it; all else is the same.
    let folder = tempfile::TempDir::new().expect("a folder");
    let (file, rows) = (folder.path().join("plan.toml"), folder.path().join("rows.csv"));
    std::fs::write(&file, &text).expect("a file");
    let path = |path: &std::path::Path| path.to_str().expect("a path is text").to_owned();
    let words = ["export", &path(&file), "--format", "focus", "-o", &path(&rows)];
    command_today(&[&words[..], &of[..]].concat(), "");
    let described = std::fs::read_to_string(folder.path().join("rows.metadata.json"));
    let (name, ours) = taken(&page, "focus-metadata");
    assert_eq!(name, "focus.metadata.json");
    let read = |text: &str| -> serde_json::Value {
        let mut all: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
        without_clock(&mut all);
        all
    };
    assert_eq!(read(&ours), read(&described.expect("the command wrote it")));
    page.assert_quiet();
}

/// The folder of tables that finance gets from the program, file by file, as spreadsheets of either kind read them.
#[test]
fn tables_are_those_of_the_programs_folder() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "commitments");
    let text = assert_agrees(&page);
    let local = ["--delimiter", ";", "--decimal", ",", "--bom"];
    for (cells, flags) in [("plain", &[][..]), ("local", &local)] {
        page.select("#take-cells", cells);
        let folder = tempfile::TempDir::new().expect("a folder");
        let (file, tables) = (folder.path().join("plan.toml"), folder.path().join("tables"));
        std::fs::write(&file, &text).expect("a file");
        std::fs::create_dir(&tables).expect("a folder");
        let path = |path: &std::path::Path| path.to_str().expect("a path is text").to_owned();
        let words =
            ["export", &path(&file), "--format", "csv", "--reproducible", "-o", &path(&tables)];
        command_today(&[&words[..], flags].concat(), "");
        let written =
            |name: &str| std::fs::read_to_string(tables.join(name)).expect("the command wrote it");
        let mut told = Vec::new();
        for table in Table::ALL {
            let (name, ours) = taken(&page, table.file());
            assert_eq!(name, table.file());
            told.push(ours.clone());
            match table {
                // It says which command made it.
                Table::Audit => {
                    assert_eq!(without_command(&ours), without_command(&written(&name)))
                }
                _ => assert!(ours == written(&name), "{cells} {name} differs"),
            }
        }
        let (name, list) = taken(&page, "manifest");
        assert_eq!(name, MANIFEST);
        let list: serde_json::Value = serde_json::from_str(&list).expect("it is JSON");
        let files = list["files"].as_array().expect("files");
        assert_eq!(files.len(), told.len());
        for (file, text) in files.iter().zip(&told) {
            assert_eq!(file["sha256"], audit::sha256(text.as_bytes()), "{cells} {}", file["name"]);
        }
    }
    page.assert_quiet();
}

/// A table of the audit without the row of the command.
fn without_command(table: &str) -> Vec<&str> {
    table.lines().filter(|line| !line.contains("Command")).collect()
}

/// Takes the moment and the command out of a document.
fn without_clock(value: &mut serde_json::Value) {
    if let Some(fields) = value.as_object_mut() {
        let of_the_moment = ["CreationDate", "created", "command"];
        fields.retain(|name, _| !of_the_moment.contains(&name.as_str()));
        fields.values_mut().for_each(without_clock);
    }
    if let Some(values) = value.as_array_mut() {
        values.iter_mut().for_each(without_clock);
    }
}

/// Reports and workbooks for finance, byte for byte as the program makes them where nobody says when; the workbook is written
/// by a module that the page has not loaded before.
#[test]
fn files_for_finance_are_the_programs() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "commitments");
    let text = assert_agrees(&page);
    page.select("#take-platform", "committed");
    let of = ["--platform", "committed"];
    let finance = command_today(&[&["finance", "-", "--format", "csv"], &of[..]].concat(), &text);
    assert_eq!(taken(&page, "finance"), ("finance.csv".to_owned(), finance));

    let scenario = crate::parse(&text);
    let prices = crate::catalog().prices(&scenario).expect("prices");
    let asked = model::horizon::Asked::default();
    let comparison =
        model::comparison::run(&scenario, &prices, model::View::Horizon, asked, &mut |_| ());
    let origin = Origin {
        scenario_sha256: audit::of_scenario(&text),
        catalog_sha256: pricing::CATALOG_SHA256.to_owned(),
        today: Some(today()),
        ..Origin::default()
    };
    let audited = |platform| Audit::new(&comparison, &scenario, platform, &origin);

    let cards: Vec<_> =
        comparison.plans().map(|plan| scorecard(plan, &scenario, &prices)).collect();
    let ask = model::finance::Ask::default();
    let accounts = model::finance::accounts(&comparison, &scenario, ask, &[], &mut |_| Vec::new());
    let report = report::html(&Report {
        comparison: &comparison,
        scenario: &scenario,
        text: &text,
        platform: None,
        cards: &cards,
        accounts: &accounts,
        audit: &audited(None),
    });
    assert_eq!(taken(&page, "report"), ("report.html".to_owned(), report));

    let points = &workbook::POINTS;
    let cases = workbook::cases(&comparison, &scenario, &prices, "committed", points, &mut |_| ());
    let facts = audited(Some("committed")).facts().into_iter();
    let asked = workbook::Asked {
        platform: "committed",
        audit: facts.map(|(name, value)| (name.to_owned(), value)).collect(),
        created: None,
    };
    let book = workbook::workbook(&comparison, &scenario, &cases, &asked).expect("a plan");
    let expected = model::export::xlsx::bytes(&book).expect("a workbook");
    let (name, bytes) = page.download(|page| page.click("button[data-file='workbook']"));
    assert_eq!((name.as_str(), bytes == expected), ("plan.xlsx", true));
    page.assert_quiet();
}

#[test]
fn every_chart_is_the_commands() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "ev-charging");
    page.wait_for("#time .plot, .plots .plot:nth-child(7)");
    let text = scenario(&page);
    let names = page
        .eval("[...document.querySelectorAll('.plots .plot')].map(plot => plot.dataset.picture)");
    let names: Vec<String> = serde_json::from_value(names).expect("names");
    assert_eq!(names.len(), 7);
    for (index, name) in names.iter().enumerate() {
        let plot = format!(".plots .plot:nth-child({})", index + 1);
        let (file, bytes) =
            page.download(|page| page.click(&format!("{plot} .take-picture button")));
        assert_eq!(file, format!("{name}.svg"));
        let drawn = command_today(&["simulate", "-", "--format", "svg", "--chart", name], &text);
        assert!(bytes == drawn.as_bytes(), "{name} differs");
    }
    let picture = ".plots .plot:nth-child(1) .take-picture button:last-child";
    let (file, bytes) = page.download(|page| page.click(picture));
    assert_eq!((file.as_str(), &bytes[..4]), ("rates.png", &b"\x89PNG"[..]));
    assert!(bytes.len() > 5_000, "a picture with something on it: {} bytes", bytes.len());

    // One platform alone, a few days around what happens.
    page.select("#time-platform", "kafka-tiered");
    page.wait_text(".plots .plot svg title, .plots .plot svg text", "kafka-tiered");
    let (_, bytes) = page.download(|page| page.click(".plots .plot .take-picture button"));
    let arguments =
        ["simulate", "-", "--format", "svg", "--chart", "rates", "--platform", "kafka-tiered"];
    assert!(
        bytes == command_today(&arguments, &text).as_bytes(),
        "the chart of one platform differs"
    );
    page.assert_quiet();
}

#[test]
fn a_file_is_opened_and_a_wrong_one_is_refused() {
    let Some(page) = open(1280, 900) else { return };
    let other = include_str!("../../examples/two-regions.toml").replace("months", "months ");
    page.upload("#open-file", "mine.toml", other.as_bytes());
    page.wait_until(&format!("document.querySelector('#scenario').value === {}", json!(other)));
    assert_agrees(&page);
    // A scenario of one's own that is too long to read goes into the link packed, and comes back whole.
    page.wait_until("location.hash.startsWith('#v=1')");
    page.reload();
    page.wait_for(CURRENT);
    assert_agrees(&page);

    page.upload("#open-file", "huge.toml", &vec![b'#'; 2 << 20]);
    page.wait_text(".refused", "1 MiB");
    page.upload("#open-file", "prose.toml", b"Dear all,\nplease find attached");
    page.wait_for(".faults");
    page.upload("#open-file", "bytes.toml", &[0xff, 0xfe, 0x00, 0x9f]);
    page.wait_for(".faults");
    page.upload("#open-file", "mine.toml", other.as_bytes());
    assert_agrees(&page);
    page.assert_quiet();
}

#[test]
fn paper_shows_the_answer_and_no_buttons() {
    let Some(page) = open(1280, 900) else { return };
    page.as_printed();
    assert!(page.shows(".platforms") && page.shows(".headline"));
    assert!(!page.shows(".starts") && !page.shows("button[data-file='charges.csv']"));
    page.screenshot("print-1280.png");
    page.prefer(&[]);
    page.assert_quiet();
}
