//! `highwater plan`

use std::path::PathBuf;

use model::export::{csv, json};
use model::horizon::Asked;
use model::scorecard::scorecard;
use model::{Comparison, View};

use super::progress::compared;
use super::{Context, Format, Period, platform};
use crate::exit::{FAILED, FINE};
use crate::input;
use crate::render::plan::{Extent, platforms};

/// Show platforms in full: fleet, headroom, flows, storage, bill, alternatives
#[derive(Debug, clap::Args)]
pub(crate) struct PlanArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// One platform by its name; all in turn without it
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    #[command(flatten)]
    period: Period,

    /// List every machine that was considered, and why it was not chosen
    #[arg(long)]
    all_machines: bool,
}

pub(crate) fn run(args: &PlanArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("plan", &[Format::Table, Format::Json, Format::Csv])?;
    let case = input::case(&args.file, context)?;
    let view = args.period.view(&case.scenario)?;
    let wanted = args.platform.as_deref();
    platform(&case.scenario, wanted)?;

    let comparison = compared(&case, view, Asked::default(), context);
    let text = match format {
        Format::Json => json::plan(&comparison, &case.scenario, wanted),
        Format::Csv => match wanted {
            Some(name) => csv::plan(&comparison, &case.scenario, name),
            None => csv::compare(&comparison, &case.scenario),
        },
        _ => {
            let shown = |plan: &&model::Plan| wanted.is_none_or(|name| name == plan.design.name);
            let cards: Vec<_> = match view {
                View::Horizon => comparison
                    .plans()
                    .filter(shown)
                    .map(|plan| scorecard(plan, &case.scenario, &case.prices))
                    .collect(),
                View::Month(_) | View::Steady(_) => Vec::new(),
            };
            let extent = Extent { all_machines: args.all_machines };
            platforms(&comparison, &case.scenario, wanted, &cards, extent, context.paint_out)
        }
    };
    context.write(&context.answer(text))?;
    Ok(if planned(&comparison, wanted) { FINE } else { FAILED })
}

fn planned(comparison: &Comparison, wanted: Option<&str>) -> bool {
    comparison.plans().any(|plan| wanted.is_none_or(|name| name == plan.design.name))
}
