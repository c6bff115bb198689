//! A second opinion: the steady month, worked out once more from the equations by other hands and in another language.
//!
//! `tests/opinion/` holds that derivation, `cases.jsonl` what it says of random scenarios. Here the engine says it too.
//! The long comparison, of ten thousand scenarios, is a command that `tests/opinion/README.md` names; it needs Python, and
//! this does not.

use std::collections::BTreeMap;

use model::bill::{Cause, Component};
use model::design::Design;
use model::events::{Event, EventKind};
use model::plan::Plan;
use model::simulate::findings::Figure;
use model::sizing::Resource;
use model::units::{Frequency, Hours};
use model::workload::{Keys, Workload};
use serde_json::Value;

use crate::properties::MONTH;
use crate::{agreement, compared, parse, planned, properties};

/// Relative difference that two ways of adding up floats, and small amounts of six decimals, may have.
const TOLERANCE: f64 = 1e-6;

/// Amounts on bills have six decimals.
const LAST_DECIMAL: f64 = 1e-6;

#[test]
fn a_second_opinion_agrees() {
    let mut plans = 0;
    let mut slips = Vec::new();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("opinion/cases.jsonl");
    let cases = std::fs::read_to_string(&path).expect("the cases are there");
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("a case is JSON");
        let text = case["scenario"].as_str().expect("a scenario");
        let printed = model::export::json::compare(&compared(text), &parse(text));
        let answer: Value = serde_json::from_str(&printed).expect("an answer is JSON");
        for (name, expected) in case["platforms"].as_object().expect("platforms by their names") {
            let found = quantities(plan(&answer, name));
            plans += 1;
            for (quantity, expected) in expected.as_object().expect("quantities by their names") {
                let expected = expected.as_f64().expect("a number");
                let found = found.get(quantity).copied().unwrap_or(0.0);
                if !agree(found, expected) {
                    slips.push(format!(
                        "{}: {name}: {quantity} is {found}, opinion {expected}",
                        case["seed"]
                    ));
                }
            }
        }
    }
    assert!(plans >= 200, "{plans} plans are compared");
    assert!(slips.is_empty(), "{} of {plans} plans:\n{}", slips.len(), slips.join("\n"));
}

fn agree(found: f64, expected: f64) -> bool {
    let off = (found - expected).abs();
    off <= LAST_DECIMAL || off <= TOLERANCE * found.abs().max(expected.abs())
}

/// The plan of one platform.
fn plan<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let all = answer["platforms"].as_array().expect("platforms");
    let one = all.iter().find(|one| one["name"] == name);
    &one.unwrap_or_else(|| panic!("no platform {name}"))["plan"]
}

/// A plan's figures under the names of the opinion.
fn quantities(plan: &Value) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    let number = |value: &Value| match value {
        Value::String(text) => text.parse().expect("money is a number"),
        _ => value.as_f64().unwrap_or(0.0),
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found.insert("brokers".to_owned(), number(&plan["brokers"]));
    for (key, field) in
        [("logical", "logical_gib"), ("on_brokers", "on_brokers_gib"), ("remote", "remote_gib")]
    {
        found.insert(format!("storage.{key}"), number(&plan["storage"][field]));
    }
    for flow in list(&plan["flows"]) {
        let key = format!("flow.{}.{}", name(&flow["edge"]), name(&flow["cause"]));
        found.insert(format!("{key}.mean"), number(&flow["mean_mib_per_sec"]));
        found.insert(format!("{key}.peak"), number(&flow["peak_mib_per_sec"]));
    }
    for asked in list(&plan["requests"]) {
        let key = format!("requests.{}.{}", name(&asked["cause"]), name(&asked["class"]));
        found.insert(key, number(&asked["per_sec"]));
    }
    for asked in list(&plan["requirements"]) {
        found
            .insert(format!("needs.{}.demand", name(&asked["resource"])), number(&asked["demand"]));
    }
    for line in list(&plan["bill"]["lines"]) {
        let key = format!("cost.{}", name(&line["component"]));
        *found.entry(key).or_insert(0.0) += number(&line["contracted_cost"]);
    }
    found.insert("bill.list".to_owned(), number(&plan["bill"]["list_cost"]));
    found.insert("bill.contracted".to_owned(), number(&plan["bill"]["contracted_cost"]));
    found
}

