//! What counts bills themselves: the support plan, and the platform that clients leave.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::sheet::{Draft, Sheet, computed, figure};
use super::{Input, Key, Origin};
use crate::basis::Basis;
use crate::bill::{Cause, Component, CostLine, Usage};
use crate::costs::is_supported;
use crate::map::Map;
use crate::money::Usd;
use crate::parameters::Settings;
use crate::parts;
use crate::plan::{Billed, Plan};
use crate::scenario::Scenario;
use crate::units::Hours;

/// Symbols of the summands of a sum; components are fewer.
const LETTERS: [&str; 18] =
    ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R"];

/// Takes in what a support plan counted in a month.
pub(super) fn support(
    part: &Plan,
    billed: &Billed,
    basis: &Basis,
    defaults: &Settings,
    drafts: &mut Map<Key, Draft>,
) {
    let Some(used) = &billed.used else { return };
    let (Some(rate), Some(least)) = (basis.lines.support, basis.lines.support_minimum) else {
        return;
    };
    let of = |id| {
        let own = basis.lines.own_price(id);
        own.map_or("", |price| price.sku.as_str())
    };
    let dollars = |lines: &mut dyn Iterator<Item = &CostLine>| {
        let sum: Usd = lines.map(|line| line.list_cost).sum();
        sum.as_f64()
    };
    let lines = &billed.bill.lines;
    let mut seen: Vec<&str> = Vec::new();
    for line in lines.iter().filter(|line| line.component == Component::Support) {
        if seen.contains(&line.sku.as_str()) {
            continue;
        }
        seen.push(&line.sku);
        let counts_bill = line.sku == of(rate);
        let usage = Usage {
            component: Component::Support,
            cause: Cause::Support,
            grows_with: line.grows_with,
            price: if counts_bill { rate } else { least },
            amount: 0.0,
        };
        let draft = drafts.or_default(Key::of(line));
        let unit = (line.unit, 0);
        let mut sheet = Sheet::new(part, used, basis, defaults, &usage, unit, draft.is_empty());
        if counts_bill {
            supported(&mut sheet, part, billed);
        } else {
            let plan = dollars(&mut lines.iter().filter(|line| line.sku == of(rate)));
            minimum(&mut sheet, plan);
        }
        let all = lines.iter().filter(|other| other.sku == line.sku);
        let quantity: Decimal = all.map(|line| line.quantity).sum();
        draft.add(sheet, billed.month.index, quantity.to_f64().unwrap_or(f64::MAX));
    }
}

/// The supported part of a bill, component by component.
fn supported(sheet: &mut Sheet, part: &Plan, billed: &Billed) {
    let vendor = sheet.basis.prices.get(&crate::bill::LICENCE).map(|price| price.sku.as_str());
    let counts =
        |line: &&CostLine| is_supported(line.component) && Some(line.sku.as_str()) != vendor;
    // Every component that any month has, so that all months have one formula.
    let mut components: Vec<Component> = Vec::new();
    for line in part.bill.lines.iter().filter(counts) {
        if !components.contains(&line.component) {
            components.push(line.component);
        }
    }
    let what = "The provider's support plan is a share of what the provider charges, at list prices; what a vendor charges, what another platform costs and people's time are not in it.";
    let words = "sum of the supported lines of the bill";
    let symbols: Vec<&str> = LETTERS.iter().take(components.len()).copied().collect();
    sheet.say(what, words, &symbols.join(" + "));
    for (component, symbol) in components.into_iter().zip(LETTERS) {
        let lines = billed.bill.lines.iter().filter(counts);
        let of = lines.filter(|line| line.component == component);
        let usd: Usd = of.map(|line| line.list_cost).sum();
        sheet.input(symbol, usd.as_f64(), "USD", || {
            (component.name().to_owned(), usd.to_string(), computed("this line of the bill"))
        });
    }
    sheet.behind(&["support_rates"]);
}

/// What a support plan costs at least, beyond its share of the bill.
fn minimum(sheet: &mut Sheet, plan: f64) {
    let what = "A support plan costs something at least; this is what its share of the bill falls short of it.";
    let words = "the least that the plan costs × share of the month in which the platform is there, less what the share of the bill comes to";
    sheet.say(what, words, "max(0, M × a − s)");
    sheet.setting("M", "support_minimum");
    let alive = sheet.used.alive / sheet.used.hours;
    let origin = sheet.found("all of it, unless clients migrate to the platform, or leave it");
    sheet.share("a", "share of the month in which it is there", alive, || origin);
    sheet.input("s", plan, "USD", || {
        let name = "what the share of the bill comes to".to_owned();
        (name, format!("${}", figure(plan)), computed("the other line of the support plan"))
    });
}

/// Takes in what the platform costs that clients leave.
pub(super) fn migration(plan: &Plan, scenario: &Scenario, drafts: &mut Map<Key, Draft>) {
    for billed in &plan.months {
        let lines = billed.bill.lines.iter();
        for line in lines.filter(|line| line.component == Component::Migration) {
            let parts = plan.each().filter(|part| part.part.region == line.part.region);
            let Some(course) = parts::course(parts) else { continue };
            let (start, end) = match line.cause {
                Cause::Serve => (Hours::ZERO, course.start),
                _ => (course.start, course.until),
            };
            let left = line.sku.strip_prefix("plan:").unwrap_or_default();
            let draft = drafts.or_default(Key::of(line));
            let month = billed.month;
            let moments = [
                ("a", "start of the month", month.start),
                ("b", "end of the month", month.end()),
                ("s", "when it begins", start),
                ("e", "when it ends", end),
            ];
            if draft.is_empty() {
                draft.what = match line.cause {
                    Cause::Serve => format!(
                        "Until the migration begins, clients are on `{left}`, and it is paid for."
                    ),
                    _ => format!(
                        "Until nothing depends on `{left}` any more, it is paid for beside the platform that clients move to."
                    ),
                };
                draft.words = "hours of the month in which it is still paid for; an hour costs what the other platform's own plan does";
                draft.formula = "min(b, e) − max(a, s)".to_owned();
                draft.inputs = moments.map(|moment| input(moment, scenario)).into();
            }
            let numbers = moments.map(|(_, _, at)| at.as_hours()).into();
            let quantity = line.quantity.to_f64().unwrap_or(f64::MAX);
            draft.push(month.index, "", numbers, quantity);
        }
    }
}

fn input((symbol, name, at): (&'static str, &str, Hours), scenario: &Scenario) -> Input {
    let event =
        scenario.events.iter().find(|event| event.kind == crate::events::EventKind::Migration);
    let path = match (symbol, event) {
        ("s" | "e", Some(event)) => format!("[[event]] {} at {}", event.kind.name(), event.at),
        _ => "horizon".to_owned(),
    };
    Input {
        symbol,
        name: format!("{name}, from the start of the horizon"),
        value: format!("{} h", figure(at.as_hours())),
        number: Some(at.as_hours()),
        unit: "h".to_owned(),
        origin: Origin::Scenario { path },
    }
}
