//! What is drawn, explained, and taken away: the bytes that the command writes.

use model::Scenario;
use model::bill::Driver;
use model::chart::Paper;
use model::comparison;
use model::explain::{Explanation, explain};
use model::export::audit::{self, Audit, Origin};
use model::export::focus::{self, Version};
use model::export::report::{self, Report};
use model::export::timeline::{self, Extent, Picture};
use model::export::{bars, csv, json, workbook};
use model::finance::{Ask, accounts, changes};
use model::horizon::{Asked, View};
use model::scorecard::{Scorecard, scorecard};

use super::Case;
use crate::protocol::{Described, Explained, File, FileKind, Told};

/// Why each line of a platform's bill is what it is.
pub fn explained(case: &Case, platform: &str) -> Result<Vec<Explained>, Told> {
    let plan = case.plan(platform)?;
    let lines = explain(plan, &case.scenario);
    Ok(lines.iter().map(|line| in_words(line, plan.months.len())).collect())
}

fn in_words(line: &Explanation, months: usize) -> Explained {
    let inputs = line.inputs.iter().map(|input| {
        let origin = input.origin.to_string();
        [input.symbol.to_owned(), input.named(), input.value.clone(), origin]
    });
    let mut price = Vec::new();
    if let Some(row) = &line.price {
        price.push(("Price".to_owned(), format!("{}: {}", row.sku, row.each())));
        let source = format!("{}, {}: {}", row.basis, row.as_of, row.source);
        price.push(("Its source".to_owned(), source));
        if !row.discount.is_empty() {
            price.push(("Negotiated".to_owned(), row.discount.clone()));
        }
    }
    if let Some(missing) = &line.missing {
        price.push(("Missing".to_owned(), missing.what.clone()));
        price.push(("Way out".to_owned(), missing.hint.clone()));
    }
    let cost = match (&line.missing, months) {
        (Some(_), _) => "no price".to_owned(),
        (None, 1) => line.cost.clone(),
        (None, _) => format!("{} a month, {} in {months} months", line.monthly_cost, line.cost),
    };
    Explained {
        component: line.component.to_owned(),
        title: line.id.clone(),
        cost,
        what: line.what.clone(),
        words: line.words.to_owned(),
        formula: line.formula.clone(),
        inputs: inputs.collect(),
        steps: line.steps.clone(),
        price,
        grows_with: match line.grows_with {
            fixed if fixed == Driver::Fixed.name() => "nothing: it is fixed".to_owned(),
            other => other.to_owned(),
        },
    }
}

/// What a file is made from: the page says neither a moment nor a command, so that the same scenario gives the same bytes.
fn audit(case: &Case, platform: Option<&str>) -> Audit {
    let origin = Origin {
        scenario_sha256: audit::of_scenario(&case.text),
        catalog_sha256: pricing::CATALOG_SHA256.to_owned(),
        ..Origin::default()
    };
    Audit::new(&case.comparison, &case.scenario, platform, &origin)
}

fn focus<'a>(case: &'a Case, platform: Option<&'a str>, audit: &'a Audit) -> focus::File<'a> {
    let (comparison, scenario) = (&case.comparison, &case.scenario);
    focus::File { comparison, scenario, version: Version::default(), platform, audit }
}

/// A file to take away.
pub fn file(case: &Case, kind: FileKind, platform: Option<&str>) -> Result<File, Told> {
    let (comparison, scenario) = (&case.comparison, &case.scenario);
    let extent = Extent::whole(platform, &scenario.horizon);
    let (name, media, text) = match kind {
        FileKind::Csv => ("plan.csv".to_owned(), "text/csv", csv::compare(comparison, scenario)),
        FileKind::Json => {
            ("plan.json".to_owned(), "application/json", json::compare(comparison, scenario))
        }
        FileKind::Timeline => {
            ("timeline.csv".to_owned(), "text/csv", timeline::csv(comparison, scenario, extent))
        }
        FileKind::Chart(index) => {
            let picture = Picture::ALL.get(index).copied().unwrap_or(Picture::Cost);
            let svg = timeline::svg(comparison, scenario, extent, &[picture], Paper::default());
            (format!("{}.svg", picture.name()), "image/svg+xml", svg)
        }
        FileKind::Bars => {
            ("bills.svg".to_owned(), "image/svg+xml", bars::svg(comparison, Paper::default()))
        }
        FileKind::Focus => {
            let audit = audit(case, platform);
            let text = focus(case, platform, &audit).csv().map_err(|refusals| {
                let all = refusals.iter().map(|one| format!("{one}; {}", one.hint()));
                Told::Nothing(all.collect::<Vec<_>>().join(". "))
            })?;
            ("focus.csv".to_owned(), "text/csv", text)
        }
        FileKind::Report => {
            let cards: Vec<Scorecard> =
                comparison.plans().map(|plan| scorecard(plan, scenario, &case.prices)).collect();
            let ask = Ask::default();
            let accounts = accounts(comparison, scenario, ask, &[], &mut |_| Vec::new());
            let text = report::html(&Report {
                comparison,
                scenario,
                text: &case.text,
                platform: None,
                cards: &cards,
                accounts: &accounts,
                audit: &audit(case, None),
            });
            ("report.html".to_owned(), "text/html", text)
        }
        FileKind::Finance => ("finance.csv".to_owned(), "text/csv", finance_csv(case, platform)),
        FileKind::FocusMetadata => {
            let text = focus(case, platform, &audit(case, platform)).metadata();
            ("focus.metadata.json".to_owned(), "application/json", text)
        }
    };
    Ok(File { name, media: media.to_owned(), text })
}

/// Money through time, with what one per cent more of each would cost.
fn finance_csv(case: &Case, platform: Option<&str>) -> String {
    let (comparison, scenario) = (&case.comparison, &case.scenario);
    let more = changes(scenario);
    let mut again = |scaled: &Scenario| {
        comparison::outcomes(scaled, &case.prices, View::Horizon, Asked::default(), &mut |_| ())
    };
    let ask = Ask { platform, ..Ask::default() };
    let found = accounts(comparison, scenario, ask, &more, &mut again);
    model::export::finance::csv(comparison, scenario, &found, platform)
}

/// A workbook of one platform, described for the module that writes it.
pub fn described(case: &Case, platform: &str) -> Result<Described, Told> {
    let (comparison, scenario) = (&case.comparison, &case.scenario);
    let cases = workbook::cases(
        comparison,
        scenario,
        &case.prices,
        platform,
        &workbook::POINTS,
        &mut |_| (),
    );
    let facts = audit(case, Some(platform))
        .facts()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    let asked = workbook::Asked { platform, audit: facts.collect(), created: None };
    let nothing = || Told::Nothing(format!("`{platform}` cannot be planned"));
    let book = workbook::workbook(comparison, scenario, &cases, &asked).ok_or_else(nothing)?;
    Ok(Described { name: "plan.xlsx".to_owned(), workbook: crate::protocol::packed(&book) })
}
