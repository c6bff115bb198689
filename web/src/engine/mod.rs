//! The engine's side of the page: questions in, answers out. It runs in a worker, and knows nothing of documents.

mod breakeven;
mod case;
mod change;
mod files;
mod futures;
mod optimized;
mod sensitivity;
mod sheet;

use std::cell::RefCell;
use std::rc::Rc;

use model::chart::Drawing;
use model::export::bars;
use model::export::timeline::{self, Extent, Picture};
use model::parameters::Setting;
use model::scenario;
use model::scorecard::scorecard;

pub use case::{Case, Fetched, faults, json, place};

use crate::protocol::{self, Ask, Card, CardAnswer, Fault, Reply, Told, What};

/// How many scenarios are remembered: the one that is shown, and one that it is held against.
const REMEMBERED: usize = 2;

/// Answers questions, and remembers what the next one is likely to be about.
#[derive(Default)]
pub struct Engine {
    fetched: Fetched,
    cases: Vec<Rc<Case>>,
    running: Option<futures::Running>,
}

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
}

/// Answers a question of the page, both as bytes.
pub fn answer(ask: &[u8]) -> Vec<u8> {
    let reply = match protocol::unpacked(ask) {
        Some(ask) => ENGINE.with_borrow_mut(|engine| engine.reply(ask)),
        None => Reply { id: 0, told: Told::Nothing("the question cannot be read".to_owned()) },
    };
    protocol::packed(&reply)
}

impl Engine {
    /// The answer to one question.
    pub fn reply(&mut self, ask: Ask) -> Reply {
        let id = ask.id;
        Reply { id, told: self.told(ask).unwrap_or_else(|told| told) }
    }

    fn told(&mut self, ask: Ask) -> Result<Told, Told> {
        if let What::Prices { path, file } = ask.what {
            self.fetched.insert(path, file);
            self.cases.clear();
            self.running = None;
            return Ok(Told::Taken);
        }
        let case = self.case(&ask.text)?;
        Ok(match ask.what {
            What::Sheet(shown) => Told::Sheet(Box::new(sheet::sheet(&case, shown))),
            What::Pictures { platform, span, width } => {
                Told::Pictures(pictures(&case, platform.as_deref(), &span, width)?)
            }
            What::Bars { width } => {
                Told::Bars(Box::new(bars::drawn(&case.comparison, f64::from(width))))
            }
            What::Scorecard { platform } => Told::Scorecard(Box::new(card(&case, &platform)?)),
            What::Why { platform } => Told::Why(files::explained(&case, &platform)?),
            What::Change { after, shown } => {
                let after = self.case(&after)?;
                Told::Change(Box::new(change::change(&case, &after, shown)))
            }
            What::Futures { steady } => {
                let running = match self.running.take() {
                    Some(running) if running.are_of(&ask.text, steady) => running,
                    _ => futures::Running::new(case, steady)?,
                };
                Told::Futures(Box::new(self.running.insert(running).next()))
            }
            What::BreakEven { path, from, to, between, steady, width } => {
                breakeven::told(&case, (&path, &from, &to), &between, steady, width)?
            }
            What::Sure => sensitivity::told(&case)?,
            // The cheapest build may buy commitments.
            What::Build { platform, seconds } => match case.unasked(&self.fetched) {
                Some(path) => Told::Awaits(path),
                None => optimized::told(&case, &platform, seconds)?,
            },
            What::Workbook { platform } => {
                Told::Workbook(Box::new(files::described(&case, &platform)?))
            }
            What::FuturesFile { steady, csv } => {
                let running = self.running.as_ref();
                let running = running.filter(|running| running.are_of(&ask.text, steady));
                let file = running.and_then(|running| running.file(csv));
                let file = file.ok_or_else(|| Told::Nothing("run the futures first".to_owned()))?;
                Told::File(Box::new(file))
            }
            What::File { kind, platform } => {
                Told::File(Box::new(files::file(&case, kind, platform.as_deref())?))
            }
            What::Prices { .. } => Told::Taken,
        })
    }

    /// What there is to know about a scenario, worked out once.
    fn case(&mut self, text: &str) -> Result<Rc<Case>, Told> {
        if let Some(index) = self.cases.iter().position(|case| case.text == text) {
            let case = self.cases.remove(index);
            self.cases.push(case.clone());
            return Ok(case);
        }
        let case = Rc::new(Case::of(text, &self.fetched)?);
        if self.cases.len() >= REMEMBERED {
            self.cases.remove(0);
        }
        self.cases.push(case.clone());
        Ok(case)
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
