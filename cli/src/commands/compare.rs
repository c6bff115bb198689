//! `highwater compare`

use std::path::PathBuf;

use model::export::{csv, json};

use super::{Context, Format, month_index};
use crate::exit::{FAILED, FINE};
use crate::{input, render};

/// Show all platforms side by side: cost, fleet, what binds, and a verdict
///
/// Platforms that cannot be planned say why, and the rest is compared all the same.
#[derive(Debug, clap::Args)]
pub(crate) struct CompareArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// Month to plan: 1 is the first, later ones have grown
    #[arg(long, value_name = "N", default_value_t = 1)]
    month: u32,
}

pub(crate) fn run(args: &CompareArgs, context: &mut Context) -> anyhow::Result<u8> {
    let case = input::case(&args.file, context)?;
    let month = month_index(&case.scenario, args.month)?;
    let comparison = model::compare(&case.scenario, &case.prices, month);
    let text = match context.common.format {
        Format::Table => {
            render::compare::comparison(&comparison, &case.scenario, context.paint_out)
        }
        Format::Json => json::compare(&comparison, &case.scenario),
        Format::Csv => csv::compare(&comparison),
    };
    context.write(&text)?;
    Ok(if comparison.plans().next().is_some() { FINE } else { FAILED })
}
