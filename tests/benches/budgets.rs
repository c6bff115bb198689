//! How long the main job takes, against its budgets: `cargo bench -p tests`.
//!
//! | What | Budget |
//! |---|---|
//! | all candidate machines of a region for one platform | 1 ms on one core |
//! | the cheapest fleet of one platform in a steady month, of many | 20 µs on one core |
//! | the same by hand, of the simplest case there is (`floor`) | its distance is what the general way costs |
//! | what one platform costs through a year, and what does not hold | 1 ms on one core |
//! | a price list with another discount or override | 0.2 ms on one core |
//! | 12 months of hourly shapes, 5 streams × 4 readers, 10 events, one platform | 5 ms on one core, 16 MiB |
//! | the same for more months and streams | linear |
//! | six platforms of the smart meters through a year | 25 ms on one core, 55 ms in WebAssembly |
//! | 1,024 futures of one platform in a steady month, sized anew in each | 100 ms on one core |
//! | 128 futures of eight platforms through a year; 1,024 are eight times as many | 1 s on one core, so that 1,024 take 4 s on two |
//! | every table of 120 months, 200 streams and ten platforms, once they are planned | 2 s on one core, 16 MiB |
//! | `optimize` of the five use-case examples, nine platforms each | 2 s each on one core, 6 s in WebAssembly |
//! | `compare` of nine platforms, whole process | 60 ms wall, 64 MiB peak |
//! | `prices import` of an offer file of any size, whole process | 16 MiB peak |
//!
//! Measured for the last, release build: largest resident set and time of
//! `cargo xtask offer FILE MB && /usr/bin/time -v highwater prices import FILE`.
//!
//! | Offer file | Prices that map | Peak | Time |
//! |---|---|---|---|
//! | the fixture, 37 kB | 13 | 6.6 MB | |
//! | JSON, 100 MB | 183 | 6.9 MB | 0.2 s |
//! | JSON, 1.0 GB | 1,828 | 8.5 MB | 2.1 s |
//! | JSON, 5.0 GB | 9,137 | 10.9 MB | 11 s |
//! | CSV, 1.0 GB | 1,828 | 8.0 MB | 1.5 s |
//!
//! Budgets are read here and never asserted: a timed assertion fails on a busy machine.

use std::path::Path;
use std::process::{Command, Stdio};

use divan::AllocProfiler;
use divan::Bencher;
use model::cheapest::{Shortlist, cheapest};
use model::comparison::{View, compare};
use model::events::{Event, EventKind};
use model::horizon::{Asked, outlook, through};
use model::plan::plan;
use model::scenario::{self, Scenario};
use model::tariff::tariff;
use model::units::Hours;

use floor::Floor;

mod floor;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const SMART_METER: &str = include_str!("../../examples/smart-meter.toml");
const REFERENCE: &str = include_str!("../../examples/reference-100mib.toml");

fn example(name: &str) -> &'static str {
    if name == "reference" { REFERENCE } else { SMART_METER }
}

fn parsed(text: &str) -> (Scenario, model::prices::PriceList) {
    let catalog = pricing::Catalog::embedded();
    let Ok(scenario) = scenario::parse(text, &catalog.vocabulary()) else {
        panic!("an example is broken: see `cargo test`");
    };
    let prices = catalog.price_list(&scenario.prices).expect("an example's region is known");
    (scenario, prices)
}

#[divan::bench(args = ["smart-meter", "reference"])]
fn parse_a_scenario(bencher: Bencher, name: &str) {
    let text = example(name);
    let vocabulary = pricing::Catalog::embedded().vocabulary();
    bencher.bench(|| scenario::parse(divan::black_box(text), &vocabulary));
}

#[divan::bench]
fn load_a_region() -> model::prices::PriceList {
    let (scenario, _) = parsed(SMART_METER);
    pricing::Catalog::embedded().price_list(&scenario.prices).expect("a region")
}

/// Sizing and pricing every machine of us-east-1 for one platform, the bill of the cheapest included.
#[divan::bench(args = ["kafka-gp3", "kafka-nvme", "kafka-tiered", "automq-s3-wal"])]
fn all_candidates_of_a_region(bencher: Bencher, preset: &str) {
    let (scenario, prices) = parsed(REFERENCE);
    let design = model::design::Design::of(model::presets::preset(preset).expect("a preset"));
    let month = scenario.horizon.month(0);
    bencher.bench(|| plan(&design, &scenario.workload, month, &prices).is_ok());
}

/// The platforms that a sweep is measured on.
const SWEPT: [&str; 5] = ["kafka-gp3", "kafka-nvme", "kafka-tiered", "automq-s3-wal", "leaderless"];

