//! Links, files and names from strangers: each gives an answer or a refusal in words, and nothing freezes, swells or runs.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::page::{Page, Visit};
use super::{CURRENT, assert_agrees, choose, open, unfold};
use crate::examples::highwater;

/// Elements of a page that can be used: an example has less than a tenth.
const ELEMENTS: usize = 30_000;

/// Bytes that any process of the browser may have needed at once: up to 2.4 GB were seen, most of it to lay out one word of
/// 900,000 letters; what is inflated without end would need far more.
const MEMORY: u64 = 3 << 30;

/// What there is to see of a refusal.
const REFUSED: &str = ".refused, .faults li";

/// The smallest scenario that is planned.
const SMALL: &str = r#"schema = 1
title = "small"
[horizon]
months = 1
[prices]
provider = "aws"
region = "us-east-1"
[[stream]]
name = "one"
produce = "1 MiB/s"
compression = 2.0
retention = "7 d"
[[stream.reader]]
group = "all"
[[platform]]
preset = "kafka-gp3"
"#;

/// A link with a whole text.
fn link(text: &str) -> String {
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(text.as_bytes()).expect("memory takes it");
    let packed = packer.finish().expect("memory takes it");
    format!("#v=1&z={}", BASE64_URL_SAFE_NO_PAD.encode(packed))
}

/// Opens a link as somebody does who clicks on it.
fn follow(page: &Page, link: &str) {
    page.go(link);
    page.reload();
}

#[track_caller]
fn assert_usable(page: &Page, what: &str) {
    let elements = page.count("*");
    assert!(elements < ELEMENTS, "{what}: {elements} elements");
    assert!(page.count(".faults li") <= 101, "{what}: it tells too much");
    for told in page.texts(".refused, .faults .message") {
        let shown: String = told.chars().take(80).collect();
        assert!(told.chars().count() < 1_000, "{what}: {shown}");
        assert!(!told.chars().any(model::letters::is_hidden), "{what}: {told:?}");
    }
    if let Some(most) = page.memory() {
        assert!(most < MEMORY, "{what}: {} MB", most >> 20);
    }
}

/// A text many times over, as long as a scenario may be.
fn filled(text: &str) -> String {
    text.repeat(((1 << 20) - SMALL.len() - 2_000) / text.len())
}

#[test]
fn small_links_to_large_texts_freeze_nothing() {
    let Some(page) = open(1280, 900) else { return };
    let head = &SMALL[..SMALL.find("[[stream]]").expect("it has a stream")];
    let bombs = [
        ("nested arrays", format!("a={}", "[".repeat(10_000))),
        ("nested tables", format!("a={}", "{a=".repeat(10_000))),
        ("a long path", format!("a{}=1", ".a".repeat(500_000))),
        ("a long header", format!("[a{}]", ".a".repeat(10_000))),
        ("one key again and again", filled("title='x'\n")),
        (
            "unknown keys",
            (0..1_500).fold(String::new(), |mut text, n| {
                let _ = writeln!(text, "k{n}=1");
                text
            }),
        ),
        (
            "prototypes",
            "__proto__=1\nconstructor=1\ntoString=1\n[__proto__]\npolluted=1\n".to_owned(),
        ),
        ("streams without anything", filled("[[stream]]\n")),
        (
            "streams of one name",
            format!(
                "{head}{}",
                "[[stream]]\nname='a'\nproduce='1 MiB/s'\nretention='1 d'\n".repeat(1_000)
            ),
        ),
        ("readers", format!("{SMALL}{}", "[[stream.reader]]\ngroup='a'\n".repeat(20_000))),
        ("platforms", format!("{SMALL}{}", "[[platform]]\npreset='kafka-gp3'\n".repeat(20_000))),
        (
            "events",
            format!(
                "{SMALL}{}",
                "[[event]]\nname='a'\nkind='broker-loss'\nat='day 1'\n".repeat(10_000)
            ),
        ),
        (
            "streams of a region",
            format!(
                "{SMALL}[[region]]\nname='e'\nregion='us-east-1'\nstreams=[{}]\n",
                "'a',".repeat(200_000)
            ),
        ),
        (
            "weights",
            SMALL.replace("compression = 2.0", &format!("shape=[{}]", "1,".repeat(400_000))),
        ),
        (
            "an interval",
            SMALL.replace("\"1 MiB/s\"", &format!("\"{}1 MiB/s\"", "1 MiB/s .. ".repeat(80_000))),
        ),
        ("a long name", SMALL.replace("\"one\"", &format!("\"{}\"", "n".repeat(900_000)))),
        ("a long title", SMALL.replace("\"small\"", &format!("\"{}\"", "`".repeat(900_000)))),
        ("digits", SMALL.replace("months = 1", &format!("months = {}", "9".repeat(900_000)))),
        ("more than a scenario", "#".repeat(30 << 20)),
        ("empty lines", "\n".repeat(100_000)),
        ("nothing", String::new()),
        ("zeros", "\0".repeat(1_000_000)),
    ];
    for (what, text) in bombs {
        let link = link(&text);
        follow(&page, &link);
        page.wait_for(REFUSED);
        assert_usable(&page, what);
        assert_eq!(page.eval("({}).polluted === undefined"), json!(true), "{what}");
    }
    // It was only a link: the next one works.
    follow(&page, &link(SMALL));
    page.wait_for(CURRENT);
    assert_agrees(&page);
    page.assert_quiet();
}

