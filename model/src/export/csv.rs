//! CSV: a long table that a spreadsheet can sum, one row for each line of each month of each platform's bill.
//!
//! It adds up: the costs of a platform are written to the cent by largest remainder, so that their sum is its total to
//! the cent; all digits stand in `list_cost_exact` and `contracted_cost_exact`. What is paid for at a price that is not
//! public has a row without a cost, a further line that nobody asked for has one of zero, and a platform without a plan
//! has one row without a component; the `note` of all of them says why. Text that a spreadsheet would take for a formula gets an apostrophe in front.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::bill::{Absent, CostLine, Gap};
use crate::comparison::Comparison;
use crate::design::Design;
use crate::map::Map;
use crate::money::{Usd, largest_remainder};
use crate::plan::{Plan, Rejection};

/// The columns, in order.
pub const COLUMNS: &[&str] = &[
    "platform",
    "part",
    "preset",
    "architecture",
    "month",
    "component",
    "cause",
    "grows_with",
    "sku",
    "quantity",
    "unit",
    "list_unit_price",
    "contracted_unit_price",
    "list_cost",
    "contracted_cost",
    "currency",
    "list_cost_exact",
    "contracted_cost_exact",
    "contracted_cost_low_exact",
    "price_source",
    "price_as_of",
    "price_basis",
    "provider",
    "region",
    "note",
];

/// What the row of a gap says.
pub const NOT_PUBLIC: &str = "not public, or no price here: enter your quote";

/// Every line of every platform's bill, in the order of the scenario. Months count from 1.
pub fn compare(comparison: &Comparison) -> String {
    let mut rows = Rows::new(comparison);
    for outcome in &comparison.outcomes {
        match outcome {
            Ok(plan) => rows.plan(plan),
            Err(rejection) => rows.rejection(rejection),
        }
    }
    rows.text
}

/// Every line of one platform's bill, in the same columns.
pub fn plan(comparison: &Comparison, platform: &str) -> String {
    let mut rows = Rows::new(comparison);
    for outcome in &comparison.outcomes {
        match outcome {
            Ok(plan) if plan.design.name == platform => rows.plan(plan),
            Err(rejection) if rejection.design.name == platform => rows.rejection(rejection),
            _ => {}
        }
    }
    rows.text
}

/// List and contracted cost of each platform, added up from a table as a spreadsheet would: without the exact columns.
///
/// # Errors
///
/// When the text is not such a table.
pub fn totals(text: &str) -> Result<Map<String, (Usd, Usd)>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).ok_or(format!("no column `{name}`"))
    };
    let (platform, list, contracted) =
        (column("platform")?, column("list_cost")?, column("contracted_cost")?);
    let mut totals: Map<String, (Usd, Usd)> = Map::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let amount = |column: usize| match &record[column] {
            "" => Ok(Usd::ZERO),
            text => text.parse().map_err(|_| format!("`{text}` is not an amount")),
        };
        let total = totals.or_default(record[platform].to_owned());
        total.0 += amount(list)?;
        total.1 += amount(contracted)?;
    }
    Ok(totals)
}

/// Rows that have been written so far.
struct Rows<'a> {
    comparison: &'a Comparison,
    text: String,
}

/// One row, by column.
type Cells<'a> = Map<&'static str, Cow<'a, str>>;

impl<'a> Rows<'a> {
    fn new(comparison: &'a Comparison) -> Self {
        let mut rows = Self { comparison, text: String::new() };
        record(&mut rows.text, COLUMNS.iter().copied(), END);
        rows
    }

    fn plan(&mut self, plan: &Plan) {
        let lines: Vec<(u32, &CostLine)> = plan
            .months
            .iter()
            .flat_map(|billed| billed.bill.lines.iter().map(|line| (billed.month.index + 1, line)))
            .collect();
        let cents = |cost: fn(&CostLine) -> Usd| {
            let costs: Vec<Usd> = lines.iter().map(|(_, line)| cost(line)).collect();
            largest_remainder(&costs, 2)
        };
        let shown =
            cents(|line| line.list_cost).into_iter().zip(cents(|line| line.contracted_cost));
        for ((month, line), (list, contracted)) in lines.iter().zip(shown) {
            let mut cells = self.common(&plan.design);
            cells.extend(part_cells(plan.part_of(line)));
            let part = line.part.name();
            cells.insert("part", text(&part).into_owned().into());
            cells.insert("month", month.to_string().into());
            cells.extend(line_cells(line));
            cells.insert("list_cost", to_cent(list).into());
            cells.insert("contracted_cost", to_cent(contracted).into());
            self.write(&cells);
        }
        for gap in &plan.bill.gaps {
            let mut cells = self.common(&plan.design);
            cells.extend(gap_cells(gap));
            self.write(&cells);
        }
        for absent in &plan.bill.absent {
            let mut cells = self.common(&plan.design);
            cells.extend(absent_cells(absent));
            self.write(&cells);
        }
    }

