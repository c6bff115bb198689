//! Each platform's bill over the horizon: a table of components that adds up, and what is not in it.

use super::Counted;
use super::markup::{self, Cell, Table};
use crate::bill::Component;
use crate::export::cents::{self, Cents, Shown, added};
use crate::export::figures::percent;
use crate::ledger::ChargeKind;
use crate::order;
use crate::plan::Plan;

pub(super) fn chapter(report: &Counted<'_>) -> String {
    let bills: String = report.plans().map(|plan| bill(report, plan)).collect();
    if bills.is_empty() {
        return bills;
    }
    let rounding = "Amounts are rounded so that rows, months and totals add up in every table, and in every other file made \
                    from this plan: a component of a month, and a component or month as a whole, may be off by less than three units \
                    of the last decimal, and the horizon is exact. List and contracted cost are before credits.";
    markup::chapter("Bills", true, &(bills + &format!("<p class=\"note\">{rounding}</p>\n")))
}

/// A line of a bill: its component, what kind of charge it is, and its costs.
struct Line {
    component: &'static str,
    kind: ChargeKind,
    costs: Shown,
}

fn lines(report: &Counted<'_>, plan: &Plan, cents: &Cents) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let _ = cents::each::<()>(plan, &report.scenario.finance, cents, |row| {
        let (component, kind) = (row.charge.component_name(), row.charge.kind);
        match lines.iter_mut().find(|line| line.component == component && line.kind == kind) {
            Some(line) => line.costs = added(line.costs, row.shown),
            None => lines.push(Line { component, kind, costs: row.shown }),
        }
        Ok(())
    });
    // What belongs to a component stands with it.
    let place = |line: &Line| {
        let place = Component::ALL.iter().position(|one| one.name() == line.component);
        (place.unwrap_or(usize::MAX), line.kind)
    };
    order::sort_by_key(&mut lines, place);
    lines
}

fn bill(report: &Counted<'_>, plan: &Plan) -> String {
    let code = report.code();
    let caption = format!("{}, in {code}", plan.design.name);
    let mut table = Table::new(&caption)
        .whole()
        .words("Component")
        .numbers("List")
        .numbers("Contracted")
        .numbers("Billed (cash)")
        .numbers("Effective (accrual)")
        .numbers("Share");
    let cents = report.cents(plan);
    let total = cents.total();
    for line in lines(report, plan, &cents) {
        let fee = line.kind == ChargeKind::Purchase;
        let name = match line.kind {
            ChargeKind::Usage | ChargeKind::Credit => line.component.to_owned(),
            kind => format!("{}, {}", line.component, kind.name()),
        };
        let share = line.costs[3].checked_div(total[3]).and_then(|share| {
            use rust_decimal::prelude::ToPrimitive;
            share.to_f64()
        });
        let mut row: Vec<Cell> = vec![name.into()];
        row.extend(line.costs.into_iter().enumerate().map(|(cost, amount)| {
            match (cost, fee || line.kind == ChargeKind::Credit) {
                (0 | 1, true) => Cell::default(),
                _ => amount.into(),
            }
        }));
        let share = share.filter(|_| !fee).map(percent).unwrap_or_default().replace('-', "−");
        row.push(share.into());
        table.row(row);
    }
    let sum = [Cell::from("Total")].into_iter().chain(total.map(Cell::from));
    table.total(sum.chain([Cell::default()]));
    for gap in &plan.bill.gaps {
        table.note(&format!(
            "Without a price, and so not in it: {}: {}; {}.",
            gap.component.name(),
            gap.what,
            gap.hint
        ));
    }
    let absent = |included: bool| {
        let names: Vec<&str> = plan
            .bill
            .absent
            .iter()
            .filter(|absent| absent.included.is_some() == included)
            .map(|absent| absent.component.name())
            .collect();
        names.join(", ")
    };
    for (included, words) in
        [(false, "Not asked for, and so not in it"), (true, "Included in the service")]
    {
        let names = absent(included);
        if !names.is_empty() {
            table.note(&format!("{words}: {names}."));
        }
    }
    for warning in &plan.warnings {
        table.note(&format!("Note: {warning}."));
    }
    table.render()
}
