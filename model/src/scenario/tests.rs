//! Every rule of the format, each broken once.

use std::fmt::Write;

use super::*;
use crate::prices::Measure;

const VALID: &str = r#"schema = 1
title = "Smart meters"

[horizon]
start = 2027-01-01
months = 24

[prices]
provider = "aws"
region = "us-east-1"
discount = { compute = "12 %" }

[[prices.override]]
sku = "zone-out"
price = "$0.02/GiB"
source = "contract 4711"
as_of = 2026-11-01

[[stream]]
name = "reads"
sources = 5_000_000
every = "15 min"
record = "400 B"
compression = 4.0
shape = "regional-diurnal"
growth = "2 %/month"
keys = { count = 5_000_000, skew = 0.5 }
retention = "180 d"

[[stream.reader]]
group = "validation"
lag_budget = "5 min"

[[stream.reader]]
group = "rebuild"
kind = "replay"
window = "30 d"
every = "30 d"
within = "8 h"

[slo]
freshness = "60 s"
budget = "$40000/month"

[[platform]]
preset = "kafka-gp3"

[[platform]]
preset = "automq-s3-wal"
name = "AutoMQ"
broker = "m7g.xlarge"
"#;

#[test]
fn a_scenario_says_what_it_says() {
    let scenario = parse(VALID, &vocabulary()).expect("a valid scenario");
    assert_eq!(scenario.title, "Smart meters");
    assert_eq!(scenario.horizon.months, 24);
    assert_eq!(scenario.horizon.month, MonthLength::Fixed(Hours::new(730.0)));
    assert_eq!(scenario.prices.discounts[&PriceGroup::Compute], Decimal::new(12, 2));
    assert_eq!(scenario.prices.overrides[0].as_of, "2026-11-01");
    let stream = &scenario.workload.streams[0];
    assert!((stream.produce_raw.as_mb_per_sec() - 5e6 * 400.0 / 900.0 / 1e6).abs() < 1e-9);
    assert_eq!(stream.growth_per_month, 0.02);
    assert_eq!(stream.readers.len(), 2);
    assert_eq!(scenario.slo.budget, Some("40000".parse().expect("dollars")));
    let platform = &scenario.platforms[1];
    assert_eq!(
        (platform.name.as_str(), platform.overrides.as_slice()),
        ("AutoMQ", &["broker".to_owned()][..])
    );
}

#[test]
fn every_problem_is_reported_at_once_and_in_order() {
    let text = VALID
        .replace("months = 24", "months = 240\nmonth = 730")
        .replace("\"180 d\"", "180")
        .replace("lag_budget", "lag-budget")
        .replace("kafka-gp3", "kafka-gp4");
    println!("{}", render(&text));
}

#[test]
fn a_broken_line_does_not_hide_the_rest() {
    let text = VALID
        .replace("title = \"Smart meters\"", "title = Smart meters")
        .replace("5_000_000\n", "5,000,000\n")
        .replace("region = \"us-east-1\"", "region = \"us-east-9\"");
    println!("{}", render(&text));
}

#[test]
fn an_empty_text_lacks_what_is_required() {
    println!("{}", render(""));
}

#[test]
fn the_top_level() {
    check("schema = 1", "schema = 2", "");
    check("schema = 1", "schema = \"1\"", "");
    check("title = \"Smart meters\"", "title = \"\"", "");
    check("title = \"Smart meters\"", "", "");
    check("[horizon]", "[horzion]", "");
    check("[slo]", "[[event]]\nname = \"storm\"\n[slo]", "");
    check("[slo]", "[[slo]]", "");
    check("[horizon]\n", "[horizon]\nretention = \"7 d\"\n", "");
}

#[test]
fn the_horizon() {
    check("months = 24", "months = 0", "");
    check("months = 24", "months = 12.5", "");
    check("months = 24", "month = \"700 h\"", "OK");
    check("months = 24", "month = \"calendar\"", "OK");
    check("start = 2027-01-01", "month = \"calendar\"", "");
    check("start = 2027-01-01", "month = \"1 h\"", "");
    check("start = 2027-01-01", "start = 2027-01-01T00:00:00", "");
    check("start = 2027-01-01", "start = \"2027-02-30\"", "");
}

