//! `highwater check`

use std::path::PathBuf;

use model::scenario::{ScenarioError, line_column};
use model::{Comparison, Prices, Scenario, View};
use pricing::CatalogError;
use serde_json::{Value, json};

use super::{Context, Format};
use crate::exit::{BAD_INPUT, FINE};
use crate::input::{Market, Source, source};
use crate::render::problems;
use crate::render::text::{counted, visible};

/// Show every problem of a scenario, each with its place and the way out
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,
}

pub(crate) fn run(args: &CheckArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("check", &[Format::Table, Format::Json])?;
    let source = source(&args.file, context)?;
    let market = Market::open(context)?;
    if format == Format::Json {
        let (text, code) = match read(&market, &source.text) {
            Ok((scenario, prices)) => {
                let planned = model::compare(&scenario, &prices, View::Steady(0));
                context.tell_stale(&planned);
                let text = document(&source, &[], &doubts(&scenario, &planned));
                (context.answer(text), FINE)
            }
            Err(problems) => (document(&source, &problems, &[]), BAD_INPUT),
        };
        context.write(&text)?;
        return Ok(code);
    }
    let case = market.case(source, context)?;
    let planned = model::compare(&case.scenario, &case.prices, View::Steady(0));
    for (platform, doubt) in doubts(&case.scenario, &planned) {
        let warning = format!("{platform}: {doubt}");
        context.tell(&problems::warning(&warning, context.paint_err))?;
    }
    context.tell_stale(&planned);
    context.write(&found(&visible(&case.source.name), &case.scenario))?;
    Ok(FINE)
}

/// A scenario and its prices, or every problem as documents say it.
fn read(market: &Market, text: &str) -> Result<(Scenario, Prices), Vec<Value>> {
    let scenario = market.parse(text).map_err(|errors| {
        let problem = |error: &ScenarioError| {
            let place = line_column(text, error.span.start);
            problem(&error.problem.to_string(), Some(place), error.problem.hint())
        };
        errors.iter().map(problem).collect::<Vec<_>>()
    })?;
    let prices = market.prices(&scenario).map_err(|errors| {
        let problem = |error: &CatalogError| problem(&error.to_string(), None, Some(error.hint()));
        errors.iter().map(problem).collect::<Vec<_>>()
    })?;
    Ok((scenario, prices))
}

/// A problem; what is wrong with prices stands at no place of the scenario.
fn problem(message: &str, place: Option<(usize, usize)>, hint: Option<String>) -> Value {
    let (line, column) = place.unzip();
    json!({ "message": message, "line": line, "column": column, "hint": hint })
}

/// What a scenario has, in a line.
fn found(name: &str, scenario: &Scenario) -> String {
    let (provider, region) = model::parts::market(scenario);
    let readers: usize = scenario.workload.streams.iter().map(|stream| stream.readers.len()).sum();
    format!(
        "{name} is fine: {}, {}, {}, {}, prices of {provider} {region}\n",
        counted(scenario.workload.streams.len(), "stream"),
        counted(readers, "reader"),
        counted(scenario.platforms.len(), "platform"),
        counted(scenario.horizon.months as usize, "month"),
    )
}

/// What is allowed and worth a second look, by platform: settings beyond experience, and platforms that cannot be planned.
fn doubts(scenario: &Scenario, planned: &Comparison) -> Vec<(String, String)> {
    let each = scenario.platforms.iter();
    let beyond = each.flat_map(|design| {
        design.implausible().into_iter().map(|warning| (design.name.clone(), warning))
    });
    let rejected = planned.outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    let unplanned = rejected.flat_map(|rejection| {
        rejection.reasons.iter().map(|reason| {
            let warning = format!("cannot be planned: {reason}; {}", reason.hint());
            (rejection.design.name.clone(), warning)
        })
    });
    beyond.chain(unplanned).collect()
}

fn document(source: &Source, problems: &[Value], doubts: &[(String, String)]) -> String {
    let warning = |(platform, message): &(String, String)| json!({ "platform": platform, "message": message });
    let document = json!({
        "schema_version": model::export::json::SCHEMA_VERSION,
        "kind": "check",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "file": source.name,
        "problems": problems,
        "warnings": doubts.iter().map(warning).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}
