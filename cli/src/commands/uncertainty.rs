//! `highwater uncertainty`

use std::path::PathBuf;

use model::export::uncertainty as export;
use model::uncertainty::{Futures, Market, study};

use super::threads::in_order;
use super::whatif::{change, changed};
use super::{Context, Format, Period, platform};
use crate::exit::{FAILED, FINE, mistake};
use crate::input::{self, source};
use crate::render;

/// Plan every platform in many futures: percentiles of cost, chances, coverage, regret, what matters
///
/// A quantity of the scenario is uncertain where it is written as an interval, `"20 MiB/s .. 40 MiB/s .. 90 MiB/s"` for
/// p10, p50 and p90, or `"p5 20 MiB/s .. p95 90 MiB/s"`. `[uncertainty]` says how many futures are drawn, and which intervals go together.
/// The same scenario gives the same futures everywhere.
#[derive(Debug, clap::Args)]
pub(crate) struct UncertaintyArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// What to change before, intervals too: 'stream.*.retention=30 d .. 90 d .. 1 y'
    #[arg(long, value_name = "PATH=VALUE", value_parser = change)]
    set: Vec<(String, String)>,

    /// One platform by its name, with all there is about it; all without it
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    /// How many futures; as many as `[uncertainty]` says without it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(32..=65_536))]
    draws: Option<u32>,

    #[command(flatten)]
    period: Period,
}

pub(crate) fn run(args: &UncertaintyArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("uncertainty", &[Format::Table, Format::Json, Format::Csv])?;
    let source = changed(&source(&args.file, context)?, &args.set)?;
    let market = input::Market::open(context)?;
    let (case, draft) = market.draft(source, context)?;
    let view = args.period.view(&case.scenario)?;
    let mut futures = Futures::new(case.scenario.clone(), draft, args.draws, view);
    let wanted = args.platform.as_deref();
    platform(&case.scenario, wanted)?;
    if futures.inputs().is_empty() {
        return Err(mistake(
            "the scenario has no interval",
            "write a quantity as p10, p50 and p90, such as `produce = \"20 MiB/s .. 40 MiB/s .. 90 MiB/s\"`, or add --set 'stream.NAME.retention=30 d .. 90 d .. 400 d'",
        ));
    }
    futures.only(&wanted.map(str::to_owned).into_iter().collect::<Vec<_>>());
    let look = market.repricing();
    let prices =
        if futures.draw_prices() { Market::Looked(&look) } else { Market::Fixed(&case.prices) };
    let standing = futures.standing(&prices);
    let drawn = in_order(futures.count(), context, &|| futures.clone(), &|own, index| {
        own.run(index, &standing, &prices)
    });
    if format == Format::Csv {
        context.write(&export::csv(&futures, &drawn))?;
        return Ok(FINE);
    }
    let study = study(&mut futures, &standing, &drawn, &prices);
    let text = match format {
        Format::Json => export::json(&study),
        _ => render::uncertainty::study(&study, wanted.is_some(), context.paint_out),
    };
    context.write(&context.answer(text))?;
    let planned =
        study.candidates.iter().any(|one| one.monthly_usd.iter().any(|p| p.value.is_some()));
    Ok(if planned { FINE } else { FAILED })
}
