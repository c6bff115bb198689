//! Where one platform overtakes another: sentences first, then figures, and a map of two values.

use model::breakeven::{BreakEven, Frontier};
use model::chart::Table as Figures;
use model::export::breakeven::{Told, ToldFrontier, told, told_frontier};

use super::WIDTH;
use super::paint::Paint;
use super::table::Table;
use super::text::{fit, visible, width, wrap};

/// Break-even of a scenario by its title.
pub(crate) fn answer(title: &str, answer: &BreakEven, paint: Paint) -> String {
    let Told { subject, sentences, crossings, ranges, resolution, .. } = told(answer);
    let mut text = heading(title, &subject, paint);
    text.extend(sentences.iter().map(|sentence| wrap(sentence, WIDTH, "")));
    for figures in [&crossings, &ranges] {
        text.push_str(&table(figures, paint));
    }
    text.push_str(&format!("\n{}", paint.faint(&wrap(&resolution, WIDTH, ""))));
    text
}

/// A map of two values.
pub(crate) fn frontier(title: &str, frontier: &Frontier, paint: Paint) -> String {
    let ToldFrontier { subject, sentences, legend, map, ends, crossings } = told_frontier(frontier);
    let mut text = heading(title, &subject, paint);
    text.extend(sentences.iter().map(|sentence| wrap(sentence, WIDTH, "")));
    text.push('\n');
    let names = map.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    for (name, row) in &map {
        let space = " ".repeat(names - width(name));
        text.push_str(&format!("{space}{name} │{row}\n"));
    }
    let columns = map.first().map_or(0, |(_, row)| row.chars().count());
    let (from, to) = (visible(&ends.0), visible(&ends.1));
    let between = " ".repeat(columns.saturating_sub(width(&from) + width(&to)));
    let indent = " ".repeat(names + 2);
    text.push_str(&format!("{} └{}\n", " ".repeat(names), "─".repeat(columns)));
    text.push_str(&format!("{indent}{from}{between}{to}\n\n"));
    let along = frontier.rows.first().map_or("", |(_, answer)| answer.along.variable.path());
    let path = frontier.across.variable.path();
    text.push_str(&wrap(&format!("{along} from left to right, {path} from below."), WIDTH, ""));
    text.push_str(&wrap(&format!("Cheapest: {}.", legend.join(", ")), WIDTH, ""));
    text.push_str(&table(&crossings, paint));
    text
}

fn heading(title: &str, subject: &str, paint: Paint) -> String {
    format!("{}\n{}\n", paint.strong(&fit(title, WIDTH)), wrap(subject, WIDTH, ""))
}

/// Figures under their caption, if there are any.
fn table(figures: &Figures, paint: Paint) -> String {
    if figures.rows.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    for (index, head) in figures.columns.iter().enumerate() {
        table = table.words(&visible(head));
        if index + 1 == figures.columns.len() {
            table = table.gives_way();
        }
    }
    for row in &figures.rows {
        table.row(row.iter().map(|cell| visible(cell).into()).collect());
    }
    format!("\n{}\n{}", paint.strong(&figures.caption), table.render(WIDTH, paint))
}
