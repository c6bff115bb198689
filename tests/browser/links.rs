//! The link holds everything: it opens elsewhere with the same numbers, leads back and forward, and is nobody's weapon.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

use super::page::Visit;
use super::{CURRENT, assert_agrees, choose, open, open_at, retype, scenario, unfold};

fn at(at: &'static str) -> Visit<'static> {
    Visit { width: 1280, height: 900, at, ..Visit::default() }
}

#[test]
fn a_shared_link_gives_the_same_numbers_in_a_fresh_profile() {
    let Some(page) = open(1280, 900) else { return };
    choose(&page, "fleet-telemetry");
    page.click(".preset input[value='bufstream']");
    page.wait_text(".platforms tbody th", "bufstream");
    page.click("input[value='a year']");
    page.wait_text(".components caption", "per year");
    unfold(&page);
    page.click("#in-prices-discount-compute");
    page.write("#in-prices-discount-compute", "7 %");
    assert_agrees(&page);
    page.wait_until("location.hash.includes('discount')");
    let (link, table) = (page.at(), page.text(".components"));
    assert!(link.starts_with("#v=1&from=fleet-telemetry&"), "{link}");
    assert!(link.len() < 300, "{link}");
    assert!(page.value("#link").ends_with(&link), "{} is not {link}", page.value("#link"));
    page.click("button.copy");
    page.wait_text(".quiet[role='status']", "copied");
    assert!(page.clipboard().ends_with(&link));

    let link: &'static str = link.leak();
    let other = open_at(at(link)).expect("the first page opened");
    assert_eq!(other.text(".components"), table);
    assert_eq!(scenario(&other), scenario(&page));
    // Reading a link changes nothing in it.
    assert_eq!(other.at(), link);
    page.assert_quiet();
    other.assert_quiet();
}

#[test]
fn back_and_forward_lead_through_what_was_done() {
    let Some(page) = open(1280, 900) else { return };
    let first = page.text(".headline");
    choose(&page, "ev-charging");
    page.wait_until("location.hash.includes('ev-charging')");
    let second = page.text(".headline");
    // Changes in quick succession are one step.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    choose(&page, "iot-platform");
    page.wait_until("location.hash.includes('iot-platform')");
    assert_ne!(first, second);
    page.back();
    page.wait_for("button[data-example='ev-charging'][aria-pressed='true']");
    page.wait_for(CURRENT);
    assert_eq!(page.text(".headline"), second);
    page.back();
    page.wait_for("button[data-example='smart-meter'][aria-pressed='true']");
    page.wait_for(CURRENT);
    assert_eq!(page.text(".headline"), first);
    page.run("history.forward()", &[]);
    page.wait_for("button[data-example='ev-charging'][aria-pressed='true']");
    page.assert_quiet();
}

#[test]
fn a_hostile_link_is_refused_in_words_and_harms_nothing() {
    let script = "#v=1&from=smart-meter&title=%3Cimg+src=x+onerror=alert(1)%3E%3Cscript%3Ealert(2)%3C/script%3E";
    let Some(page) = open_at(at(script)) else { return };
    // Markup is text.
    assert_eq!(page.value("#in-title"), "<img src=x onerror=alert(1)><script>alert(2)</script>");
    assert_eq!(page.count("main img") + page.count("main script"), 0);
    page.assert_quiet();

    let bomb = packed_zeros();
    let long = format!("#v=1&title={}", "a".repeat(200_000));
    let many = format!("#v=1&from=smart-meter{}", "&prices.x=1".repeat(5_000));
    let links = [
        "#v=99&from=smart-meter",
        "#hello",
        "#v=1&from=../../etc/passwd",
        "#v=1&__proto__.polluted=1",
        "#v=1&from=smart-meter&stream.interval-reads.__proto__=1",
        "#v=1&z=AAAA",
        "#v=1&z=%FF%FE",
        "#v=1&%",
        "#v=1&from=smart-meter&show=1e999",
        &bomb,
        &long,
        &many,
    ];
    for link in links {
        page.go("");
        page.go(link);
        page.reload();
        page.wait_for(CURRENT);
        let shown = &link[..link.len().min(60)];
        assert!(page.count(".refused") == 1, "{shown} is not refused");
        assert!(page.text(".refused").len() < 400, "{shown}: {}", page.text(".refused"));
        assert!(page.text(".headline").contains('$'), "{shown}: the page still answers");
        assert_eq!(page.eval("({}).polluted === undefined"), true, "{shown}");
    }
    page.screenshot("refused-1280.png");

    // A link may ask for what no scenario may say: then it is shown with its problems, in the command's words.
    page.go("#v=1&from=smart-meter&horizon.months=99999999999999999999");
    page.reload();
    page.wait_for(".faults");
    retype(&page, "#in-horizon-months", "12");
    page.wait_for(CURRENT);
    page.assert_quiet();
}

/// A link whose packed text is far larger than a scenario may be.
fn packed_zeros() -> String {
    use std::io::Write;
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..40 {
        packer.write_all(&[b'#'; 1 << 20]).expect("memory takes it");
    }
    let packed = packer.finish().expect("memory takes it");
    format!("#v=1&z={}", BASE64_URL_SAFE_NO_PAD.encode(packed))
}
