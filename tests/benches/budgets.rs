//! How long the main job takes, against its budgets: `cargo bench -p tests`.
//!
//! | What | Budget |
//! |---|---|
//! | all candidate machines of a region for one platform | 1 ms on one core |
//! | `compare` of nine platforms, whole process | 60 ms wall, 64 MiB peak |
//!
//! Budgets are read here and never asserted: a timed assertion fails on a busy machine.

use std::path::Path;
use std::process::{Command, Stdio};

use divan::Bencher;
use model::comparison::{View, compare};
use model::plan::plan;
use model::scenario::{self, Scenario};

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

#[divan::bench(args = ["smart-meter", "reference"])]
fn compare_all_platforms(bencher: Bencher, name: &str) {
    let (scenario, prices) = parsed(example(name));
    bencher.bench(|| compare(&scenario, &prices, View::Horizon));
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
