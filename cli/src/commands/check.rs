//! `highwater check`

use std::path::PathBuf;

use model::Scenario;
use model::scenario::{ScenarioError, line_column};
use serde_json::json;

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
        let (text, code) = match market.parse(&source.text) {
            Ok(scenario) => (document(&source, &[], &doubts(&scenario)), FINE),
            Err(found) => (document(&source, &found, &[]), BAD_INPUT),
        };
        context.write(&text)?;
        return Ok(code);
    }
    let case = market.case(source, context)?;
    for (platform, doubt) in doubts(&case.scenario) {
        let warning = format!("{platform}: {doubt}");
        context.tell(&problems::warning(&warning, context.paint_err))?;
    }
    context.tell_stale_case(&case);
    context.write(&found(&visible(&case.source.name), &case.scenario))?;
    Ok(FINE)
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

/// What is allowed and worth a second look, by platform.
fn doubts(scenario: &Scenario) -> Vec<(String, String)> {
    let each = scenario.platforms.iter();
    each.flat_map(|design| {
        design.implausible().into_iter().map(|warning| (design.name.clone(), warning))
    })
    .collect()
}

fn document(source: &Source, found: &[ScenarioError], doubts: &[(String, String)]) -> String {
    let problem = |problem: &ScenarioError| {
        let (line, column) = line_column(&source.text, problem.span.start);
        json!({
            "message": problem.to_string(),
            "line": line,
            "column": column,
            "hint": problem.hint(),
        })
    };
    let warning = |(platform, message): &(String, String)| json!({ "platform": platform, "message": message });
    let document = json!({
        "schema_version": model::export::json::SCHEMA_VERSION,
        "kind": "check",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "file": source.name,
        "problems": found.iter().map(problem).collect::<Vec<_>>(),
        "warnings": doubts.iter().map(warning).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}
