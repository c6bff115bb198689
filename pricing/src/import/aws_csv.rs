//! Offer files of the AWS Price List as CSV: lines about the file, then a table with a row for each price.

use std::io::BufRead;

use csv::StringRecord;

use super::aws::{Columns, FIELDS, decimal, source};
use super::collect::{Collector, Seen};
use super::day;
use super::error::{ImportError, ImportProblem};
use super::report::FileRead;
use super::rules::{Record, Rules, Verdict};

/// Columns without which a row is no price.
const NEEDED: [&str; 6] = ["SKU", "TermType", "Unit", "PricePerUnit", "Currency", "Product Family"];

/// Lines about the file: there are five, and we look no further than this for the table.
const PREAMBLE_MAX: u64 = 50;

/// Reads a file to its end.
pub(crate) fn read(
    name: &str,
    reader: impl BufRead,
    collector: &mut Collector,
) -> Result<(), ImportError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        // The lines about the file are shorter than the table.
        .flexible(true)
        .from_reader(reader);
    let mut row = StringRecord::new();
    let about = preamble(&mut reader, &mut row)?;
    let rules = Rules::aws(FIELDS);
    let table = Table::of(&rules, &row)?;
    let date = match &collector.options.as_of {
        Some(date) => date.clone(),
        None => day(&about.published)
            .map(str::to_owned)
            .ok_or_else(|| ImportError::of(ImportProblem::NoDate { field: "Publication Date" }))?,
    };
    collector.quote(source(&about.code, &about.version, &date));
    let columns = Columns::of(&rules);
    let mut record = rules.record();
    let mut products = 0;
    while reader.read_record(&mut row).map_err(|error| placed(&error))? {
        products += 1;
        let line = row.position().map_or(0, csv::Position::line);
        let at = |problem| ImportError { place: Some((line, 0)), problem };
        if row.len() != table.width {
            return Err(at(ImportProblem::Truncated { what: "row" }));
        }
        table.fill(&row, &mut record);
        keep(&rules, &columns, &table, &row, &record, &date, collector).map_err(at)?;
    }
    let file = FileRead {
        name: name.to_owned(),
        what: format!("AWS Price List, {}", about.code),
        date,
        products,
    };
    collector.file(file);
    Ok(())
}

/// What the lines before the table say.
#[derive(Default)]
struct About {
    code: String,
    version: String,
    published: String,
}

/// Reads up to the heads of the table, which `row` has afterwards.
fn preamble<R: BufRead>(
    reader: &mut csv::Reader<R>,
    row: &mut StringRecord,
) -> Result<About, ImportError> {
    let mut about = About::default();
    for _ in 0..PREAMBLE_MAX {
        if !reader.read_record(row).map_err(|error| placed(&error))? {
            break;
        }
        match row.get(0) {
            Some("SKU") => return Ok(about),
            Some("Publication Date") => row.get(1).unwrap_or("").clone_into(&mut about.published),
            Some("Version") => row.get(1).unwrap_or("").clone_into(&mut about.version),
            Some("OfferCode") => row.get(1).unwrap_or("").clone_into(&mut about.code),
            _ => {}
        }
    }
    let found = "it is neither JSON, nor a CSV file whose table begins with `SKU`".to_owned();
    Err(ImportError::of(ImportProblem::Unknown { found }))
}

/// Where the table has what.
struct Table {
    width: usize,
    /// The field that each column fills, if rules ask for it.
    fields: Vec<Option<usize>>,
    sku: usize,
    term: usize,
    unit: usize,
    price: usize,
    currency: usize,
    from: Option<usize>,
    since: Option<usize>,
}

impl Table {
    fn of(rules: &Rules, heads: &StringRecord) -> Result<Self, ImportError> {
        let column = |name: &str| heads.iter().position(|head| head == name);
        let missing: Vec<String> = NEEDED
            .iter()
            .filter(|name| column(name).is_none())
            .map(|name| format!("`{name}`"))
            .collect();
        let line = heads.position().map_or(0, csv::Position::line);
        let lacking = || ImportError {
            place: Some((line, 0)),
            problem: ImportProblem::Columns { missing: missing.join(", ") },
        };
        let needed = |name| column(name).ok_or_else(lacking);
        Ok(Self {
            width: heads.len(),
            fields: heads.iter().map(|head| rules.field(head)).collect(),
            sku: needed("SKU")?,
            term: needed("TermType")?,
            unit: needed("Unit")?,
            price: needed("PricePerUnit")?,
            currency: needed("Currency")?,
            from: column("StartingRange"),
            since: column("EffectiveDate"),
        })
        .and_then(|table| if missing.is_empty() { Ok(table) } else { Err(lacking()) })
    }

    fn fill(&self, row: &StringRecord, record: &mut Record) {
        record.clear();
        for (cell, field) in row.iter().zip(&self.fields) {
            if let Some(field) = field {
                record.slot(*field).push_str(cell);
            }
        }
    }
}

fn keep(
    rules: &Rules,
    columns: &Columns,
    table: &Table,
    row: &StringRecord,
    record: &Record,
    date: &str,
    collector: &mut Collector,
) -> Result<(), ImportProblem> {
    let on_demand = &row[table.term] == "OnDemand";
    let label = || columns.label(record);
    let rule = match rules.verdict(record) {
        Verdict::Take(rule) | Verdict::Part(rule) => rule,
        // A product has a row for each of its terms, and counts once.
        _ if !on_demand => return Ok(()),
        Verdict::Leave(reason) => {
            collector.report.leave(rules.provider, reason, &label());
            return Ok(());
        }
        Verdict::Unmapped => {
            collector.report.unmapped(rules.provider, columns.family(record), &label());
            return Ok(());
        }
    };
    let (region, label) = (columns.region(record), label());
    if !collector.wants(rules.provider, region, &label) {
        return Ok(());
    }
    if !on_demand {
        collector.report.leave(rules.provider, "reserved term", &label);
        return Ok(());
    }
    let cell = |column: Option<usize>| column.and_then(|column| row.get(column)).unwrap_or("");
    let from = Some(cell(table.from)).filter(|text| !text.is_empty()).unwrap_or("0");
    collector.price(&Seen {
        rule,
        rules,
        names: &rules.names(rule, record),
        region,
        unit: &row[table.unit],
        currency: &row[table.currency],
        from: decimal("StartingRange", &row[table.sku], from)?,
        price: decimal("PricePerUnit", &row[table.sku], &row[table.price])?,
        since: day(cell(table.since)).unwrap_or(date),
        as_of: date,
        label: &label,
    })
}

fn placed(error: &csv::Error) -> ImportError {
    let place = error.position().map(|position| (position.line(), 0));
    let problem = match error.kind() {
        csv::ErrorKind::Io(error) => ImportProblem::Unreadable(error.kind().into()),
        csv::ErrorKind::Utf8 { .. } => {
            ImportProblem::Syntax { reason: "the row is not UTF-8 text".to_owned() }
        }
        _ => ImportProblem::Syntax { reason: "the row cannot be read as CSV".to_owned() },
    };
    ImportError { place, problem }
}