/// One of many points of a sweep, or of many draws: the machines are known, the workload is not.
#[divan::bench(args = SWEPT)]
fn the_cheapest_fleet(bencher: Bencher, preset: &str) {
    again_and_again(bencher, preset, parsed(REFERENCE));
}

/// The same for several streams with shapes of their own.
#[divan::bench(args = SWEPT)]
fn the_cheapest_fleet_of_five_streams(bencher: Bencher, preset: &str) {
    again_and_again(bencher, preset, horizon(1, 5, 0));
}

fn again_and_again(
    bencher: Bencher,
    preset: &str,
    (scenario, prices): (Scenario, model::prices::PriceList),
) {
    let design = model::design::Design::of(model::presets::preset(preset).expect("a preset"));
    let tariff = tariff(&design, &prices).expect("its disk is known");
    let list = Shortlist::new(&design, &prices, &tariff);
    let month = scenario.horizon.month(0);
    bencher.bench(|| list.cheapest(divan::black_box(&scenario.workload), month).is_ok());
}

/// The same with other prices or settings each time, so that machines have to be looked at anew.
#[divan::bench(args = SWEPT)]
fn the_cheapest_fleet_at_other_prices(bencher: Bencher, preset: &str) {
    let (scenario, prices) = parsed(REFERENCE);
    let design = model::design::Design::of(model::presets::preset(preset).expect("a preset"));
    let month = scenario.horizon.month(0);
    bencher.bench(|| {
        let tariff = tariff(&design, &prices).expect("its disk is known");
        cheapest(&design, &scenario.workload, month, &prices, &tariff).is_ok()
    });
}

/// How far `the_cheapest_fleet` of `kafka-gp3` is from its own arithmetic.
#[divan::bench]
fn the_cheapest_fleet_by_hand(bencher: Bencher) {
    let (scenario, prices) = parsed(REFERENCE);
    let design = model::design::Design::of(model::presets::preset("kafka-gp3").expect("a preset"));
    let tariff = tariff(&design, &prices).expect("its disk is known");
    let month = scenario.horizon.month(0);
    let stream = &scenario.workload.streams[0];
    let partitions = f64::from(stream.partitions.expect("the example says"));
    let contract = (stream.readers.len() as f64, partitions, month.length.as_hours());
    let floor = Floor::new(&design, &prices, &tariff, &stream.shape, contract);
    let (brokers, monthly) = floor.cheapest(stream.produce(), stream.retention);
    let found = cheapest(&design, &scenario.workload, month, &prices, &tariff).expect("a fleet");
    assert_eq!(brokers, f64::from(found.brokers));
    assert!((monthly / found.monthly - 1.0).abs() < 1e-9, "{monthly} is {}", found.monthly);
    bencher.bench(|| floor.cheapest(divan::black_box(stream.produce()), stream.retention));
}

/// One region again with another discount and another quote.
#[divan::bench(args = ["discount", "override"])]
fn other_prices_of_a_region(bencher: Bencher, what: &str) {
    let catalog = pricing::Catalog::embedded();
    let (scenario, prices) = parsed(SMART_METER);
    let mut contracts = pricing::Contracts::new(&catalog, &scenario.prices).expect("a region");
    let mut choice = scenario.prices.clone();
    let machine = prices.machines.iter().find(|machine| machine.pool == "compute");
    let sku = &prices.price(machine.expect("a machine").price).sku;
    let mut turn = 0_u32;
    bencher.bench_local(|| {
        turn = (turn + 1) % 50;
        let number = rust_decimal::Decimal::new(turn.into(), 2);
        if what == "discount" {
            choice.discounts.insert(model::prices::PriceGroup::Compute, number);
        } else {
            choice.overrides = vec![model::scenario::PriceOverride {
                sku: sku.clone(),
                price: model::money::Usd::new(number),
                unit: model::prices::PriceUnit::Hour,
                source: "a bench".to_owned(),
                as_of: "2026-11".to_owned(),
                span: 0..0,
            }];
        }
        contracts.price_list(&choice).is_ok()
    });
}

#[divan::bench(args = ["smart-meter", "reference"])]
fn compare_all_platforms(bencher: Bencher, name: &str) {
    let (scenario, prices) = parsed(example(name));
    let prices = prices.into();
    bencher.bench(|| compare(&scenario, &prices, View::Horizon));
}

/// What the page's budget is about: a model of each kind, through the horizon.
const SIX: [&str; 6] =
    ["kafka-gp3", "kafka-nvme", "msk-standard", "msk-express", "kafka-tiered", "automq-s3-wal"];

#[divan::bench]
fn compare_six_platforms(bencher: Bencher) {
    let (mut scenario, prices) = parsed(SMART_METER);
    scenario.platforms.retain(|design| SIX.contains(&design.preset.name));
    assert_eq!(scenario.platforms.len(), SIX.len());
    let prices = prices.into();
    bencher.bench(|| compare(&scenario, &prices, View::Horizon));
}

