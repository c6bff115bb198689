//! Every kind of input changes the scenario, and the answer is the command's to what it has become.

use serde_json::json;

use super::key::Key;
use super::page::Page;
use super::{CURRENT, assert_agrees, choose, open, retype, scenario, unfold};
use crate::examples::highwater;

#[track_caller]
fn assert_says(page: &Page, line: &str) {
    let text = scenario(page);
    // Files align what they say, and remark on it.
    let said = |line: &str| line.split(" #").next().unwrap_or_default().to_owned();
    let plain = |line: &str| said(line).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.lines().any(|one| plain(one) == line), "`{line}` is not in\n{text}");
}

#[test]
fn every_kind_of_field_changes_the_scenario() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "ev-charging");
    unfold(&page);
    let stream = first_stream(&page);
    let field = |key: &str| format!("#in-stream-{stream}-{key}");

    retype(&page, "#in-title", "Ours");
    assert_says(&page, "title = \"Ours\"");
    retype(&page, "#in-horizon-months", "18");
    assert_says(&page, "months = 18");
    page.eval("document.querySelector('#in-horizon-start').value = '2027-03-01'");
    page.eval(
        "document.querySelector('#in-horizon-start').dispatchEvent(new Event('input', { bubbles: true }))",
    );
    page.wait_for(CURRENT);
    assert!(scenario(&page).contains("2027-03-01"), "{}", scenario(&page));
    assert_agrees(&page);

    retype(&page, &field("retention"), "45 d");
    assert_says(&page, "retention = \"45 d\"");
    retype(&page, &field("compression"), "2.5");
    assert_says(&page, "compression = 2.5");
    retype(&page, &field("growth"), "1 %/month");
    assert_says(&page, "growth = \"1 %/month\"");
    assert_agrees(&page);

    // An emptied field falls back to its default.
    retype(&page, &field("growth"), "");
    assert!(!scenario(&page).contains("growth = \"1 %/month\""));

    page.select(&field("shape"), "office-hours");
    assert_says(&page, "shape = \"office-hours\"");
    page.select(&field("shape"), "own");
    page.wait_for(".hours input");
    page.click(".hours input");
    page.keys(&[Key::Up, Key::Up]);
    let drawn =
        scenario(&page).lines().any(|line| line.starts_with("shape") && line.contains("= ["));
    assert!(drawn, "{}", scenario(&page));
    assert_agrees(&page);

    retype(&page, "#in-prices-discount-compute", "12 %");
    assert!(scenario(&page).contains("compute = \"12 %\""), "{}", scenario(&page));
    assert_agrees(&page);
    page.assert_quiet();
}

/// The name of the first stream as it stands in the names of its fields.
pub fn first_stream(page: &Page) -> String {
    let field = page.eval("document.querySelector('.stream select[id$=-shape]').id");
    let field = field.as_str().expect("a field has a name");
    let name = field.strip_prefix("in-stream-").and_then(|rest| rest.strip_suffix("-shape"));
    name.expect("a stream's field").to_owned()
}

#[test]
fn a_volume_can_be_said_in_every_way() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "smart-meter");
    let stream = first_stream(&page);
    let field = |key: &str| format!("#in-stream-{stream}-{key}");
    // Thousands are apart for people; the file has what TOML reads.
    assert_eq!(page.value(&field("sources")), "30 000 000");
    retype(&page, &field("sources"), "1 200 000");
    assert_says(&page, "sources = 1200000");
    retype(&page, &field("every"), "5 min");
    retype(&page, &field("record"), "250 B");
    assert_agrees(&page);
    assert!(page.text(".stream .live").contains("4,000 records/s"), "{}", page.text(".live"));

    page.select(&field("volume"), "records a second × size");
    retype(&page, &field("records"), "2500 /s");
    assert_says(&page, "records = \"2500 /s\"");
    assert_says(&page, "record = \"250 B\"");
    assert_agrees(&page);

    page.select(&field("volume"), "bytes a second");
    retype(&page, &field("produce"), "3 MiB/s");
    assert_says(&page, "produce = \"3 MiB/s\"");
    assert_agrees(&page);
    page.assert_quiet();
}

#[test]
fn a_comma_is_never_dropped() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "smart-meter");
    let stream = first_stream(&page);
    for (key, typed) in
        [("sources", "1,200"), ("compression", "1,200.50"), ("record", "1,200.50 B")]
    {
        choose(&page, "smart-meter");
        let field = format!("#in-stream-{stream}-{key}");
        retype(&page, &field, typed);
        page.wait_for(&format!("{field}[aria-invalid='true']"));
        let beside = page.text(&format!("{field}-fault"));
        assert!(beside.contains("has a comma"), "{beside}");
        // In the words of the command.
        let text = scenario(&page);
        let (code, _, told) = highwater(&["check", "-"], &text);
        assert_eq!(code, 2, "{told}");
        let (message, hint) = beside.split_once("; ").expect("what is wrong, and the way out");
        let shown: String = told.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(message) && shown.contains(hint), "{beside}\n{told}");
        // The answer before it stays in sight, and says so.
        assert!(page.shows(".platforms"));
        assert!(page.text("section.answer").contains("the answer before"));
    }
    page.screenshot("fault-beside-1280.png");
    page.assert_quiet();
}