/// One stream on one platform.
fn one((provider, region): (&str, &str), produce: &str, platform: &str) -> Plan {
    let text = format!(
        "schema = 1\ntitle = \"one stream\"\n[prices]\nprovider = \"{provider}\"\nregion = \"{region}\"\n\
         [[stream]]\nname = \"events\"\nproduce = \"{produce}\"\npartitions = 300\nretention = \"1 d\"\n\
         [[stream.reader]]\ngroup = \"one\"\n[[platform]]\nname = \"it\"\n{platform}\n"
    );
    planned(&text, "it")
}

/// What a plan asks of a resource.
#[track_caller]
fn asked(plan: &Plan, resource: Resource) -> f64 {
    let found = plan.fleet.requirements.iter().find(|asked| asked.resource == resource);
    found.unwrap_or_else(|| panic!("{} is not asked for", resource.name())).demand
}

/// What the opinion found: segments go to the tier when they close, and brokers carry that whatever stays with them.
#[test]
fn uploads_take_network_whatever_stays_on_brokers() {
    let network = |settings: &str| {
        let platform = format!("preset = \"kafka-tiered\"\nbroker = \"m7g.4xlarge\"\n{settings}");
        asked(&one(AWS, "100 MiB/s", &platform), Resource::Network)
    };
    // 1.5 for one reader, 5.7, and 1.5 for what is uploaded, of 100 MiB/s (mechanics A3b).
    assert!((network("local_retention = \"6 h\"") - 870.0).abs() < 1e-6);
    assert!((network("local_retention = \"auto\"") - 870.0).abs() < 1e-6);
    assert!((network("tiered_share = 0.5") - 795.0).abs() < 1e-6);
    assert!((network("tiered_share = 0") - 720.0).abs() < 1e-6);
}

/// What the opinion found: where throughput comes with size, a WAL of 10 GiB is not fast enough.
#[test]
fn a_wal_is_as_large_as_it_is_written_fast() {
    let wal = |market, machine: &str, produce: &str| {
        let platform = format!("preset = \"automq-ebs-wal\"\nbroker = \"{machine}\"\nbrokers = 3");
        volume(&one(market, produce, &platform), Component::Wal)
    };
    // Three halves of it for a lost zone: 50 MiB/s on each of three, which a volume of any size has.
    assert!((wal(GCP, "n2-standard-16", "100 MiB/s") - 10.0).abs() < LAST_DECIMAL);
    // 300 MiB/s are 160 beyond that, at 286.72 for each TiB.
    let larger = 160.0 / 286.72 * 1024.0;
    assert!((wal(GCP, "n2-standard-16", "600 MiB/s") - larger).abs() < LAST_DECIMAL);
    // Where throughput is bought, size does not matter.
    assert!((wal(AWS, "m7g.4xlarge", "600 MiB/s") - 10.0).abs() < LAST_DECIMAL);
}

/// The other half of it: no disk is asked for that anybody has anyway.
#[test]
fn throughput_that_any_volume_has_takes_no_size() {
    let disk = |brokers: u32| {
        let platform = format!(
            "preset = \"kafka-gp3\"\nbroker = \"n2-standard-16\"\nbrokers = {brokers}\ndisk_per_broker = \"100 GiB\""
        );
        volume(&one(GCP, "100 MiB/s", &platform), Component::BlockStorage)
    };
    // Three replicas and 5 % of reads behind the cache, twice: 101.67 MiB/s of each volume, and 203.33.
    assert!((disk(6) - 100.0).abs() < LAST_DECIMAL);
    let larger = (305.0 / 3.0 * 2.0 - 140.0) / 286.72 * 1024.0;
    assert!((disk(3) - larger).abs() < LAST_DECIMAL);
}

const AWS: (&str, &str) = ("aws", "us-east-1");
const GCP: (&str, &str) = ("gcp", "us-central1");

/// GiB of one broker's volume.
fn volume(plan: &Plan, component: Component) -> f64 {
    let kept = plan
        .bill
        .lines
        .iter()
        .filter(|line| line.component == component && line.sku.ends_with(":storage"));
    let gib: f64 =
        kept.map(|line| line.quantity.to_string().parse::<f64>().expect("a number")).sum();
    gib / f64::from(plan.fleet.brokers)
}

/// What `queues.py` and `placement.py` simulated, one case a line.
fn simulated(file: &str) -> Vec<Value> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("opinion").join(file);
    let text = std::fs::read_to_string(path).expect("the cases are there");
    text.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect()
}

/// A number of a case.
fn of(case: &Value, key: &str) -> f64 {
    case[key].as_f64().unwrap_or_else(|| panic!("`{key}` of {case}"))
}

