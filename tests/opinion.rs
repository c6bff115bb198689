//! A second opinion: the steady month, worked out once more from the equations by other hands and in another language.
//!
//! `tests/opinion/` holds that derivation, `cases.jsonl` what it says of random scenarios. Here the engine says it too.
//! The long comparison, of ten thousand scenarios, is a command that `tests/opinion/README.md` names; it needs Python, and
//! this does not.

use std::collections::BTreeMap;

use model::bill::Component;
use model::plan::Plan;
use model::sizing::Resource;
use serde_json::Value;

use crate::{compared, parse, planned};

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
