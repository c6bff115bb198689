//! `highwater export`

mod csv;
mod focus;
mod origin;
mod sink;
mod xlsx;

use std::path::{Path, PathBuf};

use model::export::audit::Audit;
use model::export::csv::Tables;
use model::export::document;
use model::export::focus::Version;
use model::export::report::{self, Report};
use model::finance::{Ask, accounts};
use model::scorecard::{Scorecard, scorecard};
use model::{Comparison, Plan, View, horizon};

use self::origin::origin;
use super::progress::compared;
use super::{Context, Format, platform};
use crate::exit::{FAILED, FINE, mistake};
use crate::input::{self, Case, Market};
use crate::output::{Pending, is_stream, not_the_scenario, put_together};
use crate::render::text::visible;

/// Write the plan of the whole horizon for a spreadsheet, a program, or a FinOps tool
///
/// `--format csv` is a long table of every charge; `--wide`, `--totals`, `--assumptions` and `--prices` are others, and
/// `-o FOLDER/` writes all of them with a list. `json` has all that is known, as `highwater schema --output` describes it.
/// `html` is a report in one file, for a browser and for paper.
///
/// Every export says what it was made from and whether it adds up: beside a file, in its list, or in itself.
///
/// `focus` is a plan, not billing data, and every row says so: it has the columns of the FinOps Open Cost and Usage
/// Specification, a row for each line of each month's bill, without labour, in calendar months of UTC. With
/// `-o plan.csv`, what it adds up to and what it leaves out stands beside it, in `plan.metadata.json`.
///
/// `xlsx` is a workbook with live formulas: what it costs with other discounts, growth, commitments or rates of exchange.
///
/// A FOCUS file or a workbook is of one platform, so that it can be added up: the one that `--platform` names, or else the
/// cheapest whose bill is complete.
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// One platform by its name; without it csv and json have all, focus and xlsx the cheapest that is complete
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    /// All platforms in one FOCUS file, each its own SubAccountId: alternatives, never to be added up
    #[arg(long, conflicts_with = "platform")]
    all_platforms: bool,

    /// Columns of this version of FOCUS: 1.2, 1.3 (without it) or 1.4
    #[arg(long, value_name = "VERSION", hide_possible_values = true, value_parser = focus::versions())]
    focus_version: Option<Version>,

    /// CSV: a row for each SKU and a column for each month, of the `effective` cost (without it) or the `billed`
    #[arg(long, value_name = "COST", num_args = 0..=1, require_equals = true, default_missing_value = "effective", hide_possible_values = true)]
    wide: Option<csv::Cost>,

    /// CSV: four costs of each platform by month, by fiscal year and in all
    #[arg(long)]
    totals: bool,

    /// CSV: every setting with its value, who gave it, its range, source and confidence
    #[arg(long)]
    assumptions: bool,

    /// CSV: every price in use, and what is taken off it
    #[arg(long)]
    prices: bool,

    /// CSV: what stands between cells: `,` (without it), `;`, `|` or `tab`
    #[arg(long, value_name = "SIGN")]
    delimiter: Option<String>,

    /// CSV: what stands before decimals: `.` (without it) or `,`
    #[arg(long, value_name = "SIGN")]
    decimal: Option<String>,

    /// CSV: begin with a byte order mark, as some spreadsheets need it for letters beyond ASCII
    #[arg(long)]
    bom: bool,

    /// Leave out when it was made, and what is old by then unless `--today` says a day: the same input gives the same bytes
    #[arg(long)]
    reproducible: bool,

    /// File to write, or replace, instead of stdout; of CSV also a folder, for all tables and a list of them
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &ExportArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = format(args, context)?;
    let asked = csv::Asked::new(args)?;
    let output = args.output.as_deref().filter(|file| *file != Path::new("-"));
    let beside = output.map(|file| [metadata_of(file), audit_of(file)]);
    let beside = beside.iter().flatten().flatten().map(PathBuf::as_path);
    for file in output.into_iter().chain(beside) {
        not_the_scenario(file, &args.file)?;
    }
    if format == Format::Xlsx && output.is_none() {
        return Err(no_file());
    }
    let market = Market::open(context)?;
    let source = input::source(&args.file, context)?;
    let case = market.case(source, context)?;
    let wanted = args.platform.as_deref();
    platform(&case.scenario, wanted)?;
    let paths = [Some(&*args.file), args.output.as_deref(), context.common.catalog.as_deref()];
    let paths: Vec<&Path> = paths.into_iter().flatten().collect();
    let origin = origin(&case, &market, &paths, args.reproducible, context)?;

    let comparison = compared(&case, View::Horizon, horizon::Asked::default(), context);
    let audit = |wanted| Audit::new(&comparison, &case.scenario, wanted, &origin);
    match format {
        Format::Xlsx => {
            let name = focus::chosen(args, &comparison, context)?;
            let file = output.ok_or_else(no_file)?;
            return xlsx::run(file, &case, &comparison, (name, &audit(Some(name))), context);
        }
        Format::Focus => {
            let wanted = focus::wanted(args, &comparison, context)?;
            return focus::run(args, &case, &comparison, (wanted, &audit(wanted)), output, context);
        }
        Format::Csv => {
            let tables = Tables {
                comparison: &comparison,
                scenario: &case.scenario,
                platform: wanted,
                profile: asked.profile,
            };
            csv::run(&asked, &tables, (&case.source.text, &audit(wanted)), output, context)?;
        }
        _ => {
            let audit = audit(wanted);
            let text = match format {
                Format::Html => html(&case, &comparison, wanted, &audit),
                _ => document::json(&comparison, &case.scenario, wanted, &audit),
            };
            match output {
                Some(file) => put(vec![Pending::of(file, text.as_bytes())?], context)?,
                None => context.write(&text)?,
            }
        }
    }
    Ok(if plans(&comparison, wanted).next().is_some() { FINE } else { FAILED })
}