#[test]
fn prices() {
    check("\"aws\"", "\"awz\"", "");
    check("\"us-east-1\"", "\"us-east1\"", "");
    check("\"us-east-1\"", "\"europe-west1\"", "");
    check("\"us-east-1\"", "\"mars\"", "");
    check("compute = \"12 %\"", "compute = \"120 %\"", "");
    check("compute = \"12 %\"", "compute = \"-1 %\"", "");
    check("compute = \"12 %\"", "compute = 12", "");
    check("compute = \"12 %\"", "computer = \"12 %\"", "");
    check("\"zone-out\"", "\"zone-oot\"", "");
    check("$0.02/GiB", "$0.02/GB", "OK");
    check("$0.02/GiB", "$0.02/request", "");
    check("$0.02/GiB", "$0.02/furlong", "");
    check("$0.02/GiB", "0.02/GiB", "");
    check("$0.02/GiB", "$-0.02/GiB", "");
    check("$0.02/GiB", "$0,02/GiB", "");
    check("\"$0.02/GiB\"", "0.02", "");
    check("as_of = 2026-11-01", "as_of = \"last week\"", "");
    check("as_of = 2026-11-01", "", "");
    check(
        "[[stream]]",
        "[[prices.override]]\nsku = \"zone-out\"\nprice = \"$0.01/GiB\"\nsource = \"x\"\nas_of = \"2026-01-01\"\n[[stream]]",
        "",
    );
}

#[test]
fn rates() {
    let sources = "sources = 5_000_000\nevery = \"15 min\"\nrecord = \"400 B\"\n";
    check(sources, "records = \"20_000 /s\"\nrecord = \"400 B\"\n", "OK");
    check(sources, "produce = \"40 MiB/s\"\n", "OK");
    check(sources, "produce = \"40 MiB/s\"\nrecord = \"400 B\"\n", "OK");
    check(sources, "", "");
    check(sources, "sources = 5\nrecord = \"400 B\"\n", "");
    check(sources, "produce = \"40 MiB/s\"\nrecords = \"20000 /s\"\n", "");
    check(sources, "produce = \"40 MiB\"\n", "");
    check(sources, "produce = \"-40 MiB/s\"\n", "");
    check(sources, "produce = \"2 TiB/s\"\n", "");
    check("sources = 5_000_000", "sources = 0", "");
    check("sources = 5_000_000", "sources = 5e6", "");
    check("sources = 5_000_000", "sources = 1_000_000_000_000", "");
    check("\"400 B\"", "\"0.5 B\"", "");
    check("\"400 B\"", "\"1,200.50 B\"", "");
    check("2 %/month", "90 %/month", "");
    check("2 %/month", "2 %", "");
    check("2 %/month", "300 %/month", "");
    check("2 %/month", "-200 %/year", "");
}

#[test]
fn streams() {
    check("180 d", "180 parsecs", "");
    check("180 d", "101 years", "");
    check("180 d", "0 d", "");
    check("180 d", "nan d", "");
    check("\"180 d\"", "180", "");
    check("\"180 d\"", "true", "");
    check("compression = 4.0", "compression = 0.01", "");
    check("compression = 4.0", "compression = nan", "");
    check("compression = 4.0", "compression = \"4\"", "");
    check("\"regional-diurnal\"", "\"diurnal\"", "");
    check("\"regional-diurnal\"", "[1, 2, 3]", "");
    check(
        "\"regional-diurnal\"",
        "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 0]",
        "OK",
    );
    check("\"regional-diurnal\"", "\"weekly\"\npeak_to_mean = 3", "");
    check("\"regional-diurnal\"", "\"weekly\"\npeak_to_mean = 1.4", "OK");
    check("\"regional-diurnal\"", "\"flat\"\npeak_to_mean = 3", "");
    check("skew = 0.5", "skew = 4", "");
    check("count = 5_000_000, skew", "skew", "");
    check("growth =", "partitions = 0\ngrowth =", "");
    check("growth =", "partitions = \"auto\"\ngrowth =", "OK");
    check("growth =", "partitions = \"many\"\ngrowth =", "");
    check("growth =", "cleanup = \"compact\"\ngrowth =", "OK");
    check("growth =", "live = \"1 GiB\"\ngrowth =", "");
    check("growth =", "cleanup = \"compost\"\ngrowth =", "");
    check("keys = { count = 5_000_000, skew = 0.5 }", "cleanup = \"compact\"", "");
    check("name = \"reads\"", "name = \"\\u0007\"", "");
    check(
        "[slo]",
        "[[stream]]\nname = \"reads\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n[slo]",
        "",
    );
    check("[[stream]]", "[[stream]]\nreader = 5", "");
}

