//! Lines of bills that explain themselves.

use model::bill::Driver;
use model::explain::{Explanation, PriceRow};
use model::{Comparison, Plan, Scenario};

use super::WIDTH;
use super::paint::{Paint, Tone};
use super::table::{Cell, Table};
use super::text::{visible, width, wrap};

/// Most terms of a sum that are listed.
const TERMS: usize = 12;

/// Every line of every bill by the name to ask for it by, with what it costs.
pub(crate) fn lines(
    comparison: &Comparison,
    scenario: &Scenario,
    plans: &[(&Plan, Vec<Explanation>)],
    platform: Option<&str>,
    paint: Paint,
) -> String {
    let mut text = super::compare::in_turn(comparison, scenario, platform, paint, |plan| {
        let explained = plans.iter().find(|(one, _)| one.design.name == plan.design.name);
        explained.map_or_else(String::new, |(_, list)| {
            let name = paint.strong(&format!("{}\n", visible(&plan.design.name)));
            name + &tables(list, paint)
        })
    });
    if !plans.is_empty() {
        text.push('\n');
        let note = "Ask for one of them: `highwater explain FILE LINE --platform NAME`.";
        text.push_str(&wrap(note, WIDTH, ""));
    }
    text
}

/// A table for each part of a platform, so that names are never cut.
fn tables(list: &[Explanation], paint: Paint) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in list.iter().map(part) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let mut text = String::new();
    for (index, wanted) in parts.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        if !wanted.is_empty() {
            let note = format!("Its lines end in `@{}`:", visible(wanted));
            text.push_str(&wrap(&note, WIDTH, ""));
        }
        text.push_str(&table(list.iter().filter(|one| part(one) == *wanted), paint));
    }
    text
}

/// The end of a line's name; empty for lines of the whole.
fn part(one: &Explanation) -> &str {
    one.id.split_once('@').map_or("", |(_, part)| part)
}

fn table<'a>(list: impl Iterator<Item = &'a Explanation>, paint: Paint) -> String {
    let mut table =
        Table::new().words("Line").numbers("quantity").words("unit").numbers("$ a month");
    for one in list {
        let cost = match one.missing {
            Some(_) => Cell::toned("no price", Tone::Bad),
            None => one.monthly_cost.trim_start_matches('$').into(),
        };
        let name = one.id.split('@').next().unwrap_or_default();
        table.row(vec![name.into(), one.quantity.as_str().into(), one.unit.into(), cost]);
    }
    table.render(WIDTH, paint)
}

/// Lines in full, platform by platform.
pub(crate) fn lines_of(plans: &[(&Plan, Vec<Explanation>)], paint: Paint) -> String {
    let each = plans.iter().flat_map(|(plan, list)| list.iter().map(move |one| (plan, one)));
    let texts = each.map(|(plan, one)| line(plan, one, paint));
    texts.collect::<Vec<_>>().join("\n")
}

fn line(plan: &Plan, one: &Explanation, paint: Paint) -> String {
    let months = plan.months.len();
    let cost = match (&one.missing, months) {
        (Some(_), _) => "no price".to_owned(),
        (None, 1) => one.cost.clone(),
        (None, _) => format!("{} a month, {} in {months}", one.monthly_cost, one.cost),
    };
    let title = format!("{}  {}: {cost}", visible(&plan.design.name), visible(&one.id));
    let mut text = paint.strong(&title) + "\n";
    text.push_str(&wrap(&one.what, WIDTH, ""));
    if let Some(missing) = &one.missing {
        text.push_str(&wrap(&format!("Missing: {}.", missing.what), WIDTH, ""));
        text.push_str(&wrap(&format!("Way out: {}.", missing.hint), WIDTH, ""));
    }
    if !one.formula.is_empty() {
        text.push('\n');
        text.push_str(&fact("In words", one.words));
        text.push_str(&fact("Formula", &one.formula));
        text.push_str(&inputs(one, paint));
        text.push_str(&steps(one, paint));
    }
    if let Some(price) = &one.price {
        text.push_str(&self::price(price, paint));
    }
    if !one.grows_with.is_empty() {
        let grows = match one.grows_with == Driver::Fixed.name() {
            true => "with nothing: it is fixed".to_owned(),
            false => format!("with {}", one.grows_with),
        };
        text.push_str(&fact("Grows", &grows));
    }
    text
}

/// Columns of a fact's name.
const NAMES: usize = 10;
/// Most columns of a value that has its name beside it; that of a longer one stands below.
const VALUES: usize = 20;

fn fact(name: &str, what: &str) -> String {
    let lines = wrap(what, WIDTH - NAMES, "");
    let indented = lines.lines().enumerate().map(|(index, line)| {
        let name = if index == 0 { name } else { "" };
        format!("{name:NAMES$}{line}\n")
    });
    indented.collect()
}

fn inputs(one: &Explanation, paint: Paint) -> String {
    let widths = one.inputs.iter().map(|input| width(&input.value));
    let columns = widths.filter(|columns| *columns <= VALUES).max().unwrap_or(0);
    let mut text = String::new();
    let mut behind = false;
    for input in &one.inputs {
        if input.symbol.is_empty() && !behind {
            behind = true;
            text.push_str("Behind them:\n");
        }
        let long = width(&input.value) > columns;
        let gap = " ".repeat(columns.saturating_sub(width(&input.value)));
        let (symbol, value) = (input.symbol, paint.strong(&visible(&input.value)));
        let mut start = format!("  {symbol:2}{value}{gap}  ");
        let indent = columns + 6;
        if long {
            text.push_str(&format!("  {symbol:2}{value}\n"));
            start = " ".repeat(indent);
        }
        let name = wrap(&input.named(), WIDTH - indent, "");
        for (index, line) in name.lines().enumerate() {
            let before = if index == 0 { start.clone() } else { " ".repeat(indent) };
            text.push_str(&format!("{before}{line}\n"));
        }
        let origin = wrap(&input.origin.to_string(), WIDTH - indent, &" ".repeat(indent));
        text.push_str(&paint.faint(&origin));
    }
    text
}

fn steps(one: &Explanation, paint: Paint) -> String {
    let mut text = String::new();
    for (index, step) in one.steps.iter().enumerate() {
        text.push_str(&fact(if index == 0 { "Steps" } else { "" }, step));
    }
    if one.terms.len() > 1 {
        let mut table = Table::new().words("term").numbers("each").numbers("times");
        for term in one.terms.iter().take(TERMS) {
            let each = format!("{} {}", model::units::grouped(term.quantity), one.unit);
            table.row(vec![term.of.as_str().into(), each.into(), term.times.to_string().into()]);
        }
        let more = one.terms.len().saturating_sub(TERMS);
        if more > 0 {
            table.row(vec![format!("and {more} more").into()]);
        }
        for line in table.render(WIDTH - NAMES, paint).lines() {
            text.push_str(&format!("{:NAMES$}{line}\n", ""));
        }
    }
    text
}

fn price(price: &PriceRow, paint: Paint) -> String {
    let mut text = fact("Price", &format!("{}: {}", price.sku, price.each()));
    let source = format!("{}, {}: {}", price.basis, price.as_of, price.source);
    for line in fact("", &source).lines() {
        text.push_str(&paint.faint(line));
        text.push('\n');
    }
    text
}
