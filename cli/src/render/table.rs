//! Plain tables: columns with two spaces between, a rule under the heads, names cut where they would not fit.

use super::paint::{Paint, Tone};
use super::text::{fit, width};

/// Which side of its column a cell stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

use Side::{Left, Right};

/// A cell and its tone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
    spans: bool,
}

impl Cell {
    /// With a tone.
    pub(crate) fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, spans: false }
    }

    /// With a tone, reaching over the empty cells to its right.
    pub(crate) fn spanning(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, spans: true }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::toned(text, Tone::Plain)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// Rows under heads. One column, the first unless said otherwise, gives way when a table is wider than it may be.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    heads: Vec<(String, Side)>,
    rows: Vec<Line>,
    gives_way: usize,
    goes: Option<usize>,
}

#[derive(Clone, Debug)]
enum Line {
    Cells(Vec<Cell>),
    Rule,
}

/// Spaces between columns.
const GAP: usize = 2;

/// Columns that the one which gives way keeps in any case.
const NARROWEST: usize = 10;

impl Table {
    /// With words to the left; a line break in a head makes a head of two lines.
    pub(crate) fn new() -> Self {
        Self { heads: Vec::new(), rows: Vec::new(), gives_way: 0, goes: None }
    }

    /// One more column of words.
    pub(crate) fn words(mut self, head: &str) -> Self {
        self.heads.push((head.to_owned(), Left));
        self
    }

    /// One more column of numbers.
    pub(crate) fn numbers(mut self, head: &str) -> Self {
        self.heads.push((head.to_owned(), Right));
        self
    }

    /// The last column so far gives way.
    pub(crate) fn gives_way(mut self) -> Self {
        self.gives_way = self.heads.len().saturating_sub(1);
        self
    }

    /// The last column so far goes where there is no room for all: what it says stands elsewhere too.
    pub(crate) fn goes(mut self) -> Self {
        self.goes = Some(self.heads.len().saturating_sub(1));
        self
    }

    /// The table without a column.
    fn without(&self, gone: usize) -> Self {
        let mut less = Self { goes: None, ..self.clone() };
        less.heads.remove(gone);
        less.gives_way -= usize::from(less.gives_way > gone);
        for line in &mut less.rows {
            if let Line::Cells(cells) = line
                && cells.len() > gone
            {
                cells.remove(gone);
            }
        }
        less
    }

    /// One more row; cells that are not there are empty.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(Line::Cells(cells));
    }

    /// A rule between rows.
    pub(crate) fn rule(&mut self) {
        self.rows.push(Line::Rule);
    }

    /// Whether there are no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn total(&self, widths: &[usize]) -> usize {
        widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
    }

    fn widths(&self) -> Vec<usize> {
        let of_head = |(head, _): &(String, Side)| head.lines().map(width).max().unwrap_or(0);
        let mut widths: Vec<usize> = self.heads.iter().map(of_head).collect();
        for line in &self.rows {
            let Line::Cells(cells) = line else { continue };
            for (column, cell) in widths.iter_mut().zip(cells).filter(|(_, cell)| !cell.spans) {
                *column = (*column).max(width(&cell.text));
            }
        }
        widths
    }

    /// As text, each line with its break.
    pub(crate) fn render(&self, columns: usize, paint: Paint) -> String {
        let mut widths = self.widths();
        let over = self.total(&widths).saturating_sub(columns);
        if let Some(gone) = self.goes.filter(|_| over > 0) {
            return self.without(gone).render(columns, paint);
        }
        if let Some(column) = widths.get_mut(self.gives_way) {
            *column = column.saturating_sub(over).max(NARROWEST.min(*column));
        }
        let mut text = String::new();
        let height = self.heads.iter().map(|(head, _)| head.lines().count()).max().unwrap_or(0);
        for level in 0..height {
            let heads = self.heads.iter().map(|(head, _)| {
                // Heads stand on the rule.
                let lines: Vec<&str> = head.lines().collect();
                let from = height - lines.len();
                let line = level.checked_sub(from).map_or("", |line| lines[line]);
                Cell::toned(line, Tone::Strong)
            });
            self.line(&heads.collect::<Vec<_>>(), &widths, paint, &mut text);
        }
        if height > 0 {
            self.draw_rule(&widths, paint, &mut text);
        }
        for line in &self.rows {
            match line {
                Line::Cells(cells) => self.line(cells, &widths, paint, &mut text),
                Line::Rule => self.draw_rule(&widths, paint, &mut text),
            }
        }
        text
    }

    fn draw_rule(&self, widths: &[usize], paint: Paint, text: &mut String) {
        text.push_str(&paint.faint(&"─".repeat(self.total(widths))));
        text.push('\n');
    }

    fn line(&self, cells: &[Cell], widths: &[usize], paint: Paint, text: &mut String) {
        // Spaces are written when something follows, so that no line ends in them.
        let (mut start, mut written) = (0, 0);
        for (index, (cell, &columns)) in cells.iter().zip(widths).enumerate() {
            let empty = |cell: &&Cell| cell.text.is_empty();
            let reach =
                if cell.spans { cells[index + 1..].iter().take_while(empty).count() } else { 0 };
            let over = &widths[index + 1..][..reach];
            let room = columns + over.iter().map(|columns| columns + GAP).sum::<usize>();
            let shown = fit(&cell.text, room);
            let before = match self.heads[index].1 {
                Left => 0,
                Right => columns.saturating_sub(width(&shown)),
            };
            if !shown.is_empty() {
                text.push_str(&" ".repeat(start + before - written));
                text.push_str(&paint.paint(cell.tone, &shown));
                written = start + before + width(&shown);
            }
            start += columns + GAP;
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new().words("Platform").numbers("Dollars\na month").words("Fleet");
        table.row(vec!["kafka-gp3".into(), "1,234".into(), "3 × m7g.large".into()]);
        table.rule();
        table.row(vec!["電力計".into(), "56".into()]);
        table
    }

    #[test]
    fn columns_line_up() {
        let expected = "           Dollars
Platform   a month  Fleet
─────────────────────────────────
kafka-gp3    1,234  3 × m7g.large
─────────────────────────────────
電力計          56
";
        assert_eq!(table().render(100, Paint::OFF), expected);
    }

    #[test]
    fn a_heading_reaches_over_empty_cells() {
        let mut table = Table::new().words("A").words("B").numbers("C");
        table.row(vec![Cell::spanning("object requests", Tone::Strong), "".into(), "5".into()]);
        table.row(vec!["a".into(), "twelve signs".into(), "6".into()]);
        let expected = "\
A  B             C
──────────────────
object requests  5
a  twelve signs  6
";
        assert_eq!(table.render(100, Paint::OFF), expected);
    }

    #[test]
    fn the_first_column_gives_way() {
        let mut table = Table::new().words("Platform").numbers("Cost");
        table.row(vec!["a-very-long-name-of-a-platform".into(), "1".into()]);
        let text = table.render(26, Paint::OFF);
        assert!(text.lines().all(|line| width(line) <= 26), "{text}");
        assert!(text.contains("a-very-long-name-of…     1"), "{text}");
    }
}
