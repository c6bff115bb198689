//! From a program's answers to a plan: each is planned by the engine, and what it breaks or costs there is what counts.

use super::builds::{Build, Builds, Case, Ruled};
use super::enumerate::{self, Choice};
use super::lp::Program;
use super::program::{Columns, Limits, formulate};
use super::solve::{Unsolved, solve};
use crate::design::Design;
use crate::horizon::{self, Asked, Committed};
use crate::money::Usd;
use crate::plan::{Plan, Rejection};
use crate::simulate::{Incident, Matter};
use crate::units::Hours;

/// Answers of a program that the engine plans at most.
const RUNS: usize = 16;

/// Answers are planned until the next one is dearer by this share than the one that stands: the program counts a month at
/// its means, the engine hour by hour, and two builds of one platform differ in that by less.
const MARGIN: f64 = 0.01;

/// How certain an answer is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    /// Nothing in the program is cheaper.
    Proven,
    /// Nothing in the program is cheaper by more than this share.
    Within(f64),
    /// Time ran out; nothing that was looked at is cheaper by more than this share.
    Stopped(f64),
    /// The solver gave up, and everything was tried one by one instead; why.
    Enumerated,
}

/// A build that the program takes to be cheaper, and that was not taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// What it is.
    pub title: String,
    /// What it would have saved in a month against the rules' plan, by the engine's own bill.
    pub saved: Usd,
    /// Why not.
    pub why: String,
}

/// What was found for one part of a platform.
#[derive(Clone, Debug)]
pub struct Found {
    /// The cheapest plan that holds what the rules' plan holds.
    pub plan: Plan,
    /// The choice and the build that it is of; `None` where it is the rules' own.
    pub chosen: Option<(Choice, Build)>,
    /// How certain it is.
    pub status: Status,
    /// What the solver said where it failed.
    pub failure: Option<String>,
    /// Dollars a month of the cheapest answer, as the program counts.
    pub bound: Option<f64>,
    /// Cheaper builds that were not taken.
    pub refused: Vec<Refused>,
    /// Answers that the engine planned.
    pub runs: usize,
    /// Dollars a month of the cheapest answer that was left to plan, as the program counts.
    next: Option<f64>,
}

/// A program, and what it is of.
#[derive(Clone, Debug)]
pub struct Question {
    /// The builds to choose from.
    pub builds: Builds,
    /// What they have to keep to.
    pub limits: Limits,
    /// All of it as a program.
    pub program: Program,
    /// Where in it what is.
    pub columns: Columns,
}

impl Question {
    /// The question which of some builds is the cheapest.
    pub fn new(builds: Builds, limits: Limits, case: &Case) -> Self {
        let (program, columns) = formulate(&builds, &limits, case.prices);
        Self { builds, limits, program, columns }
    }

    /// The cheapest choice without some builds, whether it is proven, and what the solver said where it failed.
    pub fn answer(&self, closed: &[usize], seconds: f64) -> Option<(Choice, bool, Option<String>)> {
        let columns: Vec<usize> = closed.iter().map(|build| self.columns.chosen[*build]).collect();
        let tried = || enumerate::cheapest(&self.builds, &self.limits, closed);
        match solve(&self.program, &columns, seconds) {
            Ok(solved) => {
                let is_used = |column: &usize| solved.values[*column] > 0.5;
                let build = self.columns.chosen.iter().position(is_used)?;
                let counts = self.columns.committed[build].iter();
                let committed = counts.map(|column| solved.values[*column] as u32).collect();
                let choice = Choice { build, committed, cost: solved.cost };
                // A second opinion costs nothing: a solver that is dearer than trying everything was wrong.
                match tried() {
                    Some(other)
                        if other.cost < solved.cost * (1.0 - 1e-6) - 1e-6 && solved.proven =>
                    {
                        Some((other, false, Some("its answer was not the cheapest".to_owned())))
                    }
                    _ => Some((choice, solved.proven, None)),
                }
            }
            Err(Unsolved::Infeasible) => {
                tried().map(|choice| (choice, false, Some("it found nothing feasible".to_owned())))
            }
            Err(Unsolved::Failed(why)) => tried().map(|choice| (choice, false, Some(why))),
            Err(Unsolved::Wrong(wrong)) => {
                tried().map(|choice| (choice, false, Some(wrong.to_string())))
            }
        }
    }
}

