//! Prices and facts that are old on a day are told, wherever a plan is shown; which day it is, is said.

use crate::examples::highwater_on;

const SCENARIO: &str = "smart-meter.toml";

/// Verbs that pay for something, each with as little to do as it can have.
fn verbs() -> Vec<Vec<&'static str>> {
    let retention = "stream.interval-reads.retention";
    let set = ["--set", "stream.interval-reads.retention=365 d"];
    let interval = ["--set", "stream.interval-reads.retention=100 d .. 180 d .. 400 d"];
    let two = ["kafka-tiered", "automq-s3-wal"];
    let along = ["--steady", "--scan", "3", "--vary", retention, "--from", "300d", "--to", "301d"];
    vec![
        vec!["check"],
        vec!["compare", "--steady"],
        vec!["plan", "--steady"],
        vec!["simulate", "--from", "day 1", "--to", "day 2"],
        vec!["scorecard", "--platform", "kafka-tiered"],
        [&["whatif", "--steady"][..], &set].concat(),
        vec!["diff", "--steady", "--platform-a", two[0], "--platform-b", two[1]],
        vec!["finance"],
        vec!["explain", "--steady", "zone-crossing/replicate"],
        vec!["optimize", "--platform", "kafka-tiered", "--time-limit", "1ms"],
        [&["breakeven"][..], &along, &["--between"], &two].concat(),
        vec!["sweep", "--steady", "--out", "-", "--vary", "stream.interval-reads.retention=300d"],
        [&["uncertainty", "--steady", "--draws", "32"][..], &interval].concat(),
        vec!["sensitivity", "--steady", "--platform", two[0], "--platform", two[1]],
    ]
}

#[test]
fn every_verb_that_pays_warns_once_on_stderr() {
    for verb in verbs() {
        let asked = [&verb[..1], &["-"], &verb[1..]].concat();
        let said = |today: &str| {
            let (code, out, err) = highwater_on(today, &asked, &crate::example(SCENARIO));
            assert_eq!(code, 0, "{asked:?}: {err}");
            (out, err)
        };
        let (then, warned) = said("2026-11-22");
        assert_eq!(warned.matches("older than 90 days").count(), 1, "{verb:?}: {warned}");
        assert!(warned.contains("warning: "), "{warned}");
        assert!(warned.contains("help: `highwater prices import`"), "{warned}");
        // Only the warning knows the day.
        let (before, quiet) = said("2000-01-01");
        if verb[0] != "optimize" {
            assert_eq!(then, before, "{verb:?}");
        }
        assert!(!quiet.contains("older than"), "{quiet}");
    }
}

/// Every verb is among those that warn, or plans nothing.
#[test]
fn no_verb_is_forgotten() {
    const PAY_NOTHING: [&str; 9] =
        ["init", "prices", "presets", "events", "lines", "schema", "completions", "man", "help"];
    // Beside those that the other tests here run by themselves.
    const ELSEWHERE: [&str; 2] = ["export", "actuals"];
    let verbs = verbs();
    for verb in cli::command().get_subcommands() {
        let name = verb.get_name();
        let told = verbs.iter().any(|known| known[0] == name) || ELSEWHERE.contains(&name);
        assert!(told != PAY_NOTHING.contains(&name), "`{name}`");
    }
}

