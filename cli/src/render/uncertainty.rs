//! A study of futures: what was drawn, every platform's percentiles, chances against each other, and one platform in full.

use model::export::figures::{counted, percent};
use model::export::uncertainty::{dollars, least_regret, precision, sentences};
use model::uncertainty::{Bar, Candidate, Study};

use super::WIDTH;
use super::paint::{Paint, Tone};
use super::table::{Cell, Table};
use super::text::{fit, wrap};

/// All of a study; with everything about each platform where `full`, and about the choice of least regret in any case.
pub(crate) fn study(study: &Study, full: bool, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.strong(&fit(&study.title, WIDTH)));
    text.push_str(&format!(
        "{} of {}\n\n",
        counted(study.draws, "future"),
        counted(study.inputs.len(), "uncertain quantity").replace("quantitys", "quantities")
    ));
    text.push_str(&inputs(study, paint));
    text.push('\n');
    text.push_str(&candidates(study, paint));
    if study.pairs.len() > 1 {
        text.push_str(&format!(
            "\n{}\n",
            paint.strong("How often the row costs less than the column")
        ));
        text.push_str(&pairs(study, paint));
    }
    let best = least_regret(study).map(|best| &best.platform);
    for candidate in &study.candidates {
        if full || Some(&candidate.platform) == best {
            text.push_str(&about(candidate, paint));
        }
    }
    text.push('\n');
    for sentence in sentences(study) {
        text.push_str(&wrap(&sentence, WIDTH, ""));
    }
    text.push('\n');
    let precise = precision(study).map_or_else(
        || "More futures would tell how far percentiles are off. ".to_owned(),
        |precise| {
            format!("With 95 % confidence, percentiles of costs are off by {precise} at most. ")
        },
    );
    let note = format!(
        "{precise}Regret is what a platform costs more than the cheapest one of the same future."
    );
    for line in wrap(&note, WIDTH, "").lines() {
        text.push_str(&paint.faint(line));
        text.push('\n');
    }
    text
}

fn inputs(study: &Study, paint: Paint) -> String {
    let mut table = Table::new().words("Uncertain").numbers("P10").numbers("P50").numbers("P90");
    for input in &study.inputs {
        let [low, middle, high] = &input.shown;
        table.row(vec![
            input.path.as_str().into(),
            low.as_str().into(),
            middle.as_str().into(),
            high.as_str().into(),
        ]);
    }
    table.render(WIDTH, paint)
}

/// Dollars, or a dash for what cannot be planned.
fn cost(amount: Option<f64>) -> String {
    amount.map_or_else(|| "–".to_owned(), dollars)
}

fn candidates(study: &Study, paint: Paint) -> String {
    let mut table = Table::new()
        .words("Dollars a month")
        .numbers("middle")
        .numbers("P10")
        .numbers("P50")
        .numbers("P90")
        .numbers("cheapest\nin")
        .numbers("mean\nregret")
        .numbers("worst\nregret")
        .numbers("fleet\nholds in");
    for candidate in &study.candidates {
        let mut cells: Vec<Cell> = vec![candidate.platform.as_str().into()];
        cells.push(cost(candidate.middle_usd).into());
        cells.extend(candidate.monthly_usd.iter().map(|found| Cell::from(cost(found.value))));
        match &candidate.regret {
            Some(regret) => {
                cells.push(percent(regret.best).into());
                cells.push(dollars(regret.expected_usd).into());
                cells.push(if regret.without > 0 {
                    Cell::toned("no plan", Tone::Bad)
                } else {
                    dollars(regret.worst_usd).into()
                });
            }
            None if candidate.complete => cells.extend(["–", "–", "–"].map(Cell::from)),
            None => cells.extend(["?", "?", "?"].map(Cell::from)),
        }
        let holds =
            candidate.coverage.as_ref().map_or_else(|| "–".to_owned(), |held| percent(held.share));
        cells.push(holds.into());
        table.row(cells);
    }
    table.render(WIDTH, paint)
}