/// A platform as a build has it, so that a scenario with the same settings is planned the same.
pub fn built(build: &Build) -> Design {
    let mut design = build.design.clone();
    design.settings.broker = Some(build.machine_name.clone());
    design.overrides.extend(build.settings.iter().map(|(key, _)| (*key).to_owned()));
    design.overrides.push("broker".to_owned());
    design
}

/// What of a choice is committed to.
pub fn committed(choice: &Choice, build: &Build, case: &Case) -> Vec<Committed> {
    let terms = build.terms.iter().zip(&choice.committed);
    terms
        .filter(|(_, brokers)| **brokers > 0)
        .map(|(term, brokers)| Committed {
            price: case.prices.commitments[term.commitment].price,
            brokers: *brokers,
            from: Committed::THROUGHOUT.0,
            until: Committed::THROUGHOUT.1,
        })
        .collect()
}

/// A choice as the engine plans it.
pub fn planned(choice: &Choice, build: &Build, case: &Case) -> Result<Plan, Box<Rejection>> {
    let commitments = committed(choice, build, case);
    horizon::committed(&built(build), case.scenario, case.prices, Asked::default(), &commitments)
}

/// What has been tried so far.
#[derive(Default)]
struct Tried {
    /// Machines and settings.
    builds: Vec<(String, Vec<(&'static str, String)>)>,
    /// Settings that were refused, as often as they were.
    settings: Vec<(&'static str, String)>,
    /// Machines of builds that were refused.
    refused: Vec<String>,
    ruled: Ruled,
}

impl Tried {
    fn knows(&self, build: &Build) -> bool {
        let same = |known: &(String, Vec<(&'static str, String)>)| {
            known.0 == build.machine_name && known.1 == build.settings
        };
        self.builds.iter().any(same)
    }

    /// Learns from a build that was refused; whether more than that build is ruled out.
    ///
    /// Records that come too late come no earlier from a build that answers as late. What else breaks is blamed on a setting
    /// once two builds with it were refused: a third machine would not mend it.
    fn learn(&mut self, build: &Build, matter: Option<Matter>, rules: &Plan) -> bool {
        let own = rules.latency.map_or(0.0, |latency| latency.p99.as_secs());
        let late = matches!(matter, Some(Matter::Freshness | Matter::Lag));
        if late && build.latency > own * (1.0 + 1e-6) {
            self.ruled.latency = build.latency;
            return true;
        }
        let before = self.ruled.settings.len();
        for one in &build.settings {
            if self.settings.contains(one) && !self.ruled.settings.contains(one) {
                self.ruled.settings.push(one.clone());
            }
            self.settings.push(one.clone());
        }
        self.ruled.settings.len() > before
    }
}

/// The cheapest plan that holds what the rules' plan holds; that one where there is none.
///
/// What a run refuses rules out what would be refused for the same reason, and the question is asked again without it. Where
/// machines were refused, it is asked once more for the rules' own machine: it is the one that is known to hold, and most of
/// what there is to choose besides does not touch it.
pub fn search(
    question: &Question,
    case: &Case,
    rules: &Plan,
    seconds: f64,
    stop: &mut dyn FnMut() -> bool,
) -> Found {
    let mut found = Found {
        plan: rules.clone(),
        chosen: None,
        status: Status::Proven,
        failure: None,
        bound: None,
        refused: Vec::new(),
        runs: 0,
        next: None,
    };
    let mut tried = Tried::default();
    let mut hunt =
        Hunt { case, rules, seconds, stop, proven: true, stopped: question.builds.stopped };
    hunt.through(question.clone(), &mut tried, &mut found, RUNS);
    let others = tried.refused.iter().any(|machine| *machine != rules.machine);
    if others && !hunt.stopped {
        tried.ruled = Ruled { machine: Some(rules.machine.clone()), ..Ruled::default() };
        tried.settings.clear();
        let own = hunt.again(question.builds.clone(), question.limits, &tried.ruled);
        let (most, left) = (found.runs + RUNS / 2, found.next);
        hunt.through(own, &mut tried, &mut found, most);
        found.next = left.into_iter().chain(found.next).reduce(f64::min);
    }
    let months = |build: &Build| build.on_demand(&question.builds.seasons);
    let stands = match &found.chosen {
        Some((choice, _)) => Some(choice.cost),
        None => question.builds.of_rules(&rules.machine).map(months),
    };
    let below = |least: Option<f64>| match (least, stands) {
        (Some(least), Some(stands)) if stands > 0.0 => ((stands - least) / stands).max(0.0),
        _ => 0.0,
    };
    found.status = if hunt.stopped {
        Status::Stopped(below(found.bound))
    } else if found.failure.is_some() {
        Status::Enumerated
    } else if !hunt.proven {
        Status::Within(below(found.bound))
    } else if below(found.next) > 0.0 {
        Status::Within(below(found.next))
    } else {
        Status::Proven
    };
    let saved = rules.monthly_cost() - found.plan.monthly_cost();
    found.refused.retain(|one| one.saved > saved);
    found
}

/// What a search goes by.
struct Hunt<'a> {
    case: &'a Case<'a>,
    rules: &'a Plan,
    seconds: f64,
    stop: &'a mut dyn FnMut() -> bool,
    /// Whether every answer of the solver was proven.
    proven: bool,
    /// Whether time ran out.
    stopped: bool,
}

impl Hunt<'_> {
    /// The question without what has been ruled out.
    fn again(&self, mut builds: Builds, limits: Limits, ruled: &Ruled) -> Question {
        builds.rule(self.case, ruled);
        Question::new(builds, limits, self.case)
    }

    /// Plans answer after answer, the cheapest first, until what is left is dearer than what stands.
    fn through(
        &mut self,
        mut question: Question,
        tried: &mut Tried,
        found: &mut Found,
        runs: usize,
    ) {
        let mut closed: Vec<usize> = Vec::new();
        let mut stands = found.chosen.as_ref().map_or(f64::INFINITY, |(choice, _)| choice.cost);
        found.next = None;
        while closed.len() < question.builds.kept.len() {
            if (self.stop)() {
                self.stopped = true;
                return;
            }
            let Some((choice, proven, failure)) = question.answer(&closed, self.seconds) else {
                return;
            };
            self.proven &= proven;
            found.failure = found.failure.take().or(failure);
            found.bound.get_or_insert(choice.cost);
            if choice.cost > stands * (1.0 + MARGIN) {
                return;
            }
            closed.push(choice.build);
            let build = question.builds.kept[choice.build].clone();
            if tried.knows(&build) {
                continue;
            }
            if found.runs >= runs {
                found.next = Some(choice.cost);
                return;
            }
            tried.builds.push((build.machine_name.clone(), build.settings.clone()));
            found.runs += 1;
            // The engine sizes by the same rules, so that a rejection is rare: partitions chosen for a larger fleet.
            let Ok(plan) = planned(&choice, &build, self.case) else { continue };
            let cheaper = plan.bill.contracted_cost() < found.plan.bill.contracted_cost();
            let Some((matter, why)) = broken(&plan, self.rules, self.case) else {
                stands = stands.min(choice.cost);
                if cheaper {
                    found.plan = plan;
                    found.chosen = Some((choice, build));
                }
                continue;
            };
            tried.refused.push(build.machine_name.clone());
            let saved = self.rules.monthly_cost() - plan.monthly_cost();
            found.refused.extend(cheaper.then(|| Refused { title: build.title(), saved, why }));
            if tried.learn(&build, matter, self.rules) {
                question = self.again(question.builds, question.limits, &tried.ruled);
                closed.clear();
            }
        }
    }
}

/// What a choice has to save in a month, so that anyone would make it.
const WORTH_CHANGING: f64 = 1.0;

/// A choice without the settings that save next to nothing, so that nobody changes what need not change.
pub fn trimmed(found: Found, case: &Case, rules: &Plan) -> Found {
    let Some((choice, mut build)) = found.chosen.clone() else { return found };
    let most = found.plan.monthly_cost().as_f64() + WORTH_CHANGING;
    let cheap = |plan: &Plan| {
        plan.monthly_cost().as_f64() < most
            && plan.bill.contracted_cost() <= rules.bill.contracted_cost()
    };
    if cheap(rules) {
        return Found { plan: rules.clone(), chosen: None, ..found };
    }
    let mut plan = found.plan.clone();
    for index in (0..build.settings.len()).rev() {
        let mut fewer = build.clone();
        fewer.settings.remove(index);
        let Some(design) = super::builds::with(case.design, &fewer.settings) else { continue };
        fewer.design = design;
        if let Ok(same) = planned(&choice, &fewer, case)
            && cheap(&same)
            && broken(&same, rules, case).is_none()
        {
            (plan, build) = (same, fewer);
        }
    }
    Found { plan, chosen: Some((choice, build)), ..found }
}

/// What a plan breaks that the rules' plan holds; `None` where it holds at least as much.
///
/// Everything that a scenario asks for counts (budget, freshness, lag, recovery, replays), and everything that a run finds
/// besides: what is lost, full or refused. What the rules' plan breaks too may not last longer.
fn broken(plan: &Plan, rules: &Plan, case: &Case) -> Option<(Option<Matter>, String)> {
    if plan.bill.gaps.len() > rules.bill.gaps.len() {
        let gap = plan.bill.gaps.iter().find(|gap| !rules.bill.gaps.contains(gap))?;
        return Some((None, format!("it needs a price that nobody publishes: {}", gap.what)));
    }
    let incidents = |plan: &Plan| -> Vec<Incident> {
        plan.simulation.iter().flat_map(|run| run.incidents.iter().cloned()).collect()
    };
    let (new, old) = (incidents(plan), incidents(rules));
    let end = case.scenario.horizon.end();
    let lasts = |one: &Incident| one.to.unwrap_or(end) - one.from;
    for incident in &new {
        let same =
            |one: &&Incident| one.matter == incident.matter && one.subject == incident.subject;
        let before: Hours = old.iter().filter(same).map(lasts).sum();
        let after: Hours = new.iter().filter(same).map(lasts).sum();
        let known = old.iter().any(|one| same(&one));
        if known && after.as_hours() <= before.as_hours() + SHORTEST {
            continue;
        }
        let of = match incident.subject.is_empty() {
            true => String::new(),
            false => format!(" of {}", incident.subject),
        };
        let matter = incident.matter.name();
        let why = match known {
            true => format!("{matter}{of} lasts {after} instead of {before}"),
            false => format!(
                "{matter}{of} breaks from {}, and the rules' plan holds it",
                case.scenario.horizon.written(incident.from)
            ),
        };
        return Some((Some(incident.matter), why));
    }
    let budget = case.scenario.slo.budget?;
    let over = |plan: &Plan| {
        plan.months.iter().filter(|month| month.bill.contracted_cost() > budget).count()
    };
    (over(plan) > over(rules)).then(|| {
        let why = format!("{} in more months than the rules' plan", Matter::Budget.name());
        (Some(Matter::Budget), why)
    })
}

/// Hours that something may last longer without anyone noticing: a minute.
const SHORTEST: f64 = 1.0 / 60.0;