#[test]
fn json_lists_what_is_old() {
    let of = |document: &serde_json::Value| {
        let stale = &document["stale"];
        assert_eq!(stale["today"], "2028-01-01");
        assert_eq!(stale["prices_older_than_days"], 90);
        let prices = stale["prices"].as_array().expect("a list");
        assert!(prices.len() > 3, "{stale}");
        let days: Vec<i64> = prices.iter().map(|one| one["days"].as_i64().expect("days")).collect();
        assert!(days.iter().all(|days| *days > 90) && days.is_sorted_by(|one, other| one >= other));
        let presets = stale["presets"].as_array().expect("a list");
        assert!(presets.iter().any(|one| one["name"] == "kafka-tiered"), "{stale}");
    };
    let verbs = verbs().into_iter().filter(|verb| !["sweep", "optimize"].contains(&verb[0]));
    for verb in verbs {
        let asked = [&verb[..1], &["-", "--format", "json"], &verb[1..]].concat();
        let read = |today| {
            let (code, out, err) = highwater_on(today, &asked, &crate::example(SCENARIO));
            assert_eq!(code, 0, "{asked:?}: {err}");
            serde_json::from_str::<serde_json::Value>(&out).expect("JSON")
        };
        let (mut then, now) = (read("2028-01-01"), read("2000-01-01"));
        of(&then);
        assert!(now.get("stale").is_none(), "nothing is old yet");
        then.as_object_mut().expect("an object").remove("stale");
        assert_eq!(then, now, "{asked:?}");
    }
}

/// A bill beside a plan: the plan's prices can be old.
#[test]
fn a_bill_beside_a_plan_warns() {
    let bill = concat!(env!("CARGO_MANIFEST_DIR"), "/bills/aws-data-exports-focus-1.0.csv");
    let text = crate::example(SCENARIO).replacen(
        "[prices]",
        "[actuals]\nplatform = \"kafka-gp3\"\n[prices]",
        1,
    );
    let (_, _, err) = highwater_on("2026-11-22", &["actuals", "-", "--bill", bill], &text);
    assert_eq!(err.matches("older than 90 days").count(), 1, "{err}");
}

/// What is handed on says it inside, in every format that has a place for it; to the same bytes only where a day is given.
#[test]
fn exports_say_what_is_old_inside() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    const OLD: &str = "older than 90 days";
    let read = |name: &str| std::fs::read_to_string(path(name)).expect("a file of the export");
    let write = |today: &str, format: &str, name: &str| {
        let asked = ["export", "-", "--reproducible", "--format", format, "-o", &path(name)];
        let (code, _, err) = highwater_on(today, &asked, &crate::example(SCENARIO));
        assert_eq!(code, 0, "{err}");
        assert_eq!(err.contains(OLD), today > "2026", "{err}");
    };
    for (format, name, beside) in [
        ("csv", "plan.csv", "plan.audit.json"),
        ("csv", "tables/", "tables/audit.csv"),
        ("json", "plan.json", "plan.json"),
        ("html", "plan.html", "plan.html"),
        ("focus", "focus.csv", "focus.metadata.json"),
    ] {
        if name.ends_with('/') {
            std::fs::create_dir_all(path(name)).expect("a folder");
        }
        write("2000-01-01", format, name);
        assert!(!read(beside).contains(OLD), "{beside}: nothing is old yet");
        write("2026-11-22", format, name);
        assert!(read(beside).contains(OLD) && read(beside).contains("2026-11-22"), "{beside}");
    }
    write("2026-11-22", "xlsx", "plan.xlsx");
    use calamine::Reader as _;
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook(path("plan.xlsx")).expect("a workbook");
    let audit = book.worksheet_range("Audit").expect("a sheet");
    let told = audit.rows().flatten().any(|cell| cell.to_string().contains(OLD));
    assert!(told, "the audit sheet says nothing of it");

    // Without a day, a reproducible file is judged by nothing: it has the bytes of one in which nothing is old.
    let asked = ["highwater", "export", "-", "--reproducible", "--format", "json"];
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let text = crate::example(SCENARIO);
    assert_eq!(cli::run(asked, &mut text.as_bytes(), &mut out, &mut err), 0);
    assert!(String::from_utf8_lossy(&err).contains(OLD), "the clock is past 2026");
    assert!(!String::from_utf8_lossy(&out).contains(OLD));
}

#[test]
fn a_day_that_is_none_is_told() {
    let (code, _, err) = highwater_on("tomorrow", &["compare", "-"], "");
    assert_eq!(code, 2);
    assert!(err.contains("expected a day such as 2026-11-20"), "{err}");
}
