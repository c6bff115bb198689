//! Commitments with what they save and what of them nobody uses, and credits with what they take off.

use rust_decimal::Decimal;

use super::Counted;
use super::markup::{self, Cell, Table, noted};
use crate::export::cents::{self, Shown, added};
use crate::export::csv::calendar_month;
use crate::export::figures::{counted, percent, unit_price};
use crate::finance::{Contract, Ending, Term};
use crate::ledger::{Charge, ChargeKind};
use crate::money::Usd;
use crate::plan::Plan;

pub(super) fn chapter(report: &Counted<'_>) -> String {
    let html = commitments(report) + &credits(report);
    if html.is_empty() { html } else { markup::chapter("Commitments and credits", true, &html) }
}

fn commitments(report: &Counted<'_>) -> String {
    let code = report.code();
    let mut table = Table::new("Commitments")
        .words("Commitment")
        .words("Terms")
        .words("Brokers")
        .short("Runs")
        .numbers("Hour on demand")
        .numbers("Hour committed")
        .numbers("Used")
        .numbers(&format!("Invoiced, {code}"))
        .numbers(&format!("Unused, {code}"))
        .numbers(&format!("Saved, {code}"));
    for plan in report.plans().filter(|plan| !plan.contracts.is_empty()) {
        table.group(&plan.design.name);
        let rows = rows(report, plan);
        for contract in &plan.contracts {
            table.row(row(report, plan, contract, &rows));
        }
    }
    if table.is_empty() {
        return String::new();
    }
    table.note(
        "Amounts are those within the horizon. Saved: what the used hours cost on demand, less what all hours of the commitment cost, used or \
         not; less than nothing where on demand would be cheaper. Even: the first month from which its fees stay below what \
         its hours would cost on demand.",
    );
    table.render()
}

/// What a plan pays for commitments, and what credits take off: charges with their rounded costs.
fn rows(report: &Counted<'_>, plan: &Plan) -> Vec<(Charge, Shown)> {
    let mut rows = Vec::new();
    let _ = cents::each::<()>(plan, &report.scenario.finance, &report.cents(plan), |row| {
        if row.charge.contract.is_some() || row.charge.kind == ChargeKind::Credit {
            rows.push((row.charge.clone(), row.shown));
        }
        Ok(())
    });
    rows
}

fn row(
    report: &Counted<'_>,
    plan: &Plan,
    contract: &Contract,
    rows: &[(Charge, Shown)],
) -> Vec<Cell> {
    let of = |kind: ChargeKind| {
        let own = rows.iter().filter(|(charge, _)| {
            charge.kind == kind && charge.contract.as_deref() == Some(&*contract.id)
        });
        own.fold((Decimal::ZERO, Shown::default()), |(hours, sum), (charge, shown)| {
            (hours + charge.quantity, added(sum, *shown))
        })
    };
    let (used, [_, on_demand, _, effective]) = of(ChargeKind::Usage);
    let (idle, [.., unused]) = of(ChargeKind::Unused);
    let (_, [_, _, fees, _]) = of(ChargeKind::Purchase);
    let shown = |amount: Decimal| Cell::from(report.exchange().to_minor(amount));
    let share = used.checked_div(used + idle).unwrap_or_default();
    let month = |index: u32| {
        let name = calendar_month(report.scenario, index);
        name.unwrap_or_else(|| format!("month {}", index + 1))
    };
    use rust_decimal::prelude::ToPrimitive;
    vec![
        contract.id.as_str().into(),
        contract.words().into(),
        format!("{} × {}", contract.brokers, contract.machine).into(),
        noted(
            &format!("{} to {}", month(contract.from), month(contract.until() - 1)),
            &ending(report, plan, contract),
        ),
        unit_price(contract.on_demand_hour).into(),
        unit_price(contract.hour).into(),
        percent(share.to_f64().unwrap_or_default()).into(),
        shown(fees),
        shown(unused),
        noted(
            &markup::amount(report.exchange().to_minor(on_demand - effective - unused)),
            &saves(report, plan, contract),
        ),
    ]
}

/// The account of a contract's term.
fn term<'a>(report: &Counted<'a>, plan: &Plan, contract: &Contract) -> Option<&'a Term> {
    let account =
        report.accounts.iter().find(|account| account.plan.design.name == plan.design.name)?;
    account.terms.iter().find(|term| term.contract.id == contract.id)
}

/// When a contract has paid for itself.
fn saves(report: &Counted<'_>, plan: &Plan, contract: &Contract) -> String {
    match term(report, plan, contract).map(|term| term.break_even) {
        Some(Some(month)) => format!("even in month {}", month + 1),
        Some(None) => "never even in the horizon".to_owned(),
        None => String::new(),
    }
}

/// What comes after a contract.
fn ending(report: &Counted<'_>, plan: &Plan, contract: &Contract) -> String {
    let code = report.code();
    let money = |usd: Usd| {
        let exchange = report.exchange();
        format!("{code} {}", markup::amount(exchange.to_minor(exchange.convert(usd))))
    };
    match term(report, plan, contract).map(|term| &term.ending) {
        None | Some(Ending::WithHorizon) => String::new(),
        Some(Ending::Renewed { .. }) => "bought again then".to_owned(),
        Some(Ending::Cliff { usd, .. }) if *usd < Usd::ZERO => {
            format!("{} less a month then", money(-*usd))
        }
        Some(Ending::Cliff { usd, .. }) => format!("{} more a month then", money(*usd)),
        Some(Ending::Binds { months, prepaid, owed }) => format!(
            "binds {} beyond the horizon: {} paid ahead, {} still owed",
            counted(*months as usize, "month"),
            money(*prepaid),
            money(*owed)
        ),
    }
}

fn credits(report: &Counted<'_>) -> String {
    let mut table = Table::new("Credits")
        .words("Platform")
        .words("Credit")
        .numbers("At most, a month")
        .words("Granted by")
        .numbers(&format!("Taken off, {}", report.code()));
    for plan in report.plans() {
        let rows = rows(report, plan);
        for credit in &report.scenario.finance.credits {
            let own = rows.iter().filter(|(charge, _)| {
                charge.kind == ChargeKind::Credit && charge.sku == credit.name
            });
            let off: Decimal = own.map(|(_, shown)| -shown[3]).sum();
            if off.is_zero() {
                continue;
            }
            table.row([
                plan.design.name.as_str().into(),
                credit.name.as_str().into(),
                credit.amount.to_string().into(),
                credit.source.as_str().into(),
                report.exchange().to_minor(off).into(),
            ]);
        }
    }
    if table.is_empty() { String::new() } else { table.render() }
}
