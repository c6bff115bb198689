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
    page.wait_text("#futures-run", "Run 48 futures");
    page.wait_for(CURRENT);
}

/// The button that runs futures.
const RUN: &str = "#futures-run";

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
    page.click("#futures-stop");
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
    page.click("#uncertain-make");
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

/// Sentences as they stand in text: code has no ticks there.
fn plain(sentence: &serde_json::Value) -> String {
    sentence.as_str().expect("a sentence").replace('`', "")
}

#[test]
fn defaults_that_decide_are_what_the_command_says() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "smart-meter");
    page.click("#sure-try");
    page.wait_for("[data-sure='told']");
    let said = command(&["sensitivity", "-", "--steady", "--format", "json"], &scenario(&page));
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let sentences: Vec<String> =
        said["sentences"].as_array().expect("a list").iter().map(plain).collect();
    assert_eq!(page.texts("[data-sure] p"), sentences);
    let flips = said["defaults"].as_array().expect("a list").iter();
    let flips: usize = flips.map(|one| one["flips"].as_array().map_or(0, Vec::len)).sum();
    assert!(flips > 0);
    assert_eq!(page.count(".sure > :first-child tbody tr"), flips);
    retype(&page, "#in-title", "Another");
    page.wait_for("[data-sure='none']");
    page.assert_quiet();
}

#[test]
fn where_platforms_cross_is_what_the_command_says() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "ev-charging");
    page.select("#even-path", "stream.meter-values.sources");
    retype(&page, "#even-from", "1_000");
    retype(&page, "#even-to", "5_000_000");
    page.select("#even-one", "kafka-gp3");
    page.select("#even-other", "automq-s3-wal");
    page.click("#even-find");
    page.wait_for("[data-even='told']");
    let asked = [
        "breakeven",
        "-",
        "--vary",
        "stream.meter-values.sources",
        "--from",
        "1_000",
        "--to",
        "5_000_000",
        "--between",
        "kafka-gp3",
        "automq-s3-wal",
        "--scan",
        "65",
        "--format",
        "json",
    ];
    let said: serde_json::Value =
        serde_json::from_str(&command(&asked, &scenario(&page))).expect("JSON");
    let sentences = said["sentences"].as_array().expect("sentences");
    assert_eq!(page.texts("[data-even] p"), sentences.iter().map(plain).collect::<Vec<_>>());
    assert_eq!(page.count(".crossing svg"), 1);
    retype(&page, "#even-to", "soon");
    page.click("#even-find");
    page.wait_for("[data-even='told'] .fault");
    page.assert_quiet();
}

#[test]
fn a_cheaper_build_can_be_taken_over() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "smart-meter");
    page.select("#build-platform", "automq-s3-wal");
    page.click("#build-find");
    page.wait_for("[data-build='told']");
    let command = command(
        &["optimize", "-", "--platform", "automq-s3-wal", "--format", "json"],
        &scenario(&page),
    );
    let said: serde_json::Value = serde_json::from_str(&command).expect("JSON");
    let best = said["platforms"][0]["usd_a_month"].as_str().expect("dollars").to_owned();
    let whole: f64 = best.parse().expect("a number");
    let headline = page.text("[data-build] .headline");
    assert!(
        headline.starts_with(&format!("automq-s3-wal: ${whole:.0} a month instead of ")),
        "{headline} {best}"
    );
    page.click("#build-take");
    page.wait_for("[data-build='none']");
    page.wait_for(CURRENT);
    let taken = scenario(&page);
    assert!(taken.contains("flush_interval"), "{taken}");
    assert_agrees(&page);
    // What was found is what it now costs.
    let rows = page.eval("[...document.querySelectorAll('.platforms tbody tr')].find(row => row.textContent.includes('automq-s3-wal')).textContent");
    assert!(
        rows.as_str().is_some_and(|row| row.contains(&format!("{whole:.0}"))),
        "{rows} {whole}"
    );
    page.assert_quiet();
}

#[test]
fn a_search_can_be_ended_and_begun_again() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "fleet-telemetry");
    page.select("#build-platform", "kafka-tiered");
    // In one go, since a search may be done before a second click comes.
    page.run("document.querySelector('#build-find').click(); \
        const end = () => { const button = document.querySelector('#build-end'); button ? button.click() : setTimeout(end, 1); }; end();", &[]);
    page.wait_for("[data-build='none']");
    page.click("#build-find");
    page.wait_for("[data-build='told']");
    page.assert_quiet();
}
