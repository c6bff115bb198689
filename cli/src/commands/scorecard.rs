//! `highwater scorecard`

use std::path::PathBuf;

use model::View;
use model::export::{policy_settings, scorecard as export};
use model::horizon::Asked;
use model::scorecard::{Scorecard, scorecard};

use super::progress::compared;
use super::{Context, Format, platform};
use crate::exit::{FAILED, FINE};
use crate::input;
use crate::render::scorecard::{cards, policy};

/// Ask the questions of platform teams: storms, retention, replay, failure, growth, migration, cost
///
/// Each is run on the scenario's own streams, on the fleet that is planned for their busiest month, and answered
/// green, yellow or red with the figures behind it. Where the lines are drawn is in `[scorecard]`; what a person has
/// to judge is yours to mark, as `[[scorecard.mark]]`.
#[derive(Debug, clap::Args)]
pub(crate) struct ScorecardArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// One platform by its name, with all its evidence; all without it
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    /// Show what is asked and where lines are drawn instead, with sources
    #[arg(long)]
    policy: bool,
}

pub(crate) fn run(args: &ScorecardArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("scorecard", &[Format::Table, Format::Json])?;
    let mut case = input::case(&args.file, context)?;
    let wanted = args.platform.as_deref();
    platform(&case.scenario, wanted)?;
    if args.policy {
        let rows = policy_settings(&case.scenario.policy);
        let text = policy(&rows, format == Format::Json, context.paint_out);
        context.write(&text)?;
        return Ok(FINE);
    }
    let comparison = compared(&case, View::Horizon, Asked::default(), context);
    let asked: Vec<Scorecard> = comparison
        .plans()
        .filter(|plan| wanted.is_none_or(|name| name == plan.design.name))
        .map(|plan| scorecard(plan, &case.scenario, &case.prices))
        .collect();
    case.scenario.platforms.retain(|design| wanted.is_none_or(|name| name == design.name));
    let text = match format {
        Format::Json => export::json(&case.scenario.title, &asked),
        _ => cards(&asked, &comparison, &case.scenario, wanted.is_some(), context.paint_out),
    };
    context.write(&context.answer(text))?;
    Ok(if asked.is_empty() { FAILED } else { FINE })
}