#[test]
fn a_broken_edit_says_where_and_is_not_lost() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "smart-meter");
    let text = scenario(&page);
    unfold(&page);
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

    choose(&page, "ev-charging");
    page.click("button[data-example='own']");
    page.wait_for(".faults");
    assert!(scenario(&page).ends_with("fan_out = 3"));

    // What is no TOML at all leaves the text to mend.
    page.fill("#scenario", "[[stream");
    page.wait_text(".fault", "not TOML");
    page.fill("#scenario", &text);
    assert_agrees(&page);
    page.assert_quiet();
}

#[test]
fn streams_readers_and_events_come_and_go() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "smart-meter");
    let before = page.count(".stream");
    page.click(".cards > .actions .add");
    page.wait_for("section[aria-label='Stream events']");
    assert_eq!(page.count(".stream"), before + 1);
    assert_agrees(&page);

    unfold(&page);
    page.click("section[aria-label='Stream events'] .readers .add");
    page.wait_for("section[aria-label='Stream events'] .reader");
    page.click("section[aria-label='Stream events'] .readers .add:last-child");
    page.wait_until(
        "document.querySelectorAll(\"section[aria-label='Stream events'] .reader\").length === 2",
    );
    assert!(assert_agrees(&page).contains("kind = \"replay\""));

    page.click("section[aria-label='Stream events'] .reader .remove");
    page.wait_until(
        "document.querySelectorAll(\"section[aria-label='Stream events'] .reader\").length === 1",
    );
    page.click("section[aria-label='Stream events'] .head .remove");
    page.wait_gone("section[aria-label='Stream events']");

    let events = page.count(".event");
    for kind in ["zone-loss", "replay", "reader-outage", "retention-change", "scale-out"] {
        page.select("#add-event", kind);
        page.click("button.add-event");
        page.wait_for(CURRENT);
    }
    assert_eq!(page.count(".event"), events + 5);
    assert_agrees(&page);
    unfold(&page);
    page.click(".event:last-of-type .remove");
    page.wait_for(CURRENT);
    assert_eq!(page.count(".event"), events + 4);
    page.assert_quiet();
}

#[test]
fn platforms_are_added_removed_and_held_against_variants() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "ev-charging");
    let boxes = "[...document.querySelectorAll('.preset input')].filter(box => box.checked).length";
    let chosen = page.eval(boxes);
    page.click(".preset input[value='bufstream']");
    page.wait_for("[data-platform='bufstream']");
    page.wait_text(".platforms tbody th", "bufstream");
    assert_agrees(&page);
    assert_eq!(page.eval(boxes), json!(chosen.as_u64().expect("a number") + 1));

    unfold(&page);
    page.click("[data-platform='bufstream'] .actions button");
    page.wait_for("[data-platform='bufstream-variant']");
    unfold(&page);
    page.wait_for("[data-platform='bufstream-variant'] details[open] input");
    retype(&page, "[data-platform='bufstream-variant'] input[id$='-zones']", "2");
    assert_says(&page, "zones = 2");
    page.wait_text("[data-platform='bufstream-variant'] .changed", "zones = 2");
    assert_agrees(&page);

    page.click("[data-platform='bufstream-variant'] > .actions .remove");
    page.wait_gone("[data-platform='bufstream-variant']");
    page.click(".preset input[value='bufstream']");
    page.wait_gone("[data-platform='bufstream']");
    assert_agrees(&page);
    assert_eq!(page.eval(boxes), chosen);

    // The last one stays: there has to be something to plan.
    for name in page.texts(".platform > summary strong").iter().skip(1) {
        page.click(&format!("[data-platform='{name}'] > .actions .remove"));
        page.wait_gone(&format!("[data-platform='{name}']"));
    }
    assert_eq!(page.count(".platform .remove"), 0);
    assert_eq!(page.count(".preset input:disabled"), 1);
    assert_agrees(&page);
    page.assert_quiet();
}

#[test]
fn a_platform_that_is_sold_elsewhere_says_why_it_cannot_be_planned() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "ev-charging");
    page.click(".preset input[value='gcp-managed-kafka']");
    page.wait_for(".platforms .rejected");
    assert!(page.text(".platforms .rejected").contains("Cannot be planned."));
    assert_agrees(&page);
    page.click(".preset input[value='gcp-managed-kafka']");
    page.wait_gone(".platforms .rejected");
    page.assert_quiet();
}
