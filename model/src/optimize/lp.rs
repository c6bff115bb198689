//! A linear program with some whole numbers in it, as what solvers take and as text that other solvers read.

use std::fmt::Write as _;

/// A linear program: the cheapest values of its columns that keep to all of its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// What it is about: lines before the program's text.
    pub about: Vec<String>,
    /// What is chosen.
    pub columns: Vec<Column>,
    /// What holds.
    pub rows: Vec<Row>,
}

/// What values a column can have; all are zero or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Zero or one.
    Choice,
    /// A whole number.
    Count,
    /// Any.
    Amount,
}

/// Something that is chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Unique in its program.
    pub name: String,
    /// Dollars a month for each of it.
    pub cost: f64,
    /// What values it can have.
    pub kind: Kind,
}

/// How the two sides of a row compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// At most.
    AtMost,
    /// At least.
    AtLeast,
    /// Exactly.
    Equal,
}

/// Something that holds: a sum of columns against a limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Unique in its program.
    pub name: String,
    /// What it means: said once before the rows that share it.
    pub meaning: &'static str,
    /// Columns with their factors.
    pub sum: Sum,
    /// How they compare.
    pub sense: Sense,
    /// What they are held against.
    pub limit: f64,
}

/// Columns with their factors.
pub type Sum = Vec<(usize, f64)>;

impl Program {
    /// One more column.
    pub fn column(&mut self, name: String, kind: Kind, cost: f64) -> usize {
        self.columns.push(Column { name, cost, kind });
        self.columns.len() - 1
    }

    /// One more row.
    pub fn row(&mut self, name: String, meaning: &'static str, sum: Sum, sense: Sense, limit: f64) {
        self.rows.push(Row { name, meaning, sum, sense, limit });
    }

    /// What values of all columns cost.
    pub fn cost(&self, values: &[f64]) -> f64 {
        self.columns.iter().zip(values).map(|(column, value)| column.cost * value).sum()
    }

    /// As text in CPLEX' LP format, which all solvers read.
    ///
    /// ```
    /// # use model::optimize::lp::{Kind, Program, Sense};
    /// let mut program = Program::default();
    /// let broker = program.column("brokers".to_owned(), Kind::Count, 77.5);
    /// program.row("serve".to_owned(), "enough of them", vec![(broker, 1.0)], Sense::AtLeast, 3.0);
    /// assert_eq!(
    ///     program.text(),
    ///     "Minimize\n dollars_a_month: 77.5 brokers\n\nSubject To\n\\ enough of them\n serve: brokers >= 3\n\n\
    ///      General\n brokers\nEnd\n"
    /// );
    /// ```
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.about {
            let _ = writeln!(text, "\\ {line}");
        }
        let all = self.columns.iter().enumerate().map(|(index, column)| (index, column.cost));
        let all = all.filter(|(_, cost)| *cost != 0.0).collect();
        let _ = writeln!(text, "Minimize\n dollars_a_month: {}", self.sum(&all));
        text += "\nSubject To\n";
        let mut meaning = "";
        for row in &self.rows {
            if row.meaning != meaning {
                meaning = row.meaning;
                let _ = writeln!(text, "\\ {meaning}");
            }
            let sense = match row.sense {
                Sense::AtMost => "<=",
                Sense::AtLeast => ">=",
                Sense::Equal => "=",
            };
            let limit = number(row.limit);
            let _ = writeln!(text, " {}: {} {sense} {limit}", row.name, self.sum(&row.sum));
        }
        for (head, kind) in [("Binary", Kind::Choice), ("General", Kind::Count)] {
            let named = self.columns.iter().filter(|column| column.kind == kind);
            let names: Vec<&str> = named.map(|column| column.name.as_str()).collect();
            if !names.is_empty() {
                let _ = writeln!(text, "\n{head}");
                text += &wrapped(names.into_iter().map(str::to_owned));
            }
        }
        text + "End\n"
    }

    /// A sum, over several lines where it is long: readers of the format take 255 characters in one.
    fn sum(&self, sum: &Sum) -> String {
        let terms = sum.iter().enumerate().map(|(place, (column, factor))| {
            let name = &self.columns[*column].name;
            let sign = match (*factor < 0.0, place) {
                (true, _) => "- ",
                (false, 0) => "",
                (false, _) => "+ ",
            };
            match factor.abs() {
                1.0 => format!("{sign}{name}"),
                factor => format!("{sign}{} {name}", number(factor)),
            }
        });
        let text = wrapped(terms);
        if text.is_empty() { "0".to_owned() } else { text.trim().to_owned() }
    }
}

/// Columns of a line of text.
const LINE: usize = 110;

/// Words with a space before each, in lines that are not too long.
fn wrapped(words: impl Iterator<Item = String>) -> String {
    let (mut text, mut line) = (String::new(), String::new());
    for word in words {
        if !line.is_empty() && line.len() + 1 + word.len() > LINE {
            text += &line;
            text += "\n";
            line.clear();
        }
        line += " ";
        line += &word;
    }
    if line.is_empty() { text } else { text + &line + "\n" }
}

/// Six decimals, which is a cent in ten thousand dollars of anything, without zeros at the end.
fn number(value: f64) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