/// A scenario may be sound and yet take minutes: whoever wants another one need not wait for it.
#[test]
fn what_takes_long_gives_way_to_what_is_asked_next() {
    let Some(page) = open(1280, 900) else { return };
    let mut text = SMALL.replace("months = 1", "months = 120");
    for number in 0..300 {
        let _ = write!(
            text,
            "[[stream]]\nname='{number}'\nproduce='1 MiB/s'\nretention='7 d'\nshape='regional-diurnal'\n"
        );
    }
    for number in 0..63 {
        let _ = write!(text, "[[platform]]\npreset='kafka-tiered'\nname='{number}'\n");
    }
    page.go(&link(&text));
    page.wait_for("main[data-current='false']");
    // Longer than a question may be overdue.
    std::thread::sleep(std::time::Duration::from_millis(2_500));
    choose(&page, "smart-meter");
    assert_agrees(&page);
    page.assert_quiet();
}

/// What a hostile text says of values, the command says in the same words; what it accepts is planned alike.
#[test]
fn hostile_values_are_refused_in_the_commands_words_or_planned() {
    let Some(page) = open(1280, 900) else { return };
    let values = [
        ("\"1 MiB/s\"", "\"1e308 MiB/s\""),
        ("\"1 MiB/s\"", "\"1e-308 MiB/s\""),
        ("\"1 MiB/s\"", "\"-0 MiB/s\""),
        ("\"1 MiB/s\"", "\"NaN MiB/s\""),
        ("\"1 MiB/s\"", "\"1 MiB/s\u{202e}s/BiM 9\""),
        ("\"1 MiB/s\"", "\"٣ MiB/s\""),
        ("\"7 d\"", "\"99999999999999999999 d\""),
        ("\"7 d\"", "\"1e999 d\""),
        ("\"7 d\"", "\"0 d\""),
        ("2.0", "nan"),
        ("2.0", "inf"),
        ("2.0", "-0.0"),
        ("2.0", "1e308"),
        ("2.0", "1e-400"),
        ("months = 1", "months = 99999999999999999999"),
        ("months = 1", "months = -1"),
        ("\"one\"", "\"__proto__\""),
        ("\"one\"", "\"constructor\""),
        ("\"one\"", "\"o\u{200b}ne\""),
        ("\"one\"", "\"\u{202e}eno\""),
        ("\"one\"", "\"\""),
        ("\"one\"", "\"..\""),
        ("\"all\"", "\"toString\""),
        ("\"small\"", "\"電力計 🜁 <b>&amp;\""),
        ("\"small\"", "\"a\\u0000b\""),
        ("\"kafka-gp3\"", "\"__proto__\""),
        ("\"us-east-1\"", "\"../../etc/passwd\""),
        ("[[stream.reader]]", "[stream.__proto__]\npolluted = 1\n[[stream.reader]]"),
    ];
    for (was, is) in values {
        let text = SMALL.replacen(was, is, 1);
        follow(&page, &link(&text));
        let (code, out, _) = highwater(&["check", "-", "--format", "json"], &text);
        let said: Value = serde_json::from_str(&out).expect("it prints JSON");
        let said: Vec<String> = said["problems"]
            .as_array()
            .expect("problems are a list")
            .iter()
            .map(|problem| problem["message"].as_str().expect("a message").replace('`', ""))
            .map(|message| model::letters::shown(&message))
            .collect();
        if code == 0 {
            page.wait_for(CURRENT);
            assert_agrees(&page);
            let all = page.text("main");
            for word in ["NaN", "inf ", "Infinity", "undefined", "[object"] {
                assert!(!all.contains(word), "{word} for {is}");
            }
        } else {
            page.wait_for(".faults li");
            assert_eq!(page.texts(".faults .message"), said, "{is}");
        }
        assert_usable(&page, is);
    }
    page.assert_quiet();
}

