//! What a workbook is, to whoever writes it as a file: sheets of cells, and nothing of what they mean.

use serde::{Deserialize, Serialize};

/// A workbook, described: all that its file holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Workbook {
    /// What it is called where files are listed.
    pub title: String,
    /// When it was made, in UTC and as ISO 8601 writes it; `None` where the same input is to give the same bytes.
    pub created: Option<String>,
    /// Decimals of the minor unit of its currency.
    pub decimals: u32,
    /// Cells that formulas call by name.
    pub names: Vec<Name>,
    /// From left to right.
    pub sheets: Vec<Sheet>,
}

/// A cell that formulas call by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Name {
    /// How they call it.
    pub name: String,
    /// The sheet that it stands on.
    pub sheet: String,
    /// Where there.
    pub at: At,
}

/// A place on a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// Its row; 0 is the first.
    pub row: u32,
    /// Its column; 0 is the first.
    pub column: u16,
}

/// A rectangle of a sheet, its last row and column included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Top left.
    pub first: At,
    /// Bottom right.
    pub last: At,
}

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// On its tab.
    pub name: String,
    /// Whether its tab is marked as the one with inputs.
    pub is_input: bool,
    /// Widths of columns from the first on, in characters.
    pub widths: Vec<f64>,
    /// Rows and columns that stay in sight.
    pub frozen: At,
    /// What it holds, in no order.
    pub cells: Vec<Cell>,
    /// What may be entered where.
    pub validations: Vec<Validation>,
    /// Pictures, where their top left corners are.
    pub charts: Vec<Chart>,
    /// A table whose rows can be filtered, its header included.
    pub filter: Option<Area>,
    /// Cells that turn red when they say FALSE.
    pub alarms: Vec<Area>,
    /// The row that every printed page begins with.
    pub printed_header: Option<u32>,
    /// Whether pages lie on their side.
    pub landscape: bool,
    /// What is printed; all of it where nothing is said.
    pub printed: Option<Area>,
    /// How many pages it is wide, where that is not one; each begins with the columns that stay in sight.
    pub pages_wide: u16,
    /// Cells of one row that show what the first of them holds, in as many lines as it takes.
    pub wide: Vec<Area>,
}

/// Width of a column that nobody set, in characters: that of Excel.
const USUAL_WIDTH: f64 = 8.43;
/// Pixels of a digit of Calibri 11, which widths of columns are counted in, and those beside the digits of a column. Source:
/// Office Open XML (ECMA-376-1, 18.3.1.13).
const PIXELS_PER_CHARACTER: f64 = 7.0;
const PIXELS_PER_COLUMN: f64 = 5.0;
/// Sides of a sheet of A4 between margins of 0.4 inch, in pixels of which an inch has 96.
const LONG_SIDE: f64 = 1045.0;
const SHORT_SIDE: f64 = 716.0;
/// All of it, in percent.
const WHOLE: f64 = 100.0;

/// A cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Where.
    pub at: At,
    /// What it holds.
    pub content: Content,
    /// How it looks.
    pub style: Style,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// Nothing, but it looks like something.
    Blank,
    /// Text, whatever it begins with: never a formula.
    Text(String),
    /// A number.
    Number(f64),
    /// Something that is so or not.
    Flag(bool),
    /// What is calculated, with its `=`, and what it comes to.
    Formula {
        /// In the words that spreadsheets share.
        text: String,
        /// What the engine says that it comes to.
        result: Found,
    },
}

/// What a formula comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Found {
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// Something that is so or not.
    Flag(bool),
}

/// How a cell looks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Style {
    /// What kind of thing it shows.
    pub kind: Kind,
    /// What part it plays.
    pub role: Role,
}

