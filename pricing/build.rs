//! Makes the catalogue that the page comes with smaller: no plan uses prices that ask for a commitment, and they are a
//! quarter of it. What is left is written column by column.

#[path = "src/columns.rs"]
mod columns;

use std::path::Path;
use std::{env, fs, io};

/// Where the column of commitments is in a file of prices.
const HEADER: &str = "sku,price,currency,per,tier_from,commitment,";
const COMMITMENT: usize = 5;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=catalog");
    println!("cargo::rerun-if-changed=src/columns.rs");
    let variable = |name| env::var_os(name).unwrap_or_default();
    if variable("CARGO_CFG_TARGET_ARCH") == "wasm32" {
        shorten(Path::new("catalog"), &Path::new(&variable("OUT_DIR")).join("catalog"))?;
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
