//! Money through time: platforms side by side, or one of them month by month and stream by stream.

use model::bill::Component;
use model::export::figures::{Scale, adding_up, percent, quantity, to_target, whole};
use model::finance::{
    Account, Ending, Key, NO_OWNER, Per, Share, Stack, Subject, Term, TermMonth, UnitCost,
    convention, together,
};
use model::money::{Usd, largest_remainder};
use model::units::separated;
use model::{Comparison, Scenario};

use super::WIDTH;
use super::compare::{few_enough, head, narrow, rejection, rejections};
use super::paint::{Paint, Tone};
use super::table::{Cell, Table};
use super::text::{fit, wrap};

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
        text.push_str(&by_year(accounts, paint));
        text.push_str(&bought(accounts, paint));
        text.push_str(&units_side_by_side(accounts, paint));
    }
    text.push_str(&rejections(comparison, paint));
    text.push_str(&notes(accounts, paint));
    text.push('\n');
    text.push_str(&foot(scenario, accounts, paint));
    text
}

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
        .words(&format!("{}\nin {months} months", capitalized(scale.name())))
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
            cells.push(when.unwrap_or_else(|| "–".to_owned()).into());
        }
        table.row(cells);
    }
    table.render(WIDTH, paint)
}

fn when(month: Option<u32>) -> String {
    month.map_or_else(|| "not in the horizon".to_owned(), |month| format!("month {}", month + 1))
}