/// What kind of thing a cell shows.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum Kind {
    /// Text.
    #[default]
    Text,
    /// Text that may take several lines.
    Wrapped,
    /// The title of a sheet.
    Title,
    /// The title of a part of a sheet.
    Heading,
    /// What explains others.
    Note,
    /// What explains its row, in as many lines as it takes.
    Remark,
    /// What nobody should overlook.
    Warning,
    /// The head of a column of text.
    Header,
    /// The head of a column of numbers.
    HeaderRight,
    /// Text beside a number, on its side of the column.
    Unit,
    /// A whole number.
    Whole,
    /// An amount of something, to as many decimals as it has.
    Quantity,
    /// Dollars, to the cent.
    Money,
    /// Money in the currency of the workbook, to its minor unit.
    Converted,
    /// The price of one unit, to all its decimals.
    UnitPrice,
    /// A share.
    Percent,
    /// Money of one currency for one of another.
    Exchange,
    /// TRUE or FALSE.
    Flag,
}

/// What part a cell plays.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum Role {
    /// It is calculated here, or says what others are.
    #[default]
    Plain,
    /// It is to be changed.
    Input,
    /// The engine computed it: it stays as it is, whatever is changed here.
    Engine,
    /// What stands above adds up to it.
    Total,
}

/// What may be entered into a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Where.
    pub at: At,
    /// What.
    pub rule: Rule,
    /// What is said to whoever enters something else.
    pub message: String,
}

/// What may be entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// A number between two others, or one of them.
    Between(f64, f64),
    /// A whole number between two others, or one of them.
    Whole(i32, i32),
    /// What stands in one of some cells of the same sheet.
    OneOf(Area),
    /// Text of so many characters at most.
    Text(u32),
}

/// A picture of what stands on a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// Where its top left corner is.
    pub at: At,
    /// Its size in pixels.
    pub size: (u32, u32),
    /// Whether it is stacked columns, or lines.
    pub is_stacked: bool,
    /// What is drawn.
    pub title: String,
    /// What numbers are in: a cell that says so.
    pub unit: Source,
    /// What stands below it.
    pub categories: Source,
    /// What is drawn, from the bottom up.
    pub series: Vec<Series>,
}

/// Cells of a sheet that a picture is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The sheet.
    pub sheet: String,
    /// The cells.
    pub area: Area,
}

/// A line, or a part of every column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// A cell with its name.
    pub name: Source,
    /// Its numbers.
    pub values: Source,
    /// Its colour, as `#0072B2`.
    pub color: String,
    /// How opaque it is, in percent.
    pub strength: u8,
    /// Whether lines run across it.
    pub is_hatched: bool,
}

impl At {
    /// A place by row and column; 0 is the first.
    pub const fn new(row: u32, column: u16) -> Self {
        Self { row, column }
    }

    /// As formulas write it: `C7`.
    ///
    /// ```
    /// # use model::export::workbook::At;
    /// assert_eq!(At::new(6, 2).name(), "C7");
    /// assert_eq!(At::new(0, 27).name(), "AB1");
    /// ```
    pub fn name(self) -> String {
        format!("{}{}", column(self.column), self.row + 1)
    }

    /// The same wherever a formula is copied to: `$C$7`.
    pub fn fixed(self) -> String {
        format!("${}${}", column(self.column), self.row + 1)
    }

    /// The same from another sheet: `Plan!$C$7`.
    pub fn on(self, sheet: &str) -> String {
        format!("{sheet}!{}", self.fixed())
    }
}

impl Area {
    /// From the one corner to the other.
    pub const fn new(first: At, last: At) -> Self {
        Self { first, last }
    }

    /// A single cell.
    pub const fn cell(at: At) -> Self {
        Self { first: at, last: at }
    }

    /// As formulas write it: `C7:F9`.
    pub fn name(self) -> String {
        format!("{}:{}", self.first.name(), self.last.name())
    }

    /// The same wherever a formula is copied to, from another sheet: `Plan!$C$7:$F$9`.
    pub fn on(self, sheet: &str) -> String {
        format!("{sheet}!{}:{}", self.first.fixed(), self.last.fixed())
    }
}

