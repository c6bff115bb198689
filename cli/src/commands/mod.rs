//! The verbs, a file each.

pub(crate) mod actuals;
pub(crate) mod breakeven;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod events;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod finance;
pub(crate) mod init;
pub(crate) mod lines;
pub(crate) mod man;
pub(crate) mod optimize;
pub(crate) mod plan;
pub(crate) mod presets;
pub(crate) mod prices;
pub(crate) mod progress;
pub(crate) mod schema;
pub(crate) mod scorecard;
pub(crate) mod sensitivity;
pub(crate) mod simulate;
pub(crate) mod sweep;
pub(crate) mod threads;
pub(crate) mod uncertainty;
pub(crate) mod whatif;

use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use model::calendar::Date;
use model::chart::Paper;
use model::export::json;
use model::scenario::Known;
use model::staleness::{Stale, stale};
use model::{Comparison, Scenario, View};

use crate::exit::mistake;
use crate::input::Case;
use crate::output::{NO_OUTPUT, Output};
use crate::render::paint::{Color, Paint};
use crate::render::problems;
use crate::render::text::visible;
use crate::today;

const FIRST_STEPS: &str = "\
First steps:
  highwater init smart-meter          Write scenario.toml, to change as you like
  highwater compare scenario.toml     See every platform side by side
  highwater plan scenario.toml --platform kafka-tiered
  highwater simulate scenario.toml --platform kafka-tiered --from 'day 40' --to 'day 43'
  highwater whatif scenario.toml --set 'stream.interval-reads.retention=365 d'

Exit codes: 0 fine; 1 a check failed, or nothing can be planned; 2 bad input or usage, or what
cannot be read or written.";

/// Plan cost and capacity of Kafka-compatible streaming platforms
///
/// A scenario says what is produced, kept and read. `highwater` sizes each platform for it,
/// prices it from a catalogue with sources and dates, and says what binds and what it costs.
/// It is neutral: no platform is the baseline.
#[derive(Debug, Parser)]
#[command(name = "highwater", version, verbatim_doc_comment, arg_required_else_help = true, after_help = FIRST_STEPS)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,

    #[command(flatten)]
    pub(crate) common: Common,

    /// When to color
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        help = "When to color: auto, always or never",
        help_heading = "Global options"
    )]
    pub(crate) color: Color,
}

/// What every verb understands.
#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// How to print: table, json, csv, svg where there are charts; focus, html, xlsx to export
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "table",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = "Global options"
    )]
    pub(crate) format: Format,

    /// Folder of prices to use instead of the built-in catalogue
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub(crate) catalog: Option<PathBuf>,

    /// Day on which to judge what is old, YYYY-MM-DD; otherwise SOURCE_DATE_EPOCH, or the clock
    #[arg(long, global = true, value_name = "DATE", value_parser = today::day, help_heading = "Global options")]
    pub(crate) today: Option<Date>,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
    /// Charts, for the eye.
    Svg,
    /// The FinOps Open Cost and Usage Specification, for finance.
    Focus,
    /// A report in one file, for a browser and for paper.
    Html,
    /// A workbook, for finance.
    Xlsx,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Svg => "svg",
            Self::Focus => "focus",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Init(init::InitArgs),
    Check(check::CheckArgs),
    Plan(plan::PlanArgs),
    Compare(compare::CompareArgs),
    Simulate(simulate::SimulateArgs),
    Optimize(optimize::OptimizeArgs),
    Export(export::ExportArgs),
    Whatif(whatif::WhatifArgs),
    Diff(diff::DiffArgs),
    Actuals(actuals::ActualsArgs),
    Breakeven(breakeven::BreakevenArgs),
    Sweep(sweep::SweepArgs),
    Explain(explain::ExplainArgs),
    Finance(finance::FinanceArgs),
    Scorecard(scorecard::ScorecardArgs),
    Uncertainty(uncertainty::UncertaintyArgs),
    Sensitivity(sensitivity::SensitivityArgs),
    Prices(prices::PricesArgs),
    Presets(presets::PresetsArgs),
    Events(events::EventsArgs),
    Lines(lines::LinesArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Streams, and what was asked of every verb.
pub(crate) struct Context<'a> {
    pub(crate) stdin: &'a mut dyn Read,
    pub(crate) out: &'a mut dyn Output,
    pub(crate) err: &'a mut dyn Output,
    pub(crate) paint_out: Paint,
    pub(crate) paint_err: Paint,
    pub(crate) common: Common,
    /// The command line, the program's name first.
    pub(crate) given: Vec<OsString>,
    /// The day on which to judge what is old: the one that was asked for, or that of the clock.
    pub(crate) today: Option<Date>,
    /// What is old, as soon as it has been told: once is enough.
    pub(crate) stale: Option<Stale>,
}

