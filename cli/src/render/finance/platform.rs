//! One platform's money: through time, and what it is committed to.

use model::export::figures::{Scale, percent, quantity, whole};
use model::finance::{Account, Ending, MonthWorth, Term, TermMonth};
use model::money::Usd;
use model::units::separated;
use model::{Comparison, Scenario};

use super::borne::{discounts, shown_back, units};
use super::{by_month, by_year, capitalized, figure, foot, marked, notes, rounded, signed};
use crate::render::WIDTH;
use crate::render::compare::{head, rejection};
use crate::render::paint::{Paint, Tone};
use crate::render::table::{Cell, Table};
use crate::render::text::{fit, wrap};

/// One platform in full.
pub(crate) fn in_full(
    comparison: &Comparison,
    scenario: &Scenario,
    accounts: &[Account],
    platform: Option<&str>,
    paint: Paint,
) -> String {
    let mut text = head(comparison, scenario, paint);
    for account in accounts {
        text.push_str(&format!("\n{}\n\n", paint.strong(&fit(&account.plan.design.name, WIDTH))));
        text.push_str(&through_time(account, paint));
        text.push_str(&in_currency(account, scenario));
        text.push_str(&paid_back(account));
        text.push_str(&commitments(account, paint));
        text.push_str(&discounts(account, paint));
        text.push_str(&units(account, paint));
        text.push_str(&shown_back(account, scenario, paint));
    }
    let rejected = comparison.outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    for one in rejected.filter(|one| platform.is_none_or(|name| name == one.design.name)) {
        text.push('\n');
        text.push_str(&rejection(one, paint));
    }
    text.push_str(&notes(accounts, paint));
    text.push('\n');
    text.push_str(&foot(scenario, accounts, paint));
    text
}

/// Months that are shown one by one; of a longer horizon only its fiscal years are.
const MONTHS: usize = 36;

fn through_time(account: &Account, paint: Paint) -> String {
    let worth = &account.worth;
    let scale = Scale::of(worth.cash.max(worth.accrual));
    let present = worth.present.is_some();
    let columns: &[fn(&MonthWorth) -> Usd] =
        &[|month| month.cash, |month| month.accrual, |month| month.present.unwrap_or_default()];
    let columns = &columns[..if present { 3 } else { 2 }];
    let columns: Vec<Vec<Usd>> = columns.iter().map(|of| by_month(account, *of, scale)).collect();
    let table = |first: &str| {
        let first = format!("{}\n{first}", capitalized(scale.name()));
        let table = Table::new().words(&first).numbers("cash").numbers("accrual");
        if present { table.numbers("present\nvalue") } else { table }
    };
    let mut text = String::new();
    if worth.months.len() <= MONTHS {
        let mut months = table("by month").numbers("cash\nso far").numbers("accrual\nso far");
        let mut so_far = [Usd::ZERO; 2];
        for (index, month) in worth.months.iter().enumerate() {
            let year = month.year.map_or_else(String::new, |year| format!(", {year}"));
            let mut cells: Vec<Cell> = vec![format!("month {}{year}", month.month + 1).into()];
            cells.extend(columns.iter().map(|column| whole(column[index]).into()));
            for (sum, column) in so_far.iter_mut().zip(&columns) {
                *sum += column[index];
                cells.push(whole(*sum).into());
            }
            months.row(cells);
        }
        months.rule();
        let totals = columns.iter().map(|column| whole(column.iter().copied().sum()));
        let totals = totals.map(|total| Cell::toned(marked(account, total), Tone::Strong));
        months.row([Cell::from("total")].into_iter().chain(totals).collect());
        text.push_str(&months.render(WIDTH, paint));
    }
    if worth.years.len() > 1 || worth.months.len() > MONTHS {
        let mut years = table("by fiscal year").numbers("months");
        let columns: Vec<Vec<Usd>> =
            columns.iter().map(|column| by_year(account, column)).collect();
        for (index, year) in worth.years.iter().enumerate() {
            let mut cells: Vec<Cell> = vec![year.year.to_string().into()];
            cells.extend(columns.iter().map(|column| whole(column[index]).into()));
            cells.push(year.months.to_string().into());
            years.row(cells);
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&years.render(WIDTH, paint));
    }
    text
}

/// Totals in the currency of exports.
fn in_currency(account: &Account, scenario: &Scenario) -> String {
    let Some(exchange) = &scenario.finance.exchange else { return String::new() };
    let worth = &account.worth;
    let code = exchange.currency.code;
    let shown = |usd: Usd| {
        let amount = exchange.to_minor(exchange.convert(usd));
        signed(&separated(&amount.to_string()))
    };
    let present = worth.present.map(|usd| format!(", present value {}", shown(usd)));
    let line = format!(
        "In {code}: cash {}, accrual {}{}; {} {code}/USD, {}, {}.",
        shown(worth.cash),
        shown(worth.accrual),
        present.unwrap_or_default(),
        exchange.rate.normalize(),
        exchange.source,
        exchange.as_of
    );
    wrap(&line, WIDTH, "")
}

