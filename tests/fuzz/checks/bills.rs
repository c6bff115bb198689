//! Bills in FOCUS columns.

use std::sync::OnceLock;

use model::actuals::Cost;
use model::actuals::beside::beside;
use model::actuals::tally::Tally;
use model::export::actuals;
use model::{Plan, Scenario, View};

use super::{bill, embedded, finite, told, vocabulary};

/// A plan that a bill is set beside, with a rule of every kind.
const PLANNED: &str = r#"
schema = 1
title = "Orders"
[horizon]
start = 2027-01-01
months = 2
[prices]
provider = "aws"
region = "us-east-1"
[[stream]]
name = "orders"
produce = "1 MiB/s"
retention = "1 d"
[[platform]]
preset = "kafka-gp3"
[actuals]
[[actuals.map]]
component = "ignore"
account = "000000000003"
[[actuals.map]]
component = "zone crossing"
sku = "*Inter*Zone*"
[[actuals.map]]
component = "block storage"
service = "Storage Accounts"
[[actuals.map]]
component = "block storage"
region = "us-*"
sku = "*EBS:Volume*"
TAGGED
component = "brokers"
category = "Compute"
"#;

struct Planned {
    scenario: Scenario,
    plan: Plan,
}

/// Without rules that ask for tags, and with one.
fn planned(tagged: bool) -> &'static Planned {
    static PLANS: OnceLock<[Planned; 2]> = OnceLock::new();
    let plan = |rule: &str| {
        let text = PLANNED.replace("TAGGED", rule);
        let scenario = model::scenario::parse(&text, vocabulary()).expect("a scenario");
        let prices = embedded().prices(&scenario).expect("its region is known");
        let comparison = model::compare(&scenario, &prices, View::Horizon);
        let plan = comparison.plans().next().expect("it can be planned").clone();
        Planned { scenario, plan }
    };
    let tag = "[[actuals.map]]\ntag = { cluster = \"orders\" }";
    &PLANS.get_or_init(|| [plan("[[actuals.map]]"), plan(tag)])[usize::from(tagged)]
}

/// Reads bytes as a bill; the first of them says which cost is compared, and by which rules.
pub fn check(data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else { return };
    let cost = Cost::ALL[usize::from(first & 1)];
    let Planned { scenario, plan } = planned(first & 2 != 0);
    let mut tally = Tally::new(&scenario.actuals, cost);
    if let Err(faults) = bill::add("bill.csv", &mut &*bytes, &mut tally) {
        assert!(!faults.is_empty() && faults.len() <= 11, "{} faults", faults.len());
        for fault in faults {
            told(&fault.message, &fault.hint);
            assert!(fault.message.contains("`bill.csv`"), "no place: {}", fault.message);
        }
        return;
    }
    match beside(plan, scenario, &tally, None, cost) {
        Err(refusal) => told(&refusal.to_string(), &refusal.hint()),
        Ok(report) => {
            let json = actuals::json(&report, &scenario.title, &["bill.csv".to_owned()]);
            let _: serde_json::Value = serde_json::from_str(&json).expect("JSON");
            let csv = actuals::csv(&report);
            let rows = csv::Reader::from_reader(csv.as_bytes()).into_records();
            let rows: Result<Vec<_>, _> = rows.collect();
            assert!(!rows.expect("as many cells as the head").is_empty());
            for month in &report.months {
                let (covered, all) = month.days();
                assert!((0.0..=all).contains(&covered), "{covered} of {all} days");
            }
            // Names of services are the bill's own, so only a bill without letters that could be one is looked at.
            if !lower(bytes).contains("nan") && !lower(bytes).contains("inf") {
                finite("a report", &json);
                finite("a table", &csv);
            }
        }
    }
}

fn lower(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).to_lowercase()
}
