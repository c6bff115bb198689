//! Every rule of the format, each broken once.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::map::Map;
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

[[event]]
name = "storm"
kind = "reconnect-storm"
at = "day 40 18:30"
stream = "reads"
outage = "4 h"

[[event]]
name = "training"
kind = "replay"
at = 2027-03-01
stream = "reads"
window = "20 d"

[scorecard]
storm_share = "30 %"

[[scorecard.mark]]
question = "governance"
mark = "yellow"
evidence = "ACLs are set by hand"
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
    assert_eq!(stream.growth.compound, 0.02);
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
    insta::assert_snapshot!(render(&text), @r#"
    6:10 `months` is 240, expected a whole number from 1 to 120
    7:9 `month` has no unit
      help: write `month = "730 h"`; units are `h`, `ms`, `s`, `min`, `d`, `w`, `month`, `y`
    29:13 `retention` has no unit
      help: write `retention = "7 d"`; units are `h`, `ms`, `s`, `min`, `d`, `w`, `month`, `y`
    33:1 unknown key `lag-budget` in `[[stream.reader]]`
      help: did you mean `lag_budget`?
    47:10 there is no preset `kafka-gp4`
      help: did you mean `kafka-gp3`?
    "#);
}

#[test]
fn a_broken_line_does_not_hide_the_rest() {
    let text = VALID
        .replace("title = \"Smart meters\"", "title = Smart meters")
        .replace("5_000_000\n", "5,000,000\n")
        .replace("region = \"us-east-1\"", "region = \"us-east-9\"");
    insta::assert_snapshot!(render(&text), @r#"
    2:9 a string needs quotes
      help: write `title = "Smart meters"`
    10:10 there is no region `us-east-9`
      help: did you mean `us-east-1`?
    21:11 a number has no commas
      help: write `sources = 5_000_000`
    "#);
}

#[test]
fn an_empty_text_lacks_what_is_required() {
    insta::assert_snapshot!(render(""), @r#"
    1:1 the scenario has no `schema`
      help: write `schema = 1`
    1:1 the scenario has no `title`
      help: write `title = "Smart meters"`
    1:1 the scenario has no `prices`
      help: write `[prices]`
    1:1 the scenario has no `stream`
      help: write `[[stream]]`
    1:1 the scenario has no `platform`
      help: write `[[platform]]`
    "#);
}

#[test]
fn the_top_level() {
    check(
        r#"
schema = 1 ⇒ schema = 2
  1:10 schema 2 is not known
    help: this program reads `schema = 1`
schema = 1 ⇒ schema = "1"
  1:10 `schema` is a string, expected a whole number
    help: write `schema = 1`
title = "Smart meters" ⇒ title = ""
  2:9 `title` needs 1 to 256 characters that can be seen
title = "Smart meters" ⇒ ∅
  1:1 the scenario has no `title`
    help: write `title = "Smart meters"`
[horizon] ⇒ [horzion]
  4:2 unknown key `horzion` at the top level
    help: did you mean `horizon`?
  63:6 `at` is a date, and the horizon has no first day
    help: add `start = 2027-01-01` to `[horizon]`, or write `at = "day 40 18:30"`
[slo] ⇒ [[happening]]⏎name = "storm"⏎[slo]
  41:3 unknown key `happening` at the top level
    help: use one of `schema`, `title`, `horizon`, `prices`, `region`, `stream`, `link`, `connector`, `lines`, `slo`, `platform`, `event`, `scorecard`, `uncertainty`, `finance`, `commitment`, `credit`, `actuals`, `published`
[slo] ⇒ [[slo]]
  41:1 `slo` is written as a list of sections, but it is one section
    help: write `[slo]`
[horizon]⏎ ⇒ [horizon]⏎retention = "7 d"⏎
  5:1 unknown key `retention` in `[horizon]`
    help: `retention` belongs in `[[stream]]`
"#,
    );
}

/// A section of its own at the end of the scenario that is changed here.
const PUBLISHED: &str = r#"
[published]
id = "a-case"
title = "A case"
url = "https://example.com/costs"
date = "undated (2025)"
source_kind = "vendor"
consistent = true

[[published.figure]]
platform = "kafka-gp3"
what = "zone crossing"
cause = "replicate"
value = "$34732"
period = "month"
"#;

#[test]
fn what_others_published() {
    let text = format!("{VALID}{PUBLISHED}");
    let published = parse(&text, &vocabulary()).expect("a valid scenario").published;
    let published = published.expect("a published case");
    let figure = &published.figures[0];
    assert_eq!((figure.what.name(), figure.tolerance), ("zone crossing", 0.01));
    assert!(published.slips.is_empty() && published.assumptions.is_empty());
    assert_eq!(parse(VALID, &vocabulary()).expect("a valid scenario").published, None);

    let problems = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        render(&text.replacen(from, to, 1))
    };
    for (from, to, expected) in [
        ("consistent = true", "consistent = false", "`[published]` has no `slip`"),
        ("consistent = true", "consistent = \"yes\"", "expected `true` or `false`"),
        ("what = \"zone crossing\"", "what = \"zone crossings\"", "did you mean `zone crossing`?"),
        ("\"replicate\"", "\"replication\"", "there is no cause `replication`"),
        ("\"$34732\"", "\"140 MB/s\"", "`period` has no effect on a figure of a rate"),
        ("\"$34732\"", "\"7 d\"", "`zone crossing` is not counted in a length of time"),
        ("\"$34732\"", "\"94 %\"", "write it as `$34732`, `140 MB/s`"),
        ("\"$34732\"", "\"$34732/month\"", "`/month` is not a unit of dollars"),
        ("\"$34732\"", "\"$0\"", "`value` is $0, expected a figure above 0"),
        ("period = \"month\"\n", "", "`[[published.figure]]` has no `period`"),
        ("period = \"month\"", "period = \"week\"", "use one of `hour`, `day`, `month`, `year`"),
        (
            "period = \"month\"",
            "period = \"month\"\nagainst = \"kafka\"",
            "there is no platform `kafka`",
        ),
        ("https://example.com", "example.com", "an address that begins with `https://`"),
    ] {
        let found = problems(from, to);
        assert!(found.contains(expected), "{from} ⇒ {to}: {found}");
    }
    let slip = "consistent = true\nslip = [{ name = \"dropped-digit\", why = \"A digit.\" }]";
    assert!(problems("consistent = true", slip).contains("cannot be `consistent`"));
}

#[test]
fn the_horizon() {
    check(
        r#"
months = 24 ⇒ months = 0
  6:10 `months` is 0, expected a whole number from 1 to 120
months = 24 ⇒ months = 12.5
  6:10 `months` is a number, expected a whole number from 1 to 120
    help: write `months = 12`
months = 24 ⇒ month = "700 h"
  fine
months = 24 ⇒ month = "calendar"
  fine
start = 2027-01-01 ⇒ month = "calendar"
  5:9 `month = "calendar"` needs to know the first day
    help: add `start = 2027-01-01`
start = 2027-01-01 ⇒ month = "1 h"
  5:9 `month` is 1 h, expected a length of time from 672 h to 744 h, or `"calendar"`
start = 2027-01-01 ⇒ start = 2027-01-01T00:00:00
  5:9 `start` is a date or a time, expected a day, such as 2027-01-01
    help: write `start = 2027-01-01`
start = 2027-01-01 ⇒ start = "2027-02-30"
  5:9 `start` is 2027-02-30, expected a day, such as 2027-01-01
months = 24 ⇒ time_zone = "UTC+05:30"⏎log = "empty"
  fine
months = 24 ⇒ time_zone = "Europe/Berlin"
  6:13 `time_zone` is `Europe/Berlin`, and daylight saving is not modelled
    help: write its offset, such as `time_zone = "UTC+01:00"`; daylight saving would move a curve by an hour for half of the year
months = 24 ⇒ time_zone = "CET"
  6:13 `time_zone` is `CET`, and daylight saving is not modelled
    help: write its offset, such as `time_zone = "UTC+01:00"`; daylight saving would move a curve by an hour for half of the year
months = 24 ⇒ time_zone = "UTC+01:10"
  6:13 `time_zone` is UTC+01:10, expected an offset from `UTC-12:00` to `UTC+14:00` in quarters of an hour
months = 24 ⇒ time_zone = "+01:00"
  6:13 `time_zone` is +01:00, expected an offset from `UTC-12:00` to `UTC+14:00` in quarters of an hour
months = 24 ⇒ time_zone = 1
  6:13 `time_zone` is a whole number, expected an offset from `UTC-12:00` to `UTC+14:00` in quarters of an hour
    help: write `time_zone = "UTC+01:00"`
months = 24 ⇒ log = "half"
  6:7 `log` cannot be `half`
    help: use one of `full`, `empty`
"#,
    );
}

#[test]
fn connectors_and_further_lines() {
    check(
        r#"
[slo] ⇒ [lines]⏎backups = "yes"⏎[slo]
  42:11 `backups` is a string, expected `true` or `false`
    help: write `backups = true`
[slo] ⇒ [lines]⏎labour_rate = "$85/day"⏎[slo]
  42:15 `labour_rate` is $85/day, expected dollars per h up to $1,000,000, such as `$100/h`
[slo] ⇒ [lines]⏎support_rates = "3 %, 10 % to $10000"⏎[slo]
  42:17 `support_rates` is 3 %, 10 % to $10000, expected shares up to growing amounts and one for the rest, such as `10 % to $10000, 3 %`
[slo] ⇒ [lines]⏎support_minimum = "100 dollars"⏎[slo]
  42:19 `support_minimum` has no unit
    help: write `support_minimum = "$100/month"`
[slo] ⇒ [lines]⏎connector_tasks_per_core = 0⏎[slo]
  42:28 `connector_tasks_per_core` is 0, expected at least 0.001
[slo] ⇒ [lines]⏎connector_machine = "m7g.huge"⏎[slo]
  42:21 there is no machine `m7g.huge`
    help: did you mean `m7g.large`?
[slo] ⇒ [lines]⏎connectors = true⏎[slo]
  42:14 `connectors` has nothing to pay for: the scenario has no `[[connector]]`
    help: describe one as `[[connector]]`, or remove `connectors`
[slo] ⇒ [lines]⏎path_nat = "70 %"⏎path_internet = "40 %"⏎[slo]
  43:17 the paths of clients add up to 110 %, more than all of their traffic
    help: lower one of `path_peering`, `path_nat`, `path_cross_region` and `path_internet`
[slo] ⇒ [lines]⏎cross_region = "mars"⏎[slo]
  42:16 there is no region `mars`
    help: use one of `eu-central-1`, `us-east-1`
[slo] ⇒ [lines]⏎disk = "gp3"⏎[slo]
  42:1 unknown key `disk` in `[lines]`
    help: `disk` belongs in `[[platform]]`
[slo] ⇒ [[connector]]⏎name = "lake"⏎[slo]
  41:1 `[[connector]]` has no `stream`
    help: write `stream = "interval-reads"`
  41:1 `[[connector]]` has no `direction`
    help: write `direction = "sink"`
[slo] ⇒ [[connector]]⏎name = "lake"⏎stream = "raeds"⏎direction = "sink"⏎[slo]
  43:10 there is no stream `raeds`
    help: did you mean `reads`?
[slo] ⇒ [[connector]]⏎name = "lake"⏎stream = "reads"⏎direction = "out"⏎[slo]
  44:13 `direction` cannot be `out`
    help: use one of `source`, `sink`
[slo] ⇒ [[connector]]⏎name = "lake"⏎stream = "reads"⏎direction = "sink"⏎group = "validatoin"⏎[slo]
  45:9 there is no reader `validatoin`
    help: did you mean `validation`?
[slo] ⇒ [[connector]]⏎name = "cdc"⏎stream = "reads"⏎direction = "source"⏎group = "validation"⏎[slo]
  45:1 `group` has no effect on a connector of direction `source`
    help: remove it, or write `direction = "sink"`
[slo] ⇒ [[connector]]⏎name = "lake"⏎stream = "reads"⏎direction = "sink"⏎[[connector]]⏎name = "lake"⏎stream = "reads"⏎direction = "source"⏎[slo]
  46:8 there are two connectors of the name `lake`
    help: rename one of them, or remove it
broker = "m7g.xlarge" ⇒ [platform.lines]⏎backup_copies = "two"
  52:17 `backup_copies` is a string, expected a whole number
    help: write `backup_copies = 3`
broker = "m7g.xlarge" ⇒ [platform.lines]⏎path_peering = "101 %"
  52:16 `path_peering` is 101 %, expected a share between `0 %` and `100 %`
"#,
    );
}

/// A sink is a reader of its stream, once; a source is none. What a platform says goes before what its service includes, and
/// that before what is asked for on all.
#[test]
fn connectors_read_and_lines_are_layered() {
    let text = VALID
        .replacen(
            "[slo]",
            "[lines]\nbackups = true\nmetrics_included = 5\nbackup_copies = 2\n\
             [[connector]]\nname = \"lake\"\nstream = \"reads\"\ndirection = \"sink\"\nshare = \"50 %\"\n\
             [[connector]]\nname = \"index\"\nstream = \"reads\"\ndirection = \"sink\"\ngroup = \"validation\"\n\
             [[connector]]\nname = \"cdc\"\nstream = \"reads\"\ndirection = \"source\"\n\
             [slo]",
            1,
        )
        .replacen(
            "preset = \"kafka-gp3\"",
            "preset = \"msk-standard\"\n[platform.lines]\nbackup_copies = 3",
            1,
        );
    let scenario = parse(&text, &vocabulary()).unwrap_or_else(|errors| panic!("{errors:?}"));
    let readers: Vec<(&str, f64)> = scenario.workload.streams[0]
        .readers
        .iter()
        .map(|reader| (reader.group.as_str(), reader.share))
        .collect();
    assert_eq!(readers, [("validation", 1.0), ("rebuild", 1.0), ("connect-lake", 0.5)]);
    let [service, own] = &scenario.platforms[..] else { panic!("two platforms") };
    let of = |design: &Design, key: &str| design.lines.settings.show(key).unwrap_or_default();
    assert_eq!((of(service, "backups"), of(own, "backups")), ("true".into(), "true".into()));
    assert_eq!((of(service, "backup_copies"), of(own, "backup_copies")), ("3".into(), "2".into()));
    assert_eq!(of(service, "metrics_included"), "31");
    assert_eq!(of(own, "metrics_included"), "5");
    assert!(own.lines.asked(crate::bill::Component::Connectors));
}

#[test]
fn prices() {
    check(
        r#"
"aws" ⇒ "awz"
  9:12 there is no provider `awz`
    help: did you mean `aws`?
"us-east-1" ⇒ "us-east1"
  10:10 there is no region `us-east1`
    help: did you mean `us-east-1`?
"us-east-1" ⇒ "europe-west1"
  10:10 `europe-west1` is not a region of `aws`
    help: it is a region of `gcp`: write `provider = "gcp"`
"us-east-1" ⇒ "mars"
  10:10 there is no region `mars`
    help: use one of `eu-central-1`, `us-east-1`
compute = "12 %" ⇒ compute = "120 %"
  11:24 `compute` is 120 %, expected a discount from `0 %` to below `100 %`
compute = "12 %" ⇒ compute = "-1 %"
  11:24 `compute` is -1 %, expected a discount from `0 %` to below `100 %`
compute = "12 %" ⇒ compute = 12
  11:24 `compute` is 12, and a bare number is a share between 0 and 1
    help: write `compute = "12 %"`
compute = "12 %" ⇒ computer = "12 %"
  11:14 unknown key `computer` in `[prices.discount]`
    help: did you mean `compute`?
"zone-out" ⇒ "zone-oot"
  14:7 there is no price `zone-oot`
    help: did you mean `zone-out`?
$0.02/GiB ⇒ $0.02/GB
  fine
$0.02/GiB ⇒ $0.02/request
  15:9 `zone-out` is a price of data moved, not of requests
    help: write a price per `GiB`, `GB`
$0.02/GiB ⇒ $0.02/furlong
  15:9 `furlong` is nothing that a price buys
    help: prices are per `h`, `GiB`, `GB`, `GiB-month`, `GB-month`, `request`, `IOPS-month`, `MiB/s-month`, `MB/s-month`, `month`
$0.02/GiB ⇒ 0.02/GiB
  15:9 `price` has no unit
    help: write `price = "$0.02/GiB"`
$0.02/GiB ⇒ $-0.02/GiB
  15:9 `price` is $-0.02/GiB, expected a price from $0 to $1,000,000
$0.02/GiB ⇒ $0,02/GiB
  15:9 `price`: `$0,02/GiB` has a comma, which some read as thousands and some as decimals
    help: write `$0.02/GiB`
"$0.02/GiB" ⇒ 0.02
  15:9 `price` has no unit
    help: write `price = "$0.02/GiB"`
as_of = 2026-11-01 ⇒ as_of = "last week"
  17:9 `as_of` is last week, expected a day, such as 2027-01-01
as_of = 2026-11-01 ⇒ ∅
  13:1 `[[prices.override]]` has no `as_of`
    help: write `as_of = 2026-11-01`
[[stream]] ⇒ [[prices.override]]⏎sku = "zone-out"⏎price = "$0.01/GiB"⏎source = "x"⏎as_of = "2026-01-01"⏎[[stream]]
  20:7 there are two overrides of the name `zone-out`
    help: rename one of them, or remove it
"#,
    );
}

#[test]
fn rates() {
    check(
        r#"
sources = 5_000_000⏎every = "15 min"⏎record = "400 B"⏎ ⇒ records = "20_000 /s"⏎record = "400 B"⏎
  fine
sources = 5_000_000⏎every = "15 min"⏎record = "400 B"⏎ ⇒ produce = "40 MiB/s"⏎
  fine
sources = 5_000_000⏎every = "15 min"⏎record = "400 B"⏎ ⇒ produce = "40 MiB/s"⏎record = "400 B"⏎
  fine
sources = 5_000_000⏎every = "15 min"⏎record = "400 B"⏎ ⇒ ∅
  19:1 the stream has no rate
    help: give `sources`, `every` and `record`; or `records` and `record`; or `produce` alone or with `record`
sources = 5_000_000⏎every = "15 min"⏎record = "400 B"⏎ ⇒ sources = 5⏎record = "400 B"⏎
  21:1 `sources`, `record` together do not make one rate
    help: add `every`; or give `sources`, `every` and `record`; or `records` and `record`; or `produce` alone or with `record`
sources = 5_000_000⏎every = "15 min"⏎record = "400 B"⏎ ⇒ produce = "40 MiB/s"⏎records = "20000 /s"⏎
  22:1 `records`, `produce` together do not make one rate
    help: give `sources`, `every` and `record`; or `records` and `record`; or `produce` alone or with `record`
sources = 5_000_000⏎every = "15 min"⏎record = "400 B"⏎ ⇒ produce = "40 MiB"⏎
  21:11 `produce`: `MiB` is not a unit of a rate of data
    help: write `produce = "40 MiB/s"`; use one of `MiB/s`, `B/s`, `KiB/s`, `GiB/s`, `TiB/s`, `kB/s`, `MB/s`, `GB/s`, `Mbps`, `Gbps`
sources = 5_000_000⏎every = "15 min"⏎record = "400 B"⏎ ⇒ produce = "-40 MiB/s"⏎
  21:11 `produce` is -40 MiB/s, expected a rate of data above 0, up to 1 TiB/s
sources = 5_000_000⏎every = "15 min"⏎record = "400 B"⏎ ⇒ produce = "2 TiB/s"⏎
  21:11 `produce` is 2 TiB/s, expected a rate of data above 0, up to 1 TiB/s
sources = 5_000_000 ⇒ sources = 0
  21:11 `sources` is 0, expected a whole number from 1 to 1,000,000,000,000
sources = 5_000_000 ⇒ sources = 5e6
  21:11 `sources` is a number, expected a whole number from 1 to 1,000,000,000,000
    help: write `sources = 5_000_000`
sources = 5_000_000 ⇒ sources = 1_000_000_000_000
  fine
"400 B" ⇒ "0.5 B"
  23:10 `record` is 0.5 B, expected an amount of data from 1 B to 1 GiB
"400 B" ⇒ "1,200.50 B"
  23:10 `record`: `1,200.50 B` has a comma, which some read as thousands and some as decimals
    help: write `1_200.50 B`
2 %/month ⇒ 90 %/month
  26:10 `reads` produces more than 1 TiB/s in month 22
    help: growth adds up: lower `growth` or `steps`, or plan fewer `months`
2 %/month ⇒ 2 %
  26:10 `growth` has no unit
    help: write `growth = "2 %/month"`; units are `%/month`, `%/year`, `%/month linear`, `%/year linear`
2 %/month ⇒ 300 %/month
  26:10 `growth` is 300 %/month, expected growth from `-50 %/month` to `100 %/month`
2 %/month ⇒ -200 %/year
  26:10 `growth` is -200 %/year, expected growth from `-50 %/month` to `100 %/month`
2 %/month ⇒ 90 %/month linear
  fine
2 %/month ⇒ 90 %/month"⏎end = "month 10
  fine
2 %/month ⇒ 90 %/month sometimes
  26:10 `growth`: `%/month sometimes` is not a unit of growth
    help: write `growth = "2 %/month"`; use one of `%/month`, `%/year`, `%/month linear`, `%/year linear`
growth = "2 %/month" ⇒ steps = [{ month = 6, times = 1.4 }, { month = 12, times = 0.5 }]
  fine
growth = "2 %/month" ⇒ steps = [{ month = 5, times = 100 }, { month = 6, times = 100 }, { month = 8, times = 100 }]
  26:9 `reads` produces more than 1 TiB/s in month 8
    help: growth adds up: lower `growth` or `steps`, or plan fewer `months`
growth = "2 %/month" ⇒ steps = [{ month = 0, times = 1000 }]
  26:20 `month` is 0, expected a whole number from 1 to 120
  26:31 `times` is 1000, expected a number from 0.01 to 100
growth = "2 %/month" ⇒ steps = [{ month = 25, times = 2 }]
  26:20 `month` is 25, which is not in the horizon
    help: it covers 24 months, day 1 to day 730 (2027-01-01 to 2028-12-30): change `month`, or the horizon
growth = "2 %/month" ⇒ steps = [{ months = 6 }]
  26:10 `steps` of `[[stream]]` has no `times`
    help: write `times = 1.4`
  26:12 unknown key `months` in `steps` of `[[stream]]`
    help: `months` belongs in `[horizon]`
growth = "2 %/month" ⇒ steps = { month = 6, times = 1.4 }
  26:9 `stream.steps` is written as one section, but it is a list of sections
    help: write `[[stream.steps]]`
"#,
    );
}

#[test]
fn streams() {
    check(
        r#"
180 d ⇒ 180 parsecs
  28:13 `retention`: `parsecs` is not a unit of a length of time
    help: write `retention = "7 d"`; use one of `h`, `ms`, `s`, `min`, `d`, `w`, `month`, `y`
180 d ⇒ 101 years
  28:13 `retention` is 101 years, expected a length of time above 0, up to 100 years
180 d ⇒ 0 d
  28:13 `retention` is 0 d, expected a length of time above 0, up to 100 years
180 d ⇒ nan d
  28:13 `retention`: `nan d` does not start with a number
    help: write `retention = "7 d"`
"180 d" ⇒ 180
  28:13 `retention` has no unit
    help: write `retention = "7 d"`; units are `h`, `ms`, `s`, `min`, `d`, `w`, `month`, `y`
"180 d" ⇒ true
  28:13 `retention` is a boolean, expected a length of time above 0, up to 100 years
    help: write `retention = "7 d"`
compression = 4.0 ⇒ compression = 0.01
  24:15 `compression` is 0.01, expected a number from 0.1 to 1000
compression = 4.0 ⇒ compression = nan
  24:15 `compression` is nan, expected a number from 0.1 to 1000
compression = 4.0 ⇒ compression = "4"
  24:15 `compression` is a string, expected a number from 0.1 to 1000
    help: write `compression = 4.0`
"regional-diurnal" ⇒ "diurnal"
  25:9 there is no shape `diurnal`
    help: use one of `flat`, `global-diurnal`, `regional-diurnal`, `office-hours`, `nightly-batch`, `weekly`
"regional-diurnal" ⇒ [1, 2, 3]
  25:9 a shape has 24 or 168 weights, none of them negative and one above zero
    help: there are 3: give one for each hour of a day, or of a week from Monday
"regional-diurnal" ⇒ [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 0]
  fine
"regional-diurnal" ⇒ "weekly"⏎peak_to_mean = 3
  26:16 a `weekly` shape cannot have this peak
    help: between 1 and 1.4; above it the curve would fall below zero in its lowest hour
"regional-diurnal" ⇒ "weekly"⏎peak_to_mean = 1.4
  fine
"regional-diurnal" ⇒ "flat"⏎peak_to_mean = 3
  26:16 a `flat` shape cannot have this peak
    help: a flat curve has nothing to stretch: give another `shape`
skew = 0.5 ⇒ skew = 4
  27:36 `skew` is 4, expected a number from 0 to 3
count = 5_000_000, skew ⇒ skew
  27:8 `keys` of `[[stream]]` has no `count`
    help: write `count = 5_000_000`
growth = ⇒ partitions = 0⏎growth =
  26:14 `partitions` is 0, expected a whole number from 1 to 200,000, or `"auto"`
growth = ⇒ partitions = "auto"⏎growth =
  fine
growth = ⇒ partitions = "many"⏎growth =
  26:14 `partitions` is a string, expected a whole number from 1 to 200,000, or `"auto"`
    help: write `partitions = 12`
growth = ⇒ cleanup = "compact"⏎growth =
  fine
growth = ⇒ live = "1 GiB"⏎growth =
  26:1 `live` has no effect on a stream that is not compacted
    help: remove it, or add `cleanup = "compact"`
growth = ⇒ cleanup = "compost"⏎growth =
  26:11 `cleanup` cannot be `compost`
    help: did you mean `compact`?
keys = { count = 5_000_000, skew = 0.5 } ⇒ cleanup = "compact"
  27:11 a compacted stream needs the size of its live records
    help: add `live`, or `keys` with a `count` and the size of a `record`
name = "reads" ⇒ name = "\u0007"
  20:8 `name` needs 1 to 256 characters that can be seen; it has U+0007
    help: type it anew: control characters and marks that turn or hide text are not for names
name = "reads" ⇒ name = "sda\u202Eer"
  20:8 `name` needs 1 to 256 characters that can be seen; it has U+202E
    help: type it anew: control characters and marks that turn or hide text are not for names
[slo] ⇒ [[stream]]⏎name = "reads"⏎produce = "1 MiB/s"⏎retention = "1 d"⏎[slo]
  42:8 there are two streams of the name `reads`
    help: rename one of them, or remove it
growth = ⇒ time_zone = "UTC-3"⏎growth =
  fine
growth = ⇒ time_zone = "America/Sao_Paulo"⏎growth =
  26:13 `time_zone` is `America/Sao_Paulo`, and daylight saving is not modelled
    help: write its offset, such as `time_zone = "UTC+01:00"`; daylight saving would move a curve by an hour for half of the year
growth = ⇒ start = "month 3"⏎end = "month 60"⏎growth =
  fine
growth = ⇒ start = "month 30"⏎growth =
  26:9 `start` is month 30, which is not in the horizon
    help: it covers 24 months, day 1 to day 730 (2027-01-01 to 2028-12-30): change `start`, or the horizon
growth = ⇒ start = "month 3"⏎end = "month 2 day 30"⏎growth =
  27:7 the stream ends before anything is produced
    help: move `end` behind `start`, or remove the stream
growth = ⇒ end = 2027-01-01⏎growth =
  26:7 the stream ends before anything is produced
    help: move `end` behind `start`, or remove the stream
[[stream]] ⇒ [[stream]]⏎reader = 5
  20:10 `reader` is a whole number, expected sections `[[stream.reader]]`
    help: write `[[stream.reader]]`
  31:10 `reader` is there twice
    help: remove one of them
  35:10 `reader` is there twice
    help: remove one of them
"#,
    );
}

#[test]
fn readers() {
    check(
        r#"
group = "validation" ⇒ group = "validation"⏎retention = "7 d"
  32:1 unknown key `retention` in `[[stream.reader]]`
    help: `retention` belongs in `[[stream]]`: put it above `[[stream.reader]]`
group = "validation" ⇒ group = "validation"⏎capacity = 2
  fine
group = "validation" ⇒ group = "validation"⏎capacity = 0
  32:12 `capacity` is 0, expected a number from 0.01 to 1000
group = "validation" ⇒ group = "validation"⏎share = "30 %"
  fine
group = "validation" ⇒ group = "validation"⏎share = 30
  32:9 `share` is 30, and a bare number is a share between 0 and 1
    help: write `share = "30 %"`
group = "validation" ⇒ group = "rebuild"
  35:9 there are two readers of the name `rebuild`
    help: rename one of them, or remove it
kind = "replay" ⇒ kind = "replays"
  36:8 `kind` cannot be `replays`
    help: did you mean `replay`?
kind = "replay" ⇒ kind = "tail"
  37:1 `window` has no effect on a reader of kind `tail`
    help: remove it, or write `kind = "replay"`
  38:1 `every` has no effect on a reader of kind `tail`
    help: remove it, or write `kind = "replay"`
  39:1 `within` has no effect on a reader of kind `tail`
    help: remove it, or write `kind = "replay"`
kind = "replay" ⇒ kind = "replay"⏎lag_budget = "1 s"
  37:1 `lag_budget` has no effect on a reader of kind `replay`
    help: remove it, or write `kind = "tail"`
within = "8 h" ⇒ ∅
  34:1 `[[stream.reader]]` has no `within`
    help: write `within = "8 h"`
within = "8 h" ⇒ within = "31 d"
  39:10 a replay every 30 d cannot take 31 d
    help: shorten `within`, or lengthen `every`
window = "30 d" ⇒ window = "1 year"
  37:10 a replay of 365 d reads more than the stream keeps, which is 180 d
    help: shorten `window`, or lengthen the stream's `retention`
"#,
    );
}

#[test]
fn slo() {
    check(
        r#"
$40000/month ⇒ $40,000/month
  43:10 `budget`: `$40,000/month` has a comma, which some read as thousands and some as decimals
    help: write `$40_000/month` for thousands, `$40.000/month` for decimals
$40000/month ⇒ $40000/year
  43:10 `budget` is $40000/year, expected dollars per month, above $0, up to $1,000,000,000,000
$40000/month ⇒ $40000
  43:10 `budget` has no unit
    help: write `budget = "$40000/month"`
"$40000/month" ⇒ 40000
  43:10 `budget` has no unit
    help: write `budget = "$40000/month"`
[slo] ⇒ [slo]⏎availability = "99.9 %"
  fine
[slo] ⇒ [slo]⏎availability = 99.9
  42:16 `availability` is 99.9, and a bare number is a share between 0 and 1
    help: write `availability = "99.9 %"`
"#,
    );
}

#[test]
fn platforms() {
    check(
        r#"
preset = "kafka-gp3" ⇒ preset = "kafka"
  46:10 there is no preset `kafka`
    help: use one of `kafka-gp3`, `kafka-nvme`, `kafka-st1`, `msk-standard`, `msk-express`, `kafka-tiered`, `msk-tiered`, `automq-s3-wal`, `automq-ebs-wal`, `automq-nfs-wal`, `leaderless`, `leaderless-express`, `warpstream`, `diskless`, `bufstream`, `redpanda-cloud-topics`, `gcp-managed-kafka`, `confluent-basic`, `confluent-standard`, `confluent-enterprise`, `msk-serverless`, `redpanda-serverless`, `event-hubs`
preset = "kafka-gp3" ⇒ ∅
  45:1 `[[platform]]` has no `preset`
    help: write `preset = "kafka-gp3"`
name = "AutoMQ" ⇒ name = "kafka-gp3"
  50:8 there are two platforms of the name `kafka-gp3`
    help: give one of them a `name` of its own
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎local_retention = "6 h"
  47:1 `local_retention` has no effect on `kafka-gp3`, which is shared-nothing
    help: remove it; it is for tiered platforms
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎replication_facto = 2
  47:1 unknown key `replication_facto` in `[[platform]]`
    help: did you mean `replication_factor`?
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎replication_factor = "3"
  47:22 `replication_factor` is a string, expected a whole number
    help: write `replication_factor = 3`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎replication_factor = 0
  47:22 `replication_factor` is 0, expected at least 1
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎brokers = 2
  47:11 replication factor 3 needs as many brokers; there are 2
    help: add brokers, or lower `replication_factor`
  47:11 3 zones need a broker each; there are 2
    help: add brokers, or lower `zones`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎brokers = "auto"
  fine
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎brokers = 2000
  47:11 2000 brokers are more than a cluster may have, which is 1000
    help: remove brokers, or raise `brokers_max`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎brokers = -3
  47:11 `brokers` is -3, expected a whole number, such as `3`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎disk_utilization = 0.7
  fine
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎disk_utilization = 0
  47:20 `disk_utilization` is 0, expected at least `0.1 %`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎disk_utilization = 70
  47:20 `disk_utilization` is 70, and a bare number is a share between 0 and 1
    help: write `disk_utilization = "70 %"`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎cpu_factor = nan
  47:14 `cpu_factor` is nan, expected a number between 0 and 1,000,000, such as `1.5`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎segment_bytes = 1024
  47:17 `segment_bytes` has no unit
    help: write `segment_bytes = "1 GiB"`; units are `B`, `KiB`, `MiB`, `GiB`, `TiB`, `PiB`, `kB`, `MB`, `GB`, `TB`, `PB`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎segment_bytes = "0 B"
  47:17 `segment_bytes` is 0 B, expected at least `1 B`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎controllers = 0
  fine
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎headroom = "netflux"
  47:12 `headroom` cannot be `netflux`
    help: did you mean `netflix`?
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎follower_fetching = "yes"
  47:21 `follower_fetching` is a string, expected `true` or `false`
    help: write `follower_fetching = true`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎broker = "m7g.xlrge"
  47:10 there is no machine `m7g.xlrge`
    help: did you mean `m7g.xlarge`?
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎disk = "floppy"
  47:8 there is no disk `floppy`
    help: use one of `gp3`, `st1`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎licence = "$0.01/GiB"
  fine
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎licence = "$0.01/h"
  47:11 `licence` is $0.01/h, expected a price per GiB up to $1,000,000, such as `$0.01/GiB`
name = "AutoMQ" ⇒ wal = "block"
  50:7 `zone_router` needs a WAL that every zone can read: in object storage, or in a shared file system
    help: write `wal = "object-storage"`, `wal = "file"`, or `zone_router = false`
preset = "kafka-gp3" ⇒ preset = "kafka-gp3"⏎fleet = "follow"
  47:9 `fleet = "follow"` needs shared storage, and `kafka-gp3` keeps replicas on its brokers
    help: write `fleet = "monthly"`, or `fleet = "fixed"`
broker = "m7g.xlarge" ⇒ fleet = "follow"
  fine
"#,
    );
}

#[test]
fn moments() {
    check(
        r#"
day 40 18:30 ⇒ day 730
  fine
day 40 18:30 ⇒ 2027-02-10 18:30
  fine
day 40 18:30 ⇒ month 24 day 2 18:30
  fine
"day 40 18:30" ⇒ 2027-02-10T18:30:00
  fine
day 40 18:30 ⇒ day 731
  56:6 `at` is day 731, which is not in the horizon
    help: it covers 24 months, day 1 to day 730 (2027-01-01 to 2028-12-30): change `at`, or the horizon
day 40 18:30 ⇒ month 25
  56:6 `at` is month 25, which is not in the horizon
    help: it covers 24 months, day 1 to day 730 (2027-01-01 to 2028-12-30): change `at`, or the horizon
day 40 18:30 ⇒ month 3 day 40
  56:6 `at` is month 3 day 40, expected a moment of month 3, which has 30.42 d
day 40 18:30 ⇒ 2026-12-31 23:59
  56:6 `at` is 2026-12-31 23:59, which is not in the horizon
    help: it covers 24 months, day 1 to day 730 (2027-01-01 to 2028-12-30): change `at`, or the horizon
day 40 18:30 ⇒ 2030-01-01
  56:6 `at` is 2030-01-01, which is not in the horizon
    help: it covers 24 months, day 1 to day 730 (2027-01-01 to 2028-12-30): change `at`, or the horizon
day 40 18:30 ⇒ next week
  56:6 `at` is next week, expected a moment, such as `day 40 18:30`, `2027-02-10 18:30` or `month 3`
"day 40 18:30" ⇒ 40
  56:6 `at` is a whole number, expected a moment, such as `day 40 18:30`, `2027-02-10 18:30` or `month 3`
    help: write `at = "day 40 18:30"`
"day 40 18:30" ⇒ 2027-02-10T18:30:00Z
  56:6 `at` is 2027-02-10T18:30:00Z, expected a moment, such as `day 40 18:30`, `2027-02-10 18:30` or `month 3`
start = 2027-01-01 ⇒ ∅
  63:6 `at` is a date, and the horizon has no first day
    help: add `start = 2027-01-01` to `[horizon]`, or write `at = "day 40 18:30"`
start = 2027-01-01 ⇒ start = 2027-01-15⏎month = "calendar"
  fine
start = 2027-01-01 ⇒ start = "soon"
  5:9 `start` is soon, expected a day, such as 2027-01-01
start = 2027-01-01 ⇒ start = New Year
  5:9 a string needs quotes
    help: write `start = "New Year"`
"#,
    );
}

#[test]
fn what_happens() {
    check(
        r#"
"reconnect-storm" ⇒ "reconnect"
  55:8 `kind` cannot be `reconnect`
    help: use one of `reconnect-storm`, `backfill`, `firmware-wave`, `replay`, `reader-outage`, `retention-change`, `broker-loss`, `zone-loss`, `scale-out`, `scale-in`, `migration`
"reconnect-storm" ⇒ "storm"
  55:8 `kind` cannot be `storm`
    help: use one of `reconnect-storm`, `backfill`, `firmware-wave`, `replay`, `reader-outage`, `retention-change`, `broker-loss`, `zone-loss`, `scale-out`, `scale-in`, `migration`
kind = "reconnect-storm" ⇒ ∅
  53:1 `[[event]]` has no `kind`
    help: write `kind = "reconnect-storm"`
at = "day 40 18:30" ⇒ ∅
  53:1 `[[event]]` has no `at`
    help: write `at = "day 40 18:30"`
name = "training" ⇒ name = "storm"
  61:8 there are two events of the name `storm`
    help: rename one of them, or remove it
outage = "4 h" ⇒ window = "4 h"
  58:1 `window` has no effect on an event of kind `reconnect-storm`
    help: remove it; a `reconnect-storm` takes `stream`, `devices`, `share`, `outage`, `drain`, `buffer`, `retry`, `jitter`, `connections`
kind = "replay" ⇒ kind = "replay"
  fine
outage = "4 h" ⇒ outage = "4"
  58:10 `outage` has no unit
    help: write `outage = "12 h"`; units are `h`, `ms`, `s`, `min`, `d`, `w`, `month`, `y`
outage = "4 h" ⇒ drain = "0 s"⏎jitter = "0 s"⏎retry = "0 s"⏎share = "0 %"
  58:9 `drain` is 0 s, expected at least `1 ms`
  59:10 `jitter` is 0 s, expected at least `1 ms`
  60:9 `retry` is 0 s, expected at least `1 ms`
outage = "4 h" ⇒ share = 1.5
  58:9 `share` is 1.5, and a bare number is a share between 0 and 1
    help: write `share = "1.5 %"`
outage = "4 h" ⇒ connections = "auto"⏎buffer = "auto"⏎devices = 0
  60:11 `devices` is 0, expected a whole number from 1 to 1,000,000,000,000
outage = "4 h" ⇒ platform = "AutoMQ"
  fine
outage = "4 h" ⇒ platform = "automq"
  58:12 there is no platform `automq`
    help: did you mean `AutoMQ`?
stream = "reads"⏎outage = "4 h" ⇒ ∅
  fine
stream = "reads"⏎outage = "4 h" ⇒ stream = "read"
  57:10 there is no stream `read`
    help: did you mean `reads`?
stream = "reads"⏎outage = "4 h" ⇒ steam = "reads"
  57:1 unknown key `steam` in `[[event]]`
    help: did you mean `stream`?
stream = "reads"⏎window ⇒ group = "rebuild"⏎stream = "reads"⏎window
  fine
stream = "reads"⏎window ⇒ group = "rebuilt"⏎stream = "reads"⏎window
  64:9 there is no reader `rebuilt`
    help: did you mean `rebuild`?
stream = "reads"⏎window ⇒ window
  60:1 `[[event]]` has no `stream`
    help: write `stream = "interval-reads"`
window = "20 d" ⇒ window = "181 d"
  65:10 a replay of 181 d reads more than the stream keeps, which is 180 d
    help: shorten `window`, or lengthen the stream's `retention`
window = "20 d" ⇒ window = "0 d"⏎within = "0 s"
  65:10 `window` is 0 d, expected at least `1 ms`
  66:10 `within` is 0 s, expected at least `1 ms`
window = "20 d" ⇒ window = "181 d"⏎[[event]]⏎name = "longer"⏎kind = "retention-change"⏎at = "day 1"⏎retention = "1 year"
  fine
window = "20 d" ⇒ [[event]]⏎name = "longer"⏎kind = "retention-change"⏎at = "day 1"
  65:1 `[[event]]` has no `retention`
    help: write `retention = "12 h"`
window = "20 d" ⇒ [[event]]⏎name = "longer"⏎kind = "retention-change"⏎at = "day 1"⏎retention = "auto"
  69:13 `retention` is auto, expected a length of time
window = "20 d" ⇒ [[event]]⏎name = "down"⏎kind = "reader-outage"⏎at = "day 1"
  65:1 `[[event]]` has no `group`
    help: write `group = "validation"`
window = "20 d" ⇒ [[event]]⏎name = "down"⏎kind = "reader-outage"⏎at = "day 1"⏎group = "validations"
  69:9 there is no reader `validations`
    help: did you mean `validation`?
window = "20 d" ⇒ [[event]]⏎name = "move"⏎kind = "migration"⏎at = "day 1"⏎mirror = "0 B/s"
  65:1 `[[event]]` has no `from`
    help: write `from = "kafka-gp3"`
  69:10 `mirror` is 0 B/s, expected at least `1 B/s`
window = "20 d" ⇒ [[event]]⏎name = "move"⏎kind = "migration"⏎at = "day 1"⏎platform = "AutoMQ"⏎from = "kafka-gp3"⏎mirror = "10 MiB/s"
  fine
window = "20 d" ⇒ [[event]]⏎name = "move"⏎kind = "migration"⏎at = "day 1"⏎from = "kafka-gp3"⏎[[event]]⏎name = "again"⏎kind = "migration"⏎at = "day 9"⏎platform = "AutoMQ"⏎from = "kafka-gp3"
  70:1 `move` already moves to `AutoMQ`
    help: name another `platform`, or write a scenario for each
window = "20 d" ⇒ [[event]]⏎name = "move"⏎kind = "migration"⏎at = "day 1"⏎platform = "AutoMQ"⏎from = "AutoMQ"
  70:8 a migration from `AutoMQ` cannot move to it
    help: remove `platform` to move to every other one, or name another
window = "20 d" ⇒ [[event]]⏎name = "fw"⏎kind = "firmware-wave"⏎at = "day 1"⏎stream = "reads"⏎waves = "1 %, 10 %"
  fine
window = "20 d" ⇒ [[event]]⏎name = "fw"⏎kind = "firmware-wave"⏎at = "day 1"⏎waves = "10 %, 1 %"
  65:1 `[[event]]` has no `stream`
    help: write `stream = "interval-reads"`
  69:9 `waves` is 10 %, 1 %, expected growing shares, such as `1 %, 10 %, 50 %, 100 %`
window = "20 d" ⇒ [[event]]⏎name = "fw"⏎kind = "firmware-wave"⏎at = "day 1"⏎stream = "logs"⏎[[stream]]⏎name = "logs"⏎produce = "1 MiB/s"⏎retention = "1 d"
  65:1 `[[event]]` has no `devices`, and `logs` has no `sources`
    help: write `devices = 100_000`
window = "20 d" ⇒ [[event]]⏎name = "loss"⏎kind = "broker-loss"⏎at = "day 1"⏎disk = "list"⏎brokers = 0
  69:8 `disk` cannot be `list`
    help: did you mean `lost`?
  70:11 `brokers` is 0, expected at least 1
window = "20 d" ⇒ [[event]]⏎name = "loss"⏎kind = "broker-loss"⏎at = "day 1"⏎disk = 1
  69:8 `disk` is a whole number, expected one of `lost`, `kept`
    help: write `disk = "lost"`
"#,
    );
}

#[test]
fn the_scorecard() {
    check(
        r#"
storm_share = "30 %" ⇒ storm_share = 30
  68:15 `storm_share` is 30, and a bare number is a share between 0 and 1
    help: write `storm_share = "30 %"`
storm_share = "30 %" ⇒ storm_share = "0 %"
  68:15 `storm_share` is 0 %, expected at least `0.1 %`
storm_share = "30 %" ⇒ storm_shar = "30 %"
  68:1 unknown key `storm_shar` in `[scorecard]`
    help: did you mean `storm_share`?
storm_share = "30 %" ⇒ recovery_yellow = "13 h"
  68:19 `recovery_yellow` is 13 h, beyond `recovery_red`, which is 12 h
    help: lower `recovery_yellow`, or raise `recovery_red`
storm_share = "30 %" ⇒ recovery_yellow = "13 h"⏎recovery_red = "13 h"
  fine
storm_share = "30 %" ⇒ recovery_red = "30 min"
  68:16 `recovery_yellow` is 1 h, beyond `recovery_red`, which is 30 min
    help: lower `recovery_yellow`, or raise `recovery_red`
storm_share = "30 %" ⇒ recovery_yellow = "13"
  68:19 `recovery_yellow` has no unit
    help: write `recovery_yellow = "12 h"`; units are `h`, `ms`, `s`, `min`, `d`, `w`, `month`, `y`
[[scorecard.mark]] ⇒ [scorecard.mark]
  70:1 `scorecard.mark` is written as one section, but it is a list of sections
    help: write `[[scorecard.mark]]`
question = "governance" ⇒ question = "government"
  71:12 `question` cannot be `government`
    help: did you mean `governance`?
mark = "yellow" ⇒ mark = "amber"
  72:8 `mark` cannot be `amber`
    help: use one of `green`, `yellow`, `red`
mark = "yellow" ⇒ mark = "yellow"⏎platform = "kafka-gp3"
  fine
mark = "yellow" ⇒ mark = "yellow"⏎platform = "kafka-gp4"
  73:12 there is no platform `kafka-gp4`
    help: did you mean `kafka-gp3`?
evidence = "ACLs are set by hand" ⇒ ∅
  70:1 `[[scorecard.mark]]` has no `evidence`
    help: write `evidence = "quotas and ACLs are reviewed by hand"`
evidence = "ACLs are set by hand" ⇒ evidence = "x"⏎[[scorecard.mark]]⏎question = "governance"⏎mark = "red"⏎evidence = "y"
  75:12 there are two marks of the name `governance`
    help: rename one of them, or remove it
"#,
    );
}

#[test]
fn times_and_settings_are_read() {
    let text = VALID
        .replace("months = 24", "months = 24\ntime_zone = \"UTC+01:00\"\nlog = \"empty\"")
        .replace(
            "growth = \"2 %/month\"",
            "growth = \"1 %/month linear\"\nsteps = [{ month = 6, times = 1.4 }]\nstart = \"month 2\"\nend = \"day 400\"\ntime_zone = \"UTC-03:00\"",
        )
        .replace("[slo]", "[slo]\navailability = \"99.9 %\"");
    let scenario = parse(&text, &vocabulary()).expect("a valid scenario");
    assert_eq!((scenario.horizon.clock, scenario.horizon.full), (Hours::new(1.0), false));
    let stream = &scenario.workload.streams[0];
    assert_eq!(stream.clock, Hours::new(-4.0));
    assert_eq!((stream.growth.linear, stream.growth.compound), (0.01, 0.0));
    assert_eq!(stream.growth.steps, [(5, 1.4)]);
    assert_eq!(stream.start, Some(Hours::new(730.0)));
    assert_eq!(stream.end, Some(Hours::from_days(399.0)));
    assert_eq!(stream.readers[0].capacity, 1.5);
    let availability = scenario.slo.availability.expect("it is written");
    assert!((availability - 0.999).abs() < 1e-12, "{availability}");

    let [storm, training] = &scenario.events[..] else { panic!("two events") };
    assert_eq!((storm.at, storm.settings.outage), (Hours::new(954.5), Hours::new(4.0)));
    assert_eq!(training.at, Hours::from_days(59.0));
    assert_eq!(training.settings.window, Hours::from_days(20.0));
    assert_eq!(training.settings.within, Hours::new(6.0));
    assert_eq!(scenario.policy.storm_share, 0.3);
    assert_eq!(scenario.marks[0].mark, crate::policy::Light::Yellow);
}

#[test]
fn warnings_name_the_range() {
    let text = VALID.replace("kafka-gp3\"", "kafka-gp3\"\ndisk_utilization = 1.0\nzones = 2");
    let scenario = parse(&text, &vocabulary()).expect("a valid scenario");
    assert_eq!(
        scenario.platforms[0].implausible(),
        ["`disk_utilization` is 100 %, outside its plausible range 40 % .. 80 %"]
    );
}

#[test]
fn a_text_that_is_too_long_is_one_problem() {
    let errors = parse(&"x".repeat(TEXT_MAX + 1), &vocabulary()).expect_err("too long");
    assert_eq!(errors.len(), 1);
}

/// What nobody can guess is told in general: a line that is none, a name where there is nothing to name.
#[test]
fn every_error_has_a_way_out() {
    check_ways_out(&VALID.replace("schema = 1", "schema"));
    check_ways_out(&VALID.replace("[slo]", "[slo"));
    check_ways_out(&VALID.replace("\"12 %\"", "\"12 %"));
    check_ways_out("schema = 1\n[[event]]\nplatform = \"kafka-gp3\"\n[[platform]]\npreset = 1\n");
    let correlation = "[[uncertainty.correlation]]\nname = \"a\"\nbetween = [\"stream.reads.every\", \"stream.reads.record\"]\nrank = 0.5\n";
    check_ways_out(&format!("{VALID}{correlation}"));
}

#[track_caller]
fn check_ways_out(text: &str) {
    let errors = parse(text, &vocabulary()).expect_err("something is wrong");
    for error in errors {
        let message = error.to_string();
        assert!(error.hint().is_some() || message.contains("expected"), "no way out: {message}");
    }
}

fn vocabulary() -> Vocabulary {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Vocabulary {
        regions: Map::from([
            ("aws".to_owned(), names(&["us-east-1", "eu-central-1"])),
            ("gcp".to_owned(), names(&["europe-west1"])),
        ]),
        machines: Map::from([("compute".to_owned(), names(&["m7g.large", "m7g.xlarge"]))]),
        disks: names(&["gp3", "st1"]),
        skus: Map::from([
            ("zone-out".to_owned(), Measure::Moved),
            ("object-put".to_owned(), Measure::Requests),
        ]),
    }
}

#[test]
fn lengths_of_time_are_shown_as_they_are_read() {
    let year = problem::duration(Hours::from_days(365.0 * 40.0));
    assert_eq!(crate::quantity::parse(&year), Ok(Hours::from_days(365.0 * 40.0)));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,300}") {
        check_places(&text);
    }

    #[test]
    fn no_change_to_a_valid_text_makes_it_panic(
        start in 0..VALID.len(),
        length in 0..40_usize,
        new in r#"([\[\]{}=".,\n #]|[0-9]{1,30}|[a-z_]{1,9}|-|%|nan|inf|ä|\PC){0,6}"#,
    ) {
        let start = VALID.floor_char_boundary(start);
        let end = VALID.floor_char_boundary((start + length).min(VALID.len()));
        let mut text = VALID.to_owned();
        text.replace_range(start..end, &new);
        check_places(&text);
    }

    #[test]
    fn no_value_makes_it_panic(line in 0..VALID.lines().count(), value in r#"-?[0-9]{1,40}(\.[0-9]{1,40})?(e[0-9]{1,4})?|"[-+$]?[0-9._]{1,40}(e-?[0-9]{1,4})? ?(/?[a-zA-Z%]{1,6}(/[a-z]{1,5})?)?"|true|\[\]|\{\}|1979-05-27"#) {
        let change = |(index, text): (usize, &str)| match text.split_once('=') {
            Some((key, _)) if index == line => format!("{key}= {value}"),
            _ => text.to_owned(),
        };
        let lines: Vec<_> = VALID.lines().enumerate().map(change).collect();
        check_places(&lines.join("\n"));
    }
}

