//! What a change to a scenario does to every platform, component by component.

use model::bill::Component;
use model::export::figures;
use model::money::{Usd, largest_remainder};
use model::plan::Plan;

use crate::case::Case;
use crate::protocol::{Change, ChangeRow, Per, Shown};
use crate::sheet::{decimals, in_time, marked};

/// The difference between two cases, platform by platform in the order of the second.
pub fn change(before: &Case, after: &Case, shown: Shown) -> Change {
    let plans = before.comparison.plans().chain(after.comparison.plans());
    let components = figures::components(plans);
    let rows = after.comparison.outcomes.iter().map(|outcome| match outcome {
        Ok(plan) => row(before, plan, &components, shown.per),
        Err(rejection) => ChangeRow {
            name: rejection.design.name.clone(),
            rejected: Some(
                rejection.reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            ),
            ..ChangeRow::default()
        },
    });
    Change {
        rows: rows.collect(),
        components: components.iter().map(|component| component.name().to_owned()).collect(),
        verdict: after.comparison.verdict.sentences.first().cloned().unwrap_or_default(),
    }
}

fn row(before: &Case, after: &Plan, components: &[Component], per: Per) -> ChangeRow {
    let name = after.design.name.clone();
    let Ok(old) = before.plan(&name) else {
        return ChangeRow {
            name,
            rejected: Some("was not planned before".to_owned()),
            ..ChangeRow::default()
        };
    };
    let round = |plan: &Plan, amounts: &[Usd]| {
        let exact: Vec<Usd> = amounts.iter().map(|amount| in_time(plan, *amount, per)).collect();
        largest_remainder(&exact, decimals(per))
    };
    let of = |plan: &Plan| {
        let all: Vec<Usd> = components.iter().map(|one| plan.of_component(*one)).collect();
        round(plan, &all)
    };
    let (was, is) = (of(old), of(after));
    let written = |amount: Usd| figures::dollars(amount, decimals(per));
    let amounts = was
        .iter()
        .zip(&is)
        .map(|(was, is)| [written(*was), written(*is), figures::signed(&written(*is - *was))]);
    let (was_all, is_all): (Usd, Usd) = (was.iter().copied().sum(), is.iter().copied().sum());
    // What has no price is not saved.
    let known = old.is_complete() == after.is_complete();
    let difference = match known {
        true => figures::signed(&written(is_all - was_all)),
        false => "?".to_owned(),
    };
    let share = figures::against(after.monthly_cost(), old.monthly_cost());
    let fleets = (figures::fleet(old), figures::fleet(after));
    ChangeRow {
        name,
        total: [
            marked(&old.bill, &written(was_all)),
            marked(&after.bill, &written(is_all)),
            difference,
            if known { share } else { String::new() },
        ],
        amounts: amounts.collect(),
        fleet: (fleets.0 != fleets.1).then_some(fleets),
        rejected: None,
    }
}
