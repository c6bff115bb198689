//! Money through time: platforms side by side, or one of them month by month and stream by stream.

mod borne;
mod platform;

use model::export::figures::{Scale, adding_up, counted, percent, whole};
use model::finance::{
    Account, Key, MonthWorth, Per, Subject, Term, UnitCost, YearWorth, convention,
};
use model::money::{Usd, largest_remainder};
use model::units::separated;
use model::{Comparison, Scenario};

use super::WIDTH;
use super::compare::{head, rejections};
use super::paint::{Paint, Tone};
use super::table::{Cell, Table};
use super::text::{fit, wrap};

pub(crate) use platform::in_full;

/// Every platform side by side.
pub(crate) fn overview(
    comparison: &Comparison,
    scenario: &Scenario,
    accounts: &[Account],
    paint: Paint,
) -> String {
    let mut text = head(comparison, scenario, paint);
    if !accounts.is_empty() {
        text.push('\n');
        text.push_str(&side_by_side(scenario, accounts, paint));
        text.push_str(&cash_by_year(accounts, paint));
        text.push_str(&bought(accounts, paint));
        text.push_str(&units_side_by_side(accounts, paint));
    }
    text.push_str(&rejections(comparison, paint));
    text.push_str(&notes(accounts, paint));
    text.push('\n');
    text.push_str(&foot(scenario, accounts, paint));
    text
}

fn scale(accounts: &[Account]) -> Scale {
    let most = accounts.iter().flat_map(|one| [one.worth.cash, one.worth.accrual]).max();
    Scale::of(most.unwrap_or_default())
}

