//! The cheapest way to build a platform that keeps to what its sizing and its scenario ask for.
//!
//! ```text
//! rules' plan ─┐
//!              ├─▶ builds (levels, knobs) ▶ program ▶ solve ▶ verify ▶ engine: plan, run, bill ▶ answer, story
//! price list ──┘                              └────────── again without that build ──────────┘
//! ```
//!
//! The program proposes, the engine disposes: every proposal is planned, run through the horizon and billed like any other
//! platform, and it counts only if it breaks nothing that the rules' plan holds. That plan is what the search starts from,
//! so an answer is never dearer.
//!
//! Nothing here reads a clock. `stop` is asked between builds, solves and runs, and whoever calls decides by what; the
//! solver gets seconds of its own for a single program. As long as neither ends a search, an answer does not depend on how
//! fast a machine is; where one does, [`Status::Stopped`] says so.

pub mod builds;
pub mod conflict;
pub mod constraints;
pub mod enumerate;
pub mod export;
pub mod knobs;
pub mod levels;
pub mod lp;
pub mod program;
pub mod search;
pub mod solve;
pub mod story;
pub mod verify;
pub mod words;

use crate::bill::Part;
use crate::design::Design;
use crate::events::EventKind;
use crate::horizon::View;
use crate::money::Usd;
use crate::parts::{self, Portion};
use crate::plan::{Plan, Rejection};
use crate::prices::{PriceList, Prices};
use crate::scenario::Scenario;

use builds::{Case, builds};
use program::Limits;
use search::{Found, Question};
pub use search::{Refused, Status};
pub use story::{Bound, Next, Relaxed, Saving};

/// What an optimizer is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// Whether commitments are offered that outlast the horizon.
    pub all_terms: bool,
    /// Seconds that a solver may take for one program.
    pub seconds: f64,
}

impl Default for Asked {
    fn default() -> Self {
        Self { all_terms: false, seconds: SECONDS }
    }
}

/// Seconds for one program: a thousand times what it takes, so that only what goes wrong meets it.
pub const SECONDS: f64 = 5.0;

/// The cheapest way to build one platform.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The plan that the rules give: what a comparison shows.
    pub rules: Plan,
    /// The cheapest one.
    pub plan: Plan,
    /// How it was found, part by part.
    pub parts: Vec<Optimized>,
    /// What a careful reader should know.
    pub notes: Vec<String>,
}

impl Answer {
    /// What it saves in a month, on average.
    pub fn saved(&self) -> Usd {
        self.rules.monthly_cost() - self.plan.monthly_cost()
    }
}

