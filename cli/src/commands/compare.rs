//! `highwater compare`

use std::path::PathBuf;

use model::chart::Paper;
use model::export::{bars, csv, json};
use model::horizon::Asked;

use super::progress::compared;
use super::{Context, Format, Period, paper};
use crate::exit::{FAILED, FINE};
use crate::{input, render};

/// Show all platforms side by side: cost, fleet, what binds, and a verdict
///
/// Platforms that cannot be planned say why, and the rest is compared all the same. What others published for the case
/// stands beside ours where the scenario has a `[published]` section. `--format svg` draws a bar for each platform.
#[derive(Debug, clap::Args)]
pub(crate) struct CompareArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// Every preset, beside the platforms of the scenario and with default settings
    #[arg(long)]
    all: bool,

    /// Width of the picture of `--format svg` in pixels, from 240 to 4000
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u16).range(i64::from(Paper::NARROWEST)..=i64::from(Paper::WIDEST)))]
    width: Option<u16>,

    #[command(flatten)]
    period: Period,
}

pub(crate) fn run(args: &CompareArgs, context: &mut Context) -> anyhow::Result<u8> {
    let allowed = [Format::Table, Format::Json, Format::Csv, Format::Svg];
    let format = context.format("compare", &allowed)?;
    let paper = paper(args.width, format)?;
    let mut case = input::case(&args.file, context)?;
    if args.all {
        case.scenario.add_every_preset();
    }
    let view = args.period.view(&case.scenario)?;
    let comparison = compared(&case, view, Asked::default(), context);
    let text = match format {
        Format::Json => json::compare(&comparison, &case.scenario),
        Format::Csv => csv::compare(&comparison, &case.scenario),
        Format::Svg => bars::svg(&comparison, paper),
        _ => render::compare::comparison(&comparison, &case.scenario, context.paint_out),
    };
    context.write(&context.answer(text))?;
    Ok(if comparison.plans().next().is_some() { FINE } else { FAILED })
}

#[cfg(test)]
mod tests {
    use model::money::Usd;
    use model::{Comparison, Scenario, ledger, scenario};
    use pricing::Catalog;

    use super::*;
    use crate::commands::init::EXAMPLES;
    use crate::render::WIDTH;
    use crate::render::paint::Paint;
    use crate::render::text::width;

    #[test]
    fn a_spreadsheet_adds_up_to_the_cent_of_every_bill() {
        each(|name, comparison, scenario| {
            let totals = csv::totals(&csv::compare(comparison, scenario)).expect("a table of ours");
            assert_eq!(totals.len(), comparison.outcomes.len(), "{name}");
            for plan in comparison.plans() {
                let costs = ledger::costs(ledger::charges(plan, &scenario.finance).iter());
                let own = scenario.finance.own_exchange();
                let shown = |cost| Usd::new(own.to_minor(own.convert(cost)));
                let expected = (shown(costs.list), shown(costs.contracted));
                assert_eq!(totals[&plan.design.name], expected, "{name}: {}", plan.design.name);
            }
        });
    }

    #[test]
    fn tables_keep_within_a_hundred_columns_and_add_up() {
        each(|name, comparison, scenario| {
            let text = render::compare::comparison(comparison, scenario, Paint::OFF);
            for line in text.lines() {
                assert!(width(line) <= WIDTH, "{name}: {line}");
                assert!(!line.ends_with(' '), "{name}: `{line}`");
            }
            let tables = text.split("\n\n").filter(|part| part.starts_with("Dollars"));
            let rows: Vec<&str> = tables.flat_map(|table| table.lines().skip(3)).collect();
            let expected: usize = comparison.plans().map(|plan| 1 + plan.parts.len()).sum();
            assert_eq!(rows.len(), 2 * expected, "{name}");
            rows.into_iter().for_each(adds_up);
        });
    }

    /// The last number of a row is the sum of the others.
    #[track_caller]
    fn adds_up(row: &str) {
        let number = |cell: &str| match cell {
            "–" | "?" => Usd::ZERO,
            cell => cell.replace(',', "").parse().expect(cell),
        };
        let cells = row.trim_start().split("  ").map(str::trim).filter(|cell| !cell.is_empty());
        let cells: Vec<&str> = cells.skip(1).collect();
        let (total, parts) = cells.split_last().expect("a row has a total");
        let sum: Usd = parts.iter().map(|cell| number(cell)).sum();
        assert_eq!(number(total.trim_start_matches('≥')), sum, "{row}");
    }

    /// Every example in its first month.
    fn each(check: impl Fn(&str, &Comparison, &Scenario)) {
        let catalog = Catalog::embedded();
        let vocabulary = catalog.vocabulary();
        for (name, text) in EXAMPLES {
            let scenario = scenario::parse(text, &vocabulary).expect("examples are right");
            let prices = catalog.prices(&scenario).expect("examples have prices");
            check(name, &model::compare(&scenario, &prices, model::View::Horizon), &scenario);
        }
    }
}
