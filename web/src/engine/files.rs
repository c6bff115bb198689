//! What is drawn, explained, and taken away: the bytes that the command writes.

use model::bill::Driver;
use model::chart::Paper;
use model::explain::{Explanation, explain};
use model::export::focus::{self, Version};
use model::export::timeline::{self, Extent, Picture};
use model::export::{bars, csv, json};

use super::Case;
use crate::protocol::{Explained, File, FileKind, Told};

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
            let text = focus::csv(comparison, scenario, Version::default(), platform);
            let text = text.map_err(|refusals| {
                let all = refusals.iter().map(|one| format!("{one}; {}", one.hint()));
                Told::Nothing(all.collect::<Vec<_>>().join(". "))
            })?;
            ("focus.csv".to_owned(), "text/csv", text)
        }
        FileKind::FocusMetadata => {
            let text = focus::metadata(comparison, Version::default(), platform, None);
            ("focus.metadata.json".to_owned(), "application/json", text)
        }
    };
    Ok(File { name, media: media.to_owned(), text })
}
