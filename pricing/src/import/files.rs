//! The files of a catalogue with imported prices.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use super::{Import, NewRow, Source};
use crate::catalog::{self, Catalog, DISKS, MACHINES, METERS, SOURCES};
use crate::cells::{self, Records, SOURCE_COLUMNS};
use crate::findings::CatalogError;
use crate::ladders::{self, ON_DEMAND};
use crate::shapes::{DISK_COLUMNS, MACHINE_COLUMNS, METER_COLUMNS};

/// What an import does to a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Texts of the files that are new or different, by path.
    pub files: BTreeMap<String, String>,
    /// What becomes of each region's prices.
    pub regions: Vec<Change>,
}

impl Changes {
    /// Paths and texts in the order in which to write them: sources, prices, shapes. What others refer to comes first, so
    /// that a catalogue of which only the first few are written refers to nothing that is not there.
    pub fn in_order(&self) -> Vec<(&str, &str)> {
        let rank = |path: &str| match catalog::provider_file(path) {
            None => 0,
            Some((_, name)) if [MACHINES, DISKS, METERS].contains(&name) => 2,
            Some(_) => 1,
        };
        let mut files: Vec<_> =
            self.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        files.sort_by_key(|(path, _)| rank(path));
        files
    }
}

/// What becomes of a region's prices, counted in rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose prices.
    pub provider: String,
    /// Where.
    pub region: String,
    /// Rows of SKUs that had no on-demand price.
    pub added: usize,
    /// Rows that stand in place of others of the same SKU.
    pub replaced: usize,
    /// Rows that stay as they were.
    pub kept: usize,
    /// Those of them that are newer than what was imported.
    pub newer: usize,
    /// The oldest and the newest date of the imported prices.
    pub dates: (String, String),
}

/// What [`Import::changes`] returns.
pub(super) fn changes(
    import: &Import,
    present: &Catalog,
    reference: &Catalog,
) -> Result<Changes, Vec<CatalogError>> {
    let mut work = Work { present, files: BTreeMap::new(), findings: Vec::new() };
    let mut regions = Vec::new();
    let mut cited = BTreeSet::new();
    for ((provider, region), rows) in &import.regions {
        regions.push(work.region(provider, region, rows));
    }
    let providers: BTreeSet<&String> =
        import.regions.keys().map(|(provider, _)| provider).collect();
    for provider in providers {
        work.shapes(provider, reference, &mut cited);
    }
    work.sources(&import.sources, reference, &cited);
    catalog::faultless(work.findings)?;
    Ok(Changes { files: work.files, regions })
}

struct Work<'c> {
    present: &'c Catalog,
    files: BTreeMap<String, String>,
    findings: Vec<crate::findings::Finding>,
}

