//! `highwater export`

mod origin;

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use model::bill::Component;
use model::export::audit::Origin;
use model::export::focus::{self, Version};
use model::export::{csv, json};
use model::horizon::Asked;
use model::money::Usd;
use model::{Comparison, Plan, Scenario, View};

use self::origin::origin;
use super::progress::compared;
use super::{Context, Format, platform};
use crate::exit::{BAD_INPUT, FAILED, FINE, Told, mistake};
use crate::input::{self, Case, Market};
use crate::output::{not_the_scenario, write_rows, write_together};
use crate::render::problems;
use crate::render::text::visible;

/// Write the plan of the whole horizon for a spreadsheet, a program, or a FinOps tool
///
/// `--format csv` and `json` are those of `compare`. `focus` has the columns of the FinOps Open Cost and Usage
/// Specification: a row for each line of each month's bill, without labour, in calendar months of UTC. Every row says
/// that it is a plan; it is not billing data. With `-o plan.csv`, what it adds up to and what it leaves out stands beside
/// it, in `plan.metadata.json`.
///
/// A FOCUS file is of one platform, so that it can be added up: the one that `--platform` names, or else the cheapest
/// whose bill is complete.
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// One platform by its name; without it csv and json have all, and focus the cheapest that is complete
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    /// All platforms in one FOCUS file, each its own SubAccountId: alternatives, never to be added up
    #[arg(long, conflicts_with = "platform")]
    all_platforms: bool,

    /// Columns of this version of FOCUS: 1.2, 1.3 (without it) or 1.4
    #[arg(long, value_name = "VERSION", hide_possible_values = true, value_parser = versions())]
    focus_version: Option<Version>,

    /// Leave out when it was made: the same input gives the same bytes
    #[arg(long)]
    reproducible: bool,

    /// File to write, or replace, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn versions() -> impl TypedValueParser<Value = Version> {
    PossibleValuesParser::new(Version::ALL.map(Version::name)).map(|name| {
        let known = Version::ALL.into_iter().find(|version| version.name() == name);
        known.expect("only the names of versions are possible")
    })
}

pub(crate) fn run(args: &ExportArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = format(args, context)?;
    let output = args.output.as_deref().filter(|file| *file != Path::new("-"));
    let beside = output.map(|file| file.with_extension("metadata.json"));
    for file in output.into_iter().chain(beside.as_deref()) {
        not_the_scenario(file, &args.file)?;
    }
    let market = Market::open(context)?;
    let source = input::source(&args.file, context)?;
    let case = market.case(source, context)?;
    let wanted = args.platform.as_deref();
    platform(&case.scenario, wanted)?;
    let paths: Vec<&Path> = [Some(&*args.file), args.output.as_deref()]
        .into_iter()
        .flatten()
        .chain(context.common.catalog.as_deref())
        .collect();
    let origin = origin(&case, &market, &paths, args.reproducible, context);

    let comparison = compared(&case, View::Horizon, Asked::default(), context);
    if format == Format::Focus {
        let files = output.zip(beside.as_deref());
        return focus(args, &case, &comparison, &origin, files, context);
    }
    let text = match (format, wanted) {
        (Format::Json, None) => json::compare(&comparison, &case.scenario),
        (Format::Json, wanted) => json::plan(&comparison, &case.scenario, wanted),
        (_, None) => csv::compare(&comparison),
        (_, Some(name)) => csv::plan(&comparison, name),
    };
    match output {
        Some(file) => write(&[(file, &text)], context)?,
        None => context.write(&text)?,
    }
    Ok(if plans(&comparison, wanted).next().is_some() { FINE } else { FAILED })
}

/// The format that was asked for; there is none that goes without saying.
fn format(args: &ExportArgs, context: &Context) -> anyhow::Result<Format> {
    if context.common.format == Format::Table {
        return Err(mistake("`export` needs a format", "add `--format csv`, `json` or `focus`"));
    }
    let format = context.format("export", &[Format::Csv, Format::Json, Format::Focus])?;
    let flags = [
        ("--focus-version", args.focus_version.is_some()),
        ("--all-platforms", args.all_platforms),
    ];
    match flags.iter().find(|(_, given)| *given && format != Format::Focus) {
        None => Ok(format),
        Some((flag, _)) => Err(mistake(
            format!("`{flag}` has no effect on {}", format.name()),
            "leave it out, or use `--format focus`",
        )),
    }
}

