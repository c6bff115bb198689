//! `highwater sweep`

mod merge;
mod record;
mod workers;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use model::View;
use model::export::sweep as export;
use model::scenario::Draft;
use model::sweep::{Axis, Grid, List, Sweep, SweepError, share};
use model::units::separated;

use self::record::{Identity, Record, Shard, sha256};
use self::workers::Work;
use super::progress::Sweeping;
use super::{Context, Format, Period, places};
use crate::exit::{FINE, mistake};
use crate::input::{Case, Market, source};
use crate::output::{NO_OUTPUT, cannot_write, not_the_scenario};
use crate::render::text::{counted, visible};

/// Plan every combination of values, or a list of them, and write a row for each to a CSV file
///
/// Each `--vary` gives the values of one key; the last one changes fastest. For example:
///
///   highwater sweep scenario.toml --steady --out grid.csv \
///     --vary 'stream.NAME.retention=1d,7d,30d' \
///     --vary 'stream.NAME.produce=10 MiB/s..200 MiB/s by 10 MiB/s' \
///     --vary 'prices.discount.compute=0%..60% in 7'
///
/// Rows come in the order of points, whatever the number of threads. A run that was interrupted
/// goes on with `--resume`: no row is lost or doubled, and beside FILE.csv, FILE.csv.run says what
/// the run was of. With `--shard K/N`, N runs anywhere plan a part each, and `highwater sweep merge
/// FILE.csv SHARD...` puts them together to what one run writes.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(crate) struct SweepArgs {
    #[command(subcommand)]
    verb: Option<SweepVerb>,

    /// Scenario, or `-` for stdin
    #[arg(required = true)]
    file: Option<PathBuf>,

    /// A key and its values: PATH=V1,V2,V3, PATH=LOW..HIGH by STEP, PATH=LOW..HIGH in N, or in N log
    #[arg(long, value_name = "PATH=VALUES", required_unless_present = "list")]
    vary: Vec<String>,

    /// Table in CSV with a column for each path and a row for each point, instead of `--vary`
    #[arg(long, value_name = "FILE", conflicts_with = "vary")]
    list: Option<PathBuf>,

    /// Platform by its name, as often as needed; all without it
    #[arg(long, value_name = "NAME")]
    platform: Vec<String>,

    /// File to write; `-` is stdout
    #[arg(long, short, value_name = "FILE", required = true)]
    out: Option<PathBuf>,

    /// Plan part K of N of equal length: 1/16 is the first of 16
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Option<Shard>,

    /// Go on where an interrupted run stopped, or begin if there was none
    #[arg(long, conflicts_with = "force")]
    resume: bool,

    /// Replace the file
    #[arg(long)]
    force: bool,

    /// Threads, from 1 to 1024: as many as there are cores without it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    jobs: Option<u32>,

    #[command(flatten)]
    period: Period,
}

/// What to do with parts of a sweep.
#[derive(Debug, Subcommand)]
enum SweepVerb {
    Merge(merge::MergeArgs),
}

/// Largest list: it is kept in memory.
const LIST_MAX: u64 = 1 << 30;

/// `K/N`.
fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(part, of)| {
        Some(Shard { part: part.trim().parse().ok()?, of: of.trim().parse().ok()? })
    });
    numbers
        .filter(|shard| (1..=shard.of).contains(&shard.part))
        .ok_or_else(|| "expected K/N with K from 1 to N, such as 3/16".to_owned())
}

