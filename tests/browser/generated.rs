//! Scenarios drawn by chance, always the same ones, as people would write them.

use std::fmt::Write;

use model::design::Architecture;
use model::events::EVENT_PARAMETERS;
use model::lines::LINE_PARAMETERS;
use model::parameters::{Kind, PARAMETERS, Parameter};
use model::policy::POLICY_PARAMETERS;
use model::presets::PRESETS;
use model::scenario::fields::{self, Section};
use model::scenario::{self, Vocabulary};
use model::shape;
use pricing::PAGE_REGIONS;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestRng, TestRunner};

/// So many scenarios with names for messages.
pub(super) fn scenarios(count: usize) -> Vec<(String, String)> {
    let mut runner = TestRunner::deterministic();
    let drawn = scenario();
    let mut one = |number| {
        let text = drawn.new_tree(&mut runner).expect("nothing is filtered").current();
        (format!("scenario {number}"), text)
    };
    (1..=count).map(&mut one).collect()
}

fn scenario() -> impl Strategy<Value = String> {
    let homes: Vec<&str> = PAGE_REGIONS.to_vec();
    (
        prop::sample::select(homes),
        1..4_u32,
        prop::collection::vec(stream(), 1..4),
        prop::collection::vec(platform(), 1..4),
        prop::collection::vec(event(), 0..3),
        prop::option::of(0..60_u32),
        any::<bool>(),
    )
        .prop_map(|(home, months, streams, platforms, events, discount, dated)| {
            let (provider, region) =
                home.strip_suffix(".csv").and_then(|path| path.split_once('/')).expect("a region");
            let mut text =
                format!("schema = 1\ntitle = \"drawn\"\n\n[horizon]\nmonths = {months}\n");
            if dated {
                text.push_str("start = \"2027-01-01\"\n");
            }
            let _ = write!(text, "\n[prices]\nprovider = \"{provider}\"\nregion = \"{region}\"\n");
            if let Some(percent) = discount {
                let _ = writeln!(text, "discount.compute = \"{percent} %\"");
            }
            for (index, stream) in streams.iter().enumerate() {
                text.push_str(&stream.replace("NAME", &format!("stream-{index}")));
            }
            for (index, (preset, settings)) in platforms.iter().enumerate() {
                let _ = write!(
                    text,
                    "\n[[platform]]\npreset = \"{preset}\"\nname = \"platform-{index}\"\n{settings}"
                );
            }
            for (index, event) in events.iter().enumerate() {
                let _ = write!(text, "\n[[event]]\nname = \"event-{index}\"\n{event}");
            }
            text
        })
}

fn stream() -> impl Strategy<Value = String> {
    let shapes: Vec<&str> = shape::NAMED.iter().map(|named| named.name).collect();
    let volume = prop_oneof![
        (1_000..20_000_000_u64, 1..120_u32, 40..4_000_u32).prop_map(
            |(sources, minutes, record)| {
                format!("sources = {sources}\nevery = \"{minutes} min\"\nrecord = \"{record} B\"\n")
            }
        ),
        (1..200_000_u32, 40..4_000_u32).prop_map(|(rate, record)| format!(
            "records = \"{rate} /s\"\nrecord = \"{record} B\"\n"
        )),
        (0.01..300.0_f64).prop_map(|rate| format!("produce = \"{rate:.3} MiB/s\"\n")),
    ];
    (
        volume,
        prop::sample::select(shapes),
        1.0..6.0_f64,
        8..400_u32,
        prop::option::of(-3.0..5.0_f64),
        prop::collection::vec(reader(), 0..4),
    )
        .prop_map(|(volume, shape, compression, days, growth, readers)| {
            let mut text = format!(
                "\n[[stream]]\nname = \"NAME\"\n{volume}shape = \"{shape}\"\n\
                 compression = {compression:.2}\nretention = \"{days} d\"\n"
            );
            if let Some(growth) = growth {
                let _ = writeln!(text, "growth = \"{growth:.2} %/month\"");
            }
            for (index, reader) in readers.iter().enumerate() {
                let _ = write!(text, "[[stream.reader]]\ngroup = \"NAME-{index}\"\n{reader}");
            }
            text
        })
}

