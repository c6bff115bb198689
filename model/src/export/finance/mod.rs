//! Money through time as JSON and CSV: everything that accounts know, in the currency of the scenario.
//!
//! - **JSON:** amounts are strings with all their digits; months count from 1.
//! - **CSV:** one long table (`table`).

mod table;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::json::{SCHEMA_VERSION, pretty, rejection_value};
use crate::comparison::Comparison;
use crate::finance::{
    Account, Ending, Exchange, FISCAL_STARTS, Marginal, Stack, Term, TermMonth, UnitCost,
    convention, payment, rate_per_year, together,
};
use crate::ledger::component_name;
use crate::money::Usd;
use crate::scenario::Scenario;

pub use table::{COLUMNS, csv};

/// Accounts of platforms, and why others have none: one by its name, or all.
pub fn json(
    comparison: &Comparison,
    scenario: &Scenario,
    accounts: &[Account],
    platform: Option<&str>,
) -> String {
    let own = scenario.finance.own_exchange();
    let finance = &scenario.finance;
    let wanted = |name: &str| platform.is_none_or(|wanted| wanted == name);
    let rejected = comparison.outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    let rejected = rejected.filter(|rejection| wanted(&rejection.design.name)).map(|rejection| {
        json!({ "name": rejection.design.name, "rejection": rejection_value(rejection) })
    });
    let platforms = accounts.iter().map(|one| account(one, &own)).chain(rejected);
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "finance",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "title": comparison.title,
        "provider": comparison.provider,
        "region": comparison.region,
        "months": scenario.horizon.months,
        "currency": own.currency.code,
        "exchange": finance.exchange.as_ref().map(|one| json!({
            "from": "USD",
            "to": one.currency.code,
            "rate": one.rate.normalize().to_string(),
            "source": one.source,
            "as_of": one.as_of,
            "minor_unit_decimals": one.currency.decimals,
        })),
        "discounting": finance.discount_per_month.map(|rate| json!({
            "rate_per_year": shown(rate_per_year(rate)),
            "rate_per_month": shown(rate),
            "convention": convention(rate),
        })),
        "fiscal_year_start": FISCAL_STARTS.get(finance.fiscal_year_start as usize - 1),
        "platforms": platforms.collect::<Vec<_>>(),
    }))
}

/// A rate without the last digits of floats.
fn shown(rate: f64) -> f64 {
    const DIGITS: f64 = 1e12;
    (rate * DIGITS).round() / DIGITS
}

/// An amount with all its digits.
fn exact(own: &Exchange, usd: Usd) -> String {
    own.convert(usd).normalize().to_string()
}

fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

fn account(account: &Account, own: &Exchange) -> Value {
    let money = |usd: Usd| exact(own, usd);
    let worth = &account.worth;
    let months = worth.months.iter().map(|month| {
        json!({
            "month": month.month + 1,
            "fiscal_year": month.year.map(|year| year.to_string()),
            "cash": money(month.cash),
            "accrual": money(month.accrual),
            "labour": money(month.labour),
            "cash_so_far": money(month.cash_so_far),
            "accrual_so_far": money(month.accrual_so_far),
            "discount_factor": month.factor.map(|factor| factor.to_string()),
            "present_value": month.present.map(money),
        })
    });
    let years = worth.years.iter().map(|year| {
        json!({
            "fiscal_year": year.year.to_string(),
            "months": year.months,
            "cash": money(year.cash),
            "accrual": money(year.accrual),
            "present_value": year.present.map(money),
        })
    });
    let discounts = account.discounts.iter().map(|row| stack(row, own));
    let shares = account.showback.shares.iter().map(|share| {
        json!({
            "stream": share.payer.stream,
            "owner": share.payer.owner,
            "group": share.payer.group,
            "component": component_name(share.component),
            "kind": if share.shared { "shared" } else { "direct" },
            "cost": money(share.cost),
        })
    });
    json!({
        "name": account.plan.design.name,
        "complete": account.plan.is_complete(),
        "cash": money(worth.cash),
        "accrual": money(worth.accrual),
        "labour": money(worth.labour),
        "present_value": worth.present.map(money),
        "payback": account.payback.as_ref().map(|payback| json!({
            "against": payback.against,
            "month": payback.month.map(|month| month + 1),
        })),
        "months": months.collect::<Vec<_>>(),
        "fiscal_years": years.collect::<Vec<_>>(),
        "commitments": account.terms.iter().map(|one| term(one, own)).collect::<Vec<_>>(),
        "discounts": {
            "rows": discounts.collect::<Vec<_>>(),
            "total": stack(&together(&account.discounts), own),
        },
        "unit_costs": account.unit_costs.iter().map(|one| unit_cost(one, own)).collect::<Vec<_>>(),
        "showback": {
            "key": account.showback.key.name(),
            "shared_costs": account.showback.key.words(),
            "shares": shares.collect::<Vec<_>>(),
            "total": money(account.showback.total()),
            "notes": account.showback.notes,
        },
        "notes": account.notes,
    })
}