/// Every error has a place in the text, and there is one when there is no scenario.
fn check_places(text: &str) {
    let Err(errors) = parse(text, &vocabulary()) else { return };
    assert!(!errors.is_empty());
    assert!(errors.is_sorted_by_key(|error| error.span.start));
    for error in errors {
        assert!(text.get(error.span.clone()).is_some(), "{error} at {:?}", error.span);
        assert!(!error.to_string().is_empty() && error.hint().is_none_or(|hint| !hint.is_empty()));
    }
}

/// Each case is a change to the valid scenario, and what is wrong with the result. `⏎` is a new line, `∅` nothing.
#[track_caller]
fn check(cases: &str) {
    let changes = cases.lines().filter_map(|line| line.split_once(" ⇒ "));
    let mut found = String::from("\n");
    for (old, new) in changes {
        let (was, is) = (old.replace('⏎', "\n"), new.replace('⏎', "\n").replace('∅', ""));
        assert!(VALID.contains(&was), "{old}");
        writeln!(found, "{old} ⇒ {new}").expect("a string takes all text");
        for line in render(&VALID.replacen(&was, &is, 1)).lines() {
            writeln!(found, "  {line}").expect("a string takes all text");
        }
    }
    assert_eq!(cases, found, "{found}");
}

/// Line, column and message of every problem, each with its hint.
fn render(text: &str) -> String {
    let Err(errors) = parse(text, &vocabulary()) else {
        return "fine".to_owned();
    };
    let mut out = String::new();
    for error in errors {
        let (line, column) = line_column(text, error.span.start);
        writeln!(out, "{line}:{column} {error}").expect("a string takes all text");
        if let Some(hint) = error.hint() {
            writeln!(out, "  help: {hint}").expect("a string takes all text");
        }
    }
    out
}
