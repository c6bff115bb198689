//! What the page weighs, as hosts send it, against what it may weigh.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

const KIB: usize = 1024;

/// What a browser may have to load before the page answers, compressed with Brotli: what grows beyond it fails the build.
const BUDGET: usize = 645 * KIB;

/// What the page should come down to.
const GOAL: usize = 450 * KIB;

/// What a browser loads only when somebody asks for more than the page shows at once: its files' names begin so.
pub const LATER: &str = "later";

/// What that may weigh, compressed with Brotli: the engine once more, the solver, reports, tables and workbooks.
const LATER_BUDGET: usize = 845 * KIB;

/// The folder of prices that a browser asks for only when a scenario names their region.
const ON_DEMAND: &str = "catalog";

/// Bytes as they are, and as hosts send them.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Prints what each file of a built page weighs, and the sum.
///
/// # Errors
///
/// When a file cannot be read, and when all that the page loads weighs more than its budget.
pub fn report(dist: &Path) -> anyhow::Result<()> {
    println!("{:40} {:>9} {:>9} {:>9}", "bytes of the page", "raw", "gzip", "brotli");
    let (mut sum, mut later) = (Weight::default(), Weight::default());
    for (name, bytes) in files(dist)? {
        let weight = weigh(&bytes)?;
        print(&name, weight);
        if name.starts_with(LATER) { later.add(weight) } else { sum.add(weight) }
    }
    print("all that is loaded", sum);
    print("for files and studies, when asked for", later);
    if later.brotli > LATER_BUDGET {
        let (used, budget) = (later.brotli.div_ceil(KIB), LATER_BUDGET / KIB);
        bail!("what is loaded later is too heavy: {used} of {budget} KiB compressed; what grew?");
    }

    let on_demand = dist.join(ON_DEMAND);
    if on_demand.is_dir() {
        let mut later = Weight::default();
        for folder in fs::read_dir(&on_demand)? {
            for (_, bytes) in files(&folder?.path())? {
                later.raw += bytes.len();
            }
        }
        println!("{:40} {:>9}", format!("`{ON_DEMAND}`, a file of it when asked for"), later.raw);
    }
    let used = format!("{} of {} KiB", sum.brotli.div_ceil(KIB), BUDGET / KIB);
    if sum.brotli > BUDGET {
        bail!("the page is too heavy: {used} compressed; what grew?");
    }
    println!("within the budget: {used}");
    if sum.brotli > GOAL {
        let (over, goal) = ((sum.brotli - GOAL).div_ceil(KIB), GOAL / KIB);
        println!("over the goal of {goal} KiB by {over} KiB");
    }
    Ok(())
}

/// The files of one folder, in the order of their names.
fn files(folder: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder);
    for entry in entries.with_context(|| format!("cannot read `{}`", folder.display()))? {
        let path = entry?.path();
        if path.is_file() {
            let bytes = fs::read(&path);
            let bytes = bytes.with_context(|| format!("cannot read `{}`", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, bytes));
        }
    }
    files.sort();
    Ok(files)
}

/// At the highest levels, as a host does that compresses once.
fn weigh(bytes: &[u8]) -> io::Result<Weight> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    let best = BrotliEncoderParams { size_hint: bytes.len(), ..BrotliEncoderParams::default() };
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut brotli, &best)?;
    Ok(Weight { raw: bytes.len(), gzip: gzip.finish()?.len(), brotli: brotli.len() })
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

fn print(name: &str, Weight { raw, gzip, brotli }: Weight) {
    println!("{name:40} {raw:>9} {gzip:>9} {brotli:>9}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_weighs_little_and_what_does_not_its_size() {
        let repeated = weigh(&b"cluster ".repeat(1000)).expect("memory takes what it is given");
        assert_eq!(repeated.raw, 8000);
        assert!(repeated.gzip < 100 && repeated.brotli < 50, "{repeated:?}");
        let nothing = weigh(b"").expect("memory takes what it is given");
        assert_eq!(nothing.raw, 0);
    }
}