pub(crate) fn run(args: &SweepArgs, context: &mut Context) -> anyhow::Result<u8> {
    context.format("sweep", &[Format::Table, Format::Csv])?;
    if let Some(SweepVerb::Merge(args)) = &args.verb {
        return merge::run(args, context);
    }
    let (Some(file), Some(out)) = (&args.file, &args.out) else {
        return Err(mistake(
            "`sweep` needs a scenario and `--out`",
            "see `highwater sweep --help`",
        ));
    };
    let to_stdout = out == Path::new("-");
    if to_stdout && args.resume {
        return Err(mistake("stdout cannot be resumed", "write to a file"));
    }
    if !to_stdout {
        not_the_scenario(out, file)?;
    }
    let market = Market::open(context)?;
    let (case, draft) = market.draft(source(file, context)?, context)?;
    let view = args.period.view(&case.scenario)?;
    let list = args.list.as_deref().map(list_text).transpose()?;
    let list_hash = list.as_ref().map(|text| sha256([text.as_bytes()]));
    let sweep = Sweep {
        grid: grid(&draft, args, list)?,
        platforms: platforms(&case, &args.platform)?,
        view,
    };
    let head = export::head(&sweep.grid);
    let shard = args.shard.unwrap_or(Shard { part: 1, of: 1 });
    let record = Record {
        identity: Identity {
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: sha256([case.source.text.as_bytes()]),
            catalog: sha256(
                market.files().flat_map(|(path, text)| [path.as_bytes(), text.as_bytes()]),
            ),
            vary: args.vary.clone(),
            list: list_hash,
            platforms: names(&case, &sweep),
            period: period(view),
            points: sweep.grid.points(),
            head: head.trim_end().to_owned(),
        },
        shard,
    };
    let points = share(sweep.grid.points(), shard.part, shard.of);
    let look_up = market.repricing();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let work = Work {
        sweep: &sweep,
        scenario: &case.scenario,
        draft: &draft,
        look_up: &look_up,
        jobs: args.jobs.map_or(cores, |jobs| jobs as usize),
    };
    if to_stdout {
        context.write(&head)?;
        let Context { out, err, .. } = context;
        let mut sweeping = Sweeping::new(*err, points.end - points.start, 0);
        work.run(points, &mut |text, done| {
            out.write_all(text.as_bytes()).context(NO_OUTPUT)?;
            sweeping.tell(done);
            Ok(())
        })?;
        sweeping.clear();
        return Ok(FINE);
    }
    let rows = sweep.platforms.len() as u64;
    let opened = record::open(out, &record, rows, &points, (args.resume, args.force))?;
    let name = visible(&out.display().to_string());
    let mut sweeping =
        Sweeping::new(context.err, points.end - points.start, opened.next - points.start);
    let mut target = &opened.file;
    let before = opened.next - points.start;
    work.run(opened.next..points.end, &mut |text, done| {
        target.write_all(text.as_bytes()).map_err(|error| cannot_write(out, error))?;
        sweeping.tell(before + done);
        Ok(())
    })?;
    sweeping.clear();
    let planned = points.end - points.start;
    let told = format!(
        "wrote {name}: {} of {}{}\n",
        counted(planned as usize, "point"),
        counted(sweep.platforms.len(), "platform"),
        if before > 0 {
            format!(", {} of them before", separated(&before.to_string()))
        } else {
            String::new()
        },
    );
    context.tell(&told)?;
    Ok(FINE)
}

/// What is varied.
fn grid(draft: &Draft, args: &SweepArgs, list: Option<String>) -> anyhow::Result<Grid> {
    let told = |error: SweepError, flag: &str| {
        let message = format!("`{flag}`: {}", visible(&error.to_string()));
        match error.hint() {
            Some(hint) => mistake(message, visible(&hint)),
            None => anyhow::anyhow!(message),
        }
    };
    if let Some(text) = list {
        let list = List::read(draft, text).and_then(Grid::list);
        return list.map_err(|error| told(error, "--list"));
    }
    let axes = args.vary.iter().map(|text| Axis::read(draft, text)).collect::<Result<_, _>>();
    axes.and_then(Grid::product).map_err(|error| told(error, "--vary"))
}

fn list_text(file: &Path) -> anyhow::Result<String> {
    let name = visible(&file.display().to_string());
    let cannot = || format!("cannot read `{name}`");
    let size = fs::metadata(file).with_context(cannot)?.len();
    if size > LIST_MAX {
        return Err(mistake(format!("`{name}` is larger than 1 GiB"), "sweep it in several files"));
    }
    fs::read_to_string(file).with_context(cannot)
}

fn platforms(case: &Case, names: &[String]) -> anyhow::Result<Vec<usize>> {
    match names {
        [] => Ok((0..case.scenario.platforms.len()).collect()),
        names => places(&case.scenario, names, "--platform"),
    }
}

fn names(case: &Case, sweep: &Sweep) -> Vec<String> {
    let name = |place: &usize| case.scenario.platforms[*place].name.clone();
    sweep.platforms.iter().map(name).collect()
}

fn period(view: View) -> String {
    match view {
        View::Horizon => "horizon".to_owned(),
        View::Month(index) => format!("month {}", index + 1),
        View::Steady(index) => format!("month {}, steady", index + 1),
    }
}