fn reader() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (1..101_u32).prop_map(|share| format!("share = \"{share} %\"\n")),
        1 => (1..8_u32, 1..48_u32).prop_map(|(days, hours)| {
            format!("kind = \"replay\"\nwindow = \"{days} d\"\nevery = \"30 d\"\nwithin = \"{hours} h\"\n")
        }),
    ]
}

fn platform() -> impl Strategy<Value = (&'static str, &'static str)> {
    (0..PRESETS.len(), 0..4_usize).prop_map(|(preset, setting)| {
        let preset = &PRESETS[preset];
        let settings = match (preset.architecture, setting) {
            (Architecture::SharedNothing | Architecture::Tiered, 0) => {
                "follower_fetching = false\n"
            }
            (Architecture::SharedStorage, 0) => "flush_interval = \"400 ms\"\n",
            (Architecture::Tiered, 1) => "local_retention = \"2 d\"\n",
            _ => "",
        };
        let fixed = settings.split(' ').next().is_some_and(|key| preset.fixed.contains(&key));
        (preset.name, if fixed { "" } else { settings })
    })
}

fn event() -> impl Strategy<Value = String> {
    (0..3_usize, 1..28_u32, 0..24_u32).prop_map(|(kind, day, hour)| {
        let what = match kind {
            0 => "kind = \"reconnect-storm\"\n",
            1 => "kind = \"broker-loss\"\n",
            _ => "kind = \"retention-change\"\nstream = \"stream-0\"\nretention = \"500 d\"\n",
        };
        format!("{what}at = \"day {day} {hour:02}:00\"\n")
    })
}

/// Changes that are tried on each of [`varied`] scenarios.
const CHANGES: std::ops::Range<usize> = 4..30;

/// One of so many changes that break a scenario is kept: what is wrong must be said in the same words too.
const BROKEN_KEPT: u32 = 60;

/// One of so many scenarios is in two regions.
const IN_REGIONS: u32 = 6;

/// The same with everything that the table of keys knows: settings, further lines, money, regions, intervals.
pub(super) fn varied(count: usize) -> Vec<(String, String)> {
    let vocabulary = crate::catalog().vocabulary();
    let mut runner = TestRunner::deterministic();
    let drawn = scenario();
    let mut one = |number| {
        let mut text = drawn.new_tree(&mut runner).expect("nothing is filtered").current();
        let rng = runner.rng();
        if one_of(rng, IN_REGIONS) {
            text = in_regions(&text, &vocabulary).unwrap_or(text);
        }
        for _ in 0..rng.random_range(CHANGES) {
            let Some(changed) = changed(&text, rng) else { continue };
            if scenario::parse(&changed, &vocabulary).is_ok() {
                text = changed;
            } else if one_of(rng, BROKEN_KEPT) {
                text = changed;
                break;
            }
        }
        (format!("scenario {number}"), with_few_futures(&text))
    };
    (1..=count).map(&mut one).collect()
}

/// A scenario with intervals draws as few futures as it may: they are all run.
fn with_few_futures(text: &str) -> String {
    match text.contains("[uncertainty]") || !text.contains(" .. ") {
        true => text.to_owned(),
        false => format!("{text}\n[uncertainty]\ndraws = 32\n"),
    }
}

fn one_of(rng: &mut TestRng, many: u32) -> bool {
    rng.random_range(0..many) == 0
}

fn pick<'a, T>(rng: &mut TestRng, from: &'a [T]) -> &'a T {
    &from[rng.random_range(0..from.len())]
}

/// A scenario whose streams are produced in two regions of one provider.
fn in_regions(text: &str, vocabulary: &Vocabulary) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("region = "))?;
    let home = line.split('"').nth(1)?;
    let (_, regions) = vocabulary.regions.iter().find(|(_, regions)| regions.contains(home))?;
    let other = regions.iter().find(|region| *region != home)?;
    let text = text.replacen(&format!("{line}\n"), "", 1);
    let text = format!(
        "{text}\n[[region]]\nname = \"here\"\nregion = \"{home}\"\nshare = \"70 %\"\n\
         [[region]]\nname = \"there\"\nregion = \"{other}\"\nshare = \"30 %\"\n"
    );
    scenario::parse(&text, vocabulary).is_ok().then_some(text)
}

