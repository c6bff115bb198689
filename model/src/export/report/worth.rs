//! Money through time: cash and accrual, what it is worth today, what it pays back, and who bears it.

use rust_decimal::Decimal;

use super::Counted;
use super::markup::{self, Cell, Table, paragraph};
use crate::finance::{Account, NO_OWNER, convention};
use crate::money::Usd;
use crate::rounding::allot;

pub(super) fn chapter(report: &Counted<'_>) -> String {
    if report.accounts.is_empty() {
        return String::new();
    }
    let notes = report
        .accounts
        .iter()
        .flat_map(|one| one.notes.iter().map(|note| format!("{}: {note}.", one.plan.design.name)));
    let notes: Vec<String> = notes.collect();
    let html = worth(report) + &owners(report) + &markup::list(notes.iter().map(String::as_str));
    markup::chapter("Cash, present value and owners", true, &html)
}

fn worth(report: &Counted<'_>) -> String {
    let code = report.code();
    let rate = report.scenario.finance.discount_per_month;
    let against = report.accounts.iter().find_map(|one| one.payback.as_ref());
    let mut table = Table::new("Cash, accrual and present value over the horizon")
        .words("Platform")
        .numbers(&format!("Billed (cash), {code}"))
        .numbers(&format!("Effective (accrual), {code}"));
    if rate.is_some() {
        table = table.numbers(&format!("Present value of cash, {code}"));
    }
    if let Some(payback) = against {
        table = table.words(&format!("Has paid back {}", payback.against));
    }
    for account in report.accounts {
        let [.., billed, effective] = report.cents(account.plan).total();
        let mut row: Vec<Cell> =
            vec![account.plan.design.name.as_str().into(), billed.into(), effective.into()];
        if rate.is_some() {
            let present = account.worth.present;
            row.push(present.map_or_else(Cell::default, |usd| in_currency(report, usd).into()));
        }
        if against.is_some() {
            row.push(match &account.payback {
                None => Cell::toned("–", "soft"),
                Some(payback) => match payback.month {
                    Some(month) => format!("in month {}", month + 1).into(),
                    None => "not in the horizon".into(),
                },
            });
        }
        table.row(row);
    }
    match rate {
        Some(rate) => {
            table.note(&format!("{}. Undiscounted cash stands beside it.", convention(rate)))
        }
        None => table.note("The scenario states no discount rate, so there is no present value."),
    }
    if against.is_some() {
        table.note("Paid back: the first month from which a platform has cost no more cash than the other so far.");
    }
    table.render()
}

fn in_currency(report: &Counted<'_>, amount: Usd) -> Decimal {
    let exchange = report.exchange();
    exchange.to_minor(exchange.convert(amount))
}

/// What each owner of streams bears of each platform; nothing where streams have none.
fn owners(report: &Counted<'_>) -> String {
    let streams = &report.scenario.workload.streams;
    if streams.iter().all(|stream| stream.owner.is_none()) {
        return String::new();
    }
    let mut names: Vec<Option<&str>> = Vec::new();
    for account in report.accounts {
        for owner in account.showback.each(|payer| payer.owner.as_deref()) {
            if !names.contains(&Some(owner)) {
                names.push(Some(owner));
            }
        }
    }
    names.push(None);
    let of = |account: &Account<'_>| -> Vec<Decimal> {
        let exchange = report.exchange();
        let exact: Vec<Decimal> = names
            .iter()
            .map(|name| {
                let share = account.showback.sum(|share| share.payer.owner.as_deref() == *name);
                exchange.convert(share)
            })
            .collect();
        let [.., effective] = report.cents(account.plan).total();
        allot(effective, &exact, exchange.currency.decimals)
    };
    let columns: Vec<Vec<Decimal>> = report.accounts.iter().map(of).collect();
    let mut table =
        Table::new(&format!("Effective cost by owner over the horizon, in {}", report.code()))
            .words("Owner");
    for account in report.accounts {
        table = table.numbers(&account.plan.design.name);
    }
    for (at, name) in names.iter().enumerate() {
        if name.is_some() || columns.iter().any(|column| !column[at].is_zero()) {
            let row = columns.iter().map(|column| Cell::from(column[at]));
            table.row([Cell::from(name.unwrap_or(NO_OWNER))].into_iter().chain(row));
        }
    }
    let sums = columns.iter().map(|column| Cell::from(column.iter().sum::<Decimal>()));
    table.total([Cell::from("Total")].into_iter().chain(sums));
    let key = report.accounts.first().map_or("", |account| account.showback.key.words());
    table.render() + &paragraph(&format!("What streams share is divided {key}."))
}
