//! The whole command: a drawn scenario on standard input, and a verb.

use super::draw::{Bytes, drawn};
use super::not_a_number;

/// The day of every run: what is old is old on it.
const TODAY: &str = "2026-11-22";

/// What is asked of a scenario. Verbs that plan many times are asked for little.
const ASKED: [&[&str]; 27] = [
    &["check", "-"],
    &["compare", "-"],
    &["compare", "-", "--format", "json"],
    &["compare", "-", "--format", "svg"],
    &["compare", "-", "--steady"],
    &["plan", "-", "--platform", "one"],
    &["plan", "-", "--platform", "one", "--format", "json"],
    &["simulate", "-", "--platform", "one"],
    &["simulate", "-", "--format", "json"],
    &["simulate", "-", "--from", "day 2", "--to", "day 3", "--format", "csv"],
    &["scorecard", "-", "--platform", "one"],
    &["explain", "-"],
    &["explain", "-", "brokers"],
    &["finance", "-"],
    &["finance", "-", "--platform", "one"],
    &["whatif", "-", "--set", "stream.a.retention=30 d"],
    &["whatif", "-", "--set", "platform.*.zones=2", "--format", "json"],
    &["diff", "-", "--platform-a", "one", "--platform-b", "two"],
    &[
        "breakeven",
        "-",
        "--vary",
        "stream.a.retention",
        "--from",
        "1 d",
        "--to",
        "90 d",
        "--between",
        "one",
        "two",
        "--scan",
        "3",
    ],
    &["sweep", "-", "--vary", "stream.b.produce=1 KiB/s:1 GiB/s:3", "--out", "-", "--jobs", "1"],
    &["uncertainty", "-", "--draws", "32", "--steady"],
    &["export", "-", "--format", "csv"],
    &["export", "-", "--format", "csv", "--assumptions"],
    &["export", "-", "--format", "json", "--reproducible"],
    &["export", "-", "--format", "focus", "--all-platforms"],
    &["export", "-", "--format", "focus", "--focus-version", "1.4"],
    &["export", "-", "--format", "html", "--reproducible"],
];

/// Draws a scenario from bytes and asks the command about it; one in eight is broken first, by bytes put into its text.
pub fn check(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let asked = ASKED[bytes.below(ASKED.len())];
    let (breaks, at) = (bytes.byte(), bytes.below(4096));
    let mut text = drawn(&mut bytes).text.into_bytes();
    if breaks & 7 == 7 {
        let at = at % text.len();
        text[at] ^= breaks >> 3;
    }
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = ["highwater", "--today", TODAY].iter().chain(asked);
    let code = cli::run(arguments, &mut &*text, &mut out, &mut err);
    let scenario = || String::from_utf8_lossy(&text).into_owned();
    let out = String::from_utf8(out).expect("output is text");
    let err = String::from_utf8(err).expect("messages are text");
    match code {
        0 | 1 => {}
        2 => {
            // What is old may be told before.
            let told = err.lines().any(|line| line.starts_with("error"));
            assert!(told, "{asked:?}: {err}\n{}", scenario());
            let out_of =
                err.contains("= help: ") || err.contains("expected ") || err.contains("help:");
            assert!(out_of, "{asked:?}: no way out: {err}\n{}", scenario());
        }
        code => panic!("{asked:?}: exit code {code}\n{err}\n{}", scenario()),
    }
    for told in [&out, &err] {
        if let Some(found) = not_a_number(told) {
            panic!("{asked:?} says a number that is none:\n{found}\nof\n{}", scenario());
        }
    }
    if asked.contains(&"json") && code != 2 {
        let read = serde_json::from_str::<serde_json::Value>(&out);
        assert!(read.is_ok(), "{asked:?}: {read:?}\n{}", scenario());
    }
}