impl Context<'_> {
    /// Tells what of a comparison is old, once; documents that are written after it say so too.
    pub(crate) fn tell_stale(&mut self, comparison: &Comparison) {
        // `run` makes sure that there is a day.
        let Some(today) = self.today.filter(|_| self.stale.is_none()) else { return };
        let stale = stale(comparison, today);
        let mut hints = Vec::new();
        if !stale.prices.is_empty() {
            hints.push(
                "`highwater prices import` reads newer lists, `[[prices.override]]` states a price",
            );
        }
        if !stale.presets.is_empty() {
            hints.push("settings under `[[platform]]` state what has changed since");
        }
        let paint = self.paint_err;
        let told = stale.sentences().into_iter().zip(hints);
        let text: String = told.map(|(one, hint)| problems::old(&one, hint, paint)).collect();
        // Whoever does not hear a warning gets the answer all the same.
        let _ = self.tell(&text);
        self.stale = Some(stale);
    }

    /// The same of what a scenario's platforms pay for in a steady month, for verbs that plan thousands of others.
    pub(crate) fn tell_stale_case(&mut self, case: &Case) {
        if self.stale.is_none() {
            self.tell_stale(&model::compare(&case.scenario, &case.prices, View::Steady(0)));
        }
    }

    /// What a verb was asked for: a document says what of it is old, as the warning does.
    pub(crate) fn answer(&self, text: String) -> String {
        match &self.stale {
            Some(stale) if self.common.format == Format::Json => json::with_stale(text, stale),
            _ => text,
        }
    }

    /// Writes data.
    pub(crate) fn write(&mut self, text: &str) -> anyhow::Result<()> {
        self.out.write_all(text.as_bytes()).context(NO_OUTPUT)
    }

    /// Writes a message.
    pub(crate) fn tell(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.err.write_all(text.as_bytes())?)
    }

    /// The format that was asked for, if the verb has it.
    pub(crate) fn format(&self, verb: &str, allowed: &[Format]) -> anyhow::Result<Format> {
        let format = self.common.format;
        if allowed.contains(&format) {
            return Ok(format);
        }
        let names: Vec<String> = allowed.iter().map(|one| format!("`{}`", one.name())).collect();
        Err(mistake(
            format!("`{verb}` does not print {}", format.name()),
            format!("use {}", names.join(" or ")),
        ))
    }

    /// Nothing but the verb's own format will do.
    pub(crate) fn no_format(&self, verb: &str) -> anyhow::Result<()> {
        match self.common.format {
            Format::Table => Ok(()),
            other => Err(mistake(
                format!("`{verb}` does not print {}", other.name()),
                "leave out `--format`",
            )),
        }
    }
}

/// The command with all its verbs and flags, for whoever documents it.
pub fn command() -> clap::Command {
    Arguments::command()
}