#[test]
fn readers() {
    check("group = \"validation\"", "group = \"validation\"\nretention = \"7 d\"", "");
    check("group = \"validation\"", "group = \"validation\"\nshare = \"30 %\"", "OK");
    check("group = \"validation\"", "group = \"validation\"\nshare = 30", "");
    check("group = \"validation\"", "group = \"rebuild\"", "");
    check("kind = \"replay\"", "kind = \"replays\"", "");
    check("kind = \"replay\"", "kind = \"tail\"", "");
    check("kind = \"replay\"", "kind = \"replay\"\nlag_budget = \"1 s\"", "");
    check("within = \"8 h\"", "", "");
    check("within = \"8 h\"", "within = \"31 d\"", "");
    check("window = \"30 d\"", "window = \"1 year\"", "");
}

#[test]
fn slo() {
    check("$40000/month", "$40,000/month", "");
    check("$40000/month", "$40000/year", "");
    check("$40000/month", "$40000", "");
    check("\"$40000/month\"", "40000", "");
}

#[test]
fn platforms() {
    let add = |line: &str| format!("preset = \"kafka-gp3\"\n{line}");
    let gp3 = "preset = \"kafka-gp3\"";
    check(gp3, "preset = \"kafka\"", "");
    check(gp3, "", "");
    check("name = \"AutoMQ\"", "name = \"kafka-gp3\"", "");
    check(gp3, &add("local_retention = \"6 h\""), "");
    check(gp3, &add("replication_facto = 2"), "");
    check(gp3, &add("replication_factor = \"3\""), "");
    check(gp3, &add("replication_factor = 0"), "");
    check(gp3, &add("brokers = 2"), "");
    check(gp3, &add("brokers = \"auto\""), "OK");
    check(gp3, &add("brokers = 2000"), "");
    check(gp3, &add("brokers = -3"), "");
    check(gp3, &add("disk_utilization = 0.7"), "OK");
    check(gp3, &add("disk_utilization = 0"), "");
    check(gp3, &add("disk_utilization = 70"), "");
    check(gp3, &add("cpu_factor = nan"), "");
    check(gp3, &add("segment_bytes = 1024"), "");
    check(gp3, &add("segment_bytes = \"0 B\""), "");
    check(gp3, &add("controllers = 0"), "OK");
    check(gp3, &add("headroom = \"netflux\""), "");
    check(gp3, &add("follower_fetching = \"yes\""), "");
    check(gp3, &add("broker = \"m7g.xlrge\""), "");
    check(gp3, &add("disk = \"floppy\""), "");
    check(gp3, &add("licence = \"$0.01/GiB\""), "OK");
    check(gp3, &add("licence = \"$0.01/h\""), "");
    check("name = \"AutoMQ\"", "wal = \"block\"", "");
}

#[test]
fn warnings_name_the_range() {
    let text = VALID.replace("kafka-gp3\"", "kafka-gp3\"\ndisk_utilization = 1.0\nzones = 2");
    let scenario = parse(&text, &vocabulary()).expect("a valid scenario");
    assert_eq!(
        warnings(&scenario.platforms[0]),
        ["`disk_utilization` is 100 %, outside its plausible range 40 % .. 80 %"]
    );
}

#[test]
fn a_text_that_is_too_long_is_one_problem() {
    let errors = parse(&"x".repeat(TEXT_MAX + 1), &vocabulary()).expect_err("too long");
    assert_eq!(errors.len(), 1);
}

fn vocabulary() -> Vocabulary {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Vocabulary {
        regions: BTreeMap::from([
            ("aws".to_owned(), names(&["us-east-1", "eu-central-1"])),
            ("gcp".to_owned(), names(&["europe-west1"])),
        ]),
        machines: BTreeMap::from([("compute".to_owned(), names(&["m7g.large", "m7g.xlarge"]))]),
        disks: names(&["gp3", "st1"]),
        skus: BTreeMap::from([
            ("zone-out".to_owned(), Measure::Moved),
            ("object-put".to_owned(), Measure::Requests),
        ]),
    }
}

/// The valid scenario with one change has these problems.
#[track_caller]
fn check(old: &str, new: &str, expected: &str) {
    assert!(VALID.contains(old), "{old}");
    let found = render(&VALID.replacen(old, new, 1));
    if found.trim_end() != expected.trim_end() {
        println!("@@ {new:?}\n{found}");
    }
}

fn render(text: &str) -> String {
    let Err(errors) = parse(text, &vocabulary()) else {
        return "OK".to_owned();
    };
    let mut out = String::new();
    for error in errors {
        let (line, column) = line_column(text, error.span.start);
        let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
        writeln!(out, "{line}:{column} {error}{hint}").expect("a string takes all text");
    }
    out
}