fn paid_back(account: &Account) -> String {
    let Some(payback) = &account.payback else { return String::new() };
    let line = match payback.month {
        Some(month) => format!(
            "It pays back `{}` in month {}: from then on it has cost no more cash since the start.",
            payback.against,
            month + 1
        ),
        None => format!("It does not pay back `{}` in the horizon.", payback.against),
    };
    wrap(&line, WIDTH, "")
}

fn commitments(account: &Account, paint: Paint) -> String {
    if account.terms.is_empty() {
        return String::new();
    }
    let mut table = Table::new()
        .words("Commitment")
        .numbers("brokers")
        .words("term")
        .numbers("dollars\nan hour")
        .numbers("on\ndemand")
        .numbers("used")
        .numbers("unused\ncost")
        .numbers("saving")
        .numbers("breaks\neven");
    for term in &account.terms {
        let contract = &term.contract;
        let even = term
            .break_even
            .map_or_else(|| "never".to_owned(), |month| format!("month {}", month + 1));
        table.row(vec![
            contract.id.as_str().into(),
            contract.brokers.to_string().into(),
            contract.words().into(),
            figure(contract.hour).into(),
            figure(contract.on_demand_hour).into(),
            percent(term.utilization()).into(),
            rounded(term.unused_cost(), Scale::Dollars).into(),
            signed(&rounded(term.saving(), Scale::Dollars)).into(),
            even.into(),
        ]);
    }
    let mut text = format!("\n{}", table.render(WIDTH, paint));
    text.push_str(&format!("\n{}", coverage(&account.terms, paint)));
    for term in &account.terms {
        if let Some(line) = ending(term) {
            text.push_str(&wrap(&line, WIDTH, ""));
        }
    }
    text
}

/// Months of contracts; those that are alike stand in one row.
fn coverage(terms: &[Term], paint: Paint) -> String {
    let mut table = Table::new()
        .words("Hours of\ncommitments")
        .words("months")
        .numbers("paid")
        .numbers("used")
        .numbers("coverage")
        .numbers("fee")
        .numbers("borne")
        .numbers("on demand\ninstead");
    for term in terms {
        let mut rest = &term.months[..];
        let mut name = term.contract.id.as_str();
        while let Some(first) = rest.first() {
            let alike = |one: &&TermMonth| {
                let figures = |one: &TermMonth| (one.paid, one.used, one.ran, one.fee);
                figures(one) == figures(first)
            };
            let count = rest.iter().take_while(alike).count();
            let months = match count {
                1 => (first.month + 1).to_string(),
                count => format!("{} to {}", first.month + 1, first.month + count as u32),
            };
            table.row(vec![
                name.into(),
                months.into(),
                quantity(first.paid).into(),
                quantity(first.used).into(),
                percent(first.coverage()).into(),
                rounded(first.fee, Scale::Dollars).into(),
                rounded(first.used_cost + first.unused_cost, Scale::Dollars).into(),
                rounded(first.on_demand_cost, Scale::Dollars).into(),
            ]);
            rest = &rest[count..];
            name = "";
        }
    }
    table.render(WIDTH, paint)
}

fn ending(term: &Term) -> Option<String> {
    let id = &term.contract.id;
    Some(match &term.ending {
        Ending::Cliff { month, usd } if *usd < Usd::ZERO => format!(
            "`{id}` ends before month {}: a month then costs {} less, for hours that nobody used are no longer paid for.",
            month + 1,
            -*usd
        ),
        Ending::Cliff { month, usd } => format!(
            "`{id}` ends before month {}: from then on a month costs {usd} more.",
            month + 1
        ),
        Ending::Renewed { month } => format!("`{id}` is bought again in month {}.", month + 1),
        Ending::WithHorizon => return None,
        Ending::Binds { months, prepaid, owed } => {
            let months = match months {
                1 => "a month".to_owned(),
                count => format!("{count} months"),
            };
            let what = match (*prepaid == Usd::ZERO, *owed == Usd::ZERO) {
                (true, _) => format!("{owed} of it still to be paid"),
                (_, true) => format!("{prepaid} of it paid already"),
                _ => format!("{prepaid} of it paid already, {owed} still to be paid"),
            };
            format!("`{id}` binds {months} beyond the horizon, with {what}.")
        }
    })
}