fn focus(
    args: &ExportArgs,
    case: &Case,
    comparison: &Comparison,
    origin: &Origin,
    files: Option<(&Path, &Path)>,
    context: &mut Context,
) -> anyhow::Result<u8> {
    let wanted = if args.all_platforms { None } else { Some(chosen(args, comparison, context)?) };
    for rejection in comparison.outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        if wanted.is_none_or(|name| name == rejection.design.name) {
            let reasons: Vec<String> = rejection.reasons.iter().map(ToString::to_string).collect();
            let name = &rejection.design.name;
            tell(&format!("`{name}` cannot be planned: {}", reasons.join("; ")), context)?;
        }
    }
    if plans(comparison, wanted).next().is_none() {
        return Ok(FAILED);
    }
    let version = args.focus_version.unwrap_or_default();
    let file =
        focus::File { comparison, scenario: &case.scenario, version, platform: wanted, origin };
    let mut lines = match file.lines() {
        Ok(lines) => lines,
        Err(refusals) => {
            for refusal in refusals {
                let message = problems::plain(
                    &visible(&refusal.to_string()),
                    Some(refusal.hint()),
                    context.paint_err,
                );
                context.tell(&message)?;
            }
            return Err(Told(BAD_INPUT).into());
        }
    };
    left_out(comparison, &case.scenario, wanted, context)?;
    match files {
        None => lines.try_for_each(|line| context.write(&line))?,
        Some((output, beside)) => {
            write_rows(output, lines, beside, &file.metadata())?;
            for written in [output, beside] {
                tell(&format!("wrote {}", written.display()), context)?;
            }
        }
    }
    Ok(FINE)
}

/// The platform that a file is about; tells which, where nobody named it.
fn chosen<'a>(
    args: &'a ExportArgs,
    comparison: &'a Comparison,
    context: &mut Context,
) -> anyhow::Result<&'a str> {
    if let Some(name) = &args.platform {
        return Ok(name);
    }
    let Some(name) = focus::default_platform(comparison) else {
        return Err(mistake(
            "no platform has a complete bill, so that none costs least",
            "name one with `--platform NAME`: what has no price has no row",
        ));
    };
    let others = comparison.outcomes.len() - 1;
    if others > 0 {
        let note =
            format!("`{name}`, the cheapest that is complete; `--platform NAME` for another");
        tell(&note, context)?;
    }
    Ok(name)
}

/// Whoever adds up the rows should know what is not among them.
fn left_out(
    comparison: &Comparison,
    scenario: &Scenario,
    wanted: Option<&str>,
    context: &mut Context,
) -> anyhow::Result<()> {
    let end = scenario.horizon.months;
    for plan in plans(comparison, wanted) {
        let name = &plan.design.name;
        for contract in plan.contracts.iter().filter(|contract| contract.until() > end) {
            let ahead = contract.ahead(end);
            let what = if ahead > Usd::ZERO {
                format!("{ahead} of what is paid for it is for months after the horizon")
            } else {
                format!("it binds until {} months after the horizon", contract.until() - end)
            };
            tell(&format!("`{name}`, commitment `{}`: {what}", contract.id), context)?;
        }
        for gap in plan.bill.gaps.iter().filter(|gap| gap.component.is_invoiced()) {
            let note = format!(
                "`{name}` has no row for {}: {}; {}",
                gap.component.name(),
                gap.what,
                gap.hint
            );
            tell(&note, context)?;
        }
        let labour = plan.bill.of_component(Component::Labour);
        if labour > Usd::ZERO {
            let note = format!("`{name}` has no row for labour, {labour}: nobody invoices it");
            tell(&note, context)?;
        }
    }
    Ok(())
}

fn plans<'a>(
    comparison: &'a Comparison,
    wanted: Option<&'a str>,
) -> impl Iterator<Item = &'a Plan> {
    comparison.plans().filter(move |plan| wanted.is_none_or(|name| name == plan.design.name))
}

fn write(files: &[(&Path, &str)], context: &mut Context) -> anyhow::Result<()> {
    write_together(files)?;
    files.iter().try_for_each(|(file, _)| tell(&format!("wrote {}", file.display()), context))
}

fn tell(note: &str, context: &mut Context) -> anyhow::Result<()> {
    context.tell(&(visible(note) + "\n"))
}
