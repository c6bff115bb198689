//! What an answer means: which choice saves what, which constraint costs what, and what the next machine would have to cost.

use super::builds::{Build, Case, LATE_AT_MOST, builds};
use super::enumerate::{self, Choice};
use super::program::Limits;
use super::search::{Question, built, committed};
use crate::design::Design;
use crate::horizon::{self, Asked};
use crate::money::Usd;
use crate::parameters::Setting;
use crate::plan::Plan;

/// Something that was chosen differently from what the rules do, and what it saves in a month.
#[derive(Clone, Debug, PartialEq)]
pub struct Saving {
    /// What: `flush_interval = 1 s`, `m8g.large`, a commitment.
    pub choice: String,
    /// In a month, on top of the choices before it; less than nothing where it only pays with a later one.
    pub saved: Usd,
}

/// What a constraint costs: what one step less of it would save.
#[derive(Clone, Debug, PartialEq)]
pub struct Relaxed {
    /// The constraint and the step: `vcpu_min` from 2 to 1.
    pub step: String,
    /// Dollars that it saves in a month, as the program counts.
    pub saved: f64,
}

/// The machine that comes next, and when it would win.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// Its name.
    pub machine: String,
    /// How many of it.
    pub brokers: u32,
    /// Dollars a month that a plan with it costs more, as the program counts.
    pub dearer: f64,
    /// Dollars for an hour of it.
    pub rent: f64,
    /// Dollars for an hour at which it costs the same; below zero where it would not do for nothing.
    pub wins_below: f64,
}

/// What each choice saves, one after the other: settings, then the machine, then commitments. The sum is what the plan
/// saves, to the cent.
pub fn savings(
    case: &Case,
    rules: &Plan,
    plan: &Plan,
    choice: &Choice,
    build: &Build,
) -> Vec<Saving> {
    let mut list: Vec<Saving> = Vec::new();
    let mut design = case.design.clone();
    let (mut cost, mut machine) = (rules.monthly_cost(), rules.machine.clone());
    let through = |design: &Design| {
        horizon::through(design, case.scenario, case.prices, Asked::default()).ok()
    };
    let mut names: Vec<String> = Vec::new();
    for (key, value) in &build.settings {
        names.push(format!("{key} = {value}"));
        if design.settings.set(key, value).is_err() {
            continue;
        }
        // A setting without which the next one means nothing has no plan of its own: it is told with the next.
        let Some(stage) = through(&design) else { continue };
        list.push(Saving { choice: names.join(", "), saved: cost - stage.monthly_cost() });
        (cost, machine) = (stage.monthly_cost(), stage.machine);
        names.clear();
    }
    if machine != build.machine_name
        && let Some(stage) = through(&built(build))
    {
        list.push(Saving {
            choice: build.machine_name.clone(),
            saved: cost - stage.monthly_cost(),
        });
        cost = stage.monthly_cost();
    }
    if !committed(choice, build, case).is_empty() {
        let words = commitments(choice, build, case)
            .iter()
            .map(|one| format!("{} × {}", one.brokers, one.words))
            .collect::<Vec<_>>();
        list.push(Saving { choice: words.join(", "), saved: cost - plan.monthly_cost() });
    }
    list
}

/// The machine that the rules pick with a build's settings.
pub fn picked(case: &Case, build: &Build) -> Option<String> {
    let design = super::builds::with(case.design, &build.settings)?;
    let plan = horizon::through(&design, case.scenario, case.prices, Asked::default()).ok()?;
    Some(plan.machine)
}

/// A commitment in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// Brokers.
    pub brokers: u32,
    /// For how long and how it is paid.
    pub words: String,
    /// Years.
    pub years: u32,
    /// Whether all of it is paid at the beginning.
    pub ahead: bool,
    /// As the catalogue calls it.
    pub name: String,
    /// List price of an hour.
    pub price: Usd,
    /// Who says so.
    pub source: String,
    /// When.
    pub as_of: String,
}

impl Bound {
    /// What a scenario has to say in a `[[commitment]]` to buy it for a platform, again at the end of each term.
    pub fn section(&self, platform: &str) -> Vec<(&'static str, String)> {
        let term = crate::finance::TERMS[usize::from(self.years > 1)];
        let payment = if self.ahead { "all" } else { "none" };
        vec![
            ("name", format!("{platform}, {term}")),
            ("platform", platform.to_owned()),
            ("term", term.to_owned()),
            ("payment", payment.to_owned()),
            ("brokers", self.brokers.to_string()),
            ("renew", "true".to_owned()),
        ]
    }
}

/// The commitments of a choice.
pub fn commitments(choice: &Choice, build: &Build, case: &Case) -> Vec<Bound> {
    let terms = build.terms.iter().zip(&choice.committed).filter(|(_, brokers)| **brokers > 0);
    terms
        .map(|(term, brokers)| {
            let commitment = &case.prices.commitments[term.commitment];
            let price = case.prices.price(commitment.price);
            Bound {
                brokers: *brokers,
                words: commitment.words(),
                years: commitment.years,
                ahead: commitment.ahead,
                name: commitment.name.clone(),
                price: price.tiers.first().map_or(Usd::ZERO, |tier| tier.usd),
                source: price.source.clone(),
                as_of: price.as_of.clone(),
            }
        })
        .collect()
}