    fn rejection(&mut self, rejection: &Rejection) {
        let reasons: Vec<String> = rejection.reasons.iter().map(ToString::to_string).collect();
        let mut cells = self.common(&rejection.design);
        cells.insert("note", format!("cannot be planned: {}", reasons.join("; ")).into());
        self.write(&cells);
    }

    /// What stands on every row of a platform.
    fn common<'b>(&self, design: &'b Design) -> Cells<'b>
    where
        'a: 'b,
    {
        let comparison: &'a Comparison = self.comparison;
        Cells::from([
            ("platform", text(&design.name)),
            ("preset", text(design.preset.name)),
            ("architecture", text(design.architecture().name())),
            ("month", (comparison.month.index + 1).to_string().into()),
            ("currency", text("USD")),
            ("provider", text(&comparison.provider)),
            ("region", text(&comparison.region)),
        ])
    }

    fn write(&mut self, cells: &Cells<'_>) {
        let cells = COLUMNS.iter().map(|column| cells.get(column).map_or("", |cell| cell));
        record(&mut self.text, cells, END);
    }
}

/// What ends a row, but where a specification asks for something else.
pub(super) const END: &str = "\n";

/// Writes a row of several cells as RFC 4180 has it, with quotes where a cell needs them.
///
/// The writer of `csv` looks whether cells are numbers, and the page would carry the tables for that.
pub(super) fn record<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>, end: &str) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.extend(["\"", &cell.replace('"', "\"\""), "\""]);
        } else {
            text.push_str(cell);
        }
    }
    text.push_str(end);
}

/// What a part has of its own.
fn part_cells(part: &Plan) -> Cells<'_> {
    Cells::from([
        ("preset", text(part.design.preset.name)),
        ("architecture", text(part.design.architecture().name())),
        ("provider", text(&part.provider)),
        ("region", text(&part.region)),
    ])
}

fn line_cells(line: &CostLine) -> Cells<'_> {
    Cells::from([
        ("component", text(line.component.name())),
        ("cause", text(line.cause.name())),
        ("grows_with", text(line.grows_with.name())),
        ("sku", text(&line.sku)),
        ("quantity", number(line.quantity)),
        ("unit", text(line.unit.name())),
        ("list_unit_price", number(line.list_unit_price.dollars())),
        ("contracted_unit_price", number(line.contracted_unit_price.dollars())),
        ("list_cost_exact", number(line.list_cost.dollars())),
        ("contracted_cost_exact", number(line.contracted_cost.dollars())),
        (
            "contracted_cost_low_exact",
            number(line.contracted_cost_low.unwrap_or(line.contracted_cost).dollars()),
        ),
        ("price_source", text(&line.price_source)),
        ("price_as_of", text(&line.price_as_of)),
        ("price_basis", text(&line.price_basis)),
    ])
}

fn gap_cells(gap: &Gap) -> Cells<'_> {
    Cells::from([
        ("component", text(gap.component.name())),
        ("note", format!("{NOT_PUBLIC}; {}; {}", gap.what, gap.hint).into()),
    ])
}

fn absent_cells(absent: &Absent) -> Cells<'_> {
    let costs = ["list_cost", "contracted_cost"].map(|column| (column, "0.00".into()));
    let exact = ["list_cost_exact", "contracted_cost_exact"].map(|column| (column, "0".into()));
    let words = [("component", text(absent.component.name())), ("note", absent.why().into())];
    costs.into_iter().chain(exact).chain(words).collect()
}

fn number(value: Decimal) -> Cow<'static, str> {
    value.normalize().to_string().into()
}

fn to_cent(amount: Usd) -> String {
    format!("{:.2}", amount.dollars())
}

/// Rows of as many cells each, the head first.
#[cfg(feature = "optimize")]
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory takes every row of the same length");
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    String::from_utf8(bytes).expect("rows are made of text")
}

/// Text that no spreadsheet takes for a formula.
pub(crate) fn text(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Whether a spreadsheet would calculate a text.
pub(super) fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// Whether nobody sees a character: it breaks lines, turns the direction of writing, or has no width, so that a text says
/// something else than it seems to.
pub(super) fn hides(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_never_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(text(bad), format!("'{bad}"));
        }
        for good in ["kafka-gp3", "a=b", "'", ""] {
            assert_eq!(text(good), good);
        }
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
    fn numbers_are_left_alone() {
        assert_eq!(number(Decimal::new(-1250, 2)), "-12.5");
        assert_eq!(to_cent("-0.5".parse().expect("a literal")), "-0.50");
    }
}
