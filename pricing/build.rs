//! Makes the catalogue that the page comes with smaller: no plan uses prices that ask for a commitment, and they are a
//! quarter of it. What is left is written column by column.

#[path = "src/columns.rs"]
mod columns;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

/// Where the column of commitments is in a file of prices.
const HEADER: &str = "sku,price,currency,per,tier_from,commitment,";
const COMMITMENT: usize = 5;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=catalog");
    println!("cargo::rerun-if-changed=src/columns.rs");
    println!("cargo::rustc-env=CATALOG_SHA256={}", hash(Path::new("catalog"))?);
    let variable = |name| env::var_os(name).unwrap_or_default();
    if variable("CARGO_CFG_TARGET_ARCH") == "wasm32" {
        shorten(Path::new("catalog"), &Path::new(&variable("OUT_DIR")).join("catalog"))?;
    }
    Ok(())
}

/// What `sha256sum` prints of the list that it prints of a folder's CSV files, in the order of their paths: the page, which
/// has not all of them, says the same of its prices as the command.
fn hash(folder: &Path) -> io::Result<String> {
    let mut paths = Vec::new();
    files(folder, &mut paths)?;
    let mut lines = Vec::new();
    for path in paths {
        let name = path.strip_prefix(folder).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path)?.replace("\r\n", "\n").replace('\r', "\n");
        lines.push((name, digits(text.as_bytes())));
    }
    lines.sort();
    let list: String = lines.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    Ok(digits(list.as_bytes()))
}

fn digits(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every CSV file of a folder and of those in it.
fn files(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "csv") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Copies a folder with all that is in it.
fn shorten(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            shorten(&path, &copy)?;
        } else {
            let rows = without_commitments(&fs::read_to_string(&path)?);
            let columns = columns::columns(&rows).ok_or_else(|| {
                let broken =
                    format!("`{}` has a row that is not as long as the first", path.display());
                io::Error::new(io::ErrorKind::InvalidData, broken)
            })?;
            fs::write(copy, columns)?;
        }
    }
    Ok(())
}

/// A file of prices without those that nobody gets without a commitment; any other file as it is.
fn without_commitments(text: &str) -> String {
    if !text.starts_with(HEADER) {
        return text.to_owned();
    }
    let (header, rows) = text.split_once('\n').unwrap_or((text, ""));
    let mut short = format!("{header}\n");
    for row in rows.split_inclusive('\n') {
        // A quoted SKU may have commas: it stays whatever it costs.
        if row.starts_with('"') || row.split(',').nth(COMMITMENT) == Some("on_demand") {
            short += row;
        }
    }
    short
}
