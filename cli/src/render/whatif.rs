//! What a change does: before, after, the difference by component, and what else is different.

use std::collections::BTreeMap;

use model::bill::Component;
use model::money::{Usd, largest_remainder};
use model::units::separated;
use model::{Comparison, Plan, View};

use super::WIDTH;
use super::compare::{few_enough, narrow, rejection, verdict};
use super::figures::{
    AT_LEAST, Scale, against, bottleneck, fleet, produce_p50, redundant, signed, to_target,
};
use super::paint::{Paint, Tone};
use super::pairs::{Pair, earlier, pairs};
use super::table::{Cell, Table};
use super::text::{fit, wrap};

/// What changes do to one platform by its name, or to all.
pub(crate) fn changes(
    changes: &[(String, String)],
    before: &Comparison,
    after: &Comparison,
    platform: Option<&str>,
    paint: Paint,
) -> String {
    let mut text = format!("{}\n", paint.strong(&fit(&after.title, WIDTH)));
    let shown = match after.view {
        View::Horizon => "a month on average".to_owned(),
        View::Month(_) => format!("month {}", after.month.index + 1),
        View::Steady(_) => format!("month {}, steady", after.month.index + 1),
    };
    let place = format!("{} {}, {shown}", after.provider, after.region);
    text.push_str(&format!("{place}\n"));
    for (path, value) in changes {
        text.push_str(&wrap(&format!("with {path} = {value}"), WIDTH, ""));
    }
    let pairs = pairs(before, after, platform);
    if !pairs.is_empty() {
        text.push('\n');
        text.push_str(&totals(&pairs, paint));
        text.push('\n');
        text.push_str(&components(&pairs, paint));
        let shifts: String = pairs.iter().map(|pair| shift(pair, paint)).collect();
        if !shifts.is_empty() {
            text.push_str(&format!("\n{}\n{shifts}", paint.strong("What else changes")));
        }
    }
    text.push_str(&lost_and_won(before, after, platform, paint));
    if platform.is_none() {
        text.push_str(&format!("\n{}\n", paint.faint("Before:")));
        let first = before.verdict.sentences.first().map_or("", |first| first);
        text.push_str(&wrap(first, WIDTH, ""));
        text.push_str(&format!("\n{}\n", paint.faint("After:")));
        text.push_str(&verdict(after, paint));
    }
    text
}

