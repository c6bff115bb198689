//! A study of futures: what was drawn, every platform's percentiles, chances against each other, and one platform in full.

use model::chart::Table as Figures;
use model::export::figures::counted;
use model::export::uncertainty::{self as export, least_regret, precision, sentences};
use model::uncertainty::{Candidate, Study};
use model::units::separated;

use super::WIDTH;
use super::paint::Paint;
use super::table::{Cell, Table};
use super::text::{fit, wrap};

/// All of a study; with everything about each platform where `full`, and about the choice of least regret in any case.
pub(crate) fn study(study: &Study, full: bool, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.strong(&fit(&study.title, WIDTH)));
    let apart: usize = study.contradictory.iter().map(|refusal| refusal.futures).sum();
    let apart = match apart {
        0 => String::new(),
        some => format!(
            "; {} of them contradict the scenario's own rules and are in no figure of a platform",
            separated(&some.to_string())
        ),
    };
    text.push_str(&format!(
        "{} of {}{apart}\n\n",
        counted(study.draws, "future"),
        counted(study.inputs.len(), "uncertain quantity").replace("quantitys", "quantities")
    ));
    text.push_str(&shown(&export::inputs(study), paint));
    text.push('\n');
    text.push_str(&shown(&export::candidates(study), paint));
    if study.pairs.len() > 1 {
        let pairs = export::pairs(study);
        text.push_str(&format!(
            "
{}
{}",
            paint.strong(&pairs.caption),
            shown(&pairs, paint)
        ));
    }
    if let Some(table) = export::not_held(study) {
        text.push_str(&format!("\n{}", shown(&table, paint)));
    }
    let best = least_regret(study).map(|best| &best.platform);
    for candidate in &study.candidates {
        if full || Some(&candidate.platform) == best {
            text.push_str(&about(candidate, full, paint));
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

/// Columns that most figures take.
const FIGURE: usize = 8;

/// A table of ours as people see it: words first, then figures.
fn shown(table: &Figures, paint: Paint) -> String {
    let mut plain = Table::new();
    for (index, column) in table.columns.iter().enumerate() {
        // Heads that are longer than most figures take two lines.
        let head = if index > 0 && column.len() > FIGURE {
            column.replacen(' ', "\n", 1)
        } else {
            column.clone()
        };
        plain = if index == 0 { plain.words(&head) } else { plain.numbers(&head) };
    }
    for row in &table.rows {
        plain.row(row.iter().map(|cell| Cell::from(cell.as_str())).collect());
    }
    plain.render(WIDTH, paint)
}

fn about(candidate: &Candidate, full: bool, paint: Paint) -> String {
    let mut text = format!("\n{}\n", paint.strong(&fit(&candidate.platform, WIDTH)));
    if !candidate.tornado.is_empty() {
        text.push_str(&depends(candidate, paint));
    }
    let months = || export::by_month(candidate).filter(|_| full);
    for table in [export::frontier(candidate), months()].into_iter().flatten() {
        text.push_str(&format!("\n{}", shown(&table, paint)));
    }
    text
}

/// Columns of a tornado's bars.
const BARS: f64 = 30.0;

fn depends(candidate: &Candidate, paint: Paint) -> String {
    let mut plain = Table::new()
        .words("What it depends on")
        .numbers("at P10")
        .numbers("at P90")
        .words("")
        .numbers("variance");
    for (row, bar) in export::tornado(candidate).rows.iter().zip(export::bars(candidate)) {
        let cell = |index: usize| Cell::from(row[index].as_str());
        plain.row(vec![cell(0), cell(1), cell(2), drawn(bar).into(), cell(3)]);
    }
    plain.render(WIDTH, paint)
}

/// A bar from one share of the width to another.
fn drawn(bar: Option<(f64, f64)>) -> String {
    let Some((from, to)) = bar else { return String::new() };
    let place = |share: f64| (share * BARS).round() as usize;
    format!("{}{}", " ".repeat(place(from)), "█".repeat((place(to) - place(from)).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_between_their_ends() {
        assert_eq!(drawn(Some((0.0, 1.0))).chars().count(), 30);
        assert_eq!(
            drawn(Some((1.0 / 3.0, 2.0 / 3.0))),
            format!("{}{}", " ".repeat(10), "█".repeat(10))
        );
        assert_eq!(drawn(Some((0.5, 0.5))), format!("{}█", " ".repeat(15)));
        assert_eq!(drawn(None), "");
    }
}