fn term(term: &Term, own: &Exchange) -> Value {
    let money = |usd: Usd| exact(own, usd);
    let contract = &term.contract;
    let month = |month: &TermMonth| {
        json!({
            "month": month.month + 1,
            "paid_hours": number(month.paid),
            "used_hours": number(month.used),
            "all_hours": number(month.ran),
            "coverage": month.coverage(),
            "utilization": month.utilization(),
            "fee": money(month.fee),
            "used_cost": money(month.used_cost),
            "unused_cost": money(month.unused_cost),
            "on_demand_cost": money(month.on_demand_cost),
            "fees_so_far": money(month.fees_so_far),
            "on_demand_so_far": money(month.on_demand_so_far),
        })
    };
    let ending = match &term.ending {
        Ending::Cliff { month, usd } => json!({
            "kind": "cliff", "month": month + 1, "dearer_a_month": money(*usd),
        }),
        Ending::Renewed { month } => json!({ "kind": "renewed", "month": month + 1 }),
        Ending::WithHorizon => json!({ "kind": "ends with the horizon" }),
        Ending::Binds { months, prepaid, owed } => json!({
            "kind": "binds beyond the horizon",
            "months": months,
            "prepaid": money(*prepaid),
            "owed": money(*owed),
        }),
    };
    json!({
        "id": contract.id,
        "name": contract.name,
        "part": contract.part,
        "machine": contract.machine,
        "brokers": contract.brokers,
        "term_years": contract.years,
        "payment": payment(contract.upfront),
        "first_month": contract.from + 1,
        "hour": money(contract.hour),
        "on_demand_hour": money(contract.on_demand_hour),
        "list_hour": money(contract.list_hour),
        "price_source": contract.source,
        "price_as_of": contract.as_of,
        "coverage": term.coverage(),
        "utilization": term.utilization(),
        "paid_hours": number(term.paid()),
        "used_hours": number(term.used()),
        "unused_hours": number(term.unused()),
        "fees": money(term.fees()),
        "effective_cost": money(term.effective()),
        "unused_cost": money(term.unused_cost()),
        "saving": money(term.saving()),
        "break_even_month": term.break_even.map(|month| month + 1),
        "ending": ending,
        "months": term.months.iter().map(month).collect::<Vec<_>>(),
    })
}

fn stack(row: &Stack, own: &Exchange) -> Value {
    let money = |usd: Usd| exact(own, usd);
    json!({
        "component": row.component.map(|component| component.name()),
        "part": row.part,
        "sku": row.sku,
        "list_cost": money(row.list),
        "negotiated_discount": money(row.negotiated),
        "commitment_discount": money(row.commitments),
        "credits": money(row.credits),
        "effective_cost": money(row.effective),
    })
}

fn unit_cost(one: &UnitCost, own: &Exchange) -> Value {
    let money = |usd: Usd| exact(own, usd);
    let marginal = |found: &Marginal| {
        json!({
            "of": found.change.words(),
            "cost": money(found.usd),
            "unit_cost": found.unit_cost.map(money),
        })
    };
    json!({
        "subject": one.subject.kind(),
        "name": one.subject.name(),
        "per": one.per.name(),
        "quantity": number(one.quantity),
        "cost": money(one.cost),
        "average": money(one.average),
        "marginal": one.marginal.as_ref().map(marginal),
    })
}