fn rounded(usd: Usd, scale: Scale) -> String {
    adding_up(&[usd], scale).swap_remove(0)
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// A total that is marked where its bill has gaps or ranges.
fn marked(account: &Account, amount: String) -> String {
    format!("{}{amount}", account.plan.bill.bound())
}

fn side_by_side(scenario: &Scenario, accounts: &[Account], paint: Paint) -> String {
    let scale = scale(accounts);
    let months = scenario.horizon.months;
    let present = accounts.iter().any(|one| one.worth.present.is_some());
    let against = accounts.iter().find_map(|one| one.payback.as_ref());
    let mut table = Table::new()
        .words(&format!("{}\nin {}", capitalized(scale.name()), counted(months as usize, "month")))
        .numbers("cash")
        .numbers("accrual");
    if present {
        table = table.numbers("present\nvalue");
    }
    if let Some(payback) = against {
        let name = fit(&payback.against, 24);
        table = table.words(&format!("pays back\n{name}"));
    }
    for account in accounts {
        let worth = &account.worth;
        let mut cells: Vec<Cell> = vec![
            account.plan.design.name.as_str().into(),
            marked(account, rounded(worth.cash, scale)).into(),
            marked(account, rounded(worth.accrual, scale)).into(),
        ];
        if present {
            let found = worth.present.map(|usd| marked(account, rounded(usd, scale)));
            cells.push(found.unwrap_or_default().into());
        }
        if against.is_some() {
            let when = account.payback.as_ref().map(|payback| when(payback.month));
            let unknown = if account.plan.is_complete() { "–" } else { "?" };
            cells.push(when.unwrap_or_else(|| unknown.to_owned()).into());
        }
        table.row(cells);
    }
    table.render(WIDTH, paint)
}

fn when(month: Option<u32>) -> String {
    month.map_or_else(|| "not in the horizon".to_owned(), |month| format!("month {}", month + 1))
}

/// What months come to in whole units of a scale, so that they add up to what all of them come to.
fn by_month(account: &Account, of: fn(&MonthWorth) -> Usd, scale: Scale) -> Vec<Usd> {
    let months = account.worth.months.iter();
    let amounts: Vec<Usd> = months.map(|month| scale.of_dollars(of(month))).collect();
    largest_remainder(&amounts, 0)
}

/// What months as they are shown come to in each fiscal year.
fn by_year(account: &Account, shown: &[Usd]) -> Vec<Usd> {
    let of = |year: &YearWorth| {
        let months = account.worth.months.iter().zip(shown);
        months.filter(|(month, _)| month.year == Some(year.year)).map(|(_, usd)| *usd).sum()
    };
    account.worth.years.iter().map(of).collect()
}

fn cash_by_year(accounts: &[Account], paint: Paint) -> String {
    let Some(first) = accounts.first().filter(|one| one.worth.years.len() > 1) else {
        return String::new();
    };
    let scale = scale(accounts);
    let mut table = Table::new().words("Cash by\nfiscal year");
    for year in &first.worth.years {
        table = table.numbers(&format!("{}\n{} mo", year.year, year.months));
    }
    table = table.numbers("total");
    for account in accounts {
        let years = by_year(account, &by_month(account, |month| month.cash, scale));
        let total = marked(account, whole(years.iter().copied().sum()));
        let mut cells: Vec<Cell> = vec![account.plan.design.name.as_str().into()];
        cells.extend(years.into_iter().map(|usd| whole(usd).into()));
        cells.push(total.into());
        table.row(cells);
    }
    format!("\n{}", table.render(WIDTH, paint))
}

fn bought(accounts: &[Account], paint: Paint) -> String {
    if accounts.iter().all(|account| account.terms.is_empty()) {
        return String::new();
    }
    let mut table = Table::new()
        .words("Commitments")
        .numbers("terms")
        .numbers("fees")
        .numbers("used")
        .numbers("unused\ncost")
        .numbers("saving");
    for account in accounts.iter().filter(|account| !account.terms.is_empty()) {
        let terms = &account.terms;
        let sum = |of: fn(&Term) -> Usd| rounded(terms.iter().map(of).sum(), Scale::Dollars);
        let hours = |of: fn(&Term) -> rust_decimal::Decimal| {
            terms.iter().map(of).sum::<rust_decimal::Decimal>()
        };
        let used = hours(Term::used).checked_div(hours(Term::paid)).unwrap_or_default();
        table.row(vec![
            account.plan.design.name.as_str().into(),
            terms.len().to_string().into(),
            sum(Term::fees).into(),
            share(used).into(),
            sum(Term::unused_cost).into(),
            signed(&sum(Term::saving)).into(),
        ]);
    }
    format!("\n{}", table.render(WIDTH, paint))
}

fn share(share: rust_decimal::Decimal) -> String {
    use rust_decimal::prelude::ToPrimitive;
    percent(share.to_f64().unwrap_or(0.0))
}

/// Below zero with a minus that is one.
fn signed(number: &str) -> String {
    number.replacen('-', "−", 1)
}

/// What one of everything costs on every platform, on average and at the margin.
fn units_side_by_side(accounts: &[Account], paint: Paint) -> String {
    let mut kinds: Vec<Per> = Vec::new();
    for one in accounts.iter().flat_map(|account| &account.unit_costs) {
        if one.subject == Subject::All && one.per != Per::Month && !kinds.contains(&one.per) {
            kinds.push(one.per);
        }
    }
    let head = |per: &Per| match per {
        Per::GibStored => "GiB in,\nstored",
        Per::GibRaw => "GiB in,\nraw",
        Per::GibMonth => "GiB-month\nkept",
        Per::MillionRecords => "million\nrecords",
        Per::DeviceMonth => "device\nand month",
        Per::GibRead => "GiB\nread",
        Per::Month => "month",
    };
    let mut text = String::new();
    for (title, of) in [
        ("Dollars for one,\non average", average as fn(&UnitCost) -> String),
        ("Dollars for one,\nif 1 % more", marginal as fn(&UnitCost) -> String),
    ] {
        let mut table = Table::new().words(title);
        for per in &kinds {
            table = table.numbers(head(per));
        }
        for account in accounts {
            let mut cells: Vec<Cell> = vec![account.plan.design.name.as_str().into()];
            for per in &kinds {
                let mut found = account.unit_costs.iter();
                let found = found.find(|one| one.subject == Subject::All && one.per == *per);
                cells.push(found.map_or_else(String::new, of).into());
            }
            table.row(cells);
        }
        text.push_str(&format!("\n{}", table.render(WIDTH, paint)));
    }
    text
}

fn average(one: &UnitCost) -> String {
    figure(one.average)
}

fn marginal(one: &UnitCost) -> String {
    let found = one.marginal.as_ref().and_then(|found| found.unit_cost);
    found.map_or_else(|| "–".to_owned(), figure)
}

/// Digits of what one of something costs that are shown.
const DIGITS: u32 = 4;

/// Dollars in four digits: `0.01234`, `12.34`.
fn figure(usd: Usd) -> String {
    let rounded = usd.dollars().round_sf(DIGITS).unwrap_or_default().normalize();
    signed(&separated(&rounded.to_string()))
}

fn notes(accounts: &[Account], paint: Paint) -> String {
    let mut text = String::new();
    for account in accounts {
        for note in &account.notes {
            text.push_str(&paint.paint(Tone::Warning, "!"));
            let note = format!("{}: {note}.", account.plan.design.name);
            text.push_str(&wrap(&note, WIDTH - 2, " "));
        }
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// What the figures mean.
fn foot(scenario: &Scenario, accounts: &[Account], paint: Paint) -> String {
    let finance = &scenario.finance;
    let mut text = "Cash is what is billed in a month; accrual is what the month bears, commitments by the hours that they are for. Both are in US dollars before tax, and hold people's time where it is asked for. ".to_owned();
    text.push_str(&match finance.discount_per_month {
        Some(rate) => format!("Present value: {}. ", convention(rate)),
        None => "Without `discount_rate` in `[finance]` nothing is discounted. ".to_owned(),
    });
    if scenario.horizon.start.is_none() {
        text.push_str("Without `start` in `[horizon]` there are no fiscal years. ");
    }
    text.push_str("What one of something costs on average is all of a platform's cost over it: such costs stand for each other, and nobody should add them. What one per cent more costs is the difference of two runs: fleets are whole brokers, so it is small until it is a broker. ");
    if let Some(account) = accounts.first() {
        let key = account.showback.key;
        text.push_str(&format!("Shared costs are divided {}", key.words()));
        text.push_str(match key {
            Key::Proportional => {
                ", so that nobody pays for what they do not do; `--key` divides them otherwise."
            }
            _ => ".",
        });
    }
    wrap(&text, WIDTH, "").lines().map(|line| paint.faint(line) + "\n").collect()
}
