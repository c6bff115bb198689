//! Scenarios drawn by chance, always the same ones, as people would write them.

use std::fmt::Write;

use model::design::Architecture;
use model::presets::PRESETS;
use model::shape;
use pricing::PAGE_REGIONS;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

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