#[test]
fn broken_links_are_refused() {
    let Some(page) = open(1280, 900) else { return };
    let whole = link(SMALL);
    let cut = &whole[..whole.len() - 7];
    let turned = format!("#v=1&from=smart-meter&{}=1", "%E2%80%AEx".repeat(800));
    let versions = format!("#v={}", "9%E2%80%AE".repeat(700));
    let parts = format!("#v=1{}", "&".repeat(7_000));
    for link in [
        cut,
        &turned,
        &versions,
        "#v=1&z=",
        "#v=1&z=AAAA",
        "#v=1&z=%00%00",
        "#v=1&title=%E2%82",
        "#v=1&title=%zz",
        "#v=1&title=%",
        "#v=1&from=constructor",
        "#v=1&__proto__.x=1&constructor.prototype.y=2",
        "#v=1&from=smart-meter&less=__proto__",
        "#v=1&from=smart-meter&stream.toString.retention=1+d",
        "#v=1&from=smart-meter&show=__proto__",
        "#v=-1&from=smart-meter",
        "#v=1e308",
        "#__proto__",
    ] {
        follow(&page, link);
        page.wait_for(REFUSED);
        assert_usable(&page, link);
    }
    // Nothing in it: what is not there is not wrong.
    follow(&page, &parts);
    page.wait_for("main");
    assert_usable(&page, "separators");
    page.assert_quiet();
}

#[test]
fn files_that_are_no_scenario_are_refused() {
    let Some(page) = open(1280, 900) else { return };
    let wide: Vec<u8> =
        [0xfeff_u16].into_iter().chain(SMALL.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let mut binary: Vec<u8> = (0..=255).collect();
    binary.extend_from_slice(SMALL.as_bytes());
    let latin = SMALL.replace("small", "gr\u{1}n").into_bytes();
    let latin = latin.into_iter().map(|byte| if byte == 1 { 0xfc } else { byte }).collect();
    let files = [
        (
            "large.toml",
            vec![b'#'; 100 << 20],
            "`large.toml` is larger than a scenario may be: 1 MiB",
        ),
        ("binary.toml", binary, "is not UTF-8 text"),
        ("latin.toml", latin, "is not UTF-8 text"),
    ];
    for (name, bytes, told) in files {
        page.upload("#open-file", name, &bytes);
        page.wait_text(".refused", &told.replace('`', ""));
        assert!(page.text(".headline").contains('$'), "{name}: the page still answers");
    }
    page.upload("#open-file", "zeros.toml", &[0; 4096]);
    page.wait_for(".faults li");
    assert_usable(&page, "zeros");
    // Browsers heed the mark that such a file begins with.
    page.upload("#open-file", "utf16.toml", &wide);
    page.wait_gone(".faults");
    page.wait_for(CURRENT);
    assert_agrees(&page);
    page.upload("#open-file", "small.toml", SMALL.as_bytes());
    page.wait_text(".headline", "$");
    page.wait_for(CURRENT);
    assert_agrees(&page);
    page.assert_quiet();
}

/// Markup in every name, in every place that shows names, in the page and in the report that it writes.
#[test]
fn names_are_text_wherever_they_stand() {
    const NAME: &str = "<img src=x onerror=window.broken=1><script>window.broken=2</script>&lt;";
    let Some(page) = open(1280, 900) else { return };
    let name = |what: &str| format!("'{what} {NAME}'");
    let (stream, group, platform) = (name("s"), name("g"), name("p"));
    let text = SMALL
        .replace("\"small\"", &name("t"))
        .replace("months = 1", "months = 2")
        .replace("\"one\"", &format!("{stream}\nowner = {}", name("o")))
        .replace("\"all\"", &group)
        .replace("\"7 d\"", "\"3 d .. 7 d .. 30 d\"")
        + &format!(
            "name = {platform}\n[[platform]]\npreset = 'automq-s3-wal'\nname = {}\n",
            name("q")
        )
        + &format!(
            "[[event]]\nname = {}\nkind = 'broker-loss'\nat = 'day 3 04:00'\nplatform = {platform}\n",
            name("e")
        )
        + &format!("[[connector]]\nname = {}\nstream = {stream}\ndirection = 'sink'\n", name("c"))
        + &format!(
            "[[commitment]]\nname = {}\nplatform = {platform}\nterm = '1 year'\npayment = 'none'\ndiscount = '30 %'\nsource = {}\nas_of = 2026-11-01\n",
            name("m"),
            name("w")
        )
        + &format!(
            "[[credit]]\nname = {}\namount = '$9/month'\nsource = {}\n",
            name("r"),
            name("v")
        )
        + &format!(
            "[[scorecard.mark]]\nquestion = 'governance'\nmark = 'yellow'\nevidence = {}\n",
            name("k")
        )
        + "[uncertainty]\ndraws = 32\n";
    follow(&page, &link(&text));
    page.wait_for(CURRENT);
    page.wait_for(".platforms tbody tr");
    page.click("#futures-run");
    page.wait_for("[data-futures='done']");
    page.click("#build-find");
    page.wait_for("[data-build='told']");
    unfold(&page);
    page.wait_for("figure.plot svg");
    let (_, report) = page.download(|page| page.click("button[data-file='report']"));
    let (_, bills) = page.download(|page| page.click("button[data-file='bills']"));
    for (what, selector) in [
        ("pictures", "img:not([src^='data:']):not([src^='blob:'])"),
        ("scripts", "body script, main script, svg script"),
        ("handlers", "[onerror], [onload], [onclick]"),
    ] {
        assert_eq!(page.count(selector), 0, "there are {what}");
    }
    assert!(page.text("main").contains("onerror=window.broken=1"), "the names are shown");
    assert_eq!(page.eval("window.broken === undefined"), json!(true));
    page.assert_quiet();

    // Where they are opened, no policy of ours holds.
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("index.html"), report).expect("a file");
    fs::write(folder.path().join("bills.svg"), bills).expect("a file");
    let opened = Page::of(folder.path().to_path_buf(), Visit::default()).expect("a browser");
    for at in ["", "bills.svg"] {
        opened.go(at);
        opened.wait_until("document.readyState === 'complete'");
        assert_eq!(opened.eval("window.broken === undefined"), json!(true), "{at}");
        assert_eq!(
            opened.eval("document.querySelectorAll('[onerror], img, script').length"),
            json!(0),
            "{at}"
        );
    }
    let asked = opened.requests();
    assert!(asked.iter().all(|url| !url.ends_with("/x")), "{asked:?}");
}

