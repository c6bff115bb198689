//! Everything about the money of a comparison's platforms, for whoever shows it.

use super::{
    Change, Key, Showback, Stack, Term, UnitCost, Worth, discounts, measured, more, payback,
    showback, terms, unit_costs, worth,
};
use crate::comparison::Comparison;
use crate::events::EventKind;
use crate::ledger::{self, Charge};
use crate::money::Usd;
use crate::parts;
use crate::plan::{Plan, Rejection};
use crate::scenario::Scenario;

/// What comes of planning a platform.
pub type Outcome = Result<Plan, Box<Rejection>>;

/// When a platform has paid back another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payback {
    /// The other.
    pub against: String,
    /// The first month (0 is the first of the horizon) from which it has cost no more cash; `None` is never in the horizon.
    pub month: Option<u32>,
}

/// One platform's money.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    /// Whose.
    pub plan: &'a Plan,
    /// Every charge.
    pub charges: Vec<Charge>,
    /// Through time.
    pub worth: Worth,
    /// What is committed to.
    pub terms: Vec<Term>,
    /// What is taken off list prices.
    pub discounts: Vec<Stack>,
    /// Who bears what.
    pub showback: Showback,
    /// What one of something costs.
    pub unit_costs: Vec<UnitCost>,
    /// When it has paid back the platform that all others stand against; `None` for that one, and where a price is missing.
    pub payback: Option<Payback>,
    /// What a careful reader should know.
    pub notes: Vec<String>,
}

/// What accounts are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// What shared costs are divided by.
    pub key: Key,
    /// The platform that others are to pay back; see [`baseline`] where nobody says.
    pub against: Option<&'a str>,
    /// The platform that is asked for; all of them where nobody says.
    pub platform: Option<&'a str>,
}

/// The platform that others are to pay back where nobody names one: the one that a migration leaves, else the first that
/// can be planned.
pub fn baseline<'a>(comparison: &'a Comparison, scenario: &Scenario) -> Option<&'a str> {
    let events = scenario.events.iter().filter(|event| event.kind == EventKind::Migration);
    let names = || comparison.plans().map(|plan| plan.design.name.as_str());
    let left = events.filter_map(|event| event.from.as_deref());
    let mut left = left.filter_map(|from| names().find(|name| *name == from));
    left.next().or_else(|| names().next())
}

/// Accounts of the platforms that can be planned, in the order of the scenario.
///
/// `changes` are what marginal costs are asked for; `again` plans a scenario's platforms anew, as the comparison planned
/// them.
pub fn accounts<'a>(
    comparison: &'a Comparison,
    scenario: &Scenario,
    ask: Ask,
    changes: &[Change],
    again: &mut dyn FnMut(&Scenario) -> Vec<Outcome>,
) -> Vec<Account<'a>> {
    let wanted = |plan: &&Plan| ask.platform.is_none_or(|name| name == plan.design.name);
    let against = ask.against.or_else(|| baseline(comparison, scenario));
    let other = comparison.plans().find(|plan| Some(plan.design.name.as_str()) == against);
    let other = other.map(|plan| (plan, worth(&charges(plan, scenario), scenario)));
    let mut accounts: Vec<Account> = comparison
        .plans()
        .filter(wanted)
        .map(|plan| {
            let charges = charges(plan, scenario);
            let worth = worth(&charges, scenario);
            let comparable = |other: &Plan| {
                other.design.name != plan.design.name && other.is_complete() && plan.is_complete()
            };
            let other = other.as_ref().filter(|(other, _)| comparable(other));
            let showback = showback(&charges, &measured(plan, scenario), ask.key);
            Account {
                payback: other.map(|(other, theirs)| Payback {
                    against: other.design.name.clone(),
                    month: payback(&worth, theirs),
                }),
                terms: terms(plan, &charges),
                discounts: discounts(&charges),
                notes: idle(plan, scenario).chain(stranded(plan, comparison, scenario)).collect(),
                unit_costs: Vec::new(),
                plan,
                charges,
                worth,
                showback,
            }
        })
        .collect();
    let mut dearer: Vec<Vec<(Change, Usd)>> = vec![Vec::new(); accounts.len()];
    for change in changes {
        let scaled = more(scenario, change);
        let plans = again(&scaled);
        for (account, dearer) in accounts.iter().zip(&mut dearer) {
            let name = &account.plan.design.name;
            let plan = plans.iter().flatten().find(|plan| plan.design.name == *name);
            // What has no price has no marginal cost either.
            let Some(plan) = plan.filter(|plan| plan.is_complete() == account.plan.is_complete())
            else {
                continue;
            };
            let cost = ledger::costs(charges(plan, &scaled).iter()).effective;
            dearer.push((change.clone(), cost - account.worth.accrual));
        }
    }
    for (account, dearer) in accounts.iter_mut().zip(dearer) {
        let measured = measured(account.plan, scenario);
        account.unit_costs = unit_costs(scenario, &measured, &account.showback, &dearer);
    }
    accounts
}

fn charges(plan: &Plan, scenario: &Scenario) -> Vec<Charge> {
    ledger::charges(plan, &scenario.finance)
}

/// What is to be bought for a platform, and comes to nothing.
fn idle(plan: &Plan, scenario: &Scenario) -> impl Iterator<Item = String> {
    let purchases = scenario.finance.purchases.iter();
    let named = purchases.filter(|one| one.platform.as_ref() == Some(&plan.design.name));
    let bought = |name: &str| plan.contracts.iter().any(|contract| contract.name == name);
    // A price that is missing is a gap of the bill.
    let idle = named.filter(move |one| plan.is_complete() && !bought(&one.name));
    idle.map(|one| {
        let why = match one.quote {
            Some(_) => "its `coverage` is less than one broker",
            None => {
                "its `coverage` is less than one broker, or the catalogue has none for its machines"
            }
        };
        format!("`{}` buys nothing: {why}", one.name)
    })
}

/// What is committed to on a platform beyond the day on which its clients have left: nobody's bill has it any more.
fn stranded(plan: &Plan, comparison: &Comparison, scenario: &Scenario) -> Option<String> {
    let course = parts::course(plan.each()).filter(|course| course.roll_back.is_none())?;
    let mut events = scenario.events.iter().filter(|event| event.kind == EventKind::Migration);
    let event = events.find(|event| event.concerns(&plan.design.name))?;
    let left = comparison.plans().find(|one| Some(&one.design.name) == event.from.as_ref())?;
    let first = scenario.horizon.all_months().iter().position(|month| month.start >= course.until);
    let first = first.map_or(scenario.horizon.months, |index| index as u32);
    let mut usd = Usd::ZERO;
    let mut last = first;
    for contract in &left.contracts {
        let months = first.max(contract.from)..contract.until();
        usd += months.map(|month| contract.hour * contract.paid(month)).sum();
        last = last.max(contract.until());
    }
    (usd > Usd::ZERO).then(|| {
        format!(
            "commitments on `{}` bind to month {last}: {usd} of them come after its clients have left, and are on no other platform's bill",
            left.design.name
        )
    })
}
