//! `highwater actuals`

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use model::actuals::beside::{Report, Span, beside};
use model::actuals::tally::Tally;
use model::actuals::{Actuals, Cost};
use model::calendar::Date;
use model::export::actuals::{csv, json};
use model::horizon::Asked;
use model::{Plan, Scenario, View};

use super::progress::{Reading, compared};
use super::{Context, Format, platform};
use crate::bill;
use crate::exit::{BAD_INPUT, FAILED, FINE, Told, mistake};
use crate::input::{Case, case};
use crate::render::actuals::{Shown, report};
use crate::render::problems;
use crate::render::text::visible;

/// Set a bill beside the plan: plan, actual and variance by component and month
///
/// The bill is CSV in the columns of FOCUS 1.0 to 1.4, packed by gzip or not, of any size. `[[actuals.map]]` in the
/// scenario says which rows are which thing on the plan's bill; what no rule takes is shown by service, and never dropped.
///
///   [actuals]
///   platform = "kafka-gp3"
///   [[actuals.map]]
///   component = "brokers"
///   service   = "Amazon Elastic Compute Cloud"
///   sku       = "*BoxUsage:*"
///   tag       = { cluster = "orders" }
///
/// Months are calendar months in UTC. An own export (`export --format focus`) can be read like any bill.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ActualsArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// The bill, as often as it has files; `-` is stdin
    #[arg(long, value_name = "FILE", required = true)]
    bill: Vec<PathBuf>,

    /// The platform that runs; `platform` of `[actuals]` without it
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    /// Which cost: effective or billed; `cost` of `[actuals]` without it
    #[arg(long, value_name = "COST", value_parser = cost, conflicts_with = "billed")]
    cost: Option<Cost>,

    /// The same as `--cost billed`
    #[arg(long)]
    billed: bool,

    /// One month only: 1 is the horizon's first, 2027-03 is a month of the calendar
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["from", "to"])]
    month: Option<String>,

    /// From this month on
    #[arg(long, value_name = "MONTH")]
    from: Option<String>,

    /// Up to this month, with it
    #[arg(long, value_name = "MONTH")]
    to: Option<String>,
}

fn cost(name: &str) -> Result<Cost, String> {
    Cost::named(name).ok_or_else(|| "expected `effective` or `billed`".to_owned())
}

pub(crate) fn run(args: &ActualsArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("actuals", &[Format::Table, Format::Json, Format::Csv])?;
    let stdin = |path: &&PathBuf| path.as_path() == Path::new("-");
    if args.bill.iter().chain([&args.file]).filter(stdin).count() > 1 {
        return Err(mistake("stdin can be read once", "give the scenario or the bill as a file"));
    }
    let case = case(&args.file, context)?;
    let actuals = &case.scenario.actuals;
    platform(&case.scenario, args.platform.as_deref())?;
    let wanted = wanted(args, &case.scenario)?;
    let span = span(args, &case.scenario)?;
    let cost = if args.billed { Cost::Billed } else { args.cost.unwrap_or(actuals.cost) };
    let tally = tally(args, actuals, cost, context)?;

    let Some(plan) = plan(&case, wanted, context)? else { return Ok(FAILED) };
    let found = beside(&plan, &case.scenario, &tally, span, cost)
        .map_err(|error| mistake(&error, error.hint()))?;
    let bills: Vec<String> = args.bill.iter().map(|path| path.display().to_string()).collect();
    let text = shown(format, &found, &case, &bills, context);
    context.write(&context.answer(text))?;
    Ok(FINE)
}

fn shown(
    format: Format,
    found: &Report,
    case: &Case,
    bills: &[String],
    context: &Context,
) -> String {
    let title = &case.scenario.title;
    match format {
        Format::Json => json(found, title, bills),
        Format::Csv => csv(found),
        _ => {
            let rules = !case.scenario.actuals.rules.is_empty();
            report(&Shown { title, bills, rules }, found, context.paint_out)
        }
    }
}

/// The platform that runs: the one that is named, or the only one.
fn wanted<'a>(args: &'a ActualsArgs, scenario: &'a Scenario) -> anyhow::Result<&'a str> {
    let named = args.platform.as_ref().or(scenario.actuals.platform.as_ref());
    match (named, &scenario.platforms[..]) {
        (Some(name), _) => Ok(name),
        (None, [only]) => Ok(&only.name),
        (None, _) => {
            let names: Vec<String> =
                scenario.platforms.iter().map(|design| format!("`{}`", design.name)).collect();
            Err(mistake(
                "nobody says which platform the bill is of",
                format!(
                    "add `--platform NAME`, or `platform` to `[actuals]`: {}",
                    names.join(", ")
                ),
            ))
        }
    }
}

