//! HTML as text: what is written by people is escaped here and nowhere else.

use rust_decimal::Decimal;

use crate::export::figures::signed;
use crate::letters;
use crate::units::separated;

/// A text as HTML, in an element or in an attribute. Characters that do not show are marked.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' | '\t' | '\r' => html.push(' '),
            letter if letters::is_hidden(letter) => html.push('\u{fffd}'),
            letter => html.push(letter),
        }
    }
    html
}

/// An amount of a currency with thousands separated: `1,234.50`, `−0.10`.
pub(super) fn amount(value: Decimal) -> String {
    let text = value.to_string();
    match text.strip_prefix('-') {
        Some(rest) => signed(&format!("-{}", separated(rest))),
        None => separated(&text),
    }
}

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    html: String,
    class: &'static str,
}

impl Cell {
    /// Text that is HTML already.
    pub(super) fn html(html: String) -> Self {
        Self { html, class: "" }
    }

    /// Text with a look of its own.
    pub(super) fn toned(text: &str, class: &'static str) -> Self {
        Self { html: escape(text), class }
    }
}

/// Words, and what they mean below them.
pub(super) fn noted(words: &str, note: &str) -> Cell {
    let (words, note) = (escape(words), escape(note));
    Cell::html(format!("{words}<span class=\"meaning\">{note}</span>"))
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::html(escape(text))
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::html(escape(&text))
    }
}

impl From<Decimal> for Cell {
    fn from(value: Decimal) -> Self {
        Self::html(amount(value))
    }
}

/// What stands in a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Words,
    Short,
    Numbers,
}

/// A table that scrolls where it is too wide, and whose head stands on every page that it is printed on.
pub(super) struct Table {
    caption: String,
    columns: Vec<(String, Kind)>,
    whole: bool,
    body: String,
    foot: String,
}

impl Table {
    pub(super) fn new(caption: &str) -> Self {
        Self {
            caption: escape(caption),
            columns: Vec::new(),
            whole: false,
            body: String::new(),
            foot: String::new(),
        }
    }

    /// A column of words.
    pub(super) fn words(mut self, head: &str) -> Self {
        self.columns.push((escape(head), Kind::Words));
        self
    }

    /// A column of a word or two, which stay on one line.
    pub(super) fn short(mut self, head: &str) -> Self {
        self.columns.push((escape(head), Kind::Short));
        self
    }

    /// On one page where it is printed.
    pub(super) fn whole(mut self) -> Self {
        self.whole = true;
        self
    }

    /// A column of numbers.
    pub(super) fn numbers(mut self, head: &str) -> Self {
        self.columns.push((escape(head), Kind::Numbers));
        self
    }

    /// A row, its first cell the head of it.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let row = self.cells(cells);
        self.body.push_str(&row);
    }

    /// A row that adds up what is above.
    pub(super) fn total(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let row = self.cells(cells).replacen("<tr>", "<tr class=\"total\">", 1);
        self.body.push_str(&row);
    }

    /// A row that says what the rows below are of.
    pub(super) fn group(&mut self, name: &str) {
        let width = self.columns.len();
        let name = escape(name);
        self.body.push_str(&format!(
            "<tr class=\"group\"><th colspan=\"{width}\" scope=\"rowgroup\">{name}</th></tr>\n"
        ));
    }

    /// Words below it.
    pub(super) fn note(&mut self, text: &str) {
        self.foot.push_str(&format!("<p class=\"note\">{}</p>\n", escape(text)));
    }

    fn cells(&self, cells: impl IntoIterator<Item = Cell>) -> String {
        let mut row = "<tr>".to_owned();
        for (index, (cell, (_, kind))) in cells.into_iter().zip(&self.columns).enumerate() {
            let class = classes(kind.class(), cell.class);
            let html = &cell.html;
            row.push_str(&match index {
                0 => format!("<th scope=\"row\"{class}>{html}</th>"),
                _ => format!("<td{class}>{html}</td>"),
            });
        }
        row.push_str("</tr>\n");
        row
    }

    pub(super) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    pub(super) fn render(self) -> String {
        let head = self.columns.iter().map(|(name, kind)| {
            let class = if *kind == Kind::Numbers { " class=\"n\"" } else { "" };
            format!("<th scope=\"col\"{class}>{name}</th>")
        });
        let class = if self.whole { " class=\"whole\"" } else { "" };
        format!(
            "<div class=\"scroll\"><table{class}>\n<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n{}",
            self.caption,
            head.collect::<String>(),
            self.body,
            self.foot
        )
    }
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Words => "",
            Self::Short => "s",
            Self::Numbers => "n",
        }
    }
}

fn classes(one: &str, other: &str) -> String {
    match (one, other) {
        ("", "") => String::new(),
        ("", only) | (only, "") => format!(" class=\"{only}\""),
        (one, other) => format!(" class=\"{one} {other}\""),
    }
}

/// A paragraph.
pub(super) fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// A list.
pub(super) fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let items: String = items.map(|item| format!("<li>{}</li>\n", escape(item))).collect();
    if items.is_empty() { items } else { format!("<ul>\n{items}</ul>\n") }
}

/// A chapter; `page` begins a new one where it is printed.
pub(super) fn chapter(title: &str, page: bool, inside: &str) -> String {
    let class = if page { " class=\"page\"" } else { "" };
    format!("<section{class}>\n<h2>{}</h2>\n{inside}</section>\n", escape(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_write_is_markup() {
        let escaped = escape("<script>&\"']]>\u{202e}a\nb");
        assert_eq!(escaped, "&lt;script&gt;&amp;&quot;&#39;]]&gt;\u{fffd}a b");
    }

    #[test]
    fn amounts_have_thousands_and_a_minus() {
        for (value, shown) in
            [("1234.50", "1,234.50"), ("-1234567.8", "−1,234,567.8"), ("0.00", "0.00"), ("7", "7")]
        {
            assert_eq!(amount(value.parse().expect("a literal in a test")), shown);
        }
    }

    #[test]
    fn a_table_has_a_head_and_rows() {
        let mut table = Table::new("a & b").words("x").numbers("y");
        table.row(["<1>".into(), Decimal::ONE.into()]);
        table.total(["sum".into(), Cell::toned("1", "bad")]);
        let html = table.render();
        assert!(html.contains("<caption>a &amp; b</caption>"), "{html}");
        assert!(html.contains("<tr><th scope=\"row\">&lt;1&gt;</th><td class=\"n\">1</td></tr>"));
        assert!(
            html.contains("<tr class=\"total\"><th scope=\"row\">sum</th><td class=\"n bad\">1")
        );
    }
}
