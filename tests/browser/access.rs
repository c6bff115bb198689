//! Nobody is kept out: no barrier that axe finds in any state, and everything works with keys alone.

use super::key::Key;
use super::page::Page;
use super::{CURRENT, assert_agrees, choose, open, unfold};

#[track_caller]
fn assert_no_barrier(page: &Page, state: &str) {
    let found = page.axe();
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{state}:\n{}", told.join("\n"));
}

#[test]
fn axe_finds_no_barrier_in_any_state() {
    let Some(page) = open(1280, 900) else { return };
    let schemes = [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)];
    for (scheme, width) in schemes {
        let state = |what: &str| format!("{what}, {scheme}, {width} px");
        page.resize(width, 900);
        page.prefer(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
        choose(&page, "smart-meter");
        page.wait_for(".plots .plot:nth-child(7)");
        page.wait_for(".light");
        assert_no_barrier(&page, &state("as it opens"));

        unfold(&page);
        page.wait_for(".platform details[open] input");
        page.click(".light");
        page.wait_for(".found h4");
        assert_no_barrier(&page, &state("every fold open"));

        page.click("button.why");
        page.wait_for(".why-dialog[open] .explained");
        assert_no_barrier(&page, &state("why"));
        page.keys(&[Key::Escape]);
        page.wait_gone(".why-dialog[open]");

        page.click("#lever-traffic");
        page.keys(&[Key::Right, Key::Right]);
        page.wait_for(".change tbody tr");
        assert_no_barrier(&page, &state("what if"));

        page.click("#even-find");
        page.wait_for("[data-even='told']");
        page.click("#build-find");
        page.wait_for("[data-build='told']");
        page.select("#uncertain-path", "stream.interval-reads.sources");
        page.click("#uncertain-make");
        assert_no_barrier(&page, &state("doubt"));

        page.click(".preset input[value='gcp-managed-kafka']");
        page.wait_for(".rejected");
        page.write("#scenario", "fan_out = 3");
        page.wait_for(".faults");
        assert_no_barrier(&page, &state("with problems"));

        page.fill("#scenario", "[[stream");
        page.wait_text(".fault", "not TOML");
        assert_no_barrier(&page, &state("not TOML"));
    }
    page.go("#v=99");
    page.reload();
    page.wait_for(".refused");
    assert_no_barrier(&page, "a refused link");
    page.assert_quiet();
}

/// Presses Tab until something has the focus.
#[track_caller]
fn tab_to(page: &Page, selector: &str) {
    for _ in 0..400 {
        if page.has_focus(selector) {
            return;
        }
        page.keys(&[Key::Tab]);
    }
    panic!("keys do not lead to {selector}; they lead to {}", page.focused());
}

#[test]
fn keys_alone_lead_from_opening_to_a_shared_link() {
    let Some(page) = open(1280, 900) else { return };
    page.keys(&[Key::Tab]);
    assert!(page.has_focus(".skip"), "{}", page.focused());
    tab_to(&page, "button[data-example='ev-charging']");
    page.keys(&[Key::Enter]);
    page.wait_for(CURRENT);

    tab_to(&page, "#in-horizon-months");
    page.chord(&[Key::Control, Key::Char('a')]);
    page.keys(&[Key::Char('1'), Key::Char('8')]);
    page.wait_for(CURRENT);

    tab_to(&page, ".preset input[value='bufstream']");
    page.keys(&[Key::Space]);
    page.wait_for("[data-platform='bufstream']");
    tab_to(&page, "[data-platform='bufstream'] summary");
    page.keys(&[Key::Enter]);
    page.wait_for("[data-platform='bufstream'][open]");

    // A help text comes with the focus.
    tab_to(&page, "[data-platform='bufstream'] .ask");
    assert!(page.shows("[data-platform='bufstream'] .ask:focus + .tip"));

    // Charts are read value by value, those of bills and those through time.
    tab_to(&page, ".bills .paper");
    page.keys(&[Key::Right, Key::Right]);
    page.wait_text(".bills .reading", "% of it");

    // Why: the dialog opens, and closing it leads back.
    tab_to(&page, "button.why");
    page.keys(&[Key::Enter]);
    page.wait_for(".why-dialog[open] .explained");
    page.keys(&[Key::Escape]);
    page.wait_gone(".why-dialog[open]");
    assert!(page.has_focus("button.why"), "{}", page.focused());

    tab_to(&page, ".plots .plot:nth-child(1) .paper");
    page.keys(&[Key::Right, Key::Right, Key::Right]);
    page.wait_text(".plots .plot:nth-child(1) .reading", "2027");
    let first = page.text(".plots .plot:nth-child(1) .reading strong");
    page.keys(&[Key::End]);
    page.wait_until(&format!(
        "document.querySelector('.plots .reading strong').textContent !== '{first}'"
    ));
    page.keys(&[Key::Escape]);

    tab_to(&page, "#lever-traffic");
    page.keys(&[Key::Right, Key::Right]);
    page.wait_for(".change tbody tr");
    tab_to(&page, "button.copy");
    page.wait_until("location.hash.includes('bufstream')");
    page.keys(&[Key::Enter]);
    page.wait_text(".quiet[role='status']", "copied");
    assert!(page.clipboard().contains("#v=1&from=ev-charging"), "{}", page.clipboard());
    assert_agrees(&page);
    page.assert_quiet();
}

#[test]
fn every_number_says_why() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "smart-meter");
    page.click("button.why[aria-label$='why kafka-gp3 pays this for zone crossing']");
    page.wait_for(".why-dialog[open] .explained");
    let said = page.text(".why-dialog");
    for part in ["zone-crossing/", "What goes in", "scenario", "Its source", "Grows with"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(page.count(".formula code") > 0);
    assert!(page.count(".why-dialog .price dd") > 1);
    page.screenshot("why-1280.png");
    page.keys(&[Key::Escape]);
    page.wait_gone(".why-dialog[open]");
    page.assert_quiet();
}

#[test]
fn a_screen_reader_hears_the_answer_once_it_has_settled() {
    let Some(page) = open(1280, 900) else { return };
    page.wait_text(".unseen[role='status']", "$");
    let first = page.text(".unseen[role='status']");
    choose(&page, "ev-charging");
    assert_eq!(page.text(".unseen[role='status']"), first, "not while things move");
    page.wait_until(
        "document.querySelector('.unseen[role=status]').textContent === document.querySelector('.headline').textContent",
    );
    page.assert_quiet();
}
