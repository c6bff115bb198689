//! What is on the page at once.

use model::bill::Driver;
use model::chart::{Drawing, Paper};
use model::explain::{Explanation, explain};
use model::export::bars;
use model::export::timeline::{self, Extent, Picture};
use model::parameters::Setting;
use model::scenario;
use model::scorecard::scorecard;

use crate::case::{Case, Cases};
use crate::change::change;
use crate::protocol::{Ask, Card, CardAnswer, Explained, Fault, File, Reply, Told, What};
use crate::sheet::sheet;

/// Answers questions.
#[derive(Default)]
pub struct Engine {
    cases: Cases,
}

impl Engine {
    /// The answer to one question.
    pub fn reply(&mut self, Ask { id, text, what }: Ask) -> Reply {
        Reply { id, told: self.told(&text, what).unwrap_or_else(|told| told) }
    }

    fn told(&mut self, text: &str, what: What) -> Result<Told, Told> {
        let mut case = |text: &str| self.cases.case(text);
        Ok(match what {
            What::Prices { path, file } => {
                self.cases.take(path, file);
                Told::Taken
            }
            What::Later(_) => Told::Nothing("the page's second module answers that".to_owned()),
            What::Sheet(shown) => Told::Sheet(Box::new(sheet(&*case(text)?, shown))),
            What::Pictures { platform, span, width } => {
                Told::Pictures(pictures(&*case(text)?, platform.as_deref(), &span, width)?)
            }
            What::Bars { width } => {
                Told::Bars(Box::new(bars::drawn(&case(text)?.comparison, f64::from(width))))
            }
            What::Scorecard { platform } => {
                Told::Scorecard(Box::new(card(&*case(text)?, &platform)?))
            }
            What::Why { platform } => Told::Why(explained(&*case(text)?, &platform)?),
            What::Change { after, shown } => {
                let (before, after) = (case(text)?, case(&after)?);
                Told::Change(Box::new(change(&before, &after, shown)))
            }
            What::Picture { chart, platform } => {
                Told::File(Box::new(picture(&*case(text)?, chart, platform.as_deref())))
            }
        })
    }
}

fn pictures(
    case: &Case,
    platform: Option<&str>,
    (from, to): &(String, String),
    width: u32,
) -> Result<Vec<Drawing>, Told> {
    let horizon = &case.scenario.horizon;
    let mut extent = Extent::whole(platform, horizon);
    let moment = |text: &str| {
        scenario::moment("span", text, horizon).map_err(|problem| {
            Told::Wrong(vec![Fault {
                message: problem.to_string(),
                hint: problem.hint(),
                place: None,
            }])
        })
    };
    if !from.is_empty() {
        extent.from = moment(from)?;
    }
    if !to.is_empty() {
        extent.to = moment(to)?.min(extent.to);
    }
    let width = f64::from(width);
    Ok(timeline::drawn(&case.comparison, &case.scenario, extent, Picture::ALL, width))
}

fn card(case: &Case, platform: &str) -> Result<Card, Told> {
    let plan = case.plan(platform)?;
    let card = scorecard(plan, &case.scenario, &case.prices);
    let answers = card.answers.iter().map(|answer| CardAnswer {
        title: answer.title.to_owned(),
        light: answer.shown().map(|light| light.show()).unwrap_or_default(),
        finding: answer
            .own
            .as_ref()
            .filter(|_| answer.light.is_none())
            .map_or_else(|| answer.finding.clone(), |own| format!("Your mark: {}", own.evidence)),
        evidence: answer
            .evidence
            .iter()
            .map(|fact| (fact.name.to_owned(), model::export::figures::figure(fact)))
            .collect(),
    });
    Ok(Card { platform: platform.to_owned(), answers: answers.collect() })
}

/// Why each line of a platform's bill is what it is.
fn explained(case: &Case, platform: &str) -> Result<Vec<Explained>, Told> {
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

/// A picture to take away: the bytes that the command writes.
fn picture(case: &Case, chart: Option<usize>, platform: Option<&str>) -> File {
    let (name, svg) = match chart {
        Some(index) => {
            let picture = Picture::ALL.get(index).copied().unwrap_or(Picture::Cost);
            let extent = Extent::whole(platform, &case.scenario.horizon);
            let pictures = [picture];
            let (comparison, scenario) = (&case.comparison, &case.scenario);
            (
                picture.name(),
                timeline::svg(comparison, scenario, extent, &pictures, Paper::default()),
            )
        }
        None => ("bills", bars::svg(&case.comparison, Paper::default())),
    };
    File { name: format!("{name}.svg"), media: "image/svg+xml".to_owned(), bytes: svg.into_bytes() }
}