/// Holds each case to what the engine says: it says what the approximation says, and that is as many times of what was
/// simulated as `bounds` allow, give or take the simulation's confidence interval.
fn hold(file: &str, bounds: impl Fn(&Value) -> (f64, f64), engine: impl Fn(&Value) -> f64) {
    let mut slips = Vec::new();
    let cases = simulated(file);
    assert!(cases.len() > 100, "{} cases", cases.len());
    for case in &cases {
        let (said, formula) = (engine(case), of(case, "formula"));
        let ((low, high), (mean, half)) = (bounds(case), (of(case, "simulated"), of(case, "half")));
        // The fixture's own formula, in floats of another language; storms and outages are found by a run.
        if (said - formula).abs() > 2e-5 * formula + 1e-9 {
            slips.push(format!("the engine says {said}: {case}"));
        }
        if said < low * (mean - half) - 1e-9 || said > high * (mean + half) + 1e-9 {
            slips.push(format!("{:.3} of what was simulated: {case}", said / mean));
        }
    }
    assert!(slips.is_empty(), "{} of {}:\n{}", slips.len(), cases.len(), slips.join("\n"));
}

/// Waiting: batches, load, outages, storms and rows, by approximations, against small discrete-event simulations.
#[test]
fn waits_are_near_simulated_ones() {
    let at_load = latency_at_load();
    // How far off each may be: `tests/opinion/README.md` says where and why.
    let bounds = |case: &Value| match case["what"].as_str().expect("a name") {
        // Few requests to a batch: what is left of the last of them.
        "batches/s" => (0.93, 1.13),
        "produce p50" => (0.9, 1.1),
        // Percentiles of steps are added: never too low, but for the interval.
        "produce p99" => (0.99, 1.2),
        "p99 at load" if case["system"].as_str() == Some("M/M/1") => (0.9, 1.1),
        // Bursts wait longer, many servers shorter.
        "p99 at load" => (0.6, 4.0),
        "caught up after" => (0.99, 1.01),
        "99 % back after" => (0.65, 1.05),
        "all back after" => (0.64, 1.02),
        // No more than simulated over `1 − 1/e`.
        "coordinator rows" => (1.0, 1.6),
        other => panic!("{other} has no bounds"),
    };
    hold("waits.jsonl", bounds, |case| match case["what"].as_str().expect("a name") {
        "batches/s" => batching(case).0,
        "produce p50" => batching(case).1,
        "produce p99" => batching(case).2,
        "p99 at load" => at_load(of(case, "utilization")),
        "caught up after" => caught_up(of(case, "capacity")),
        "99 % back after" | "all back after" => all_back(case),
        "coordinator rows" => rows(of(case, "records_per_interval_and_zone")),
        other => panic!("the engine does not say {other}"),
    });
}

/// Skew and placement: the hottest partition, and who crosses zones, against random placements.
#[test]
fn places_are_near_random_ones() {
    let bounds = |case: &Value| match case["what"].as_str().expect("a name") {
        // Fewer keys than partitions: most have none, and the mean says little.
        "hottest partition" if of(case, "keys") < of(case, "partitions") => (0.55, 1.1),
        "hottest partition" => (0.8, 1.25),
        _ => (0.98, 1.02),
    };
    hold("places.jsonl", bounds, |case| {
        let count = |key: &str| of(case, key) as u32;
        let zones = |cause: Cause| {
            let mut design = Design::of(model::presets::preset("kafka-gp3").expect("a preset"));
            design.settings.zones = count("zones");
            design.settings.replication_factor = count("copies");
            let load = model::load::load(&level(10.0), &design, MONTH, 1);
            let flows = model::flows::flows(&load, &design);
            flows.crossing(cause) / load.produce
        };
        match case["what"].as_str().expect("a name") {
            "hottest partition" => {
                let keys = Keys::new(of(case, "keys") as u64, of(case, "skew"));
                model::load::hot_factor(Some(keys), count("partitions"))
            }
            "copies that cross" => zones(Cause::Replicate),
            "producers that cross" => zones(Cause::Produce),
            "followers that cross" => zones(Cause::Consume),
            other => panic!("the engine does not say {other}"),
        }
    });
}

/// One level stream of so many MiB/s and one group that reads it.
fn level(mib_per_sec: f64) -> Workload {
    let text = format!(
        "schema = 1\ntitle = \"level\"\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n[[stream]]\nname = \"events\"\n\
         produce = \"{mib_per_sec} MiB/s\"\npartitions = 300\nretention = \"1 d\"\n[[stream.reader]]\ngroup = \"one\"\n\
         [[platform]]\npreset = \"kafka-gp3\"\n"
    );
    parse(&text).workload
}

