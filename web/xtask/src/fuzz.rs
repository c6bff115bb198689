//! Long runs of the fuzz targets. The inputs that are kept in the repository run in the tests; this looks for more.

use std::fs;

use anyhow::{Context, bail};

use crate::tools::{self, cargo};
use crate::{root, target};

/// What finds input by what it reaches in the code.
const CARGO_FUZZ: &str = "0.13.2";

/// A target and the longest input that it is given, in bytes: a little more than what people write, since longer ones are
/// slower and reach the same.
const TARGETS: [(&str, u32); 7] = [
    ("scenario", 8_192),
    ("link", 2_048),
    ("catalog", 8_192),
    ("import", 8_192),
    ("bill", 4_096),
    ("engine", 256),
    ("command", 256),
];

/// Seconds that one input may take before it counts as one that hangs.
const SECONDS: u32 = 20;

/// MiB that a run may take: a scenario of a thousand streams needs a tenth.
const MIB: u32 = 1_024;

/// How long each target runs where nobody says.
const MINUTES: u64 = 10;

/// What is run, and how long.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    runs: Option<u64>,
    minutes: Option<u64>,
    targets: Vec<&'static str>,
}

impl Options {
    /// From the words behind `fuzz`.
    pub fn read(words: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            let mut number = || {
                let number = words.next().with_context(|| format!("`{word}` needs a number"))?;
                number
                    .parse::<u64>()
                    .with_context(|| format!("`{number}` is no number for `{word}`"))
            };
            match word {
                "--runs" => options.runs = Some(number()?),
                "--minutes" => options.minutes = Some(number()?),
                name => {
                    let names = TARGETS.map(|(name, _)| name);
                    let known = names.into_iter().find(|known| *known == name);
                    options.targets.push(known.with_context(|| {
                        format!("there is no target `{name}`; there are {}", names.join(", "))
                    })?);
                }
            }
        }
        Ok(options)
    }
}

/// Runs the targets one after the other; stops at the first that finds something.
pub fn run(options: &Options) -> anyhow::Result<()> {
    if !tools::succeeds(cargo().args(["fuzz", "--version"])) {
        tools::run(cargo().args(["install", "--locked", "cargo-fuzz", "--version", CARGO_FUZZ]))?;
    }
    for (name, longest) in TARGETS {
        if options.targets.is_empty() || options.targets.contains(&name) {
            one(name, longest, options)?;
        }
    }
    Ok(())
}

fn one(name: &str, longest: u32, options: &Options) -> anyhow::Result<()> {
    println!("\n==> {name}");
    let (folder, out) = (root().join("tests/fuzz"), target().join("fuzz"));
    let (found, broken) = (out.join("corpus").join(name), out.join("broken").join(name));
    for folder in [&found, &broken] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut fuzz = cargo();
    // What libFuzzer needs of the compiler is not stable; there is no unsafe code of ours for a sanitizer to look at.
    fuzz.env("RUSTC_BOOTSTRAP", "1").current_dir(root().join("tests"));
    fuzz.args(["fuzz", "run", "--sanitizer", "none", "--no-trace-compares", "--target-dir"])
        .arg(&out)
        .arg(name);
    // New inputs go into the first folder; what the repository has stays as it is.
    fuzz.arg(&found).arg(folder.join("corpus").join(name)).arg("--");
    let dictionary = folder.join("dictionaries").join(format!("{name}.dict"));
    if dictionary.is_file() {
        fuzz.arg(format!("-dict={}", dictionary.display()));
    }
    fuzz.arg(format!("-artifact_prefix={}/", broken.display()));
    fuzz.args([format!("-max_len={longest}"), format!("-timeout={SECONDS}")]);
    fuzz.args([format!("-rss_limit_mb={MIB}"), "-print_final_stats=1".to_owned()]);
    match (options.runs, options.minutes) {
        (None, None) => fuzz.arg(format!("-max_total_time={}", MINUTES * 60)),
        (runs, minutes) => {
            fuzz.args(runs.map(|runs| format!("-runs={runs}")));
            fuzz.args(
                minutes.map(|minutes| format!("-max_total_time={}", minutes.saturating_mul(60))),
            )
        }
    };
    if let Err(error) = tools::run(&mut fuzz) {
        bail!(
            "{error}\n`{name}` found an input that breaks something: it lies in {}; mend what it breaks, and add it to tests/fuzz/corpus/{name}",
            broken.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_in_any_order() {
        let options = Options::read(&["link", "--runs", "1000", "bill"]).expect("good options");
        let expected = Options { runs: Some(1000), minutes: None, targets: vec!["link", "bill"] };
        assert_eq!(options, expected);
        assert_eq!(Options::read(&[]).expect("none"), Options::default());
    }

    #[test]
    fn wrong_options_are_refused() {
        for wrong in [&["--runs"][..], &["--runs", "many"], &["links"], &["--minutes", "-1"]] {
            assert!(Options::read(wrong).is_err(), "{wrong:?}");
        }
    }
}
