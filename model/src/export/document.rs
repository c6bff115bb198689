//! The JSON of an export: everything that a comparison knows, and beside it the ledger, finance and the audit block.
//!
//! Amounts are dollars with all digits, as strings; `shown` has the same in the currency, to its minor unit, adding up as
//! tables do. Months count from 1.

use serde_json::{Value, json};

use super::audit::Audit;
use super::cents::{Cents, Shown, added};
use super::csv::calendar_month;
use super::json::{compare_value, document, pretty};
use crate::bill::Component;
use crate::comparison::Comparison;
use crate::finance::{Contract, Coverage, Credit, Finance, FiscalYear, Purchase, fiscal_year};
use crate::ledger::{self, CREDITS, Charge, Costs};
use crate::order;
use crate::plan::{Billed, Plan};
use crate::scenario::Scenario;

/// All platforms, or one by its name.
pub fn json(
    comparison: &Comparison,
    scenario: &Scenario,
    platform: Option<&str>,
    audit: &Audit,
) -> String {
    let mut value = match platform {
        None => compare_value(comparison, scenario),
        Some(_) => document("plan", comparison, scenario, platform),
    };
    let wanted = |plan: &&Plan| platform.is_none_or(|name| name == plan.design.name);
    value["ledger"] =
        comparison.plans().filter(wanted).map(|plan| of_plan(plan, scenario)).collect();
    value["finance"] = finance(&scenario.finance);
    value["audit"] = json!(audit);
    pretty(value)
}

fn of_plan(plan: &Plan, scenario: &Scenario) -> Value {
    let finance = &scenario.finance;
    let cents = Cents::of(plan, finance);
    let mut whole = Costs::default();
    let mut years: Vec<(FiscalYear, Costs, Shown)> = Vec::new();
    let months = plan.months.iter().zip(cents.months());
    let months: Vec<Value> = months
        .map(|(billed, shown)| {
            let charges = ledger::month(plan, billed, finance);
            let costs = ledger::costs(charges.iter());
            whole = sum(whole, costs);
            let year = year(scenario, billed);
            match (year, years.last_mut()) {
                (Some(year), Some((last, of_it, units))) if *last == year => {
                    (*of_it, *units) = (sum(*of_it, costs), added(*units, shown));
                }
                (Some(year), _) => years.push((year, costs, shown)),
                (None, _) => {}
            }
            json!({
                "month": billed.month.index + 1,
                "calendar_month": calendar_month(scenario, billed.month.index),
                "fiscal_year": year.map(|year| year.to_string()),
                "costs": costs_value(costs),
                "shown": shown_value(shown),
                "components": components(&charges),
            })
        })
        .collect();
    let years = years.iter().map(|(year, costs, shown)| {
        json!({
            "fiscal_year": year.to_string(),
            "costs": costs_value(*costs),
            "shown": shown_value(*shown),
        })
    });
    json!({
        "platform": plan.design.name,
        "costs": costs_value(whole),
        "shown": shown_value(cents.total()),
        "fiscal_years": years.collect::<Vec<_>>(),
        "months": months,
        "contracts": plan.contracts.iter().map(contract).collect::<Vec<_>>(),
    })
}

fn year(scenario: &Scenario, billed: &Billed) -> Option<FiscalYear> {
    let (start, _) = scenario.horizon.billing_period(billed.month.index)?;
    Some(fiscal_year(start, scenario.finance.fiscal_year_start))
}

/// The four costs of each component of a month and kind of charge, in the order of a bill.
fn components(charges: &[Charge]) -> Vec<Value> {
    let mut kinds: Vec<(Option<Component>, _)> = Vec::new();
    for charge in charges {
        let key = (charge.component, charge.kind);
        if !kinds.contains(&key) {
            kinds.push(key);
        }
    }
    order::sort_by_key(&mut kinds, |(component, kind)| (component.is_none(), *component, *kind));
    let value = |(component, kind): &(Option<Component>, _)| {
        let of_it =
            charges.iter().filter(|charge| charge.component == *component && charge.kind == *kind);
        json!({
            "component": component.map_or_else(|| json!(CREDITS), |component| json!(component)),
            "charge_kind": kind.name().replace(' ', "-"),
            "costs": costs_value(ledger::costs(of_it)),
        })
    };
    kinds.iter().map(value).collect()
}

fn sum(one: Costs, other: Costs) -> Costs {
    Costs {
        list: one.list + other.list,
        contracted: one.contracted + other.contracted,
        billed: one.billed + other.billed,
        effective: one.effective + other.effective,
    }
}

fn costs_value(costs: Costs) -> Value {
    json!({
        "list": costs.list,
        "contracted": costs.contracted,
        "billed": costs.billed,
        "effective": costs.effective,
    })
}

fn shown_value([list, contracted, billed, effective]: Shown) -> Value {
    json!({
        "list": list.to_string(),
        "contracted": contracted.to_string(),
        "billed": billed.to_string(),
        "effective": effective.to_string(),
    })
}

fn contract(contract: &Contract) -> Value {
    json!({
        "id": contract.id,
        "name": contract.name,
        "part": contract.part.name(),
        "machine": contract.machine,
        "sku": contract.sku,
        "on_demand_sku": contract.on_demand_sku,
        "brokers": contract.brokers,
        "years": contract.years,
        "upfront": contract.upfront.normalize().to_string(),
        "terms": contract.words(),
        "from_month": contract.from + 1,
        "until_month": contract.until(),
        "list_hour": contract.list_hour,
        "on_demand_hour": contract.on_demand_hour,
        "hour": contract.hour,
        "total": contract.total(),
        "source": contract.source,
        "as_of": contract.as_of,
    })
}

fn finance(finance: &Finance) -> Value {
    json!({
        "currency": finance.exchange.as_ref().map_or("USD", |exchange| exchange.currency.code),
        "exchange": finance.exchange.as_ref().map(|exchange| json!({
            "per_usd": exchange.rate.normalize().to_string(),
            "source": exchange.source,
            "as_of": exchange.as_of,
        })),
        "discount_per_month": finance.discount_per_month,
        "fiscal_year_start": finance.fiscal_year_start,
        "commitments": finance.purchases.iter().map(purchase).collect::<Vec<_>>(),
        "credits": finance.credits.iter().map(credit).collect::<Vec<_>>(),
    })
}

fn purchase(purchase: &Purchase) -> Value {
    let (brokers, share) = match purchase.size {
        Coverage::Brokers(brokers) => (Some(brokers), None),
        Coverage::Share(share) => (None, Some(share)),
    };
    json!({
        "name": purchase.name,
        "platform": purchase.platform,
        "years": purchase.years,
        "upfront": purchase.upfront.normalize().to_string(),
        "payment": purchase.payment(),
        "brokers": brokers,
        "coverage": share,
        "from_month": purchase.month + 1,
        "renew": purchase.renew,
        "quote": purchase.quote.as_ref().map(|quote| json!({
            "discount": quote.discount.normalize().to_string(),
            "source": quote.source,
            "as_of": quote.as_of,
        })),
    })
}

fn credit(credit: &Credit) -> Value {
    json!({
        "name": credit.name,
        "platform": credit.platform,
        "amount_a_month": credit.amount,
        "from_month": credit.month + 1,
        "months": credit.months,
        "source": credit.source,
    })
}
