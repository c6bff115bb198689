//! Scorecards as JSON, for programs.

use serde_json::{Value, json};

use super::json::{SCHEMA_VERSION, pretty};
use crate::parameters::Setting;
use crate::scorecard::{Answer, Scorecard};
use crate::simulate::findings::{Fact, Figure};

/// Every scorecard, in the order of the scenario.
pub fn json(title: &str, cards: &[Scorecard]) -> String {
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "scorecard",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "title": title,
        "platforms": cards.iter().map(card).collect::<Vec<_>>(),
    }))
}

fn card(card: &Scorecard) -> Value {
    json!({
        "name": card.platform,
        "answers": card.answers.iter().map(answer).collect::<Vec<_>>(),
    })
}

fn answer(answer: &Answer) -> Value {
    json!({
        "question": answer.question,
        "title": answer.title,
        "light": answer.light.map(|light| light.show()),
        "finding": answer.finding,
        "evidence": answer.evidence.iter().map(fact).collect::<Vec<_>>(),
        "own": answer.own.as_ref().map(|own| json!({
            "mark": own.mark.show(),
            "evidence": own.evidence,
        })),
    })
}

/// A figure with its unit in words; nothing for what never happens.
fn fact(fact: &Fact) -> Value {
    let (value, unit) = match fact.value {
        Figure::Bytes(bytes) => (Some(bytes / crate::units::GIB), "GiB"),
        Figure::Hours(hours) => (Some(hours), "h"),
        Figure::Share(share) => (Some(share), "share"),
        Figure::PerSecond(rate) => (Some(rate), "/s"),
        Figure::Count(count) => (Some(count), "count"),
        Figure::Dollars(dollars) => (Some(dollars), "USD"),
        Figure::Never => (None, "never"),
    };
    json!({ "name": fact.name, "value": value.filter(|value| value.is_finite()), "unit": unit })
}
