//! Catalogue rows from the price lists that providers publish, read as a stream: nothing here opens a file.
//!
//! | Published as | Read here |
//! |---|---|
//! | AWS Price List, offer file as JSON | `products`, then `terms`, by SKU |
//! | AWS Price List, offer file as CSV | lines about the file, then a table with a row for each price |
//! | Azure Retail Prices API | pages with `Items` |
//! | Google Cloud Billing API, `services.skus.list` | pages with `skus` |
//!
//! An offer file of EC2 has 5 GB, of which a few thousand prices are ours. Only those are remembered, with what was left
//! out as counts: memory depends on the number of prices that map, and not on the file. Which product is which SKU, and
//! which are none of ours and why, stands in `pricing/rules`.
//!
//! ```
//! use pricing::import::{Importer, Options};
//!
//! let page = r#"{ "Items": [{
//!     "currencyCode": "USD", "tierMinimumUnits": 0, "retailPrice": 0.4242, "armRegionName": "westeurope",
//!     "effectiveStartDate": "2026-01-01T00:00:00Z", "productName": "Virtual Machines Dsv5 Series",
//!     "meterName": "D2s v5", "skuName": "D2s v5", "serviceName": "Virtual Machines",
//!     "unitOfMeasure": "1 Hour", "type": "Consumption", "isPrimaryMeterRegion": true,
//!     "armSkuName": "Standard_D2s_v5" }] }"#;
//! let options = Options::default();
//! let mut importer = Importer::new(&options);
//! importer.read("page.json", page.as_bytes()).unwrap();
//! let import = importer.finish(&[]);
//! let rows = &import.regions[&("azure".to_owned(), "westeurope".to_owned())];
//! assert_eq!((rows[0].sku.as_str(), rows[0].price.as_str()), ("vm:Standard_D2s_v5", "0.4242"));
//! ```

mod aws;
mod aws_csv;
mod azure;
mod collect;
mod error;
mod files;
mod gcp;
mod json;
mod report;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};

pub use error::{ImportError, ImportProblem};
pub use files::{Change, Changes};
pub use report::{FileRead, Report, Tally};

use crate::catalog::Catalog;
use crate::findings::CatalogError;
use collect::Collector;

/// What to import, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only these regions, unless empty.
    pub regions: BTreeSet<String>,
    /// The date of all prices, `YYYY-MM-DD`, instead of what the files say.
    pub as_of: Option<String>,
}

/// Reads one file after the other; their prices make one import.
pub struct Importer<'o> {
    collector: Collector<'o>,
    unfinished: BTreeMap<&'static str, bool>,
}

/// Prices by provider and region, and what was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// On-demand prices by provider and region, by SKU and tier.
    pub regions: BTreeMap<(String, String), Vec<NewRow>>,
    /// Whom they quote.
    pub sources: Vec<Source>,
    /// What became of the rest.
    pub report: Report,
}

/// A row for a region's file, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow {
    /// The catalogue's identifier.
    pub sku: String,
    /// Dollars for one unit.
    pub price: String,
    /// What one price buys.
    pub per: &'static str,
    /// Monthly quantity at which the tier starts.
    pub tier_from: String,
    /// `listed`, or `derived` where a price is the result of more than another unit.
    pub basis: &'static str,
    /// What a discount calls it.
    pub group: &'static str,
    /// The source's identifier.
    pub source: String,
    /// The date of the price.
    pub as_of: String,
    /// What else to know.
    pub notes: String,
}

/// A price list that was quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Whose.
    pub provider: &'static str,
    /// What it is a list of, as part of an identifier: `amazonec2`.
    pub offer: String,
    /// In words, for `sources.csv`.
    pub text: String,
    /// When it was published, or the date of its newest price.
    pub date: String,
}

impl Source {
    /// Its row's identifier: `aws-amazonec2-2026-11-20`.
    pub fn id(&self) -> String {
        format!("{}-{}-{}", self.provider, self.offer, self.date)
    }
}

impl<'o> Importer<'o> {
    /// An import of nothing so far.
    pub fn new(options: &'o Options) -> Self {
        Self { collector: Collector::new(options), unfinished: BTreeMap::new() }
    }

    /// Reads a file to its end. What it is shows by its first bytes; `name` is for the report.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is none of the lists that are known. Nothing of the import can be used then.
    pub fn read(&mut self, name: &str, reader: impl Read) -> Result<(), ImportError> {
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        skip_mark(&mut reader)?;
        let first = loop {
            let bytes = reader.fill_buf().map_err(unreadable)?;
            let blanks = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if bytes.is_empty() {
                return Err(ImportError::of(ImportProblem::Empty));
            }
            if blanks < bytes.len() {
                break [bytes[blanks], *bytes.get(blanks + 1).unwrap_or(&0)];
            }
            reader.consume(blanks);
        };
        match first {
            [0x1f, 0x8b] | [b'P', b'K'] => Err(ImportError::of(ImportProblem::Packed)),
            [b'{' | b'[', _] => json::read(name, reader, &mut self.collector, &mut self.unfinished),
            _ => aws_csv::read(name, reader, &mut self.collector),
        }
    }

    /// Makes rows of everything that was read.
    ///
    /// `catalogs` know machines: what they sell by the hour, and no catalogue knows the shape of, is left out, and
    /// machines whose provider sells vCPUs and memory apart are put together by their shapes.
    pub fn finish(mut self, catalogs: &[&Catalog]) -> Import {
        for (what, _) in self.unfinished.iter().filter(|(_, open)| **open) {
            let warning = format!("every page of {what} names a next one: the last was not given");
            self.collector.report.warnings.push(warning);
        }
        self.collector.finish(catalogs)
    }
}

impl Import {
    /// The files of a catalogue with these prices: of what `present` holds, only what has to change.
    ///
    /// Prices of the same SKU are replaced unless they are newer, all other rows are kept. Machines, disks and meters that have prices now are
    /// taken from `reference`, so that the result can be used as a catalogue.
    ///
    /// # Errors
    ///
    /// When a file of `present` that has to change has faults.
    pub fn changes(
        &self,
        present: &Catalog,
        reference: &Catalog,
    ) -> Result<Changes, Vec<CatalogError>> {
        files::changes(self, present, reference)
    }
}

/// A date in the form of the catalogue, `YYYY-MM-DD`, from the start of a time as feeds write it.
fn day(time: &str) -> Option<&str> {
    let day = time.get(..10)?;
    crate::cells::date(day).ok()
}

/// Whether a text is a day as `--as-of` takes it.
pub fn is_day(text: &str) -> bool {
    text.len() == 10 && day(text).is_some()
}

fn unreadable(error: std::io::Error) -> ImportError {
    ImportError::of(ImportProblem::Unreadable(error))
}

/// Skips the mark that some editors put before UTF-8.
fn skip_mark(reader: &mut impl BufRead) -> Result<(), ImportError> {
    if reader.fill_buf().map_err(unreadable)?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    Ok(())
}