/// The cheapest build on another machine, and the price of an hour at which it would be as cheap on demand.
pub fn next_machine(question: &Question, build: &Build) -> Option<Next> {
    let seasons = &question.builds.seasons;
    let in_time =
        |other: &&Build| question.limits.latency.is_none_or(|limit| other.latency <= limit);
    let others =
        question.builds.kept.iter().filter(|other| other.machine_name != build.machine_name);
    let cost = |build: &Build| build.on_demand(seasons);
    // What is cheaper by the program's count was refused, or its bill was not.
    let dearer = |other: &&Build| cost(other) - cost(build) >= WORTH_TELLING;
    let next = others.filter(in_time).filter(dearer);
    let next = next.min_by(|one, other| cost(one).total_cmp(&cost(other)))?;
    let dearer = cost(next) - cost(build);
    let hours = next.broker_hours(seasons);
    Some(Next {
        machine: next.machine_name.clone(),
        brokers: next.brokers_most(),
        dearer,
        rent: next.rent,
        wins_below: next.rent - dearer / hours.max(f64::MIN_POSITIVE),
    })
}

/// A setting that keeps a fleet from being smaller, and one step less of it.
struct Step {
    key: &'static str,
    less: fn(&Design) -> Option<String>,
}

/// Points of a share that a step is.
const POINTS: f64 = 0.1;

fn more_of(share: f64) -> Option<String> {
    (share + POINTS <= 1.0).then(|| (share + POINTS).show())
}

static STEPS: &[Step] = &[
    Step {
        key: "vcpu_min",
        less: |design| {
            let now = design.settings.vcpu_min;
            (now > 1).then(|| (now / 2).show())
        },
    },
    Step { key: "memory_min", less: |design| Some((design.settings.memory_min / 2.0).show()) },
    Step {
        key: "utilization",
        less: |design| more_of(design.settings.utilization).filter(|_| design.replicates()),
    },
    Step {
        key: "network_utilization",
        less: |design| {
            more_of(design.settings.network_utilization).filter(|_| !design.replicates())
        },
    },
    Step {
        key: "disk_utilization",
        less: |design| more_of(design.settings.disk_utilization).filter(|_| design.replicates()),
    },
    Step {
        key: "storage_per_broker_max",
        less: |design| {
            let now = design.settings.storage_per_broker_max?;
            design.replicates().then(|| Some(now * 2.0).show())
        },
    },
    Step {
        key: "page_cache",
        less: |design| design.replicates().then(|| (design.settings.page_cache / 2.0).show()),
    },
    Step {
        key: "zones",
        less: |design| {
            let now = design.settings.zones;
            (now > 1 && !design.is_list_price()).then(|| (now - 1).show())
        },
    },
];

/// Dollars a month that a step has to save to be told.
const WORTH_TELLING: f64 = 1.0;

/// What each constraint costs: the program solved again with one step less of it, all else as it was chosen.
pub fn relaxed(
    question: &Question,
    case: &Case,
    build: &Build,
    seconds: f64,
    stop: &mut dyn FnMut() -> bool,
) -> Vec<Relaxed> {
    let mut list: Vec<Relaxed> = Vec::new();
    if build.design.is_list_price() {
        return list;
    }
    // What was chosen stays chosen: settings are the user's own here.
    let mut design = build.design.clone();
    let rows = crate::parameters::PARAMETERS.iter();
    design.overrides = rows.map(|row| row.key.to_owned()).collect();
    let cheapest = |design: &Design, limits: Limits, stop: &mut dyn FnMut() -> bool| {
        let case = Case { design, ..*case };
        let question = Question::new(builds(&case, stop), limits, &case);
        question.answer(&[], seconds).map(|(choice, ..)| choice.cost)
    };
    let Some(now) = cheapest(&design, question.limits, stop) else { return list };
    for step in STEPS {
        if stop() {
            return list;
        }
        let fixed = design.preset.fixed.contains(&step.key);
        let Some(value) = (step.less)(&design).filter(|_| !fixed) else { continue };
        let mut other = design.clone();
        if other.settings.set(step.key, &value).is_err() {
            continue;
        }
        let Some(cost) = cheapest(&other, question.limits, stop) else { continue };
        if now - cost >= WORTH_TELLING {
            let before = design.settings.show(step.key).unwrap_or_default();
            let step = format!("`{}` from {before} to {value}", step.key);
            list.push(Relaxed { step, saved: now - cost });
        }
    }
    list.extend(later(question, seconds));
    crate::order::sort_by(&mut list, |one, other| other.saved.total_cmp(&one.saved));
    list
}

/// What the limit on latency costs: the same program with twice as much.
fn later(question: &Question, seconds: f64) -> Option<Relaxed> {
    let limit = question.limits.latency?;
    let (now, ..) = question.answer(&[], seconds)?;
    let limits = Limits { latency: Some(limit * LATE_AT_MOST), ..question.limits };
    let cost = enumerate::cheapest(&question.builds, &limits, &[])?.cost;
    let shown = |seconds: f64| crate::units::Hours::from_secs(seconds).to_string();
    (now.cost - cost >= WORTH_TELLING).then(|| Relaxed {
        step: format!(
            "acknowledged within {} instead of {} (99th percentile)",
            shown(limit * LATE_AT_MOST),
            shown(limit)
        ),
        saved: now.cost - cost,
    })
}
