//! One scenario on every cloud: what differs is the catalogue, and nothing looks at who it is.

use std::path::{Path, PathBuf};

use model::View;
use model::scenario::{PriceChoice, Scenario};
use pricing::Catalog;

use crate::{catalog, markets, parse};

/// Two streams, one of them kept for long: enough to use every kind of storage.
const SCENARIO: &str = "schema = 1\ntitle = \"clouds\"\n[horizon]\nmonths = 2\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
    [[stream]]\nname = \"reads\"\nproduce = \"20 MiB/s\"\nshape = \"regional-diurnal\"\nretention = \"30 d\"\n\
    [[stream.reader]]\ngroup = \"tail\"\n[[stream.reader]]\ngroup = \"again\"\nkind = \"replay\"\nwindow = \"2 d\"\nevery = \"7 d\"\nwithin = \"12 h\"\n\
    [[stream]]\nname = \"alarms\"\nproduce = \"100 KiB/s\"\nretention = \"3 d\"\n[[stream.reader]]\ngroup = \"tail\"\n\
    [[platform]]\npreset = \"kafka-gp3\"\n";

fn scenario() -> Scenario {
    let mut scenario = parse(SCENARIO);
    scenario.add_every_preset();
    scenario
}

/// The catalogue's files, each provider's filed under the name that `rename` gives it.
fn renamed(rename: fn(&str) -> String) -> Catalog {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pricing/catalog");
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root.join(&folder)).expect("the catalogue") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("a name in Unicode");
            if entry.file_type().expect("a type").is_dir() {
                folders.push(folder.join(name));
                continue;
            }
            let provider = folder.to_str().expect("a path in Unicode");
            let text = std::fs::read_to_string(entry.path()).expect("a text");
            let path = match provider {
                "" => name,
                provider => format!("{}/{name}", rename(provider)),
            };
            files.push((path, text));
        }
    }
    Catalog::from_files(files)
}

fn lines(scenario: &Scenario, catalog: &Catalog, provider: &str, region: &str) -> Vec<String> {
    let choice = PriceChoice {
        provider: provider.to_owned(),
        region: region.to_owned(),
        overrides: Vec::new(),
        discounts: Default::default(),
    };
    let prices = catalog.price_list(&choice).expect("a price list");
    let comparison = model::compare(scenario, &prices.into(), View::Horizon);
    let mut list = Vec::new();
    for (design, outcome) in scenario.platforms.iter().zip(&comparison.outcomes) {
        match outcome {
            Ok(plan) => {
                let name = &design.name;
                list.push(format!("{name}: {} × {}", plan.fleet.brokers, plan.machine));
                list.extend(plan.bill.lines.iter().map(|line| {
                    format!(
                        "{name} {} {} {}",
                        line.sku,
                        line.quantity,
                        line.contracted_cost.exact()
                    )
                }));
                list.push(format!("{name}: {} gaps", plan.bill.gaps.len()));
            }
            Err(rejection) => list.push(format!("{}: {}", design.name, rejection.reasons.len())),
        }
    }
    list
}

/// Providers under each other's names, and under names that nobody has: the same plans to the last digit.
#[test]
fn nothing_looks_at_the_name_of_a_provider() {
    let swapped = renamed(|provider| match provider {
        "aws" => "gcp".to_owned(),
        "gcp" => "azure".to_owned(),
        "azure" => "aws".to_owned(),
        other => other.to_owned(),
    });
    let unknown = renamed(|provider| format!("acme-{provider}"));
    let scenario = scenario();
    for (provider, swap, region) in [
        ("aws", "gcp", "us-east-1"),
        ("gcp", "azure", "us-central1"),
        ("azure", "aws", "westeurope"),
    ] {
        let as_it_is = lines(&scenario, catalog(), provider, region);
        assert!(as_it_is.len() > 60, "{provider}: {as_it_is:?}");
        assert_eq!(as_it_is, lines(&scenario, &swapped, swap, region), "{provider}");
        let acme = format!("acme-{provider}");
        assert_eq!(as_it_is, lines(&scenario, &unknown, &acme, region), "{provider}");
    }
}

/// What moves and what is kept does not depend on the cloud where the fleet does not.
#[test]
fn physics_is_the_same_on_every_cloud() {
    let scenario = scenario();
    let mut first: Option<Vec<(String, f64, f64)>> = None;
    for market in markets() {
        let usual = ["us-east-1", "us-central1", "westeurope"];
        if !usual.contains(&&*market.prices.region) {
            continue;
        }
        let comparison = model::compare(&scenario, &market.prices.clone().into(), View::Horizon);
        let facts: Vec<(String, f64, f64)> = comparison
            .plans()
            .filter(|plan| {
                ["kafka-gp3", "kafka-tiered", "diskless"].contains(&plan.design.preset.name)
            })
            .map(|plan| {
                let rate = plan.flows.mean(model::flows::Edge::ClientToBroker).as_mib_per_sec();
                (plan.design.name.clone(), rate, plan.storage.logical.as_gib())
            })
            .collect();
        assert_eq!(facts.len(), 3, "{}", market.prices.region);
        match &first {
            Some(first) => assert_eq!(&facts, first, "{}", market.prices.region),
            None => first = Some(facts),
        }
    }
}

/// A range of providers and regions as they come with the program.
#[test]
fn three_clouds_come_with_the_program() {
    let regions = catalog().regions();
    let count = |provider: &str| regions.get(provider).map_or(0, model::map::Set::len);
    assert_eq!((count("aws"), count("gcp")), (16, 14));
    assert!(count("azure") >= 19, "{}", count("azure"));
    for market in markets() {
        assert!(market.presets.len() > 12, "{}", market.prices.region);
    }
}
