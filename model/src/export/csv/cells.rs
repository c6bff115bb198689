//! Cells and rows as spreadsheets of some place read them.

use std::borrow::Cow;
use std::fmt;

use rust_decimal::Decimal;

use crate::letters;

/// What ends a row, but where a specification asks for something else.
pub(crate) const END: &str = "\n";

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Words.
    Text(Cow<'a, str>),
    /// A number, with the decimals that it has.
    Number(Decimal),
}

impl Cell<'_> {
    /// A number without zeros at its end.
    pub fn exact(value: Decimal) -> Self {
        Self::Number(value.normalize())
    }

    /// A value as a scenario writes it: a number where it is one.
    pub fn value(text: &str) -> Cell<'static> {
        text.parse().map_or_else(|_| Cell::from(text.to_owned()), Cell::exact)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) }
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) }
    }
}

/// How numbers and rows are written: what the spreadsheet of some place expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    delimiter: char,
    decimal: char,
    bom: bool,
}

impl Default for Profile {
    /// Commas between cells, a point in numbers.
    fn default() -> Self {
        Self { delimiter: ',', decimal: '.', bom: false }
    }
}

/// Why cells cannot be written so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Not one of the characters that spreadsheets take between cells.
    #[error("cells cannot be delimited by `{0}`")]
    Delimiter(String),
    /// Not one of the characters that a number can have.
    #[error("numbers cannot have `{0}` before their decimals")]
    Decimal(String),
    /// A number would be two cells.
    #[error("`{0}` cannot be both between cells and before decimals")]
    Both(char),
}

impl ProfileError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Delimiter(_) => "use `,`, `;`, `|` or `tab`",
            Self::Decimal(_) => "use `.` or `,`",
            Self::Both(_) => "with a decimal comma, use `;` between cells",
        }
    }
}

/// Characters that may stand between cells.
const DELIMITERS: [char; 4] = [',', ';', '|', '\t'];

impl Profile {
    /// Semicolons between cells, a comma in numbers, and a byte order mark: a double click opens it in Excel where commas
    /// stand before decimals.
    pub const LOCAL: Self = Self { delimiter: ';', decimal: ',', bom: true };

    /// A delimiter (`tab` is one too), a decimal sign, and whether a byte order mark begins the file.
    ///
    /// # Errors
    ///
    /// When a reader could not tell cells or numbers apart.
    pub fn new(delimiter: &str, decimal: &str, bom: bool) -> Result<Self, ProfileError> {
        let only = |text: &str| {
            let mut letters = text.chars();
            letters.next().filter(|_| letters.next().is_none())
        };
        let named = if delimiter == "tab" || delimiter == "\\t" { "\t" } else { delimiter };
        let found = only(named).filter(|one| DELIMITERS.contains(one));
        let delimiter = found.ok_or_else(|| ProfileError::Delimiter(letters::shown(delimiter)))?;
        let found = only(decimal).filter(|one| ['.', ','].contains(one));
        let decimal = found.ok_or_else(|| ProfileError::Decimal(letters::shown(decimal)))?;
        if delimiter == decimal {
            return Err(ProfileError::Both(delimiter));
        }
        Ok(Self { delimiter, decimal, bom })
    }

    fn number(self, value: Decimal) -> Cow<'static, str> {
        let text = value.to_string();
        if self.decimal == '.' {
            text.into()
        } else {
            text.replace('.', &self.decimal.to_string()).into()
        }
    }
}

/// A table on its way: rows go out as they come.
pub struct Writer<'a> {
    profile: Profile,
    sink: &'a mut dyn fmt::Write,
    line: String,
    rows: u64,
}

impl<'a> Writer<'a> {
    /// Begins a table with its head.
    ///
    /// # Errors
    ///
    /// Those of the sink, here and below.
    pub fn new<'b>(
        profile: Profile,
        sink: &'a mut dyn fmt::Write,
        head: impl Iterator<Item = &'b str>,
    ) -> Result<Self, fmt::Error> {
        if profile.bom {
            sink.write_char('\u{feff}')?;
        }
        let mut writer = Self { profile, sink, line: String::new(), rows: 0 };
        writer.line(head.map(Cow::Borrowed))?;
        Ok(writer)
    }

    /// Writes a row.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn row<'b>(&mut self, cells: impl IntoIterator<Item = Cell<'b>>) -> fmt::Result {
        let profile = self.profile;
        let cells = cells.into_iter().map(|cell| match cell {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(words) => match text(&words) {
                Cow::Borrowed(_) => words,
                Cow::Owned(safe) => Cow::Owned(safe),
            },
            Cell::Number(value) => profile.number(value),
        });
        self.rows += 1;
        self.line(cells)
    }

    fn line<'b>(&mut self, cells: impl Iterator<Item = Cow<'b, str>>) -> fmt::Result {
        self.line.clear();
        delimited(&mut self.line, cells, self.profile.delimiter, END);
        self.sink.write_str(&self.line)
    }

    /// How many rows there were, without the head.
    pub fn rows(self) -> u64 {
        self.rows
    }
}

