//! `highwater simulate`

use std::path::{Path, PathBuf};

use model::chart::Paper;
use model::export::timeline::{self, Extent, Picture};
use model::horizon::Asked;
use model::scenario::{self, Known, Scenario};
use model::units::Hours;
use model::{Comparison, View};

use super::progress::compared;
use super::{Context, Format, paper, platform};
use crate::exit::{FAILED, FINE, mistake};
use crate::input;
use crate::output::{not_the_scenario, write_file};
use crate::render::paint::Paint;
use crate::render::simulate::platforms;
use crate::render::text::visible;

/// Show platforms through time: what happened, what did not hold, and when
///
/// Rates, utilization, backlog, lag, what is kept, brokers and cost, breakpoint by breakpoint. `--format csv`
/// has a row for each breakpoint, `json` everything, `svg` charts.
#[derive(Debug, clap::Args)]
pub(crate) struct SimulateArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// One platform by its name; all without it
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    /// From this moment on: 'day 40 18:30', 2027-02-10, 'month 3'
    #[arg(long, value_name = "MOMENT")]
    from: Option<String>,

    /// Up to this moment, as for `--from`
    #[arg(long, value_name = "MOMENT")]
    to: Option<String>,

    /// Charts of `--format svg`: rates, utilization, backlog, lag, retained, brokers, cost; all without it
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    chart: Vec<String>,

    /// Width of the charts of `--format svg` in pixels, from 240 to 4000
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u16).range(i64::from(Paper::NARROWEST)..=i64::from(Paper::WIDEST)))]
    width: Option<u16>,

    /// File to write, or replace, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &SimulateArgs, context: &mut Context) -> anyhow::Result<u8> {
    let allowed = [Format::Table, Format::Json, Format::Csv, Format::Svg];
    let format = context.format("simulate", &allowed)?;
    let pictures = pictures(&args.chart, format)?;
    let paper = paper(args.width, format)?;
    let output = args.output.as_deref().filter(|file| *file != Path::new("-"));
    if let Some(file) = output {
        not_the_scenario(file, &args.file)?;
    }
    let case = input::case(&args.file, context)?;
    let wanted = args.platform.as_deref();
    platform(&case.scenario, wanted)?;
    let extent = extent(args, &case.scenario)?;

    let comparison = compared(&case, View::Horizon, Asked { samples: true }, context);
    let paint = if output.is_some() { Paint::OFF } else { context.paint_out };
    let text = match format {
        Format::Json => timeline::json(&comparison, &case.scenario, extent),
        Format::Csv => timeline::csv(&comparison, &case.scenario, extent),
        Format::Svg => {
            left_out(&comparison, extent, context)?;
            timeline::svg(&comparison, &case.scenario, extent, &pictures, paper)
        }
        _ => platforms(&comparison, &case.scenario, extent, paint),
    };
    let text = context.answer(text);
    match output {
        Some(file) => {
            write_file(file, &text, true)?;
            context.tell(&format!("wrote {}\n", visible(&file.display().to_string())))?;
        }
        None => context.write(&text)?,
    }
    let planned = comparison.plans().any(|plan| extent.has(&plan.design.name));
    Ok(if planned { FINE } else { FAILED })
}

/// The charts that were asked for, in the order in which they are drawn.
fn pictures(names: &[String], format: Format) -> anyhow::Result<Vec<Picture>> {
    if names.is_empty() {
        return Ok(Picture::ALL.to_vec());
    }
    if format != Format::Svg {
        return Err(mistake(
            format!("`--chart` has no effect on {}", format.name()),
            "add `--format svg`",
        ));
    }
    let known = || Picture::ALL.iter().map(|picture| picture.name());
    for name in names {
        if Picture::named(name.trim()).is_none() {
            let nearest = Known::new(name, known()).nearest;
            let nearest =
                nearest.map_or_else(String::new, |name| format!("did you mean `{name}`? "));
            let all: Vec<String> = known().map(|name| format!("`{name}`")).collect();
            return Err(mistake(
                format!("there is no chart `{}`", visible(name)),
                format!("{nearest}there are {}", all.join(", ")),
            ));
        }
    }
    let wanted = |picture: &Picture| names.iter().any(|name| name.trim() == picture.name());
    Ok(Picture::ALL.iter().copied().filter(wanted).collect())
}

/// What is told: the whole horizon, but for what was asked.
fn extent<'a>(args: &'a SimulateArgs, scenario: &Scenario) -> anyhow::Result<Extent<'a>> {
    let horizon = &scenario.horizon;
    let moment = |flag: &str, text: &Option<String>, otherwise: Hours| match text {
        None => Ok(otherwise),
        Some(text) => scenario::moment(flag, text, horizon).map_err(|problem| {
            let hint = problem.hint().unwrap_or_else(|| "days and months count from 1".to_owned());
            mistake(visible(&problem.to_string()), hint)
        }),
    };
    let whole = Extent::whole(args.platform.as_deref(), horizon);
    let from = moment("--from", &args.from, whole.from)?;
    let to = moment("--to", &args.to, whole.to)?;
    if from < to {
        return Ok(Extent { from, to, ..whole });
    }
    Err(mistake(
        format!(
            "nothing lies between `--from` {} and `--to` {}",
            horizon.written(from),
            horizon.written(to)
        ),
        "give a `--to` that is after `--from`",
    ))
}

/// Charts have room for a few platforms.
fn left_out(comparison: &Comparison, extent: Extent, context: &mut Context) -> anyhow::Result<()> {
    let shown = timeline::shown(comparison, extent);
    let all = comparison.plans().filter(|plan| extent.has(&plan.design.name));
    let missing: Vec<&str> = all
        .map(|plan| plan.design.name.as_str())
        .filter(|name| shown.iter().all(|plan| plan.design.name != *name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let note = format!(
        "shows the {} platforms that cost least; not shown: {}; `--platform NAME` shows one",
        shown.len(),
        missing.join(", ")
    );
    context.tell(&(visible(&note) + "\n"))
}

#[cfg(test)]
mod tests {
    use pricing::Catalog;

    use super::*;
    use crate::commands::init::EXAMPLES;
    use crate::render::WIDTH;
    use crate::render::text::width;

    /// Lines keep within a hundred columns, and a row that changes shows its highest value.
    #[test]
    fn every_example_is_shown_through_time() {
        let catalog = Catalog::embedded();
        let vocabulary = catalog.vocabulary();
        let mut rows = 0;
        for (name, text) in EXAMPLES {
            let scenario = scenario::parse(text, &vocabulary).expect("examples are right");
            let prices = catalog.prices(&scenario).expect("examples have prices");
            let asked = Asked { samples: true };
            let comparison =
                model::comparison::run(&scenario, &prices, View::Horizon, asked, &mut |_| ());
            let whole = Extent::whole(None, &scenario.horizon);
            let shown = platforms(&comparison, &scenario, whole, Paint::OFF);
            for line in shown.lines() {
                assert!(width(line) <= WIDTH, "{name}: {line}");
                assert!(!line.ends_with(' '), "{name}: `{line}`");
                let changes = line.contains(['▁', '▂', '▃', '▄']) && line.contains(" to ");
                rows += usize::from(changes);
                assert!(!changes || line.contains('█'), "{name}: {line}");
            }
        }
        assert!(rows > EXAMPLES.len(), "{rows} rows change");
    }
}