/// The months that are asked for.
fn span(args: &ActualsArgs, scenario: &Scenario) -> anyhow::Result<Option<Span>> {
    let last = scenario.horizon.months.saturating_sub(1);
    let place = |flag: &str, text: &Option<String>, other: u32| match text {
        Some(text) => month(flag, text, scenario),
        None => Ok(other),
    };
    if args.month.is_some() {
        let only = place("--month", &args.month, 0)?;
        return Ok(Some(Span { from: only, to: only }));
    }
    if args.from.is_none() && args.to.is_none() {
        return Ok(None);
    }
    let span = Span { from: place("--from", &args.from, 0)?, to: place("--to", &args.to, last)? };
    if span.from > span.to {
        return Err(mistake("`--from` is after `--to`", "exchange them"));
    }
    Ok(Some(span))
}

/// The place of a month in the horizon: by its number, counted from 1, or by its name in the calendar.
fn month(flag: &str, text: &str, scenario: &Scenario) -> anyhow::Result<u32> {
    let months = scenario.horizon.months;
    let by_number = || text.parse::<u32>().ok().filter(|number| (1..=months).contains(number));
    let by_date = || {
        let first: Date = format!("{text}-01").parse().ok()?;
        (0..months).find(|index| {
            let period = scenario.horizon.billing_period(*index);
            period.is_some_and(|(start, _)| start == first)
        })
    };
    by_number().map(|number| number - 1).or_else(by_date).ok_or_else(|| {
        mistake(
            format!("`{flag} {}` is no month of the horizon", visible(text)),
            format!("use a number from 1 to {months}, or a month of it such as 2027-03"),
        )
    })
}

/// Reads the bill; tells everything that is wrong with it.
fn tally(
    args: &ActualsArgs,
    actuals: &Actuals,
    cost: Cost,
    context: &mut Context,
) -> anyhow::Result<Tally> {
    let mut tally = Tally::new(actuals, cost);
    let mut told = false;
    for file in &args.bill {
        let stdin = file == Path::new("-");
        let name = if stdin { "stdin".to_owned() } else { file.display().to_string() };
        let done = if stdin {
            let mut reading = Reading::new(&mut *context.stdin, &mut *context.err, &name, None);
            bill::add(&name, &mut reading, &mut tally)
        } else {
            let mut opened = File::open(file).map_err(|error| {
                anyhow::Error::from(error).context(format!("cannot read `{name}`"))
            })?;
            let size = opened.metadata().ok().map(|found| found.len());
            let inner: &mut dyn Read = &mut opened;
            let mut reading = Reading::new(inner, &mut *context.err, &name, size);
            bill::add(&name, &mut reading, &mut tally)
        };
        let faults = done.err().unwrap_or_default();
        for (index, fault) in faults.iter().enumerate() {
            // What is said of several in a row is said once.
            let again = faults.get(index + 1).is_some_and(|next| next.hint == fault.hint);
            let hint = (!again).then_some(&*fault.hint);
            let text = problems::plain(&visible(&fault.message), hint, context.paint_err);
            context.tell(&text)?;
            told = true;
        }
    }
    if told { Err(Told(BAD_INPUT).into()) } else { Ok(tally) }
}

/// The plan of the platform that runs, through the horizon; tells why there is none.
fn plan(case: &Case, wanted: &str, context: &mut Context) -> anyhow::Result<Option<Plan>> {
    let comparison = compared(case, View::Horizon, Asked::default(), context);
    for outcome in comparison.outcomes {
        match outcome {
            Ok(plan) if plan.design.name == wanted => return Ok(Some(plan)),
            Err(rejection) if rejection.design.name == wanted => {
                let reasons: Vec<String> =
                    rejection.reasons.iter().map(ToString::to_string).collect();
                let note = format!("`{wanted}` cannot be planned: {}", reasons.join("; "));
                context.tell(&(visible(&note) + "\n"))?;
            }
            _ => {}
        }
    }
    Ok(None)
}