/// The letters of a column.
fn column(index: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(index) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

impl Style {
    /// As it looks by itself.
    pub const fn of(kind: Kind) -> Self {
        Self { kind, role: Role::Plain }
    }

    /// What is to be changed.
    pub const fn input(kind: Kind) -> Self {
        Self { kind, role: Role::Input }
    }

    /// What the engine computed.
    pub const fn engine(kind: Kind) -> Self {
        Self { kind, role: Role::Engine }
    }

    /// A sum.
    pub const fn total(kind: Kind) -> Self {
        Self { kind, role: Role::Total }
    }
}

impl From<Kind> for Style {
    fn from(kind: Kind) -> Self {
        Self::of(kind)
    }
}

impl Sheet {
    /// An empty one, with the widths of its columns.
    pub fn new(name: &str, widths: &[f64]) -> Self {
        let widths = widths.to_vec();
        Self { name: name.to_owned(), widths, pages_wide: 1, ..Self::default() }
    }

    /// How large it is printed, in percent of what a screen shows: as large as its pages are wide.
    pub fn scale(&self) -> u16 {
        let all = self.printed.map_or(self.widths.len(), |area| usize::from(area.last.column) + 1);
        let width = |columns: usize| -> f64 {
            let widths = self.widths.iter().take(columns);
            widths.map(|width| width * PIXELS_PER_CHARACTER + PIXELS_PER_COLUMN).sum()
        };
        let pages = f64::from(self.pages_wide.max(1));
        let repeated = width(usize::from(self.frozen.column)) * (pages - 1.0);
        let paper = if self.landscape { LONG_SIDE } else { SHORT_SIDE };
        (WHOLE * paper * pages / (width(all) + repeated)).min(WHOLE) as u16
    }

    /// How wide the columns of a row of cells are, in characters.
    pub fn width(&self, area: Area) -> f64 {
        let columns = usize::from(area.first.column)..=usize::from(area.last.column);
        columns.map(|column| self.widths.get(column).copied().unwrap_or(USUAL_WIDTH)).sum()
    }

    /// Puts text into cells of one row that are as one, in as many lines as it takes.
    pub fn spread(&mut self, at: At, last: u16, text: &str, style: impl Into<Style>) {
        self.text(at, text, style);
        self.wide.push(Area::new(at, At { column: last, ..at }));
    }

    /// Puts something into a cell.
    pub fn put(&mut self, at: At, content: Content, style: impl Into<Style>) {
        self.cells.push(Cell { at, content, style: style.into() });
    }

    /// Puts text into a cell.
    pub fn text(&mut self, at: At, text: &str, style: impl Into<Style>) {
        self.put(at, Content::Text(text.to_owned()), style);
    }

    /// Puts a number into a cell.
    pub fn number(&mut self, at: At, number: f64, style: impl Into<Style>) {
        self.put(at, Content::Number(number), style);
    }

    /// Puts a formula into a cell, without its `=`, and what it comes to.
    pub fn formula(
        &mut self,
        at: At,
        text: &str,
        result: impl Into<Found>,
        style: impl Into<Style>,
    ) {
        let content = Content::Formula { text: format!("={text}"), result: result.into() };
        self.put(at, content, style);
    }

    /// Puts texts side by side from a cell on.
    pub fn texts(&mut self, at: At, texts: &[&str], style: impl Into<Style> + Copy) {
        for (column, text) in (at.column..).zip(texts) {
            self.text(At { column, ..at }, text, style);
        }
    }

    /// What stands in a cell; of several that were put there, the last.
    pub fn cell(&self, at: At) -> Option<&Cell> {
        self.cells.iter().rev().find(|cell| cell.at == at)
    }
}

impl From<f64> for Found {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Found {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Found {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_letters() {
        for (index, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column(index), name);
        }
    }
}
