//! The catalogue that comes with the program, and the part of it that the page comes with.

#[cfg(target_arch = "wasm32")]
use std::sync::LazyLock;

#[cfg(target_arch = "wasm32")]
use crate::columns;

#[cfg(any(test, not(target_arch = "wasm32")))]
macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../catalog/", $path)))),*]
    };
}

/// The same without prices that ask for a commitment, and by columns (`build.rs`).
#[cfg(target_arch = "wasm32")]
macro_rules! short_files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("OUT_DIR"), "/catalog/", $path)))),*]
    };
}

macro_rules! paths {
    ($($path:literal),* $(,)?) => { &[$($path),*] };
}

/// Every region that [`PAGE`] lacks, as a list for a macro: the page knows their names, the program their texts.
macro_rules! other_regions {
    ($use:ident) => {
        $use![
            "aws/ap-northeast-2.csv",
            "aws/ap-south-1.csv",
            "aws/ap-southeast-1.csv",
            "aws/ap-southeast-2.csv",
            "aws/ca-central-1.csv",
            "aws/eu-north-1.csv",
            "aws/eu-west-2.csv",
            "aws/eu-west-3.csv",
            "aws/sa-east-1.csv",
            "aws/us-east-2.csv",
            "aws/us-west-1.csv",
            "aws/us-west-2.csv",
            "azure/australiaeast.csv",
            "azure/brazilsouth.csv",
            "azure/canadacentral.csv",
            "azure/centralindia.csv",
            "azure/centralus.csv",
            "azure/eastasia.csv",
            "azure/eastus2.csv",
            "azure/francecentral.csv",
            "azure/germanywestcentral.csv",
            "azure/japaneast.csv",
            "azure/koreacentral.csv",
            "azure/northeurope.csv",
            "azure/southeastasia.csv",
            "azure/swedencentral.csv",
            "azure/uksouth.csv",
            "azure/westeurope.csv",
            "azure/westus2.csv",
            "azure/westus3.csv",
            "gcp/asia-northeast1.csv",
            "gcp/asia-south1.csv",
            "gcp/asia-southeast1.csv",
            "gcp/australia-southeast1.csv",
            "gcp/europe-west1.csv",
            "gcp/europe-west2.csv",
            "gcp/europe-west3.csv",
            "gcp/europe-west4.csv",
            "gcp/northamerica-northeast1.csv",
            "gcp/southamerica-east1.csv",
            "gcp/us-east1.csv",
            "gcp/us-east4.csv",
            "gcp/us-west1.csv",
        ]
    };
}

macro_rules! page_regions {
    ($use:ident) => {
        $use![
            "aws/us-east-1.csv",
            "aws/eu-central-1.csv",
            "aws/eu-west-1.csv",
            "aws/ap-northeast-1.csv",
            "azure/eastus.csv",
            "gcp/us-central1.csv"
        ]
    };
}

macro_rules! page_files {
    ($use:ident) => {
        $use![
            "aws/ap-northeast-1.csv",
            "aws/disks.csv",
            "aws/eu-central-1.csv",
            "aws/eu-west-1.csv",
            "aws/machines.csv",
            "aws/meters.csv",
            "aws/us-east-1.csv",
            "azure/disks.csv",
            "azure/eastus.csv",
            "azure/machines.csv",
            "azure/meters.csv",
            "capacity-units.csv",
            "gcp/disks.csv",
            "gcp/machines.csv",
            "gcp/meters.csv",
            "gcp/us-central1.csv",
            "services.csv",
            "sources.csv",
            "vendor-machines.csv",
            "vendor-meters.csv",
            "vendors.csv",
        ]
    };
}

/// What every copy of the program holds: all that prices are for, and a few regions. A path in `pricing/catalog`, and
/// the file's text.
#[cfg(not(target_arch = "wasm32"))]
const PAGE: &[(&str, &str)] = page_files!(files);

/// The same in the browser, as rows from the first time that it is asked for.
#[cfg(target_arch = "wasm32")]
static PAGE: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let files: &[(&str, &str)] = page_files!(short_files);
    files.iter().map(|(path, columns)| (*path, columns::rows(columns))).collect()
});

/// The regions that are not in [`page()`].
#[cfg(any(test, not(target_arch = "wasm32")))]
const OTHERS: &[(&str, &str)] = other_regions!(files);

/// Every file that is in the browser too: its path in `pricing/catalog`, and its text.
pub(crate) fn page() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGE.iter().map(|(path, text)| (*path, &**text))
}

/// The files of regions that the page comes with, by their paths in the catalogue.
pub const PAGE_REGIONS: &[&str] = page_regions!(paths);

/// The files of all other regions, by their paths in the catalogue. In the browser they are not at hand: they are to be
/// fetched, and handed to [`Catalog::with_file`](crate::Catalog::with_file).
pub const REGION_FILES: &[&str] = other_regions!(paths);

/// Every file at hand: its path in `pricing/catalog`, and its text.
pub(crate) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    #[cfg(not(target_arch = "wasm32"))]
    let others = OTHERS;
    #[cfg(target_arch = "wasm32")]
    let others: &[(&str, &str)] = &[];
    page().chain(others.iter().copied())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn no_file_is_left_behind() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&root).expect("the catalogue is here").flatten() {
            match std::fs::read_dir(entry.path()) {
                Ok(inner) => found.extend(inner.flatten().map(|file| file.path())),
                Err(_) => found.push(entry.path()),
            }
        }
        let mut embedded: Vec<_> = files().map(|(path, _)| root.join(path)).collect();
        found.sort();
        embedded.sort();
        assert_eq!(embedded, found);
    }

    #[test]
    fn the_page_has_all_but_other_regions() {
        for path in PAGE_REGIONS {
            assert!(page().any(|(known, _)| known == *path), "{path}");
        }
        for path in REGION_FILES {
            assert!(!page().any(|(known, _)| known == *path), "{path}");
        }
        let regions: usize =
            crate::Catalog::embedded().regions().values().map(|all| all.len()).sum();
        assert_eq!(PAGE_REGIONS.len() + REGION_FILES.len(), regions);
    }

    /// What the page loads before it can answer; the program has no such limit, but should not grow unseen.
    #[test]
    fn the_page_stays_within_its_budget() {
        const KIB: usize = 1024;
        const PAGE_BUDGET: usize = 150 * KIB;
        let (page, all) = (compressed(page()), compressed(files()));
        println!("page {} KiB, all {} KiB", page / KIB, all / KIB);
        assert!(page <= PAGE_BUDGET, "the page has {} KiB of catalogue", page / KIB);
        assert!(all <= 600 * KIB, "the program has {} KiB of catalogue", all / KIB);
    }

    /// Bytes of all files together, as a web server would send them.
    fn compressed(files: impl Iterator<Item = (&'static str, &'static str)>) -> usize {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        for (_, text) in files {
            gzip.write_all(text.as_bytes()).expect("memory takes what it is given");
        }
        gzip.finish().expect("memory takes what it is given").len()
    }
}
