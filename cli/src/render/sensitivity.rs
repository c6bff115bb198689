//! How sure a verdict is: sentences first, then figures and where they come from.

use model::chart::Table as Figures;
use model::export::sensitivity::{Told, told};
use model::sensitivity::Study;

use super::WIDTH;
use super::paint::Paint;
use super::table::Table;
use super::text::{fit, visible, wrap};

pub(crate) fn study(study: &Study, paint: Paint) -> String {
    let Told { subject, sentences, flips, sources, closest, method } = told(study);
    let mut text =
        format!("{}\n{}\n\n", paint.strong(&fit(&study.title, WIDTH)), visible(&subject));
    text.extend(sentences.iter().map(|sentence| wrap(sentence, WIDTH, "")));
    text.push_str(&table(&flips, paint));
    if !sources.is_empty() {
        text.push('\n');
    }
    text.extend(sources.iter().map(|source| wrap(source, WIDTH, "  ")));
    text.push_str(&table(&closest, paint));
    text.push('\n');
    for line in wrap(&method, WIDTH, "").lines() {
        text.push_str(&format!("{}\n", paint.faint(line)));
    }
    text
}

/// Words in the first column and figures in those after it, under their caption, if there are any.
fn table(figures: &Figures, paint: Paint) -> String {
    if figures.rows.is_empty() {
        return String::new();
    }
    let words = ["Default", "then cheapest", "next", "confidence"];
    let mut table = Table::new();
    for head in &figures.columns {
        table = match words.contains(&head.as_str()) {
            true => table.words(head),
            false => table.numbers(head),
        };
        if ["then cheapest", "next"].contains(&head.as_str()) {
            table = table.gives_way();
        }
    }
    for row in &figures.rows {
        table.row(row.iter().map(|cell| visible(cell).into()).collect());
    }
    format!("\n{}\n{}", paint.strong(&figures.caption), table.render(WIDTH, paint))
}