/// Futures of the smart meters: how many there will be, how long their reads are kept and how well they compress is open.
fn futures(
    platforms: &[&str],
    draws: u32,
    view: View,
) -> (model::uncertainty::Futures, model::Prices) {
    let mut text = SMART_METER.to_owned();
    for (path, interval) in [
        ("stream.interval-reads.sources", "20_000_000 .. 30_000_000 .. 45_000_000"),
        ("stream.interval-reads.retention", "120 d .. 180 d .. 400 d"),
        ("stream.interval-reads.compression", "1.5 .. 2.3 .. 3.3"),
    ] {
        text = scenario::set(&text, path, interval).expect("a path of the example");
    }
    let catalog = pricing::Catalog::embedded();
    let draft = scenario::Draft::read(&text, &catalog.vocabulary()).expect("intervals are right");
    let (middle, _) = parsed(&text);
    let mut futures = model::uncertainty::Futures::new(middle, draft, Some(draws), view);
    futures.only(&platforms.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    let prices = catalog.prices(futures.middle()).expect("an example's region is known");
    (futures, prices)
}

fn run_all(futures: &mut model::uncertainty::Futures, prices: &model::Prices) -> usize {
    let market = model::uncertainty::Market::Fixed(prices);
    let standing = futures.standing(&market);
    let futures = (0..futures.count()).map(|index| futures.run(index, &standing, &market));
    futures.filter(|future| future.outcomes.is_ok()).count()
}

#[divan::bench(args = ["kafka-gp3", "kafka-tiered", "automq-s3-wal"])]
fn futures_of_a_steady_month(bencher: Bencher, preset: &str) {
    let (mut futures, prices) = futures(&[preset], 1024, View::Steady(0));
    bencher.bench_local(|| run_all(&mut futures, &prices));
}

#[divan::bench(sample_count = 5)]
fn futures_of_eight_platforms_through_a_year(bencher: Bencher) {
    let eight = [
        "kafka-gp3",
        "kafka-nvme",
        "kafka-st1",
        "msk-standard",
        "msk-express",
        "kafka-tiered",
        "msk-tiered",
        "automq-s3-wal",
    ];
    let (mut futures, prices) = futures(&eight, 128, View::Horizon);
    bencher.bench_local(|| run_all(&mut futures, &prices));
}

/// So many streams with four readers each, for so many months, with so many events.
fn horizon(months: u32, streams: usize, events: usize) -> (Scenario, model::prices::PriceList) {
    let mut text = format!(
        "schema = 1\ntitle = \"bench\"\n[horizon]\nmonths = {months}\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n"
    );
    let shapes = ["regional-diurnal", "office-hours", "global-diurnal", "weekly", "nightly-batch"];
    for stream in 0..streams {
        text += &format!(
            "[[stream]]\nname = \"s{stream}\"\nproduce = \"8 MiB/s\"\nrecord = \"400 B\"\nshape = \"{}\"\ngrowth = \"1 %/month\"\nretention = \"{} d\"\n",
            shapes[stream % shapes.len()],
            3 + 29 * (stream % 4)
        );
        for reader in 0..4 {
            text += &format!("[[stream.reader]]\ngroup = \"g{reader}\"\nlag_budget = \"5 min\"\n");
        }
    }
    text += "[[platform]]\npreset = \"kafka-gp3\"\n";
    let (mut scenario, prices) = parsed(&text);
    let kinds = [
        EventKind::ReconnectStorm,
        EventKind::Replay,
        EventKind::ReaderOutage,
        EventKind::BrokerLoss,
        EventKind::ZoneLoss,
    ];
    let end = scenario.horizon.end().as_hours();
    scenario.events = (0..events)
        .map(|index| {
            let kind = kinds[index % kinds.len()];
            let at = Hours::new(end * (index as f64 + 0.5) / events as f64);
            Event {
                name: format!("event-{index}"),
                stream: (kind == EventKind::Replay).then(|| "s0".to_owned()),
                group: (kind == EventKind::ReaderOutage).then(|| "g1".to_owned()),
                devices: Some(1_000_000),
                ..Event::new(kind, at)
            }
        })
        .collect();
    (scenario, prices)
}

/// Sizing month by month, the run, and the bills, without samples as `compare` asks for it.
#[divan::bench(args = ["kafka-gp3", "kafka-tiered", "automq-s3-wal"])]
fn a_year_of_one_platform(bencher: Bencher, preset: &str) {
    let (scenario, prices) = horizon(12, 5, 10);
    let design = model::design::Design::of(model::presets::preset(preset).expect("a preset"));
    bencher.bench(|| through(&design, &scenario, &prices, Asked::default()).is_ok());
}

/// The same without bills, as thousands of futures are asked for: with ten events, and with none.
#[divan::bench(args = SWEPT)]
fn the_outlook_of_a_year(bencher: Bencher, preset: &str) {
    let (scenario, prices) = horizon(12, 5, 10);
    let design = model::design::Design::of(model::presets::preset(preset).expect("a preset"));
    bencher.bench(|| outlook(&design, &scenario, &prices).is_ok());
}

#[divan::bench(args = SWEPT)]
fn the_outlook_of_a_year_without_events(bencher: Bencher, preset: &str) {
    let (scenario, prices) = horizon(12, 5, 0);
    let design = model::design::Design::of(model::presets::preset(preset).expect("a preset"));
    bencher.bench(|| outlook(&design, &scenario, &prices).is_ok());
}

#[divan::bench(args = ["kafka-gp3", "kafka-tiered", "automq-s3-wal"])]
fn a_year_of_one_platform_with_samples(bencher: Bencher, preset: &str) {
    let (scenario, prices) = horizon(12, 5, 10);
    let design = model::design::Design::of(model::presets::preset(preset).expect("a preset"));
    bencher.bench(|| through(&design, &scenario, &prices, Asked { samples: true }).is_ok());
}

/// Months, streams and events: twice as much of one takes twice as long.
#[divan::bench(args = [(12, 5, 10), (24, 5, 10), (60, 5, 10), (120, 5, 10), (12, 50, 10), (12, 200, 10), (12, 5, 100), (12, 5, 1000)], sample_count = 10)]
fn how_a_run_grows(bencher: Bencher, (months, streams, events): (u32, usize, usize)) {
    let (scenario, prices) = horizon(months, streams, events);
    let design =
        model::design::Design::of(model::presets::preset("kafka-tiered").expect("a preset"));
    bencher.bench(|| through(&design, &scenario, &prices, Asked::default()).is_ok());
}

/// Where rows go when nobody keeps them.
struct Nowhere(u64);

impl std::fmt::Write for Nowhere {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0 += text.len() as u64;
        Ok(())
    }
}