/// Three brokers that write a batch every 250 ms, or when it has 8 MiB.
fn batched(mib_per_sec: f64, records: f64) -> Plan {
    let mut design = Design::of(model::presets::preset("diskless").expect("a preset"));
    design.settings.brokers = Some(3);
    design.settings.broker = Some("m7g.4xlarge".to_owned());
    let mut workload = level(mib_per_sec * 3.0);
    workload.streams[0].records = Some(Frequency::new(records));
    properties::planned(&workload, &design, crate::home(design.preset)).expect("a plan")
}

/// Batches a second of one of three brokers, and the percentiles of a produce.
fn batching(case: &Value) -> (f64, f64, f64) {
    let plan = batched(of(case, "mib_per_sec"), of(case, "requests_per_sec") * 3.0);
    let appended = plan.requests.iter().find(|one| one.cause == Cause::Append).expect("batches");
    let latency = plan.latency.expect("a latency");
    (appended.per_sec.per_sec() / 3.0, latency.p50.as_secs(), latency.p99.as_secs())
}

/// Rows of a partition for each batch of a zone, where so many of its records come while one fills.
fn rows(records: f64) -> f64 {
    let each = 3.0 / 0.25;
    let plan = batched(10.0, records * each * 300.0);
    plan.coordinator.expect("a coordinator").written.per_sec() / 300.0 / each
}

/// By how much the 99th percentile grows with load: the rule that a run follows, checked at each of its moments.
fn latency_at_load() -> impl Fn(f64) -> f64 {
    let mut design = Design::of(model::presets::preset("kafka-gp3").expect("a preset"));
    design.settings.broker = Some("m7g.4xlarge".to_owned());
    design.settings.brokers = Some(3);
    let moderate = design.settings.moderate_load;
    let grows = move |utilization: f64| ((1.0 - moderate) / (1.0 - utilization)).max(1.0);
    let mut loaded = 0;
    for mib_per_sec in [200.0, 400.0, 500.0, 550.0, 600.0] {
        let plan = through(&design, level(mib_per_sec), Vec::new());
        let usual = plan.latency.expect("a latency").p99.as_hours();
        for sample in &plan.simulation.expect("a run").samples {
            if sample.busiest > moderate && sample.busiest < 0.99 {
                loaded += 1;
                assert!((sample.latency / usual / grows(sample.busiest) - 1.0).abs() < 1e-9);
            }
        }
    }
    assert!(loaded > 0, "no run is loaded");
    grows
}

/// Seconds after a group's outage of 1,200 s until it has read everything.
fn caught_up(capacity: f64) -> f64 {
    let mut workload = level(10.0);
    workload.streams[0].readers[0].capacity = capacity;
    let outage = agreement::event(EventKind::ReaderOutage, 100.0, |event| {
        event.group = Some("one".to_owned());
        event.settings.outage = Hours::from_secs(1200.0);
    });
    fact(workload, outage, "caught up after") - 1200.0
}

/// Seconds until the devices of a storm are back.
fn all_back(case: &Value) -> f64 {
    let storm = agreement::event(EventKind::ReconnectStorm, 100.0, |event| {
        event.devices = Some(of(case, "devices") as u64);
        event.settings.share = 1.0;
        event.settings.retry = Hours::from_secs(of(case, "retry_s"));
        event.settings.jitter = Hours::from_secs(of(case, "jitter_s"));
        event.settings.connections = Some(of(case, "connections") as u32);
    });
    fact(level(10.0), storm, "99 % are back after")
}

/// Seconds that a run says of an event.
fn fact(workload: Workload, event: Event, name: &str) -> f64 {
    let design = Design::of(model::presets::preset("kafka-gp3").expect("a preset"));
    let plan = through(&design, workload, vec![event]);
    let outcome = &plan.simulation.as_ref().expect("a run").outcomes[0];
    match outcome.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value) {
        Some(Figure::Hours(hours)) => hours * 3600.0,
        other => panic!("`{name}` is {other:?}"),
    }
}

/// A month of a platform.
fn through(design: &Design, workload: Workload, events: Vec<Event>) -> Plan {
    let mut scenario = parse(
        "schema = 1\ntitle = \"month\"\n[horizon]\nmonths = 1\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
         [[stream]]\nname = \"s\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n[[platform]]\npreset = \"kafka-gp3\"\n",
    );
    (scenario.workload, scenario.events) = (workload, events);
    let asked = model::horizon::Asked { samples: true };
    model::horizon::through(design, &scenario, crate::home(design.preset), asked).expect("a plan")
}
