//! Answers as JSON and CSV.

use serde_json::{Value, json};

use super::{Answer, Infeasible, Optimized, Status};
use crate::export::csv::{table, text};
use crate::export::json::{SCHEMA_VERSION, pretty};
use crate::scenario::Scenario;

/// What was found for each platform, in the order of the scenario.
pub type Answers = [Result<Answer, Box<Infeasible>>];

impl Status {
    /// One word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Within(_) => "within",
            Self::Stopped(_) => "stopped",
            Self::Enumerated => "enumerated",
        }
    }

    /// The share by which something could be cheaper; `None` where everything was tried.
    pub fn gap(self) -> Option<f64> {
        match self {
            Self::Proven | Self::Enumerated => Some(0.0),
            Self::Within(gap) => Some(gap),
            // What was not looked at could be anything.
            Self::Stopped(_) => None,
        }
    }
}

/// Everything about the answers. Money is a string with all its digits; figures of the program are numbers.
pub fn json(answers: &Answers, scenario: &Scenario) -> String {
    let platforms: Vec<Value> = answers.iter().map(platform).collect();
    let document = json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "optimize",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "currency": "USD",
        "title": scenario.title,
        "platforms": platforms,
    });
    pretty(document)
}

fn platform(answer: &Result<Answer, Box<Infeasible>>) -> Value {
    match answer {
        Ok(answer) => json!({
            "platform": answer.rules.design.name,
            "rules_usd_a_month": answer.rules.monthly_cost(),
            "usd_a_month": answer.plan.monthly_cost(),
            "saved_usd_a_month": answer.saved(),
            "complete": answer.plan.is_complete(),
            "parts": answer.parts.iter().map(part).collect::<Vec<_>>(),
            "notes": answer.notes,
        }),
        Err(infeasible) => json!({
            "platform": infeasible.rejection.design.name,
            "reasons": infeasible.rejection.reasons.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "conflicts": infeasible.conflicts.iter().map(|(part, constraints)| json!({
                "part": part.name(),
                "constraints": constraints,
            })).collect::<Vec<_>>(),
        }),
    }
}

fn part(part: &Optimized) -> Value {
    let settings = part.settings.iter().map(|(key, value)| json!({ "key": key, "value": value }));
    json!({
        "part": part.part.name(),
        "rules_usd_a_month": part.rules.monthly_cost(),
        "usd_a_month": part.plan.monthly_cost(),
        "machine": part.plan.machine,
        "brokers_on_average": part.plan.months.iter().map(|month| month.brokers).sum::<f64>()
            / part.plan.months.len().max(1) as f64,
        "settings": settings.collect::<Vec<_>>(),
        "commitments": part.commitments.iter().map(|bound| json!({
            "commitment": bound.name,
            "years": bound.years,
            "brokers": bound.brokers,
            "list_usd_per_hour": bound.price,
            "source": bound.source,
            "as_of": bound.as_of,
        })).collect::<Vec<_>>(),
        "status": part.status.name(),
        "gap": part.status.gap(),
        "solver_failure": part.failure,
        "considered": part.counts[0],
        "in_program": part.counts[1],
        "planned": part.counts[2],
        "program_bound_usd_a_month": part.bound,
        "program_saved_usd_a_month": part.estimate,
        "savings": part.savings.iter().map(|saving| json!({
            "choice": saving.choice,
            "saved_usd_a_month": saving.saved,
        })).collect::<Vec<_>>(),
        "constraints": part.relaxed.iter().map(|relaxed| json!({
            "step": relaxed.step,
            "saved_usd_a_month": relaxed.saved,
        })).collect::<Vec<_>>(),
        "next_machine": part.next.as_ref().map(|next| json!({
            "machine": next.machine,
            "brokers": next.brokers,
            "dearer_usd_a_month": next.dearer,
            "usd_per_hour": next.rent,
            "wins_below_usd_per_hour": next.wins_below,
        })),
        "refused": part.refused.iter().map(|refused| json!({
            "build": refused.title,
            "saved_usd_a_month": refused.saved,
            "why": refused.why,
        })).collect::<Vec<_>>(),
        "unmet": part.unmet,
    })
}

/// Columns of the table.
const COLUMNS: &[&str] = &[
    "platform",
    "part",
    "machine",
    "rules_usd_a_month",
    "usd_a_month",
    "saved_usd_a_month",
    "status",
    "settings",
    "commitments",
    "note",
];

/// One row for each part of each platform; of one without a plan, a row that says why.
pub fn csv(answers: &Answers) -> String {
    let mut rows: Vec<Vec<String>> = vec![COLUMNS.iter().map(|name| (*name).to_owned()).collect()];
    for answer in answers {
        match answer {
            Ok(answer) => rows.extend(answer.parts.iter().map(|part| row(answer, part))),
            Err(infeasible) => {
                let mut row = vec![String::new(); COLUMNS.len()];
                let name = &infeasible.rejection.design.name;
                row[0] = text(name).into_owned();
                let reasons = infeasible.rejection.reasons.iter().map(ToString::to_string);
                let reasons = reasons.collect::<Vec<_>>().join("; ");
                row[COLUMNS.len() - 1] = format!("cannot be planned: {reasons}");
                rows.push(row);
            }
        }
    }
    table(&rows)
}

fn row(answer: &Answer, part: &Optimized) -> Vec<String> {
    let settings = part.settings.iter().map(|(key, value)| format!("{key} = {value}"));
    let commitments =
        part.commitments.iter().map(|bound| format!("{} × {}", bound.brokers, bound.name));
    let saved = part.rules.monthly_cost() - part.plan.monthly_cost();
    vec![
        text(&answer.rules.design.name).into_owned(),
        text(&part.part.name()).into_owned(),
        part.plan.machine.clone(),
        part.rules.monthly_cost().exact(),
        part.plan.monthly_cost().exact(),
        saved.exact(),
        part.status.name().to_owned(),
        settings.collect::<Vec<_>>().join("; "),
        commitments.collect::<Vec<_>>().join("; "),
        answer.notes.join("; "),
    ]
}