/// A report, with the scorecards and accounts of its platforms.
fn html(case: &Case, comparison: &Comparison, wanted: Option<&str>, audit: &Audit) -> String {
    let cards: Vec<Scorecard> = plans(comparison, wanted)
        .map(|plan| scorecard(plan, &case.scenario, &case.prices))
        .collect();
    let ask = Ask { platform: wanted, ..Ask::default() };
    let accounts = accounts(comparison, &case.scenario, ask, &[], &mut |_| Vec::new());
    report::html(&Report {
        comparison,
        scenario: &case.scenario,
        text: &case.source.text,
        platform: wanted,
        cards: &cards,
        accounts: &accounts,
        audit,
    })
}

fn no_file() -> anyhow::Error {
    mistake("a workbook is no text to print", "name a file: `-o plan.xlsx`")
}

/// The format that was asked for; there is none that goes without saying.
fn format(args: &ExportArgs, context: &Context) -> anyhow::Result<Format> {
    if context.common.format == Format::Table {
        return Err(mistake(
            "`export` needs a format",
            "add `--format csv`, `json`, `html`, `focus` or `xlsx`",
        ));
    }
    let formats = [Format::Csv, Format::Json, Format::Html, Format::Focus, Format::Xlsx];
    let format = context.format("export", &formats)?;
    let flags = [
        (Format::Focus, "--focus-version", args.focus_version.is_some()),
        (Format::Focus, "--all-platforms", args.all_platforms),
        (Format::Csv, "--wide", args.wide.is_some()),
        (Format::Csv, "--totals", args.totals),
        (Format::Csv, "--assumptions", args.assumptions),
        (Format::Csv, "--prices", args.prices),
        (Format::Csv, "--delimiter", args.delimiter.is_some()),
        (Format::Csv, "--decimal", args.decimal.is_some()),
        (Format::Csv, "--bom", args.bom),
    ];
    match flags.iter().find(|(of, _, given)| *given && format != *of) {
        None => Ok(format),
        Some((of, flag, _)) => Err(mistake(
            format!("`{flag}` has no effect on {}", format.name()),
            format!("leave it out, or use `--format {}`", of.name()),
        )),
    }
}

fn plans<'a>(
    comparison: &'a Comparison,
    wanted: Option<&'a str>,
) -> impl Iterator<Item = &'a Plan> {
    comparison.plans().filter(move |plan| wanted.is_none_or(|name| name == plan.design.name))
}

/// Gives files their names, and tells them.
fn put(pending: Vec<Pending>, context: &mut Context) -> anyhow::Result<()> {
    let names: Vec<String> = pending.iter().map(|one| one.file().display().to_string()).collect();
    put_together(pending)?;
    names.iter().try_for_each(|name| tell(&format!("wrote {name}"), context))
}

/// What FOCUS rows add up to stands beside them; nothing stands beside a device.
fn metadata_of(file: &Path) -> Option<PathBuf> {
    (!is_stream(file)).then(|| file.with_extension("metadata.json"))
}

/// The same for what a table was made from.
fn audit_of(file: &Path) -> Option<PathBuf> {
    (!is_stream(file)).then(|| file.with_extension("audit.json"))
}

fn tell(note: &str, context: &mut Context) -> anyhow::Result<()> {
    context.tell(&(visible(note) + "\n"))
}
