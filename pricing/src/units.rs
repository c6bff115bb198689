//! What vendors sell capacity by, in every version that was on sale.

use model::map::Map;
use model::prices::CapacityUnit;
use model::units::ByteRate;

use crate::cells::{self, Place, Sources};
use crate::findings::{Finding, Problem};

cells::columns!(
    /// Columns of `capacity-units.csv`.
    COLUMNS,
    RawUnit {
        unit,
        version,
        write,
        read,
        partitions,
        valid_from,
        valid_to,
        source,
        notes
    }
);

/// A capacity unit as it was sold for some time.
///
/// A vendor that makes its unit larger does not change the price of one: of several versions, the one with the latest
/// `valid_from` applies, and a version without a date is older than any with one.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitVersion {
    /// What one carries.
    pub unit: CapacityUnit,
    /// Which definition, counted by the catalogue.
    pub version: String,
    /// Until when it was sold; empty while it is, or where nobody says.
    pub valid_to: String,
    /// What else to know; often empty.
    pub notes: String,
}

/// Reads `capacity-units.csv`, in the order of the file.
pub(crate) fn units(
    file: &str,
    text: &str,
    sources: &Sources,
    findings: &mut Vec<Finding>,
) -> Vec<UnitVersion> {
    let records = cells::records(file, text, COLUMNS, findings);
    let mut lines = Map::new();
    let mut units = Vec::with_capacity(records.len());
    for (line, record) in &records {
        let raw = RawUnit::of(record);
        let mut place = Place { file, line: *line, findings };
        if let Some(first) = lines.insert((raw.unit, raw.version), *line) {
            let what = format!("version {} of `{}`", raw.version, raw.unit);
            place.note(Problem::Duplicate { what, first });
        }
        units.extend(unit(&raw, sources, &mut place));
    }
    units
}

fn unit(raw: &RawUnit, sources: &Sources, place: &mut Place) -> Option<UnitVersion> {
    let name = place.keep(cells::filled("unit", raw.unit));
    let version = place.keep(cells::filled("version", raw.version));
    let write = place.keep(cells::amount::<ByteRate>("write", raw.write));
    let read = place.keep(cells::amount::<ByteRate>("read", raw.read));
    let partitions = place.keep(cells::number("partitions", raw.partitions));
    for date in [raw.valid_from, raw.valid_to] {
        if !date.is_empty() {
            place.keep(cells::date(date));
        }
    }
    let source = place.keep(sources.text(raw.source));
    Some(UnitVersion {
        unit: CapacityUnit {
            name: name?.to_owned(),
            write: write?,
            read: read?,
            partitions: partitions?,
            valid_from: raw.valid_from.to_owned(),
            source: source?.into_owned(),
        },
        version: version?.to_owned(),
        valid_to: raw.valid_to.to_owned(),
        notes: raw.notes.to_owned(),
    })
}

/// Of each unit, the version that applies: the latest.
pub(crate) fn current(units: &[UnitVersion]) -> Map<String, CapacityUnit> {
    let mut current = Map::<String, CapacityUnit>::new();
    for UnitVersion { unit, .. } in units {
        let known = current.get(&unit.name);
        if known.is_none_or(|known| known.valid_from <= unit.valid_from) {
            current.insert(unit.name.clone(), unit.clone());
        }
    }
    current
}
