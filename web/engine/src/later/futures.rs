//! Futures of a scenario, a few at a time: the page shows how far they are, and can stop asking.

use std::rc::Rc;

use model::export::uncertainty as export;
use model::uncertainty::{Future, Futures, Market, Study, study};
use model::{Plan, Rejection, Scenario, View};

use crate::case::Case;
use crate::protocol::{Drawn, File, Told, Tornado};

/// Plans between two answers: enough to be worth a message, few enough to be stopped soon.
const PLANS_AT_ONCE: usize = 24;

/// Futures that have been run so far.
pub struct Running {
    case: Rc<Case>,
    steady: bool,
    futures: Futures,
    standing: Vec<Result<Plan, Box<Rejection>>>,
    drawn: Vec<Future>,
    /// What they come to, once all have been run.
    study: Option<Study>,
}

impl Running {
    /// None yet.
    ///
    /// # Errors
    ///
    /// What is wrong with the scenario.
    pub fn new(case: Rc<Case>, steady: bool) -> Result<Self, Told> {
        let view = if steady { View::Steady(0) } else { View::Horizon };
        let futures = Futures::new(case.scenario.clone(), case.draft()?, None, view);
        let standing = futures.standing(&Market::Fixed(&case.prices));
        Ok(Self { case, steady, futures, standing, drawn: Vec::new(), study: None })
    }

    /// Whether they are those of a scenario.
    pub fn are_of(&self, text: &str, steady: bool) -> bool {
        self.case.text == text && self.steady == steady
    }

    /// Runs the next few; with the last of them, what they come to.
    pub fn next(&mut self) -> Drawn {
        let of = self.futures.count();
        let platforms = self.futures.middle().platforms.len().max(1);
        let until = (self.drawn.len() + (PLANS_AT_ONCE / platforms).max(1)).min(of);
        let repricing = self.case.repricing();
        let look = |scenario: &Scenario| repricing.look_up(scenario);
        let market = if self.futures.draw_prices() {
            Market::Looked(&look)
        } else {
            Market::Fixed(&self.case.prices)
        };
        for index in self.drawn.len()..until {
            self.drawn.push(self.futures.run(index, &self.standing, &market));
        }
        let mut drawn = Drawn { done: until, of, ..Drawn::default() };
        if until < of {
            return drawn;
        }
        let study = match self.study.take() {
            Some(study) => study,
            None => study(&mut self.futures, &self.standing, &self.drawn, &market),
        };
        drawn.sentences = export::sentences(&study);
        drawn.sentences.extend(export::precision(&study).map(|precise| {
            format!("With 95 % confidence, percentiles of costs are off by {precise} at most.")
        }));
        drawn.tables = vec![export::inputs(&study), export::candidates(&study)];
        if study.pairs.len() > 1 {
            drawn.tables.push(export::pairs(&study));
        }
        drawn.tables.extend(export::not_held(&study));
        let best = export::least_regret(&study).map(|best| best.platform.clone());
        drawn.best = best.unwrap_or_default();
        drawn.tornados = study
            .candidates
            .iter()
            .map(|candidate| Tornado {
                platform: candidate.platform.clone(),
                table: export::tornado(candidate),
                bars: export::bars(candidate),
                more: [export::frontier(candidate), export::by_month(candidate)]
                    .into_iter()
                    .flatten()
                    .collect(),
            })
            .collect();
        self.study = Some(study);
        drawn
    }

    /// What `highwater uncertainty` prints of them, as CSV or JSON; nothing before all have been run.
    pub fn file(&self, csv: bool) -> Option<File> {
        let study = self.study.as_ref()?;
        Some(match csv {
            true => File {
                name: "futures.csv".to_owned(),
                media: "text/csv".to_owned(),
                bytes: export::csv(&self.futures, &self.drawn).into_bytes(),
            },
            false => File {
                name: "futures.json".to_owned(),
                media: "application/json".to_owned(),
                bytes: export::json(study).into_bytes(),
            },
        })
    }
}