fn totals(pairs: &[Pair<'_>], paint: Paint) -> String {
    let scale = scale(pairs);
    let head = format!("In {} a month", scale.name());
    let mut table = Table::new()
        .words(&head)
        .numbers("before")
        .numbers("after")
        .numbers("difference")
        .numbers("");
    for pair in pairs {
        let [before, after, difference] = shown(pair, scale);
        let mark = |plan: &Plan, text: String| format!("{}{text}", plan.bill.bound());
        let share = against(pair.after.monthly_cost(), pair.before.monthly_cost());
        if pair.before.is_complete() != pair.after.is_complete() {
            // What has no price is not saved.
            let cells = [mark(pair.before, before), mark(pair.after, after), "?".to_owned()];
            let name: Cell = pair.name().into();
            table.row([name].into_iter().chain(cells.map(Cell::from)).collect());
            continue;
        }
        table.row(vec![
            pair.name().into(),
            mark(pair.before, before).into(),
            mark(pair.after, after).into(),
            Cell::toned(signed(&difference), tone(&difference)),
            share.into(),
        ]);
    }
    table.render(WIDTH, paint)
}

fn scale(pairs: &[Pair<'_>]) -> Scale {
    let of = |pair: &Pair<'_>| pair.before.monthly_cost().max(pair.after.monthly_cost());
    Scale::of(pairs.iter().map(of).max().unwrap_or_default())
}

/// Before, after and their difference, which add up as shown.
fn shown(pair: &Pair<'_>, scale: Scale) -> [String; 3] {
    let (before, after) = (pair.before.monthly_cost(), pair.after.monthly_cost());
    let [before, after] = [before, after].map(|amount| round(amount, scale));
    [before, after, after - before].map(|amount| separated(&format!("{:.0}", amount.dollars())))
}

fn round(amount: Usd, scale: Scale) -> Usd {
    largest_remainder(&[scale.of_dollars(amount)], 0).swap_remove(0)
}

fn tone(difference: &str) -> Tone {
    match signed(difference).chars().next() {
        Some('+') => Tone::Bad,
        Some('−') => Tone::Good,
        _ => Tone::Faint,
    }
}

/// Differences by component; each row adds up to the difference of the totals as they are shown.
fn components(pairs: &[Pair<'_>], paint: Paint) -> String {
    let scale = scale(pairs);
    let difference = |pair: &Pair<'_>, component: Component| {
        pair.after.of_component(component) - pair.before.of_component(component)
    };
    let used =
        |component: &Component| pairs.iter().any(|pair| difference(pair, *component) != Usd::ZERO);
    let used: Vec<Component> = Component::ALL.iter().copied().filter(used).collect();
    let names = pairs.iter().map(|pair| pair.after.design.name.chars().count());
    let columns = few_enough(&used, names.max().unwrap_or(0), |component| {
        pairs.iter().map(|pair| difference(pair, component).dollars().abs()).max()
    });
    if columns.is_empty() {
        let nothing =
            "No cost changes in this month; `--month` plans a later one, with its growth.\n";
        return nothing.to_owned() + &gaps(pairs);
    }
    let mut table = Table::new().words("Difference\nby component");
    for column in &columns {
        table = table.numbers(&narrow(column.map_or("other", Component::name)));
    }
    table = table.numbers("total");
    for pair in pairs {
        let others = || used.iter().filter(|component| !columns.contains(&Some(**component)));
        let exact: Vec<Usd> = columns
            .iter()
            .map(|column| match column {
                Some(component) => difference(pair, *component),
                None => others().map(|component| difference(pair, *component)).sum(),
            })
            .map(|difference| scale.of_dollars(difference))
            .collect();
        let target =
            round(pair.after.monthly_cost(), scale) - round(pair.before.monthly_cost(), scale);
        let rounded = to_target(&exact, target);
        let mut cells: Vec<Cell> = vec![pair.name().into()];
        for (amount, exact) in rounded.into_iter().zip(&exact) {
            let nothing = *exact == Usd::ZERO;
            let unknown = columns.get(cells.len() - 1).is_some_and(|column| {
                let gap = |plan: &Plan| {
                    plan.bill.gaps.iter().any(|gap| match column {
                        Some(component) => gap.component == *component,
                        None => others().any(|component| gap.component == *component),
                    })
                };
                gap(pair.before) != gap(pair.after)
            });
            if unknown {
                cells.push("?".into());
                continue;
            }
            cells.push(if nothing { Cell::toned("–", Tone::Faint) } else { change(amount) });
        }
        let known = pair.before.is_complete() == pair.after.is_complete();
        cells.push(if known { change(target) } else { "?".into() });
        table.row(cells);
    }
    table.render(WIDTH, paint) + &gaps(pairs)
}

/// What has no price before or after, with the platforms that it is missing from.
fn gaps(pairs: &[Pair<'_>]) -> String {
    let mut gaps: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pair in pairs {
        for gap in pair.after.bill.gaps.iter().chain(&pair.before.bill.gaps) {
            let names = gaps.entry(&gap.what).or_default();
            let name = pair.after.design.name.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let note = |(what, names): (&str, Vec<&str>)| {
        wrap(&format!("{AT_LEAST} {}: {what}.", names.join(", ")), WIDTH, "")
    };
    gaps.into_iter().map(note).collect()
}

/// A difference in whole units.
fn change(amount: Usd) -> Cell {
    let text = separated(&format!("{:.0}", amount.dollars()));
    Cell::toned(signed(&text), tone(&text))
}

/// What is different about a platform besides its cost.
fn shift(pair: &Pair<'_>, paint: Paint) -> String {
    let facts = |plan: &Plan| {
        [
            ("fleet", fleet(plan)),
            ("binds", bottleneck(plan)),
            ("produce p50", produce_p50(plan)),
            ("redundant after", redundant(plan.recovery)),
        ]
    };
    let changed: Vec<String> = facts(pair.before)
        .iter()
        .zip(&facts(pair.after))
        .filter(|(before, after)| before != after)
        .map(|((name, before), (_, after))| format!("{name} {before} → {after}"))
        .collect();
    let new = pair.after.warnings.iter().filter(|warning| !pair.before.warnings.contains(warning));
    let new: String = new
        .map(|warning| {
            paint.paint(Tone::Warning, "!")
                + &wrap(&format!("{}: {warning}.", pair.after.design.name), WIDTH - 2, " ")
        })
        .collect();
    if changed.is_empty() {
        return new;
    }
    wrap(&format!("{}: {}.", pair.after.design.name, changed.join("; ")), WIDTH, "") + &new
}

/// Platforms that can be planned only before, or only after.
fn lost_and_won(
    before: &Comparison,
    after: &Comparison,
    platform: Option<&str>,
    paint: Paint,
) -> String {
    let mut text = String::new();
    for outcome in &after.outcomes {
        let name = match outcome {
            Ok(plan) => &plan.design.name,
            Err(rejection) => &rejection.design.name,
        };
        if platform.is_some_and(|wanted| wanted != name) {
            continue;
        }
        let known = match outcome {
            Ok(plan) => earlier(before, after, plan).is_some(),
            Err(_) => before.plans().any(|plan| plan.design.name == *name),
        };
        match outcome {
            Err(rejected) => {
                let since = if known { "" } else { " (nor could it before)" };
                let told = rejection(rejected, paint);
                let (first, rest) = told.split_once('\n').unwrap_or((&told, ""));
                text.push_str(&format!("\n{first}{since}\n{rest}"));
            }
            Ok(plan) if !known => {
                let note = format!(
                    "{name} can be planned now: {} a month, {}, {}.",
                    plan.monthly_cost(),
                    fleet(plan),
                    bottleneck(plan)
                );
                text.push_str(&format!("\n{}", wrap(&note, WIDTH, "")));
            }
            Ok(_) => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_add_up_to_what_is_shown() {
        let usd = |text: &str| text.parse::<Usd>().expect("a literal in a test");
        // 0.4 + 0.4 rounds to 1, but 10.4 → 11.2 is shown as 10 → 11, and 10.6 → 11.4 as 11 → 11.
        let exact = [usd("0.4"), usd("0.4")];
        for target in [usd("1"), usd("0")] {
            let shown = to_target(&exact, target);
            assert_eq!(shown.into_iter().sum::<Usd>(), target);
        }
    }
}