/// Writes a row of several cells as RFC 4180 has it, with quotes where a cell needs them.
///
/// The writer of `csv` looks whether cells are numbers, and the page would carry the tables for that.
pub(crate) fn record<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>, end: &str) {
    delimited(text, cells.map(Cow::Borrowed), ',', end);
}

fn delimited<'a>(
    text: &mut String,
    cells: impl Iterator<Item = Cow<'a, str>>,
    delimiter: char,
    end: &str,
) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(delimiter);
        }
        if cell.contains([delimiter, '"', '\n', '\r']) {
            text.extend(["\"", &cell.replace('"', "\"\""), "\""]);
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str(end);
}

/// Text that no spreadsheet takes for a formula, and that hides nothing.
pub(crate) fn text(cell: &str) -> Cow<'_, str> {
    let hides = |letter: char| letters::is_hidden(letter) && !['\t', '\r', '\n'].contains(&letter);
    match (is_formula(cell), cell.contains(hides)) {
        (false, false) => Cow::Borrowed(cell),
        (true, false) => Cow::Owned(format!("'{cell}")),
        (formula, true) => {
            let mark = if formula { "'" } else { "" };
            let seen = cell.chars().map(|letter| if hides(letter) { '\u{fffd}' } else { letter });
            Cow::Owned(mark.chars().chain(seen).collect())
        }
    }
}

/// Whether a spreadsheet would calculate a text. Full-width signs are signs to some.
///
/// Source: OWASP, "CSV Injection".
pub(crate) fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_never_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(text(bad), format!("'{bad}"));
        }
        for good in ["kafka-gp3", "a=b", "'", ""] {
            assert_eq!(text(good), good);
        }
        assert_eq!(text("=a\u{202e}b"), "'=a\u{fffd}b");
        assert_eq!(text("a\u{202e}b"), "a\u{fffd}b");
    }

    proptest! {
        #[test]
        fn rows_are_what_the_library_writes(cells in prop::collection::vec("[a, \"\\r\\n';é]{0,6}", 2..6)) {
            let mut ours = String::new();
            record(&mut ours, cells.iter().map(String::as_str), END);
            let mut theirs = csv::Writer::from_writer(Vec::new());
            theirs.write_record(&cells).expect("memory takes a row");
            let theirs = theirs.into_inner().expect("memory takes a row");
            prop_assert_eq!(ours.as_bytes(), theirs);
        }
    }

    #[test]
    fn profiles_that_nobody_could_read_are_refused() {
        let check = |delimiter: &str, decimal: &str, expected: &str| {
            let said = match Profile::new(delimiter, decimal, false) {
                Ok(_) => String::new(),
                Err(error) => format!("{error}; {}", error.hint()),
            };
            assert_eq!(said, expected, "{delimiter} {decimal}");
        };
        check(",", ".", "");
        check(";", ",", "");
        check("tab", ",", "");
        check("\t", ".", "");
        let both = "`,` cannot be both between cells and before decimals; with a decimal comma, use `;` between cells";
        check(",", ",", both);
        for wrong in ["", "a", "1", ".", "\"", "'", "-", ";;", " ", "\n"] {
            let shown = letters::shown(wrong);
            let expected =
                format!("cells cannot be delimited by `{shown}`; use `,`, `;`, `|` or `tab`");
            check(wrong, ".", &expected);
        }
        for wrong in ["", ";", "e", "·", ".."] {
            let expected =
                format!("numbers cannot have `{wrong}` before their decimals; use `.` or `,`");
            check(";", wrong, &expected);
        }
    }

    #[test]
    fn numbers_are_left_alone_but_for_their_sign() {
        let written = |profile: Profile| {
            let mut out = String::new();
            let mut writer =
                Writer::new(profile, &mut out, ["a", "b"].into_iter()).expect("memory");
            let cells = [Cell::exact(Decimal::new(-1_234_567_500, 3)), Cell::from("-1;\"2\"")];
            writer.row(cells).expect("memory");
            assert_eq!(writer.rows(), 1);
            out
        };
        assert_eq!(written(Profile::default()), "a,b\n-1234567.5,\"'-1;\"\"2\"\"\"\n");
        let local = Profile::new(";", ",", true).expect("a profile");
        assert_eq!(written(local), "\u{feff}a;b\n-1234567,5;\"'-1;\"\"2\"\"\"\n");
    }

    #[test]
    fn values_are_numbers_where_they_are() {
        assert_eq!(Cell::value("-0.50"), Cell::Number(Decimal::new(-5, 1)));
        assert_eq!(Cell::value("-0.5 h"), Cell::Text("-0.5 h".into()));
        assert_eq!(Cell::value(""), Cell::Empty);
    }
}
