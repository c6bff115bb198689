//! Price lists of providers.

use std::sync::OnceLock;

use model::scenario::PriceChoice;
use pricing::Catalog;
use pricing::import::{Importer, Options};
use rust_decimal::Decimal;

use super::told;

/// Between two files of one import.
const NEXT_FILE: &[u8] = b"\n=====\n";

/// Machines, disks and meters that prices may be for, and prices that are there already.
fn reference() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let few = |path: &str, text: &str| {
            // A hundred machines are enough to find one, and are read in no time.
            let rows: Vec<&str> = text.lines().take(100).collect();
            (path.to_owned(), rows.join("\n") + "\n")
        };
        let needed = super::embedded().files().filter(|(path, _)| {
            path.ends_with("machines.csv")
                || path.ends_with("disks.csv")
                || path.ends_with("meters.csv")
        });
        let sources = super::embedded().files().filter(|(path, _)| *path == "sources.csv");
        let all = needed.map(|(path, text)| few(path, text));
        let sources = sources.map(|(path, text)| (path.to_owned(), text.to_owned()));
        Catalog::from_files(all.chain(sources))
    })
}

/// Imports bytes; the first of them says whether they have a date of their own, and whether only one region is wanted.
pub fn check(data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else { return };
    let options = Options {
        as_of: (first & 1 != 0).then(|| "2026-11-20".to_owned()),
        regions: (first & 6 == 6).then(|| "us-east-1".to_owned()).into_iter().collect(),
    };
    let mut importer = Importer::new(&options);
    for (number, file) in files(bytes).into_iter().enumerate() {
        if let Err(error) = importer.read(&format!("list-{number}"), file) {
            told(&error.problem.to_string(), error.hint());
            if let Some((line, _)) = error.place {
                let lines = file.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
                assert!((1..=lines).contains(&line), "{error}, of {lines} lines");
            }
            return;
        }
    }
    let import = importer.finish(&[reference()]);
    for row in import.regions.values().flatten() {
        let price: Decimal = row.price.parse().unwrap_or_else(|_| panic!("{row:?}"));
        assert!(price > Decimal::ZERO, "{row:?}");
        let _: Decimal = row.tier_from.parse().unwrap_or_else(|_| panic!("{row:?}"));
    }
    if !import.regions.is_empty() {
        check_catalog(&import);
    }
}

/// What is imported can be read again, and importing it once more changes nothing.
fn check_catalog(import: &pricing::import::Import) {
    let nothing = Catalog::from_files([]);
    let changes = import.changes(&nothing, reference()).expect("there is nothing to be wrong");
    let files = changes.in_order().into_iter();
    let catalog = Catalog::from_files(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    for change in &changes.regions {
        let choice = PriceChoice {
            provider: change.provider.clone(),
            region: change.region.clone(),
            overrides: Vec::new(),
            discounts: Default::default(),
        };
        let list = catalog.price_list(&choice);
        assert!(list.is_ok(), "an import that cannot be read: {:?}", list.err());
    }
    let again = import.changes(&catalog, reference()).expect("what was imported has no faults");
    assert!(again.files.is_empty(), "imported twice: {:?}", again.files);
}

fn files(bytes: &[u8]) -> Vec<&[u8]> {
    let found = bytes.windows(NEXT_FILE.len()).position(|window| window == NEXT_FILE);
    match found {
        Some(at) => vec![&bytes[..at], &bytes[at + NEXT_FILE.len()..]],
        None => vec![bytes],
    }
}
