//! Tests of the whole: examples, errors, laws, the worked example, published cases, exports, the page.
//!
//! One binary, so that everything is linked once. Tables of single functions stand beside the code in `model`.

mod actuals;
mod agreement;
mod breakeven;
mod browser;
mod clouds;
mod examples;
mod explain;
mod exports;
mod finance;
mod focus;
mod fuzz;
mod import;
mod laws;
mod lines;
mod opinion;
mod optimize;
mod parts;
mod properties;
mod published;
mod resilience;
mod scorecard;
mod security;
mod sensitivity;
mod services;
mod shortcuts;
mod simulate;
mod stale;
mod sweep;
mod through_time;
mod tidy;
mod uncertainty;
mod variance;
mod within_months;
mod worked;
mod xlsx;

use model::comparison::{Comparison, View, compare};
use model::plan::Plan;
use model::scenario::{self, Scenario};

/// The embedded catalogue, read once.
fn catalog() -> &'static pricing::Catalog {
    static CATALOG: std::sync::OnceLock<pricing::Catalog> = std::sync::OnceLock::new();
    CATALOG.get_or_init(pricing::Catalog::embedded)
}

/// A scenario that must be right.
#[track_caller]
fn parse(text: &str) -> Scenario {
    static VOCABULARY: std::sync::OnceLock<scenario::Vocabulary> = std::sync::OnceLock::new();
    let vocabulary = VOCABULARY.get_or_init(|| catalog().vocabulary());
    scenario::parse(text, vocabulary).unwrap_or_else(|errors| {
        let problems: Vec<_> = errors.iter().map(ToString::to_string).collect();
        panic!("{}\n{text}", problems.join("\n"))
    })
}

/// Every platform of a scenario in its first month.
#[track_caller]
fn compared(text: &str) -> Comparison {
    let scenario = parse(text);
    let prices = catalog().prices(&scenario).expect("the region is in the catalogue");
    compare(&scenario, &prices, View::Steady(0))
}

/// One platform of a scenario in its first month.
#[track_caller]
fn planned(text: &str, platform: &str) -> Plan {
    let comparison = compared(text);
    for outcome in comparison.outcomes {
        match outcome {
            Ok(plan) if plan.design.name == platform => return plan,
            Err(rejection) if rejection.design.name == platform => {
                panic!("{platform} is rejected: {:?}", rejection.reasons)
            }
            _ => {}
        }
    }
    panic!("no platform {platform}")
}

/// The text of an example.
fn example(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of a manifest for a batch system.
fn manifest(name: &str) -> String {
    example(&format!("batch/{name}"))
}

/// Asserts that two figures agree within a share of the expected one.
#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    let slip = (found - expected).abs() / expected.abs().max(f64::MIN_POSITIVE);
    assert!(slip <= tolerance, "{found} instead of {expected} ({:.3} % off)", slip * 100.0);
}

/// Where prices apply, and the presets that are sold there.
pub(crate) struct Market {
    pub prices: model::prices::PriceList,
    pub presets: Vec<&'static model::presets::Preset>,
}

/// Every region of every provider of the catalogue.
pub(crate) fn markets() -> &'static [Market] {
    static MARKETS: std::sync::OnceLock<Vec<Market>> = std::sync::OnceLock::new();
    MARKETS.get_or_init(|| {
        let all = catalog().regions();
        let places = all.iter().flat_map(|(provider, regions)| {
            regions.iter().map(move |region| (provider.clone(), region.clone()))
        });
        let market = |(provider, region)| {
            let choice = scenario::PriceChoice {
                provider,
                region,
                overrides: Vec::new(),
                discounts: Default::default(),
            };
            let prices = catalog().price_list(&choice).expect("a price list");
            let sold = |preset: &&model::presets::Preset| {
                prices.machines.iter().any(|machine| machine.pool == preset.pool)
            };
            let presets = model::presets::PRESETS.iter().filter(sold).collect();
            Market { prices, presets }
        };
        places.map(market).collect()
    })
}

/// Prices of a region that has a preset: us-east-1 where it is sold there.
pub(crate) fn home(preset: &'static model::presets::Preset) -> &'static model::prices::PriceList {
    let sells = |market: &&Market| market.presets.contains(&preset);
    let usual = markets().iter().filter(|market| market.prices.region == "us-east-1");
    let market = usual.chain(markets()).find(|market| sells(market));
    &market.unwrap_or_else(|| panic!("{} is sold nowhere", preset.name)).prices
}
