//! `highwater sensitivity`

use std::path::PathBuf;

use model::export::sensitivity as export;
use model::sensitivity::Sensitivity;

use super::threads::in_order;
use super::{Context, Format, Period, places};
use crate::exit::{FAILED, FINE, mistake};
use crate::input::{Market, source};
use crate::render;

/// Show how sure the verdict is: which defaults would make another platform the cheapest, and how far they are
///
/// Every setting that the scenario leaves at its default is moved by itself through its plausible range, on all platforms
/// that have it from the same source, while all else stays: to both ends, to places between, and from there by halves to
/// the value at which another platform costs least. What is told of each: that value, how far it is from the default (as
/// a share of it, and of the way to the end of the range), who is cheapest there, and how far the default can be trusted.
/// Defaults that come closest without changing the verdict are named with what the next still costs more.
///
/// Words are tried one by one where they are a choice of whoever plans, such as `headroom`. What the scenario sets, what
/// is `auto`, and what makes a product what it is do not move: `whatif --set` does. Prices and discounts do not either:
/// `breakeven` finds where they turn the verdict, and `uncertainty` moves several things at once.
///
/// Ranges, sources and confidence are those that `presets show` prints. `--format csv` has a row for each default.
#[derive(Debug, clap::Args)]
pub(crate) struct SensitivityArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// Platform by its name, as often as needed, two or more; all without it
    #[arg(long, value_name = "NAME")]
    platform: Vec<String>,

    #[command(flatten)]
    period: Period,
}

pub(crate) fn run(args: &SensitivityArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("sensitivity", &[Format::Table, Format::Json, Format::Csv])?;
    let market = Market::open(context)?;
    let (case, draft) = market.draft(source(&args.file, context)?, context)?;
    let view = args.period.view(&case.scenario)?;
    let between = match &args.platform[..] {
        [] => (0..case.scenario.platforms.len()).collect(),
        names => places(&case.scenario, names, "--platform")?,
    };
    if between.len() < 2 {
        let hint = match args.platform.is_empty() {
            true => "add a `[[platform]]` to the scenario",
            false => "name another with `--platform`, or leave it out",
        };
        return Err(mistake("one platform by itself has no verdict", hint));
    }
    // Whoever asks has read it before, so that its problems have been told.
    let sensitivity = Sensitivity::new(draft, &case.prices, view, between).map_err(|found| {
        anyhow::anyhow!("{}", found.first().map_or_else(String::new, ToString::to_string))
    })?;
    let trials =
        in_order(sensitivity.count(), context, &|| (), &|(), index| sensitivity.run(index));
    let study = sensitivity.study(trials.into_iter().flatten().collect());
    let text = match format {
        Format::Json => export::json(&study),
        Format::Csv => export::csv(&study),
        _ => render::sensitivity::study(&study, context.paint_out),
    };
    context.write(&context.answer(text))?;
    Ok(if study.ranking.is_empty() { FAILED } else { FINE })
}
