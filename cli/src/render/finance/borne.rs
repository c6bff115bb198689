//! One platform's costs by who bears them: what is taken off price rows, what one of something costs, and show-back.

use model::Scenario;
use model::bill::Component;
use model::export::figures::{Scale, quantity, to_target, whole};
use model::finance::{Account, NO_OWNER, Per, Share, Stack, Subject, together};
use model::money::{Usd, largest_remainder};

use super::{average, capitalized, marginal, signed};
use crate::render::WIDTH;
use crate::render::compare::{few_enough, narrow};
use crate::render::paint::{Paint, Tone};
use crate::render::table::{Cell, Table};
use crate::render::text::wrap;

pub(super) fn discounts(account: &Account, paint: Paint) -> String {
    let all = together(&account.discounts);
    let nothing = [all.negotiated, all.commitments, all.credits] == [Usd::ZERO; 3];
    if nothing {
        return String::new();
    }
    let scale = Scale::of(all.list);
    let heads = ["list", "nego-\ntiated", "commit-\nments", "credits"];
    let cells = |row: &Stack| vec![row.list, row.negotiated, row.commitments, row.credits];
    let mut table = Table::new().words(&format!("{}\nby price row", capitalized(scale.name())));
    for head in heads {
        table = table.numbers(head);
    }
    table = table.numbers("effective");
    let rows: Vec<&Stack> = account
        .discounts
        .iter()
        .filter(|row| row.list != Usd::ZERO || row.effective != Usd::ZERO)
        .collect();
    let grid: Vec<Vec<Usd>> = rows.iter().map(|row| cells(row)).collect();
    let shown = both_ways(&grid, scale);
    let mut parts: Vec<String> = Vec::new();
    for name in rows.iter().map(|row| row.part.name()) {
        if !parts.contains(&name) {
            parts.push(name);
        }
    }
    for part in &parts {
        // Credits and what a platform pays for as a whole have no heading.
        if !part.is_empty() {
            table.row(vec![Cell::spanning(part.as_str(), Tone::Strong)]);
        }
        let here = rows.iter().zip(&shown).filter(|(row, _)| row.part.name() == *part);
        for (row, cells) in here {
            let name = match row.component {
                Some(component) => format!("{}, {}", component.name(), row.sku),
                None => format!("credit, {}", row.sku),
            };
            table.row(amounts(name, cells));
        }
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

pub(super) fn units(account: &Account, paint: Paint) -> String {
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

pub(super) fn shown_back(account: &Account, scenario: &Scenario, paint: Paint) -> String {
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
    let mut text = split(&format!("{unit}\nby stream"), by_stream.collect());
    if owned {
        let mut owners = back.each(|payer| Some(payer.owner.as_deref()));
        owners.sort_by_key(|owner| owner.is_none());
        let by_owner = owners.into_iter().map(|owner| {
            let name = owner.unwrap_or(NO_OWNER).to_owned();
            (name, row(&|one: &Share| one.payer.owner.as_deref() == owner))
        });
        text.push_str(&split(&format!("{unit}\nby owner"), by_owner.collect()));
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
    let payers = back.each(Some);
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
            None => format!("{}, itself", payer.stream),
        };
        table.row(amounts(name, cells));
    }
    table.rule();
    table.row(amounts("total".to_owned(), &sums(&shown)));
    format!("\n{}", table.render(WIDTH, paint))
}