fn by_year(accounts: &[Account], paint: Paint) -> String {
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
        let amounts: Vec<Usd> = account.worth.years.iter().map(|year| year.cash).collect();
        let cells = adding_up(&amounts, scale).into_iter().map(Cell::from);
        let name = Cell::from(account.plan.design.name.as_str());
        table.row(std::iter::once(name).chain(cells).collect());
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

/// Months that are shown one by one; of a longer horizon only its fiscal years are.
const MONTHS: usize = 36;

fn through_time(account: &Account, paint: Paint) -> String {
    let worth = &account.worth;
    let scale = Scale::of(worth.cash.max(worth.accrual));
    let present = worth.present.is_some();
    let table = |first: &str| {
        let table = Table::new().words(first).numbers("cash").numbers("accrual");
        if present { table.numbers("present\nvalue") } else { table }
    };
    let cash: Vec<Usd> = worth.months.iter().map(|month| month.cash).collect();
    let accrual: Vec<Usd> = worth.months.iter().map(|month| month.accrual).collect();
    let presents: Vec<Usd> = worth.months.iter().filter_map(|month| month.present).collect();
    let mut columns =
        vec![adding_up(&cash, scale), adding_up(&accrual, scale), adding_up(&presents, scale)];
    columns.truncate(if present { 3 } else { 2 });
    let mut text = String::new();
    let first = format!("{}\nby month", capitalized(scale.name()));
    if worth.months.len() <= MONTHS {
        let mut months = table(&first).numbers("cash\nso far").numbers("accrual\nso far");
        for (index, month) in worth.months.iter().enumerate() {
            let year = month.year.map_or_else(String::new, |year| format!(", {year}"));
            let mut cells: Vec<Cell> = vec![format!("month {}{year}", month.month + 1).into()];
            cells.extend(columns.iter().map(|column| column[index].as_str().into()));
            cells.push(rounded(month.cash_so_far, scale).into());
            cells.push(rounded(month.accrual_so_far, scale).into());
            months.row(cells);
        }
        months.rule();
        let mut cells: Vec<Cell> = vec!["total".into()];
        let totals = columns.iter().filter_map(|column| column.last());
        cells.extend(totals.map(|total| Cell::toned(marked(account, total.clone()), Tone::Strong)));
        months.row(cells);
        text.push_str(&months.render(WIDTH, paint));
    }
    if worth.years.len() > 1 || worth.months.len() > MONTHS {
        let first = format!("{}\nby fiscal year", capitalized(scale.name()));
        let mut years = table(&first).numbers("months");
        let of = |amount: fn(&model::finance::YearWorth) -> Usd| {
            adding_up(&worth.years.iter().map(amount).collect::<Vec<_>>(), scale)
        };
        let mut columns = vec![of(|year| year.cash), of(|year| year.accrual)];
        if present {
            columns.push(of(|year| year.present.unwrap_or_default()));
        }
        for (index, year) in worth.years.iter().enumerate() {
            let mut cells: Vec<Cell> = vec![year.year.to_string().into()];
            cells.extend(columns.iter().map(|column| column[index].as_str().into()));
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

fn discounts(account: &Account, paint: Paint) -> String {
    let all = together(&account.discounts);
    let nothing = [all.negotiated, all.commitments, all.credits] == [Usd::ZERO; 3];
    if nothing {
        return String::new();
    }
    let scale = Scale::of(all.list);
    let columns: [(&str, fn(&Stack) -> Usd); 4] = [
        ("list", |row| row.list),
        ("nego-\ntiated", |row| row.negotiated),
        ("commit-\nments", |row| row.commitments),
        ("credits", |row| row.credits),
    ];
    let mut table = Table::new().words(&format!("{}\nby price row", capitalized(scale.name())));
    for (head, _) in columns {
        table = table.numbers(head);
    }
    table = table.numbers("effective");
    let rows: Vec<&Stack> = account
        .discounts
        .iter()
        .filter(|row| row.list != Usd::ZERO || row.effective != Usd::ZERO)
        .collect();
    let grid: Vec<Vec<Usd>> =
        rows.iter().map(|row| columns.iter().map(|(_, of)| of(row)).collect()).collect();
    let shown = both_ways(&grid, scale);
    for (row, cells) in rows.iter().zip(&shown) {
        let name = match row.component {
            Some(component) => format!("{}, {}", component.name(), row.sku),
            None => format!("credit, {}", row.sku),
        };
        let name = if row.part.is_whole() { name } else { format!("{name}, {}", row.part.name()) };
        table.row(amounts(name, cells));
    }
    table.rule();
    table.row(amounts("total".to_owned(), &sums(&shown)));
    format!("\n{}", table.render(WIDTH, paint))
}

/// Cells in whole units of a scale, which add up across and down; rows come to what they would without their cells.
fn both_ways(grid: &[Vec<Usd>], scale: Scale) -> Vec<Vec<Usd>> {
    let scaled =
        |row: &Vec<Usd>| -> Vec<Usd> { row.iter().map(|usd| scale.of_dollars(*usd)).collect() };
    let totals: Vec<Usd> = grid.iter().map(|row| scaled(row).into_iter().sum()).collect();
    let totals = largest_remainder(&totals, 0);
    grid.iter().zip(totals).map(|(row, total)| to_target(&scaled(row), total)).collect()
}

/// What columns come to.
fn sums(grid: &[Vec<Usd>]) -> Vec<Usd> {
    let count = grid.first().map_or(0, Vec::len);
    (0..count).map(|column| grid.iter().map(|row| row[column]).sum()).collect()
}

/// A row of amounts and their sum.
fn amounts(name: String, cells: &[Usd]) -> Vec<Cell> {
    let amount = |usd: Usd| signed(&whole(usd));
    let mut row: Vec<Cell> = vec![name.into()];
    row.extend(cells.iter().map(|usd| match *usd == Usd::ZERO {
        true => Cell::toned("–", Tone::Faint),
        false => amount(*usd).into(),
    }));
    row.push(Cell::toned(amount(cells.iter().copied().sum()), Tone::Strong));
    row
}

fn units(account: &Account, paint: Paint) -> String {
    let mut table = Table::new()
        .words("Unit costs")
        .words("for one")
        .numbers("quantity")
        .numbers("dollars on\naverage")
        .numbers("if 1 %\nmore");
    let mut before: Option<&Subject> = None;
    for one in &account.unit_costs {
        if one.subject == Subject::All && one.per == Per::Month {
            continue;
        }
        let name = match &one.subject {
            subject if before == Some(subject) => String::new(),
            Subject::All => "all".to_owned(),
            Subject::Stream(name) => format!("stream {name}"),
            Subject::Group(name) => format!("group {name}"),
            subject @ Subject::Owner(None) => subject.name().to_owned(),
            Subject::Owner(Some(name)) => format!("owner {name}"),
        };
        table.row(vec![
            name.into(),
            one.per.name().into(),
            quantity(one.quantity).into(),
            average(one).into(),
            marginal(one).into(),
        ]);
        before = Some(&one.subject);
    }
    format!("\n{}", table.render(WIDTH, paint))
}

fn shown_back(account: &Account, scenario: &Scenario, paint: Paint) -> String {
    let back = &account.showback;
    let used: Vec<Component> = Component::ALL
        .iter()
        .copied()
        .filter(|component| back.shares.iter().any(|one| one.component == Some(*component)))
        .collect();
    let streams: Vec<&str> = back.each(|payer| Some(payer.stream.as_str()));
    let owned = scenario.workload.streams.iter().any(|stream| stream.owner.is_some());
    let longest = streams.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let credits = back.shares.iter().any(|one| one.component.is_none());
    // Credits have a column of their own.
    let beside = longest.max(12) + if credits { 9 } else { 0 };
    let columns = few_enough(&used, beside, |component| {
        Some(back.sum(|one| one.component == Some(component)))
    });
    let others =
        |one: &Share| one.component.is_some_and(|component| !columns.contains(&Some(component)));
    let in_column = |one: &Share, column: Option<Component>| match column {
        Some(component) => one.component == Some(component),
        None => others(one),
    };
    let row = |wanted: &dyn Fn(&Share) -> bool| -> Vec<Usd> {
        let mut cells: Vec<Usd> = columns
            .iter()
            .map(|column| back.sum(|one| wanted(one) && in_column(one, *column)))
            .collect();
        if credits {
            cells.push(back.sum(|one| wanted(one) && one.component.is_none()));
        }
        cells
    };
    let scale = Scale::of(account.worth.accrual);
    let split = |title: &str, rows: Vec<(String, Vec<Usd>)>| {
        let mut table = Table::new().words(title);
        for column in &columns {
            table = table.numbers(&narrow(column.map_or("other", Component::name)));
        }
        if credits {
            table = table.numbers("credits");
        }
        table = table.numbers("total");
        let (names, grid): (Vec<String>, Vec<Vec<Usd>>) = rows.into_iter().unzip();
        let shown = both_ways(&grid, scale);
        for (name, cells) in names.into_iter().zip(&shown) {
            table.row(amounts(name, cells));
        }
        table.rule();
        table.row(amounts("total".to_owned(), &sums(&shown)));
        format!("\n{}", table.render(WIDTH, paint))
    };
    let unit = capitalized(scale.name());
    let by_stream = streams
        .iter()
        .map(|name| ((*name).to_owned(), row(&|one: &Share| one.payer.stream == *name)));
    let mut text = split(&format!("{unit} by stream"), by_stream.collect());
    if owned {
        let mut owners = back.each(|payer| Some(payer.owner.as_deref()));
        owners.sort_by_key(|owner| owner.is_none());
        let by_owner = owners.into_iter().map(|owner| {
            let name = owner.unwrap_or(NO_OWNER).to_owned();
            (name, row(&|one: &Share| one.payer.owner.as_deref() == owner))
        });
        text.push_str(&split(&format!("{unit} by owner"), by_owner.collect()));
    }
    text.push_str(&by_payer(account, scale, paint));
    for note in &back.notes {
        text.push_str(&wrap(&format!("{note}."), WIDTH, ""));
    }
    text
}

/// What streams and groups ask for themselves, and what they bear of the rest.
fn by_payer(account: &Account, scale: Scale, paint: Paint) -> String {
    let back = &account.showback;
    let title = format!("{} by\nstream and group", capitalized(scale.name()));
    let mut table = Table::new().words(&title).numbers("direct").numbers("shared").numbers("total");
    let payers = back.each(|payer| Some(payer));
    let grid: Vec<Vec<Usd>> = payers
        .iter()
        .map(|payer| {
            let of = |shared: bool| back.sum(|one| one.payer == **payer && one.shared == shared);
            vec![of(false), of(true)]
        })
        .collect();
    let shown = both_ways(&grid, scale);
    let mut stream = "";
    for (payer, cells) in payers.iter().zip(&shown) {
        // A stream whose every cost is its groups' is named all the same.
        if payer.stream != stream && payer.group.is_some() {
            table.row(vec![payer.stream.as_str().into()]);
        }
        stream = &payer.stream;
        let name = match &payer.group {
            Some(group) => format!("  {group}"),
            None => payer.stream.clone(),
        };
        table.row(amounts(name, cells));
    }
    table.rule();
    table.row(amounts("total".to_owned(), &sums(&shown)));
    format!("\n{}", table.render(WIDTH, paint))
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
    text.push_str("What one per cent more costs is the difference of two runs: fleets are whole brokers, so it is small until it is a broker. ");
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