impl Work<'_> {
    /// A file that is there, row by row.
    fn rows(&mut self, file: &str, columns: &[&str]) -> Records {
        match self.present.files.get(file) {
            Some(text) => cells::records(file, text, columns, &mut self.findings),
            None => Records::new(),
        }
    }

    fn put(&mut self, file: String, columns: &[&str], rows: &[StringRecord]) {
        let text = text(columns, rows);
        if self.present.files.get(file.as_str()).is_none_or(|known| *known != text) {
            self.files.insert(file, text);
        }
    }

    fn region(&mut self, provider: &str, region: &str, rows: &[NewRow]) -> Change {
        let file = catalog::path(provider, region);
        let mut fresh = BTreeMap::<&str, Vec<&NewRow>>::new();
        for row in rows {
            fresh.entry(&row.sku).or_default().push(row);
        }
        let skus = fresh.clone();
        let mut all = Vec::new();
        let (mut kept, mut newer, mut replaced) = (0, 0, 0);
        let as_of = ladders::COLUMNS.iter().position(|column| *column == "as_of").unwrap_or(0);
        for (_, row) in self.rows(&file, ladders::COLUMNS) {
            // Dates are written from the year down, so that they compare as texts.
            let is_newer = |rows: &Vec<&NewRow>| rows.iter().all(|new| row[as_of] > *new.as_of);
            if &row[5] != ON_DEMAND || !skus.contains_key(&row[0]) {
                kept += 1;
                all.push(row);
            } else if skus.get(&row[0]).is_some_and(is_newer) {
                fresh.remove(&row[0]);
                kept += 1;
                newer += 1;
                all.push(row);
            } else if let Some(ladder) = fresh.remove(&row[0]) {
                // Where the first of the old tiers stood; the others are gone.
                replaced += ladder.len();
                all.extend(ladder.into_iter().map(record));
            }
        }
        let added = fresh.values().map(Vec::len).sum();
        all.extend(fresh.into_values().flatten().map(record));
        self.put(file, ladders::COLUMNS, &all);
        let dates = || rows.iter().map(|row| row.as_of.clone());
        Change {
            provider: provider.to_owned(),
            region: region.to_owned(),
            added,
            replaced,
            kept,
            newer,
            dates: (dates().min().unwrap_or_default(), dates().max().unwrap_or_default()),
        }
    }

    /// Every SKU of a provider with an on-demand price, as the catalogue will be.
    fn priced(&self, provider: &str) -> BTreeSet<String> {
        let mut priced = BTreeSet::new();
        let present = self.present.region_texts(Some(provider));
        let present = present.filter(|(path, _)| !self.files.contains_key(*path));
        let fresh = self.files.iter().filter_map(|(path, text)| {
            let (owner, _) = catalog::provider_file(path)?;
            (owner == provider).then_some((path.as_str(), text.as_str()))
        });
        for (file, text) in present.chain(fresh) {
            let rows = cells::records(file, text, ladders::COLUMNS, &mut Vec::new());
            let on_demand = rows.iter().filter(|(_, row)| &row[5] == ON_DEMAND);
            priced.extend(on_demand.map(|(_, row)| row[0].to_owned()));
        }
        priced
    }

    /// Adds what has prices now: a machine by its SKU, a disk by all that it is billed by, a meter by its SKU.
    fn shapes(&mut self, provider: &str, reference: &Catalog, cited: &mut BTreeSet<String>) {
        let priced = self.priced(provider);
        let has = |sku: &str| sku.is_empty() || priced.contains(sku);
        let mut add =
            |name, columns: &[&str], key: &[usize], fits: &dyn Fn(&StringRecord) -> bool| {
                let file = catalog::path(provider, name);
                let mut rows: Vec<_> =
                    self.rows(&file, columns).into_iter().map(|(_, row)| row).collect();
                let same = |one: &StringRecord, other: &StringRecord| {
                    key.iter().all(|&column| one[column] == other[column])
                };
                let known = reference.files.get(file.as_str());
                let known = known.map(|text| cells::records(&file, text, columns, &mut Vec::new()));
                for (_, row) in known.unwrap_or_default() {
                    if fits(&row) && !rows.iter().any(|own| same(own, &row)) {
                        rows.push(row);
                    }
                }
                if let Some(column) = columns.iter().position(|column| *column == "source") {
                    cited.extend(
                        rows.iter()
                            .flat_map(|row| row[column].split(';'))
                            .map(|id| id.trim().to_owned()),
                    );
                }
                self.put(file, columns, &rows);
            };
        // What a row is billed by stands in columns of its own.
        let skus = |columns: &[&str]| -> Vec<usize> {
            let ends = |column: &&str| *column == "sku" || column.ends_with("_sku");
            (0..columns.len()).filter(|&index| ends(&columns[index])).collect()
        };
        let billed = |columns: &'static [&'static str]| {
            let skus = skus(columns);
            move |row: &StringRecord| skus.iter().all(|&column| has(&row[column]))
        };
        add(MACHINES, MACHINE_COLUMNS, &[0, 1], &billed(MACHINE_COLUMNS));
        add(DISKS, DISK_COLUMNS, &[0], &billed(DISK_COLUMNS));
        add(METERS, METER_COLUMNS, &[0, 1], &billed(METER_COLUMNS));
    }

    /// Adds the lists that were imported, and whom shapes from the reference quote.
    fn sources(&mut self, imported: &[Source], reference: &Catalog, cited: &BTreeSet<String>) {
        let mut rows: Vec<_> =
            self.rows(SOURCES, SOURCE_COLUMNS).into_iter().map(|(_, row)| row).collect();
        let known = reference.files.get(SOURCES);
        let known =
            known.map(|text| cells::records(SOURCES, text, SOURCE_COLUMNS, &mut Vec::new()));
        for (_, row) in known.unwrap_or_default() {
            if cited.contains(&row[0]) && !rows.iter().any(|own| own[0] == row[0]) {
                rows.push(row);
            }
        }
        for source in imported {
            let (id, covers) = (source.id(), "on-demand prices, by `highwater prices import`");
            let row =
                StringRecord::from(vec![id.as_str(), &source.text, covers, &source.date, "high"]);
            match rows.iter_mut().find(|own| own[0] == id) {
                Some(own) => *own = row,
                None => rows.push(row),
            }
        }
        self.put(SOURCES.to_owned(), SOURCE_COLUMNS, &rows);
    }
}

fn record(row: &NewRow) -> StringRecord {
    let cells = [
        row.sku.as_str(),
        &row.price,
        "USD",
        row.per,
        &row.tier_from,
        ON_DEMAND,
        row.basis,
        row.group,
        &row.source,
        &row.as_of,
        &row.notes,
    ];
    StringRecord::from(cells.to_vec())
}

fn text(columns: &[&str], rows: &[StringRecord]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer
        .write_record(columns)
        .and_then(|()| rows.iter().try_for_each(|row| writer.write_record(row)));
    written.expect("memory takes every row, and all have as many cells as the head");
    let bytes = writer.into_inner().expect("memory needs no flush");
    String::from_utf8(bytes).expect("cells are text")
}
