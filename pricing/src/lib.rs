//! Price lists and machine shapes as data.
//!
//! A [`Catalog`] is a set of CSV files: `sources.csv` says who is quoted, `PROVIDER/REGION.csv` holds one price a row,
//! and `PROVIDER/machines.csv`, `disks.csv` and `meters.csv` say what the prices are for. Services that cost the same
//! on any provider stand at the top: `vendors.csv`, with `vendor-machines.csv` and `vendor-meters.csv`;
//! `capacity-units.csv` says what one unit of theirs carries, and `services.csv` what all of them call what they sell.
//! It comes embedded, or from files that someone else has read: nothing here touches a disk. With the feature `import`,
//! prices are also read from the lists that providers publish; the page does without.
//!
//! ```
//! use model::scenario::PriceChoice;
//! use pricing::Catalog;
//!
//! let choice = PriceChoice {
//!     provider: "aws".to_owned(),
//!     region: "eu-central-1".to_owned(),
//!     overrides: Vec::new(),
//!     discounts: Default::default(),
//! };
//! let prices = Catalog::embedded().price_list(&choice).unwrap();
//! let gp3 = prices.disk("gp3").unwrap();
//! let capacity = prices.price(gp3.capacity.unwrap());
//! assert_eq!(capacity.unit.name(), "GiB-month");
//! assert!(!capacity.source.is_empty());
//! ```

mod catalog;
mod cells;
mod check;
#[cfg(any(test, target_arch = "wasm32"))]
mod columns;
mod contracts;
mod embedded;
mod findings;
#[cfg(feature = "import")]
pub mod import;
mod ladders;
mod price_list;
mod services;
mod shapes;
mod units;

pub use catalog::{Catalog, Row};
pub use contracts::{Contracts, Repricing};
pub use embedded::{PAGE_REGIONS, REGION_FILES};

/// SHA-256 of the catalogue that comes with the program, as `model::export::audit::of_catalog` makes it of its files: the
/// page, which has not all of them, names the same.
pub const CATALOG_SHA256: &str = env!("CATALOG_SHA256");

pub use findings::{CatalogError, Finding, Problem, Regions, Severity};
pub use units::UnitVersion;
