//! Why one plan costs something else than another: totals, steps, components, and the largest reasons in words.

use model::bill::Component;
use model::export::variance::Sides;
use model::ledger::component_name;
use model::money::{Usd, largest_remainder};
use model::variance::{Effect, Effects, Reason, Variance, reasons};
use model::{Comparison, View};

use super::WIDTH;
use super::compare::rejection;
use super::figures::{AT_LEAST, Scale, against, signed, to_target, whole};
use super::paint::{Paint, Tone};
use super::table::{Cell, Table};
use super::text::{counted, fit, wrap};

/// What is shown besides the differences.
pub(crate) struct Shown<'a> {
    /// What A and B are called.
    pub(crate) sides: Sides<'a>,
    /// What it was.
    pub(crate) a: &'a Comparison,
    /// What it is.
    pub(crate) b: &'a Comparison,
    /// The platforms that are asked for; all where there are none.
    pub(crate) wanted: Vec<&'a str>,
}

/// Reasons that are told of each platform.
const REASONS: usize = 6;

/// All differences.
pub(crate) fn differences(shown: &Shown, found: &[Variance], paint: Paint) -> String {
    let mut text = format!("{}\n", paint.strong(&fit(&shown.b.title, WIDTH)));
    text.push_str(&format!("{}\n", fit(&format!("A: {}", shown.sides.a), WIDTH)));
    text.push_str(&format!("{}\n", fit(&format!("B: {}", shown.sides.b), WIDTH)));
    text.push_str(&format!("{}\n", period(shown, found)));
    for variance in found {
        text.push('\n');
        text.push_str(&one(variance, paint));
    }
    if !found.is_empty() {
        text.push_str(&order(found, paint));
    }
    text.push_str(&apart(shown, found, paint));
    text
}

fn period(shown: &Shown, found: &[Variance]) -> String {
    match (shown.b.view, found.first()) {
        (View::Steady(month), _) => format!("month {}, steady", month + 1),
        (View::Month(month), _) => format!("month {}", month + 1),
        (View::Horizon, Some(first)) if first.a.months != first.b.months => {
            format!("{} months of A, {} of B", first.a.months, first.b.months)
        }
        (View::Horizon, first) => {
            format!("{} together", counted(first.map_or(0, |first| first.b.months), "month"))
        }
    }
}

/// One platform: totals, then each component by steps, then the reasons.
fn one(variance: &Variance, paint: Paint) -> String {
    let (a, b) = (variance.total_a(), variance.total_b());
    let scale = Scale::of(a.max(b));
    let [shown_a, shown_b] = [a, b].map(|amount| round(amount, scale));
    let difference = shown_b - shown_a;
    let platform = match (&variance.a.platform, &variance.b.platform) {
        (a, b) if a == b => a.clone(),
        (a, b) => format!("{a} → {b}"),
    };
    let share = against(b, a);
    let share = if share.is_empty() { share } else { format!(" ({share})") };
    let head = format!(
        "{platform}: {} → {}, {}{share}",
        whole(shown_a),
        whole(shown_b),
        signed(&whole(difference)),
    );
    let units = match (scale, variance.rates.currency.code) {
        (Scale::Dollars, "USD") => "dollars".to_owned(),
        (Scale::Dollars, code) => code.to_owned(),
        (scale, "USD") => scale.name().to_owned(),
        (Scale::Thousands, code) => format!("thousands of {code}"),
        (_, code) => format!("millions of {code}"),
    };
    let mut text = format!("{} {}\n", paint.strong(&fit(&head, WIDTH)), paint.faint(&units));
    if variance.changes.iter().all(|change| change.effects == Effects::default()) {
        text.push_str("Nothing is different.\n");
        return text + &gaps(variance);
    }
    text.push_str(&components(variance, difference, scale, paint));
    for reason in reasons(variance).iter().take(REASONS) {
        text.push_str(&sentence(reason, variance));
    }
    text + &gaps(variance)
}