/// Does what was asked; the exit code, unless something is wrong.
pub(crate) fn run(verb: Verb, context: &mut Context) -> anyhow::Result<u8> {
    context.today = Some(match context.common.today {
        Some(asked) => asked,
        None => today::today()?,
    });
    match verb {
        Verb::Init(args) => init::run(&args, context),
        Verb::Check(args) => check::run(&args, context),
        Verb::Plan(args) => plan::run(&args, context),
        Verb::Compare(args) => compare::run(&args, context),
        Verb::Simulate(args) => simulate::run(&args, context),
        Verb::Optimize(args) => optimize::run(&args, context),
        Verb::Export(args) => export::run(&args, context),
        Verb::Whatif(args) => whatif::run(&args, context),
        Verb::Diff(args) => diff::run(&args, context),
        Verb::Actuals(args) => actuals::run(&args, context),
        Verb::Breakeven(args) => breakeven::run(&args, context),
        Verb::Sweep(args) => sweep::run(&args, context),
        Verb::Explain(args) => explain::run(&args, context),
        Verb::Finance(args) => finance::run(&args, context),
        Verb::Scorecard(args) => scorecard::run(&args, context),
        Verb::Uncertainty(args) => uncertainty::run(&args, context),
        Verb::Sensitivity(args) => sensitivity::run(&args, context),
        Verb::Prices(args) => prices::run(&args, context),
        Verb::Presets(args) => presets::run(&args, context),
        Verb::Events(args) => events::run(&args, context),
        Verb::Lines(args) => lines::run(&args, context),
        Verb::Schema(args) => schema::run(&args, context),
        Verb::Completions(args) => completions::run(&args, context),
        Verb::Man(args) => man::run(&args, context),
    }
}

/// What of the horizon is planned.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Period {
    /// One month only, run through time with the others: 1 is the first
    #[arg(long, value_name = "N")]
    month: Option<u32>,

    /// A month in closed form, in which nothing happens and nothing changes; the first, or `--month`
    #[arg(long)]
    steady: bool,
}

impl Period {
    /// As the model calls it.
    pub(crate) fn view(self, scenario: &Scenario) -> anyhow::Result<View> {
        Ok(match (self.month, self.steady) {
            (None, false) => View::Horizon,
            (Some(month), false) => View::Month(month_index(scenario, month)?),
            (month, true) => View::Steady(month_index(scenario, month.unwrap_or(1))?),
        })
    }
}

/// Months of growth behind a month that counts from 1.
fn month_index(scenario: &Scenario, month: u32) -> anyhow::Result<u32> {
    let months = scenario.horizon.months;
    if (1..=months).contains(&month) {
        return Ok(month - 1);
    }
    Err(mistake(
        format!("there is no month {month} in a horizon of {months}"),
        format!("use a month from 1 to {months}, or lengthen `months` in `[horizon]`"),
    ))
}

/// What charts are drawn on: as wide as was asked, where there are charts.
pub(crate) fn paper(width: Option<u16>, format: Format) -> anyhow::Result<Paper> {
    match width {
        Some(_) if format != Format::Svg => Err(mistake(
            format!("`--width` has no effect on {}", format.name()),
            "add `--format svg`",
        )),
        Some(width) => Ok(Paper { width: f64::from(width), ..Paper::default() }),
        None => Ok(Paper::default()),
    }
}

/// The name of a platform, if the scenario has it.
pub(crate) fn platform(scenario: &Scenario, wanted: Option<&str>) -> anyhow::Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    if scenario.platforms.iter().any(|design| design.name == wanted) {
        return Ok(());
    }
    let names: Vec<String> =
        scenario.platforms.iter().map(|design| format!("`{}`", design.name)).collect();
    Err(mistake(
        format!("the scenario has no platform `{}`", visible(wanted)),
        format!("it has {}", names.join(", ")),
    ))
}

/// Places of platforms by their names, or their presets'.
pub(crate) fn places(
    scenario: &Scenario,
    names: &[String],
    flag: &str,
) -> anyhow::Result<Vec<usize>> {
    let platforms = &scenario.platforms;
    let mut places: Vec<usize> = Vec::new();
    for name in names {
        let named = platforms.iter().position(|design| design.name == *name);
        let preset = || platforms.iter().position(|design| design.preset.name == *name);
        let Some(place) = named.or_else(preset) else {
            let known = Known::new(name, platforms.iter().map(|design| &*design.name));
            let hint = known.hint().unwrap_or_default();
            return Err(mistake(format!("the scenario has no platform `{}`", visible(name)), hint));
        };
        if places.contains(&place) {
            return Err(mistake(
                format!("`{flag}` has `{}` twice", visible(name)),
                "name each platform once",
            ));
        }
        places.push(place);
    }
    Ok(places)
}