/// Writing tables of ten years of 200 streams on ten platforms. What is planned is planned before; a generated scenario has
/// its streams from code, so its assumptions are those of settings.
#[divan::bench(
    args = ["charges.csv", "wide-effective.csv", "totals.csv", "prices.csv", "assumptions.csv"],
    sample_count = 5,
    sample_size = 1
)]
fn write_ten_years(bencher: Bencher, file: &str) {
    use model::export::audit::{Audit, Origin};
    use model::export::csv::{Profile, Table, Tables};
    static PLANNED: std::sync::OnceLock<(Scenario, model::Comparison)> = std::sync::OnceLock::new();
    let (scenario, comparison) = PLANNED.get_or_init(|| {
        let (mut scenario, prices) = horizon(120, 200, 10);
        scenario.add_every_preset();
        scenario.platforms.truncate(10);
        let comparison = compare(&scenario, &prices.into(), View::Horizon);
        assert!(comparison.plans().count() >= 8, "most platforms have a plan");
        (scenario, comparison)
    });
    let audit = Audit::new(comparison, scenario, None, &Origin::default());
    let table = Table::ALL.into_iter().find(|table| table.file() == file).expect("a table");
    let tables = Tables { comparison, scenario, platform: None, profile: Profile::default() };
    bencher.bench(|| {
        let mut nowhere = Nowhere(0);
        table.write(&tables, ("", &audit), &mut nowhere).expect("nowhere takes everything");
        nowhere.0
    });
}

/// All platforms of an example, without a limit of time.
#[divan::bench(
    args = ["smart-meter", "edge-telemetry", "ev-charging", "fleet-telemetry", "iot-platform"],
    sample_count = 3,
    sample_size = 1
)]
fn optimize_an_example(bencher: Bencher, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../examples/{name}.toml"));
    let (scenario, prices) = parsed(&std::fs::read_to_string(path).expect("an example"));
    let prices: model::Prices = prices.into();
    bencher.bench(|| {
        let designs = scenario.platforms.iter();
        let asked = model::optimize::Asked::default();
        let answers = designs.map(|design| {
            model::optimize::optimize(design, &scenario, &prices, asked, &mut || false).is_ok()
        });
        answers.filter(|found| *found).count()
    });
}

/// From start to output: needs `cargo build --release` first.
#[divan::bench(sample_count = 20)]
fn compare_as_a_whole_process() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let binary = root.join("target/release/highwater");
    if !binary.exists() {
        return;
    }
    let status = Command::new(binary)
        .arg("compare")
        .arg(root.join("examples/smart-meter.toml"))
        .stdout(Stdio::null())
        .status()
        .expect("the release binary runs");
    assert!(status.success());
}