/// Components by steps; rows and columns add up to the difference as it is shown.
fn components(variance: &Variance, difference: Usd, scale: Scale, paint: Paint) -> String {
    let effects = variance.effects();
    let used =
        |effect: &Effect| variance.changes.iter().any(|one| one.effects.of(*effect) != Usd::ZERO);
    let columns: Vec<Effect> = Effect::ALL.into_iter().filter(used).collect();
    let mut table = Table::new().words("Difference");
    for effect in &columns {
        table = table.numbers(effect.name());
    }
    table = table.numbers("all");
    let rows: Vec<(Option<Component>, Effects)> = variance
        .components()
        .into_iter()
        .map(|(component, _, effects)| (component, effects))
        .filter(|(_, effects)| *effects != Effects::default())
        .collect();
    // Columns are rounded to their own totals, which add up to the difference; rows are their sums.
    let exact: Vec<Usd> =
        columns.iter().map(|effect| scale.of_dollars(effects.of(*effect))).collect();
    let totals = to_target(&exact, difference);
    let cells: Vec<Vec<Usd>> = columns
        .iter()
        .zip(&totals)
        .map(|(effect, total)| {
            let column = rows.iter().map(|(_, effects)| scale.of_dollars(effects.of(*effect)));
            to_target(&column.collect::<Vec<_>>(), *total)
        })
        .collect();
    for (index, (component, effects)) in rows.iter().enumerate() {
        let name = component_name(*component);
        let mut row: Vec<Cell> = vec![name.into()];
        for (column, effect) in cells.iter().zip(&columns) {
            let nothing = effects.of(*effect) == Usd::ZERO && column[index] == Usd::ZERO;
            row.push(if nothing { Cell::toned("–", Tone::Faint) } else { change(column[index]) });
        }
        row.push(change(cells.iter().map(|column| column[index]).sum()));
        table.row(row);
    }
    table.rule();
    let mut row: Vec<Cell> = vec!["all".into()];
    row.extend(totals.iter().map(|total| change(*total)));
    row.push(change(difference));
    table.row(row);
    table.render(WIDTH, paint)
}

fn round(amount: Usd, scale: Scale) -> Usd {
    largest_remainder(&[scale.of_dollars(amount)], 0).swap_remove(0)
}

/// A difference in whole units.
fn change(amount: Usd) -> Cell {
    let text = signed(&whole(amount));
    let tone = match text.chars().next() {
        Some('+') => Tone::Bad,
        Some('−') => Tone::Good,
        _ => Tone::Faint,
    };
    Cell::toned(text, tone)
}

/// `+$1,203 zone crossing, replicate (volume): 40 % more (…)`.
fn sentence(reason: &Reason, variance: &Variance) -> String {
    let amount = match variance.rates.currency.code {
        "USD" => signed(&reason.amount.to_string()),
        code => format!("{} {code}", signed(reason.amount.to_string().replace('$', "").as_str())),
    };
    let what = reason.what();
    let step = match reason.component {
        Some(_) => format!(" ({})", reason.effect.name()),
        None => String::new(),
    };
    wrap(&format!("{amount} {what}{step}: {}.", reason.why), WIDTH, "  ")
}

/// What has no price in either plan: it is in no part.
fn gaps(variance: &Variance) -> String {
    let note = |side: &str, what: &str| {
        wrap(&format!("{AT_LEAST} {side}: {what}; what it costs is in no part."), WIDTH, "")
    };
    let a = variance.a.gaps.iter().map(|gap| note("A", &gap.what));
    let b = variance.b.gaps.iter().map(|gap| note("B", &gap.what));
    a.chain(b).collect()
}

/// The order in which the steps were taken, of those that came to anything.
fn order(found: &[Variance], paint: Paint) -> String {
    let used = |effect: &&Effect| {
        let of = |variance: &Variance| {
            variance.changes.iter().any(|change| change.effects.of(**effect) != Usd::ZERO)
        };
        found.iter().any(of)
    };
    let steps: Vec<String> = Effect::ALL
        .iter()
        .filter(used)
        .enumerate()
        .map(|(index, effect)| format!("{}. {}: {}", index + 1, effect.name(), effect.doc()))
        .collect();
    if steps.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", paint.faint("Steps from A to B, in this order:"));
    for step in steps {
        text.push_str(&wrap(&step, WIDTH, ""));
    }
    text
}

/// Platforms that only one of them has, or that cannot be planned.
fn apart(shown: &Shown, found: &[Variance], paint: Paint) -> String {
    let mut text = String::new();
    for (side, list) in [("A", shown.a), ("B", shown.b)] {
        for outcome in &list.outcomes {
            let name = match outcome {
                Ok(plan) => &plan.design.name,
                Err(rejection) => &rejection.design.name,
            };
            if !shown.wanted.is_empty() && !shown.wanted.contains(&name.as_str()) {
                continue;
            }
            let pair = |one: &Variance| one.a.platform == *name || one.b.platform == *name;
            match outcome {
                Err(rejected) => {
                    text.push_str(&format!("\n{side}: {}", rejection(rejected, paint)));
                }
                Ok(_) if !found.iter().any(pair) => {
                    let note = format!("{side} has a plan for {name}, and the other has none.");
                    text.push_str(&format!("\n{}", wrap(&note, WIDTH, "")));
                }
                Ok(_) => {}
            }
        }
    }
    text
}
