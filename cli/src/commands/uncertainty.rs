//! `highwater uncertainty`

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use model::export::uncertainty as export;
use model::uncertainty::{Future, Futures, Market, study};

use super::whatif::{change, changed};
use super::{Context, Format, Period, platform, progress};
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
    let drawn = all(&futures, &standing, &prices, context);
    if format == Format::Csv {
        context.write(&export::csv(&futures, &drawn))?;
        return Ok(FINE);
    }
    let study = study(&mut futures, &standing, &drawn, &prices);
    let text = match format {
        Format::Json => export::json(&study),
        _ => render::uncertainty::study(&study, wanted.is_some(), context.paint_out),
    };
    context.write(&text)?;
    let planned =
        study.candidates.iter().any(|one| one.monthly_usd.iter().any(|p| p.value.is_some()));
    Ok(if planned { FINE } else { FAILED })
}

/// Every future in the order of its number, on all cores.
fn all(
    futures: &Futures,
    standing: &[Result<model::Plan, Box<model::Rejection>>],
    market: &Market,
    context: &mut Context,
) -> Vec<Future> {
    /// Often enough to see it move.
    const TELL: Duration = Duration::from_millis(100);
    let count = futures.count();
    let workers = thread::available_parallelism().map_or(1, usize::from).min(count);
    let next = AtomicUsize::new(0);
    let mut line = progress::Counting::new(context.err, count);
    let mut drawn: Vec<(usize, Future)> = thread::scope(|scope| {
        let run = || {
            let mut own = futures.clone();
            let mut list = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return list;
                }
                list.push((index, own.run(index, standing, market)));
            }
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(run)).collect();
        while handles.iter().any(|handle| !handle.is_finished()) {
            line.tell(next.load(Ordering::Relaxed).min(count));
            thread::sleep(TELL.min(Duration::from_millis(5 + 5 * count as u64)));
        }
        // A worker that panics is a fault of ours, and is told as one.
        handles
            .into_iter()
            .flat_map(|handle| {
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    line.clear();
    drawn.sort_by_key(|(index, _)| *index);
    drawn.into_iter().map(|(_, future)| future).collect()
}
