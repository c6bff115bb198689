//! What others published for a case, beside what the plans give: figure by figure, and why they differ.

use model::published::{Beside, Figure, Measure, Published, What};
use model::units::separated;
use model::{Comparison, Scenario};

use super::WIDTH;
use super::figures::{percent, signed};
use super::paint::{Paint, Tone};
use super::table::{Cell, Table};
use super::text::{fit, wrap};

/// The section of a comparison; empty where the scenario says nothing of the kind.
pub(crate) fn section(comparison: &Comparison, scenario: &Scenario, paint: Paint) -> String {
    let Some(published) = &scenario.published else { return String::new() };
    let mut text = format!("\n{}\n", paint.strong("Published beside ours"));
    text.push_str(&wrap(&origin(published), WIDTH, ""));
    text.push('\n');
    text.push_str(&table(comparison, published, paint));
    text.push('\n');
    text.push_str(match published.consistent {
        true => "Its figures follow from its own inputs.\n",
        false => "What does not follow from its own inputs, or is left out:\n",
    });
    for slip in &published.slips {
        text.push_str(&item(&format!("{}: {}", slip.kind.name(), slip.why)));
    }
    if !published.assumptions.is_empty() {
        text.push_str("What lies behind the differences:\n");
    }
    for assumption in &published.assumptions {
        text.push_str(&item(assumption));
    }
    text
}

/// An item of a list; its first line hangs out by its dash.
fn item(text: &str) -> String {
    wrap(text, WIDTH, "  ").replacen("  ", "- ", 1)
}

/// What it is, who says so, when, and where.
fn origin(published: &Published) -> String {
    let Published { title, source_kind, date, url, .. } = published;
    format!("{title} · {} · {date} · {url}", source_kind.name().replace('-', " "))
}

fn table(comparison: &Comparison, published: &Published, paint: Paint) -> String {
    let mut table = Table::new()
        .words("Platform")
        .words("what")
        .gives_way()
        .words("a")
        .numbers("published")
        .numbers("ours")
        .numbers("off by")
        .words("tolerance");
    let one =
        published.figures.iter().all(|figure| figure.platform == published.figures[0].platform);
    let mut last = "";
    for beside in &comparison.published {
        let figure = &beside.figure;
        // The name of a platform stands once.
        let platform = if one && !last.is_empty() { "" } else { figure.platform.as_str() };
        last = &figure.platform;
        let (off, within, tone) = judged(beside);
        table.row(vec![
            fit(platform, WIDTH / 4).into(),
            what(figure).into(),
            figure.period.map_or("", |period| period.name()).into(),
            figure.amount.written(figure.amount.value).into(),
            ours(beside, comparison).into(),
            Cell::toned(off, tone),
            Cell::toned(within, tone),
        ]);
    }
    table.render(WIDTH, paint)
}

/// What a figure counts, and which part of it.
fn what(figure: &Figure) -> String {
    let mut text = figure.what.name().to_owned();
    if let Some(cause) = figure.cause {
        text.push_str(&format!(", {}", cause.name()));
    }
    if let Some(other) = &figure.against {
        text.push_str(&format!(" saved against {}", fit(other, WIDTH / 4)));
    }
    text
}

/// How far ours is from theirs, and whether that is allowed.
fn judged(beside: &Beside) -> (String, String, Tone) {
    let Some((off, within)) = beside.difference().zip(beside.is_within()) else {
        return ("–".to_owned(), "not planned".to_owned(), Tone::Faint);
    };
    let points = if beside.figure.amount.measure == Measure::Share { " points" } else { "" };
    let tolerance = format!("{}{points}", fine_percent(beside.figure.tolerance));
    let off = match off {
        off if points.is_empty() && off >= TWICE => times(1.0 + off),
        off => format!("{}{points}", signed(&fine_percent(off))),
    };
    match within {
        true => (off, format!("within {tolerance}"), Tone::Good),
        false => (off, format!("beyond {tolerance}"), Tone::Warning),
    }
}

/// From here on people think in times, and not in per cent.
const TWICE: f64 = 0.995;

fn times(times: f64) -> String {
    let decimals = usize::from(times < 9.95);
    format!("× {}", separated(&format!("{times:.decimals$}")))
}

/// A share; two decimals where one would show nothing.
fn fine_percent(share: f64) -> String {
    let hundredths = (share * 10_000.0).round();
    if hundredths != 0.0 && hundredths.abs() < 10.0 {
        return format!("{:.2} %", hundredths / 100.0);
    }
    percent(share)
}

/// Ours, marked where the bill has gaps or ranges.
fn ours(beside: &Beside, comparison: &Comparison) -> String {
    let Some(ours) = beside.ours else { return "–".to_owned() };
    let figure = &beside.figure;
    let plan = comparison.plans().find(|plan| plan.design.name == figure.platform);
    let mark = plan.filter(|_| figure.what == What::Total).map_or("", |plan| plan.bill.bound());
    format!("{mark}{}", figure.amount.written(ours))
}
