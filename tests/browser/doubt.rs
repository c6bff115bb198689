//! What is not certain, on the page: intervals by hand and by field, futures that can be stopped, the command's bytes.

use super::editing::first_stream;
use super::page::Page;
use super::{CURRENT, assert_agrees, choose, command, open, retype, scenario};

/// Few futures, so that the command is done soon too.
fn few(page: &Page) {
    choose(page, "uncertain-rollout");
    page.click("#as-text > summary");
    let text = scenario(page).replace("draws = 512", "draws = 48");
    page.fill("#scenario", &text);
    page.wait_text("#doubt ~ .actions button", "Run 48 futures");
    page.wait_for(CURRENT);
}

/// The button that runs futures.
const RUN: &str = "#doubt ~ .actions button.primary";

#[test]
fn futures_come_to_what_the_command_says() {
    let Some(page) = open(1280, 900) else { return };
    few(&page);
    page.click(RUN);
    page.wait_for("[data-futures='done']");
    let text = scenario(&page);
    for (file, name, format) in
        [("futures-json", "futures.json", "json"), ("futures-csv", "futures.csv", "csv")]
    {
        let (taken, bytes) =
            page.download(|page| page.click(&format!("button[data-file='{file}']")));
        assert_eq!(taken, name);
        let said = command(&["uncertainty", "-", "--steady", "--format", format], &text);
        assert_eq!(String::from_utf8(bytes).expect("text"), said, "{format}");
    }
    let said = command(&["uncertainty", "-", "--steady", "--format", "json"], &text);
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let first = said["sentences"][0].as_str().expect("a sentence").replace('`', "");
    assert_eq!(page.text("[data-futures] .headline"), first);
    let rows = page.texts(".tornado tbody th");
    let best = said["least_regret"].as_str().expect("a platform");
    let candidates = said["candidates"].as_array().expect("candidates");
    let best = candidates.iter().find(|one| one["platform"] == best).expect("it is one of them");
    let paths: Vec<&str> = best["tornado"]
        .as_array()
        .expect("bars")
        .iter()
        .filter_map(|bar| bar["path"].as_str())
        .collect();
    assert_eq!(rows, paths);
    page.select("#futures-platform", "kafka-gp3");
    page.wait_text(".tornado caption", "kafka-gp3");
    page.assert_quiet();
}

#[test]
fn futures_can_be_stopped_and_go_with_their_scenario() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "uncertain-rollout");
    page.click(RUN);
    page.wait_for("[data-futures='running']");
    page.click("#doubt ~ .actions button:not(.primary)");
    page.wait_for("[data-futures='none']");
    page.click(RUN);
    page.wait_for("[data-futures='running']");
    retype(&page, "#in-title", "Another");
    page.wait_for("[data-futures='none']");
    page.assert_quiet();
}

#[test]
fn a_quantity_becomes_an_interval_by_hand_and_by_field() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "smart-meter");
    assert_eq!(page.count(RUN), 0, "nothing is uncertain yet");
    page.select("#uncertain-path", "stream.interval-reads.retention");
    page.click("#doubt ~ .actions button");
    page.wait_for(RUN);
    assert!(
        scenario(&page).contains("retention   = \"90 d .. 180 d .. 360 d\""),
        "{}",
        scenario(&page)
    );
    assert_agrees(&page);
    let field = format!("#in-stream-{}-sources", first_stream(&page));
    retype(&page, &field, "20_000_000 .. 30_000_000 .. 40_000_000");
    assert!(
        scenario(&page).contains("sources     = \"20_000_000 .. 30_000_000 .. 40_000_000\""),
        "{}",
        scenario(&page)
    );
    assert_agrees(&page);
    retype(&page, &field, "40_000_000 .. 30_000_000 .. 20_000_000");
    page.wait_text(".field .fault", "does not rise");
    page.assert_quiet();
}