/// A text with one thing more in it, whether that makes sense or not; `None` where there is no place for it.
fn changed(text: &str, rng: &mut TestRng) -> Option<String> {
    let (stream, platform) = (rng.random_range(0..3_u32), rng.random_range(0..3_u32));
    let (stream, platform) = (format!("stream-{stream}"), format!("platform-{platform}"));
    let event = format!("event-{}", rng.random_range(0..3_u32));
    let set = |path: &str, value: &str| scenario::set(text, path, value).ok();
    let setting = |rng: &mut TestRng, above: &str, rows: &[Parameter]| {
        let row = pick(rng, rows);
        set(&format!("{above}.{}", row.key), &value(row, rng))
    };
    let example = |rng: &mut TestRng, section: Section, above: &str| {
        let rows = fields::of(section);
        let row = pick(rng, &rows);
        let value = row.example.trim_matches('"');
        (!value.is_empty()).then(|| set(&format!("{above}.{}", row.key), value)).flatten()
    };
    match rng.random_range(0..26_u32) {
        0..=3 => setting(rng, &format!("platform.{platform}"), PARAMETERS),
        4 | 5 => setting(rng, &format!("event.{event}"), EVENT_PARAMETERS),
        6 | 7 => setting(rng, "lines", LINE_PARAMETERS),
        8 => {
            let flags: Vec<Parameter> =
                LINE_PARAMETERS.iter().filter(|row| row.kind == Kind::Flag).copied().collect();
            set(&format!("lines.{}", pick(rng, &flags).key), "true")
        }
        9 => setting(rng, &format!("platform.{platform}.lines"), LINE_PARAMETERS),
        10 => setting(rng, "scorecard", POLICY_PARAMETERS),
        11 | 12 => example(rng, Section::Stream, &format!("stream.{stream}")),
        13 => example(rng, Section::Reader, &format!("stream.{stream}.reader.{stream}-0")),
        14 => example(rng, Section::Horizon, "horizon"),
        15 => example(rng, Section::Discount, "prices.discount"),
        16 => example(rng, Section::Slo, "slo"),
        17 => example(rng, Section::Finance, "finance"),
        18 => {
            let line = format!("name = \"{stream}\"\n");
            let more =
                "steps = [{ month = 2, times = 1.4 }]\nkeys = { count = 100_000, skew = 0.9 }\n";
            text.contains(&line).then(|| text.replacen(&line, &format!("{line}{more}"), 1))
        }
        19 | 20 => {
            let (key, value) = *pick(rng, &INTERVALS);
            match key.split_once('/') {
                Some((_, key)) => set(&format!("prices.discount.{key}"), value),
                None => set(&format!("stream.{stream}.{key}"), value),
            }
        }
        _ => {
            let section = pick(rng, &SECTIONS);
            let number = text.matches("[[").count();
            let section = section
                .replace("STREAM", &stream)
                .replace("PLATFORM", &platform)
                .replace("NUMBER", &number.to_string());
            Some(format!("{text}\n{section}"))
        }
    }
}

/// A value of a setting: its default, or an end of what is plausible.
fn value(row: &Parameter, rng: &mut TestRng) -> String {
    if let Kind::Choice(words) = row.kind {
        return (*pick(rng, words)).to_owned();
    }
    if row.kind == Kind::Flag {
        return pick(rng, &["true", "false"]).to_string();
    }
    let ends: Vec<&str> = row.range.split(" .. ").filter(|end| !end.is_empty()).collect();
    match ends.is_empty() || one_of(rng, 4) {
        true => row.default.to_owned(),
        false => (*pick(rng, &ends)).to_owned(),
    }
}

/// Values that are not certain; those of discounts behind a `/`.
const INTERVALS: [(&str, &str); 6] = [
    ("compression", "1.8 .. 2.6 .. 4.5"),
    ("retention", "3 d .. 9 d .. 40 d"),
    ("growth", "1 %/month .. 3 %/month .. 8 %/month"),
    ("produce", "p5 1 MiB/s .. 4 MiB/s .. p95 20 MiB/s"),
    ("/compute", "0 % .. 10 % .. 25 %"),
    ("/network", "0 % .. 5 % .. 10 %"),
];

