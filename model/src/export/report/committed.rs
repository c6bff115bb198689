//! Commitments with what they save and what of them nobody uses, and credits with what they take off.

use rust_decimal::Decimal;

use super::Report;
use super::markup::{self, Cell, Table};
use crate::export::cents::{self, Cents, Shown, added};
use crate::export::csv::calendar_month;
use crate::export::figures::{percent, unit_price};
use crate::finance::Contract;
use crate::ledger::{Charge, ChargeKind};
use crate::plan::Plan;

pub(super) fn chapter(report: &Report<'_>) -> String {
    let html = commitments(report) + &credits(report);
    if html.is_empty() { html } else { markup::chapter("Commitments and credits", true, &html) }
}

fn commitments(report: &Report<'_>) -> String {
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
        "*: beyond the horizon; amounts are those within it. Saved: what the used hours cost on demand, less what all hours of the commitment cost, used or \
         not. Less than nothing: on demand would be cheaper.",
    );
    table.render()
}

/// What a plan pays for commitments, and what credits take off: charges with their rounded costs.
fn rows(report: &Report<'_>, plan: &Plan) -> Vec<(Charge, Shown)> {
    let finance = &report.scenario.finance;
    let mut rows = Vec::new();
    let _ = cents::each::<()>(plan, finance, &Cents::of(plan, finance), |row| {
        if row.charge.contract.is_some() || row.charge.kind == ChargeKind::Credit {
            rows.push((row.charge.clone(), row.shown));
        }
        Ok(())
    });
    rows
}

fn row(
    report: &Report<'_>,
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
    let last = plan.months.last().map_or(0, |billed| billed.month.index);
    let beyond = if contract.until() > last + 1 { " *" } else { "" };
    use rust_decimal::prelude::ToPrimitive;
    vec![
        contract.id.as_str().into(),
        contract.words().into(),
        format!("{} × {}", contract.brokers, contract.machine).into(),
        format!("{} to {}{beyond}", month(contract.from), month(contract.until() - 1)).into(),
        unit_price(contract.on_demand_hour).into(),
        unit_price(contract.hour).into(),
        percent(share.to_f64().unwrap_or_default()).into(),
        shown(fees),
        shown(unused),
        shown(on_demand - effective - unused),
    ]
}

fn credits(report: &Report<'_>) -> String {
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