/// Everything that can be pressed, once the page is there: it asks for its own files by their names, and keeps nothing.
#[test]
fn no_data_leaves_and_none_is_kept() {
    let Some(page) = open(1280, 900) else { return };
    page.wait_until("!!navigator.serviceWorker.controller");
    page.requests();
    page.requests_elsewhere();
    choose(&page, "commitments");
    page.select("#take-platform", "committed");
    for file in [
        "toml",
        "totals.csv",
        "wide-billed.csv",
        "wide-effective.csv",
        "charges.csv",
        "prices.csv",
        "assumptions.csv",
        "audit.csv",
        "manifest",
        "json",
        "report",
        "bills",
        "workbook",
        "finance",
        "focus",
        "focus-metadata",
        "timeline",
    ] {
        page.download(|page| page.click(&format!("button[data-file='{file}']")));
    }
    page.click("#build-find");
    page.wait_for("[data-build='told']");
    page.click("button.copy");
    choose(&page, "uncertain-rollout");
    page.click("#as-text > summary");
    let text = page.value("#scenario").replace("draws = 512", "draws = 32");
    page.fill("#scenario", &text);
    page.wait_text("#futures-run", "Run 32 futures");
    page.click("#futures-run");
    page.wait_for("[data-futures='done']");
    unfold(&page);
    page.wait_for(CURRENT);

    let asked = page.requests();
    let own = |url: &&String| {
        let file = url.strip_prefix(&page.site()).unwrap_or("?");
        file == "sw.js"
            || file.starts_with("workbook")
            || (file.starts_with("catalog/") && file.ends_with(".csv"))
    };
    let others: Vec<&String> = asked.iter().filter(|url| !own(url)).collect();
    assert!(others.is_empty(), "it asks for {others:?}");
    let kept = "
        const done = arguments[0];
        Promise.all([indexedDB.databases(), caches.keys(), navigator.storage.getDirectory()
            .then(async folder => { let files = 0; for await (const _ of folder.keys()) files += 1; return files })])
            .then(([databases, caches, files]) => done([localStorage.length, sessionStorage.length, document.cookie,
                databases.length, files, caches.every(name => name.startsWith('highwater '))]));";
    assert_eq!(page.run_async(kept, &[]), json!([0, 0, "", 0, 0, true]));
    page.assert_quiet();
}
