//! Prices and facts that are old on a day are told, wherever a plan is shown; which day it is, is said.

use crate::examples::highwater_on;

const SCENARIO: &str = "smart-meter.toml";

fn said(today: &str, arguments: &[&str]) -> (String, String) {
    let arguments = [arguments, &["-"]].concat();
    let (code, out, err) = highwater_on(today, &arguments, &crate::example(SCENARIO));
    assert_eq!(code, 0, "{arguments:?}: {err}");
    (out, err)
}

#[test]
fn every_verb_that_plans_warns_once_on_stderr() {
    let set = ["--set", "stream.interval-reads.retention=365 d"];
    let verbs: [&[&str]; 6] = [
        &["compare", "--steady"],
        &["plan", "--steady"],
        &["export", "--format", "csv"],
        &["simulate", "--from", "day 1", "--to", "day 2"],
        &[&["whatif", "--steady"][..], &set].concat(),
        &["compare", "--steady", "--format", "csv"],
    ];
    for verb in verbs {
        let (then, warned) = said("2026-11-22", verb);
        assert_eq!(warned.matches("older than 90 days").count(), 1, "{verb:?}: {warned}");
        assert!(warned.contains("warning: "), "{warned}");
        assert!(warned.contains("help: `highwater prices import`"), "{warned}");
        // Only the warning knows the day.
        let (before, quiet) = said("2000-01-01", verb);
        assert_eq!(then, before, "{verb:?}");
        assert!(!quiet.contains("older than"), "{quiet}");
    }
}

#[test]
fn json_lists_what_is_old() {
    for verb in ["compare", "plan"] {
        let read = |today| {
            let (out, _) = said(today, &[verb, "--steady", "--format", "json"]);
            serde_json::from_str::<serde_json::Value>(&out).expect("JSON")
        };
        let stale = &read("2028-01-01")["stale"];
        assert_eq!(stale["today"], "2028-01-01");
        assert_eq!(stale["prices_older_than_days"], 90);
        let prices = stale["prices"].as_array().expect("a list");
        assert!(prices.len() > 3, "{stale}");
        let days: Vec<i64> = prices.iter().map(|one| one["days"].as_i64().expect("days")).collect();
        assert!(days.iter().all(|days| *days > 90) && days.is_sorted_by(|one, other| one >= other));
        let presets = stale["presets"].as_array().expect("a list");
        assert!(presets.iter().any(|one| one["name"] == "kafka-gp3"), "{stale}");
        assert!(read("2000-01-01").get("stale").is_none(), "nothing is old yet");
    }
}

#[test]
fn a_day_that_is_none_is_told() {
    let (code, _, err) = highwater_on("tomorrow", &["compare", "-"], "");
    assert_eq!(code, 2);
    assert!(err.contains("expected a day such as 2026-11-20"), "{err}");
}
