//! Other growth than planned. A spreadsheet cannot size a platform, so growth is a choice between runs of the engine.

use crate::comparison::{self, Comparison};
use crate::events::EventKind;
use crate::horizon::{Asked, View};
use crate::plan::Plan;
use crate::prices::Prices;
use crate::scenario::Scenario;

/// How much faster streams grow than planned in the cases that a workbook offers, in percentage points a month; the plan
/// itself first.
pub const POINTS: [i32; 5] = [0, -2, -1, 1, 2];

/// A growth that a workbook offers, or would.
#[derive(Clone, Debug)]
pub struct Case {
    /// Percentage points a month on the growth of every stream.
    pub points: i32,
    /// The platform with those that clients leave for it, or why there is no plan.
    pub plans: Result<Vec<Plan>, String>,
}

impl Case {
    /// As a list offers it: nothing that a spreadsheet would calculate.
    ///
    /// ```
    /// # use model::export::workbook::Case;
    /// let name = |points| Case { points, plans: Ok(Vec::new()) }.name();
    /// assert_eq!((&*name(0), &*name(-1)), ("as planned", "1 point a month slower"));
    /// ```
    pub fn name(&self) -> String {
        let points = self.points.unsigned_abs();
        let word = if points == 1 { "point" } else { "points" };
        match self.points {
            0 => "as planned".to_owned(),
            1.. => format!("{points} {word} a month faster"),
            _ => format!("{points} {word} a month slower"),
        }
    }
}

/// Cases for one platform of a comparison: the plan itself where 0 is among their points, and a run of the engine for each
/// other growth, with word of each before it begins.
pub fn cases(
    comparison: &Comparison,
    scenario: &Scenario,
    prices: &Prices,
    platform: &str,
    points: &[i32],
    progress: &mut dyn FnMut(&str),
) -> Vec<Case> {
    let wanted = |name: &str| name == platform || is_left(scenario, name);
    let case = |&points: &i32| {
        let mut case = Case { points, plans: Err(String::new()) };
        case.plans = if points == 0 {
            let plans = comparison.plans().filter(|plan| wanted(&plan.design.name));
            Ok(plans.cloned().collect())
        } else {
            progress(&case.name());
            run(scenario, prices, points, wanted)
        };
        case.plans = case.plans.and_then(|plans| of(plans, platform));
        case
    };
    points.iter().map(case).collect()
}

/// Whether clients leave a platform for others.
fn is_left(scenario: &Scenario, name: &str) -> bool {
    let mut migrations = scenario.events.iter().filter(|event| event.kind == EventKind::Migration);
    migrations.any(|event| event.from.as_deref() == Some(name))
}

fn run(
    scenario: &Scenario,
    prices: &Prices,
    points: i32,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Plan>, String> {
    let mut scenario = scenario.faster(points)?;
    scenario.platforms.retain(|design| wanted(&design.name));
    let outcomes =
        comparison::outcomes(&scenario, prices, View::Horizon, Asked::default(), &mut |_| ());
    let plan = |outcome: Result<Plan, Box<crate::Rejection>>| {
        outcome.map_err(|rejection| {
            let reasons = rejection.reasons.iter().map(ToString::to_string);
            reasons.collect::<Vec<_>>().join("; ")
        })
    };
    outcomes.into_iter().map(plan).collect()
}

/// The platform's own plan first.
fn of(mut plans: Vec<Plan>, platform: &str) -> Result<Vec<Plan>, String> {
    let own = plans.iter().position(|plan| plan.design.name == platform);
    let own = own.ok_or_else(|| format!("`{platform}` cannot be planned"))?;
    plans.swap(0, own);
    Ok(plans)
}
