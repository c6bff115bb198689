//! Scorecards as JSON, for programs.

use serde_json::{Value, json};

use super::json::{SCHEMA_VERSION, pretty};
use crate::bill::Part;
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
    let answers = |answers: &[Answer]| answers.iter().map(answer).collect::<Vec<_>>();
    let mut value = json!({ "name": card.platform, "answers": answers(&card.answers) });
    let part = |(part, of): &(Part, Vec<Answer>)| json!({ "region": part.region, "on": part.on, "answers": answers(of) });
    if !card.parts.is_empty() {
        value["parts"] = card.parts.iter().map(part).collect();
    }
    value
}

fn answer(answer: &Answer) -> Value {
    let mut value = json!({
        "question": answer.question,
        "title": answer.title,
        "light": answer.light.map(|light| light.show()),
        "finding": answer.finding,
        "evidence": answer.evidence.iter().map(fact).collect::<Vec<_>>(),
        "own": answer.own.as_ref().map(|own| json!({
            "mark": own.mark.show(),
            "evidence": own.evidence,
        })),
    });
    if !answer.part.is_whole() {
        value["part"] = json!(answer.part);
    }
    value
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