/// Platforms as numbers in the heads, so that many of them have room.
fn pairs(study: &Study, paint: Paint) -> String {
    let mut names: Vec<&str> = Vec::new();
    for pair in &study.pairs {
        for name in [&pair.one, &pair.other] {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    let mut table = Table::new().words("");
    for index in 0..names.len() {
        table = table.numbers(&(index + 1).to_string());
    }
    for (index, row) in names.iter().enumerate() {
        let mut cells: Vec<Cell> = vec![format!("{} {row}", index + 1).into()];
        cells.extend(names.iter().map(|column| {
            let share = study.pairs.iter().find_map(|pair| match () {
                () if pair.one == *row && pair.other == *column => Some(pair.one_cheaper),
                () if pair.other == *row && pair.one == *column => Some(pair.other_cheaper),
                () => None,
            });
            Cell::from(share.map_or_else(String::new, percent))
        }));
        table.row(cells);
    }
    table.render(WIDTH, paint)
}

fn about(candidate: &Candidate, paint: Paint) -> String {
    let mut text = format!("\n{}\n", paint.strong(&fit(&candidate.platform, WIDTH)));
    if !candidate.tornado.is_empty() {
        text.push_str(&tornado(candidate, paint));
    }
    if let Some(held) = &candidate.coverage {
        let mut table = Table::new()
            .words(&format!("Fleet of {}", held.machine))
            .numbers("holds in")
            .numbers("a month")
            .words("");
        for step in &held.frontier {
            let planned = if step.brokers == held.brokers { "as planned" } else { "" };
            table.row(vec![
                counted(step.brokers as usize, "broker").into(),
                percent(step.share).into(),
                cost(step.monthly_usd).into(),
                planned.into(),
            ]);
        }
        text.push_str(&format!("\n{}", table.render(WIDTH, paint)));
    }
    if !candidate.chances.is_empty() {
        let mut table = Table::new().words("Does not hold").numbers("in");
        for chance in &candidate.chances {
            table.row(vec![chance.matter.name().into(), percent(chance.share).into()]);
        }
        text.push_str(&format!("\n{}", table.render(WIDTH, paint)));
    }
    text
}

/// Columns of a tornado's bars.
const BARS: usize = 30;

fn tornado(candidate: &Candidate, paint: Paint) -> String {
    let ends = candidate.tornado.iter().flat_map(|bar| [bar.low_usd, bar.high_usd]).flatten();
    let middle = candidate.middle_usd.unwrap_or(0.0);
    let (low, high) = ends.fold((middle, middle), |(low, high), end| (low.min(end), high.max(end)));
    let mut table = Table::new()
        .words("What it depends on")
        .numbers("at P10")
        .numbers("at P90")
        .words("")
        .numbers("variance");
    for bar in &candidate.tornado {
        table.row(vec![
            bar.path.as_str().into(),
            cost(bar.low_usd).into(),
            cost(bar.high_usd).into(),
            drawn(bar, (low, high)).into(),
            percent(bar.share).into(),
        ]);
    }
    table.render(WIDTH, paint)
}

/// A bar from one cost to the other on a scale of all bars' ends.
fn drawn(bar: &Bar, (low, high): (f64, f64)) -> String {
    let (Some(one), Some(other)) = (bar.low_usd, bar.high_usd) else { return String::new() };
    if high <= low {
        return String::new();
    }
    let place = |value: f64| ((value - low) / (high - low) * BARS as f64).round() as usize;
    let (from, to) = (place(one.min(other)), place(one.max(other)));
    format!("{}{}", " ".repeat(from), "█".repeat((to - from).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_between_their_ends() {
        let bar = |low, high| Bar { path: String::new(), low_usd: low, high_usd: high, share: 0.0 };
        assert_eq!(drawn(&bar(Some(0.0), Some(30.0)), (0.0, 30.0)).chars().count(), BARS);
        assert_eq!(
            drawn(&bar(Some(20.0), Some(10.0)), (0.0, 30.0)),
            format!("{}{}", " ".repeat(10), "█".repeat(10))
        );
        assert_eq!(
            drawn(&bar(Some(10.0), Some(10.0)), (0.0, 30.0)),
            format!("{}█", " ".repeat(10))
        );
        assert_eq!(drawn(&bar(None, Some(10.0)), (0.0, 30.0)), "");
        assert_eq!(drawn(&bar(Some(1.0), Some(1.0)), (1.0, 1.0)), "");
    }
}