/// One part of a platform, or all of it.
#[derive(Clone, Debug)]
pub struct Optimized {
    /// Which part.
    pub part: Part,
    /// The platform as a scenario would name it: where the part stands on another platform, that one.
    pub platform: String,
    /// The plan that the rules give.
    pub rules: Plan,
    /// The cheapest one.
    pub plan: Plan,
    /// What a scenario has to say to get it, but for commitments.
    pub settings: Vec<(&'static str, String)>,
    /// What is committed to.
    pub commitments: Vec<Bound>,
    /// How certain it is.
    pub status: Status,
    /// What the solver said where it failed.
    pub failure: Option<String>,
    /// Builds that were looked at, those that the program chose from, and those that the engine planned.
    pub counts: [usize; 3],
    /// Dollars a month of the cheapest answer of the whole program, by its count: nothing can cost less by it.
    pub bound: Option<f64>,
    /// Dollars a month that the program takes it to save; `None` where the rules' plan stands, or the program does not know it.
    pub estimate: Option<f64>,
    /// What each choice saves.
    pub savings: Vec<Saving>,
    /// What each constraint costs.
    pub relaxed: Vec<Relaxed>,
    /// The machine that comes next.
    pub next: Option<Next>,
    /// Cheaper builds that were not taken.
    pub refused: Vec<Refused>,
    /// What the scenario asks for that no build holds: constraints that conflict, in words.
    pub unmet: Vec<Vec<String>>,
    /// The program, as text that other solvers read.
    pub lp: String,
}

/// Why there is no plan at all.
#[derive(Clone, Debug)]
pub struct Infeasible {
    /// What the rules say.
    pub rejection: Rejection,
    /// Constraints that cannot hold together, part by part, in words; empty where something else is missing, such as a price.
    pub conflicts: Vec<(Part, Vec<String>)>,
}

/// The cheapest way to build a platform of a scenario; `stop` says that time has run out.
///
/// Platforms in several regions or places are sums of parts that stand by themselves, and so are their answers.
///
/// # Errors
///
/// When nothing can be built: why, and which constraints conflict.
pub fn optimize(
    design: &Design,
    scenario: &Scenario,
    prices: &Prices,
    asked: Asked,
    stop: &mut dyn FnMut() -> bool,
) -> Result<Answer, Box<Infeasible>> {
    let rules =
        parts::plan(design, scenario, prices, View::Horizon, crate::horizon::Asked::default());
    let shares = parts::split(scenario, design);
    let rules = rules.map_err(|rejection| {
        let conflicts = shares.iter().filter_map(|share| {
            let list = parts::list(prices, &share.part);
            let found = constraints::of_no_plan(&share.design, &share.scenario, list)?;
            Some((share.part.clone(), found))
        });
        Box::new(Infeasible { conflicts: conflicts.collect(), rejection: *rejection })
    })?;
    let each = rules.each().cloned();
    let optimized = shares
        .iter()
        .zip(each)
        .map(|(share, rules)| part(share, rules, parts::list(prices, &share.part), asked, stop));
    let optimized: Vec<Optimized> = optimized.collect();
    let plan = match &optimized[..] {
        [only] => only.plan.clone(),
        several => {
            let plans = several.iter().map(|one| one.plan.clone()).collect();
            parts::joined(design, plans).unwrap_or_else(|| rules.clone())
        }
    };
    Ok(Answer {
        notes: notes(scenario, asked, &optimized, &shares, prices),
        rules,
        plan,
        parts: optimized,
    })
}

/// The cheapest way to build one part.
fn part(
    share: &Portion,
    rules: Plan,
    list: &PriceList,
    asked: Asked,
    stop: &mut dyn FnMut() -> bool,
) -> Optimized {
    let limits = Limits {
        latency: limit(&rules, &share.scenario),
        budget: share.scenario.slo.budget.filter(|_| share.part.is_whole()).map(Usd::as_f64),
    };
    let case = Case {
        design: &share.design,
        scenario: &share.scenario,
        prices: list,
        brokers: rules.fleet.brokers,
        busiest: rules.month.index,
        all_terms: asked.all_terms,
        latency_max: limits.latency.unwrap_or(f64::INFINITY),
    };
    let found = builds(&case, stop);
    let mut unmet = Vec::new();
    let mut question = Question::new(found, limits, &case);
    if question.answer(&[], asked.seconds).is_none() {
        // What nothing holds cannot be a constraint; what conflicts is told, and the rules' plan is what there is to beat.
        unmet.extend(constraints::of_limits(&case, &limits, &rules, stop));
        let latency = latency(&rules).map(|seconds| seconds.max(limits.latency.unwrap_or(0.0)));
        let limits = Limits { latency, budget: None };
        let case = Case { latency_max: latency.unwrap_or(f64::INFINITY), ..case };
        question = Question::new(builds(&case, stop), limits, &case);
    }
    let case = Case { latency_max: question.limits.latency.unwrap_or(f64::INFINITY), ..case };
    let found = search::search(&question, &case, &rules, asked.seconds, stop);
    let found = search::trimmed(found, &case, &rules);
    told(share, rules, &question, &case, found, unmet, asked, stop)
}

/// Everything about an answer.
#[expect(clippy::too_many_arguments, reason = "all of it is told")]
fn told(
    share: &Portion,
    rules: Plan,
    question: &Question,
    case: &Case,
    found: Found,
    unmet: Vec<Vec<String>>,
    asked: Asked,
    stop: &mut dyn FnMut() -> bool,
) -> Optimized {
    let chosen = found.chosen.as_ref();
    // Where the rules' plan stands, its own build is what constraints are told of.
    let own = question.builds.of_rules(&rules.machine);
    let subject = chosen.map(|(_, build)| build).or(own);
    let relaxed = subject
        .map_or_else(Vec::new, |build| story::relaxed(question, case, build, asked.seconds, stop));
    let mut settings = chosen.map_or_else(Vec::new, |(_, build)| build.settings.clone());
    if let Some((_, build)) = chosen
        && story::picked(case, build).as_deref() != Some(&*build.machine_name)
    {
        settings.push(("broker", build.machine_name.clone()));
    }
    let mut program = question.program.clone();
    program.about = about(share, question, case);
    Optimized {
        part: share.part.clone(),
        platform: share.part.on.clone().unwrap_or_else(|| share.design.name.clone()),
        settings,
        commitments: chosen
            .map_or_else(Vec::new, |(choice, build)| story::commitments(choice, build, case)),
        status: found.status,
        failure: found.failure,
        bound: found.bound,
        counts: [question.builds.considered, question.builds.kept.len(), found.runs],
        estimate: own
            .zip(chosen)
            .map(|(own, (choice, _))| own.on_demand(&question.builds.seasons) - choice.cost),
        savings: chosen.map_or_else(Vec::new, |(choice, build)| {
            story::savings(case, &rules, &found.plan, choice, build)
        }),
        relaxed,
        next: subject.and_then(|build| story::next_machine(question, build)),
        refused: found.refused,
        unmet,
        lp: program.text(),
        plan: parts::labelled(found.plan, &share.part),
        rules,
    }
}

/// What stands before the text of a program.
fn about(share: &Portion, question: &Question, case: &Case) -> Vec<String> {
    let mut lines = vec![
        format!(
            "{}{} ({}), {} {}: which build is the cheapest?",
            share.design.name,
            if share.part.is_whole() { String::new() } else { format!(", {}", share.part.name()) },
            share.design.architecture().name(),
            case.prices.provider,
            case.prices.region
        ),
        "Costs are dollars of a month on average.".to_owned(),
        String::new(),
    ];
    let builds = question.builds.kept.iter().enumerate();
    lines.extend(builds.map(|(index, build)| format!("{}: {}", index + 1, build.title())));
    lines.push(String::new());
    lines
}

/// Seconds to an acknowledgement at the 99th percentile.
fn latency(plan: &Plan) -> Option<f64> {
    plan.latency.map(|latency| latency.p99.as_secs())
}

/// The longest that an acknowledgement may take: what the scenario asks for, or as long as it does by the rules where it
/// says nothing, since a saving that nobody asked to wait for is none.
fn limit(rules: &Plan, scenario: &Scenario) -> Option<f64> {
    let own = latency(rules)?;
    let freshness = scenario.slo.freshness.map(crate::units::Hours::as_secs);
    // The same figure computed twice is the same but for its last bit.
    Some(freshness.unwrap_or(own * (1.0 + 1e-9)))
}

/// What a careful reader should know.
fn notes(
    scenario: &Scenario,
    asked: Asked,
    parts: &[Optimized],
    shares: &[Portion],
    prices: &Prices,
) -> Vec<String> {
    let mut list = Vec::new();
    let months = scenario.horizon.months;
    for share in shares.iter().filter(|share| !share.design.is_list_price()) {
        let priced = parts::list(prices, &share.part);
        let pool: Vec<_> = priced
            .machines
            .iter()
            .filter(|machine| machine.pool == share.design.preset.pool)
            .map(|machine| machine.price)
            .collect();
        let of_pool = || priced.commitments.iter().filter(|one| pool.contains(&one.on_demand));
        let place = format!("{} {}", priced.provider, priced.region);
        let note = if of_pool().next().is_none() {
            Some(format!(
                "no commitments are offered: the catalogue has no price of one for its machines in {place}"
            ))
        } else {
            let longer = of_pool().any(|one| one.years * 12 > months);
            (longer && !asked.all_terms).then(|| {
                format!(
                    "commitments for longer than the {months} months of the horizon are not offered"
                )
            })
        };
        list.extend(note.filter(|note| !list.contains(note)));
    }
    for bound in parts.iter().flat_map(|part| &part.commitments) {
        let over = bound.years * 12;
        if over > months {
            list.push(format!(
                "the commitment binds for {} months beyond the horizon, which nobody has planned",
                over - months
            ));
        } else if !months.is_multiple_of(over) {
            list.push(format!(
                "the commitment ends within the horizon and is taken to be renewed at the same price for the rest of its {months} months"
            ));
        }
    }
    if !scenario.finance.purchases.is_empty() {
        list.push("commitments are chosen anew: the `[[commitment]]` sections of the scenario are in the rules' plan only".to_owned());
    }
    if scenario.events.iter().any(|event| event.kind == EventKind::Migration) {
        list.push("what the platform that clients leave costs meanwhile is the same with any build and not counted here".to_owned());
    }
    list.dedup();
    list
}