/// Sections to add.
const SECTIONS: [&str; 22] = [
    "[[commitment]]\nname = \"c-NUMBER\"\nplatform = \"PLATFORM\"\nterm = \"1 year\"\npayment = \"none\"\ncoverage = \"60 %\"\ndiscount = \"30 %\"\nsource = \"quote\"\nas_of = 2026-11-01\n",
    "[[commitment]]\nname = \"c-NUMBER\"\nplatform = \"PLATFORM\"\nterm = \"3 years\"\npayment = \"partial\"\nupfront = \"40 %\"\nbrokers = 3\nmonth = 2\nrenew = true\ndiscount = \"45 %\"\nsource = \"quote\"\nas_of = 2026-11-01\n",
    "[[commitment]]\nname = \"c-NUMBER\"\nterm = \"1 year\"\npayment = \"all\"\n",
    "[[credit]]\nname = \"credit-NUMBER\"\nplatform = \"PLATFORM\"\namount = \"$1500/month\"\nmonths = 2\nsource = \"letter\"\n",
    "[[credit]]\nname = \"credit-NUMBER\"\namount = \"$20/month\"\nmonth = 2\nsource = \"letter\"\n",
    "[finance]\nexchange = \"0.92 EUR/USD\"\nexchange_source = \"a rate\"\nexchange_as_of = 2026-11-20\ndiscount_rate = \"8 %/year\"\nfiscal_year_start = \"april\"\n",
    "[finance]\nexchange = \"151.3 JPY/USD\"\nexchange_source = \"a rate\"\nexchange_as_of = 2026-11-20\n",
    "[[connector]]\nname = \"sink-NUMBER\"\nstream = \"STREAM\"\ndirection = \"sink\"\n",
    "[[connector]]\nname = \"source-NUMBER\"\nstream = \"STREAM\"\ndirection = \"source\"\nshare = \"40 %\"\nruns_on = \"service\"\n",
    "[[platform.place]]\nstream = \"STREAM\"\non = \"kafka-gp3\"\n",
    "[[platform.place]]\nstream = \"stream-0\"\non = \"platform-0\"\n",
    "[[link]]\nfrom = \"here\"\nto = \"there\"\nstream = \"STREAM\"\nretention = \"3 d\"\n",
    "[[prices.override]]\nsku = \"data_transfer:inter_az:out\"\nprice = \"$0.004/GiB\"\nsource = \"contract\"\nas_of = 2026-11-01\n",
    "[[event]]\nname = \"event-NUMBER\"\nkind = \"migration\"\nat = \"day 3 08:00\"\nfrom = \"PLATFORM\"\nroll_back = \"24 h\"\n",
    "[[event]]\nname = \"event-NUMBER\"\nkind = \"zone-loss\"\nat = \"day 9 13:00\"\n",
    "[[event]]\nname = \"event-NUMBER\"\nkind = \"backfill\"\nat = \"day 5 06:00\"\nstream = \"STREAM\"\nshare = \"20 %\"\nwindow = \"48 h\"\n",
    "[[event]]\nname = \"event-NUMBER\"\nkind = \"firmware-wave\"\nat = \"day 6 02:00\"\nstream = \"STREAM\"\ndevices = 50_000\n",
    "[[event]]\nname = \"event-NUMBER\"\nkind = \"replay\"\nat = \"day 12 01:00\"\nstream = \"STREAM\"\nwindow = \"5 d\"\n",
    "[[event]]\nname = \"event-NUMBER\"\nkind = \"scale-in\"\nat = \"day 14 01:00\"\nplatform = \"PLATFORM\"\n",
    "[[event]]\nname = \"event-NUMBER\"\nkind = \"scale-out\"\nat = \"day 15 01:00\"\n",
    "[[event]]\nname = \"event-NUMBER\"\nkind = \"reader-outage\"\nat = \"day 7 22:00\"\ngroup = \"STREAM-0\"\noutage = \"8 h\"\n",
    "[[scorecard.mark]]\nquestion = \"governance\"\nmark = \"yellow\"\nevidence = \"reviewed by hand\"\n",
];
