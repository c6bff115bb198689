//! `highwater optimize`

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use model::optimize::{self, Answer, Asked, Infeasible, export};
use model::quantity;
use model::units::Hours;

use super::progress::Progress;
use super::{Context, Format, platform};
use crate::exit::{FAILED, FINE};
use crate::input::{self, Case};
use crate::output::write_together;
use crate::render::optimize::answers;

/// Find the cheapest way to build each platform, and say what it takes
///
/// Chooses machines, volumes, when the fleet is sized anew, batches and local retention, and what
/// to commit to, under the same constraints as `plan`: what it holds, the answer holds. Nothing
/// that the scenario sets itself is changed. Every answer is planned, run and billed as `compare`
/// would.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct OptimizeArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// A platform by its name, as often as needed; all in turn without it
    #[arg(long, value_name = "NAME")]
    platform: Vec<String>,

    /// When to stop and take the best so far
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time)]
    time_limit: Duration,

    /// Offer commitments that bind for longer than the horizon
    #[arg(long)]
    all_terms: bool,

    /// Write the program that was solved, in CPLEX' LP format; several get the platform in their names
    #[arg(long, value_name = "FILE")]
    lp: Option<PathBuf>,
}

/// Longest time limit, in seconds: a day.
const LONGEST: f64 = 86_400.0;

fn time(text: &str) -> Result<Duration, String> {
    let time =
        quantity::parse::<Hours>(text).map_err(|error| format!("{error}; {}", error.hint()))?;
    let seconds = time.as_secs();
    if seconds > 0.0 && seconds <= LONGEST {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("expected a time up to a day, such as `5s`".to_owned())
    }
}

pub(crate) fn run(args: &OptimizeArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("optimize", &[Format::Table, Format::Json, Format::Csv])?;
    let case = input::case(&args.file, context)?;
    for name in &args.platform {
        platform(&case.scenario, Some(name))?;
    }
    context.tell_stale_case(&case);
    let found = optimized(args, &case, context);
    if let Some(file) = &args.lp {
        write_programs(file, &found)?;
    }
    let text = match format {
        Format::Json => export::json(&found, &case.scenario),
        Format::Csv => export::csv(&found),
        _ => answers(&found, &case.scenario, context.paint_out),
    };
    context.write(&context.answer(text))?;
    Ok(if found.iter().any(Result::is_ok) { FINE } else { FAILED })
}

type Found = Vec<Result<Answer, Box<Infeasible>>>;

/// The platforms that were asked for, in the order of the scenario, one time limit for all of them.
fn optimized(args: &OptimizeArgs, case: &Case, context: &mut Context) -> Found {
    let wanted = |name: &String| args.platform.is_empty() || args.platform.contains(name);
    let platforms: Vec<_> =
        case.scenario.platforms.iter().filter(|design| wanted(&design.name)).collect();
    let mut progress = Progress::of(context.err, platforms.len());
    let asked = Asked { all_terms: args.all_terms, seconds: args.time_limit.as_secs_f64() };
    let end = Instant::now() + args.time_limit;
    let mut found = Vec::with_capacity(platforms.len());
    for design in platforms {
        progress.tell(&design.name);
        let mut stop = || Instant::now() >= end;
        found.push(optimize::optimize(design, &case.scenario, &case.prices, asked, &mut stop));
    }
    progress.clear();
    found
}

/// Writes every program: under the name that was asked for, or with platform and part in it where there are several.
fn write_programs(file: &Path, found: &Found) -> anyhow::Result<()> {
    let parts = || {
        found
            .iter()
            .flatten()
            .flat_map(|answer| answer.parts.iter().map(move |part| (answer, part)))
    };
    let several = parts().count() > 1;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let files: Vec<(PathBuf, &str)> = parts()
        .map(|(answer, part)| {
            if !several {
                return (file.to_owned(), part.lp.as_str());
            }
            let plain = |name: &str| name.replace(|c: char| !c.is_alphanumeric() && c != '-', "-");
            let mut name = format!("{stem}-{}", plain(&answer.rules.design.name));
            if !part.part.is_whole() {
                name = format!("{name}-{}", plain(&part.part.name()));
            }
            let mut named = file.with_file_name(name);
            if let Some(extension) = file.extension() {
                named.as_mut_os_string().push(".");
                named.as_mut_os_string().push(extension);
            }
            (named, part.lp.as_str())
        })
        .collect();
    let files: Vec<(&Path, &str)> =
        files.iter().map(|(file, text)| (file.as_path(), *text)).collect();
    write_together(&files)
}
