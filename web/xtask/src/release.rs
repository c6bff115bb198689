//! The command as it is published, and whether anybody else gets the same bytes.
//!
//! What differs between two builds of the same source is where it lies, and who looks: paths are mapped
//! ([`tools::short_paths`]), no date is written, and names of the page's files come from what they hold.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::tools::{self, cargo, command};
use crate::{ROOT, root, target};

/// Builds the command; where it is.
pub fn build() -> anyhow::Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "-p", "highwater", "--bin", "highwater"]);
    build.arg("--target-dir").arg(target());
    tools::run(build.env("CARGO_ENCODED_RUSTFLAGS", tools::short_paths()))?;
    let binary = target().join("release/highwater").with_extension(env::consts::EXE_EXTENSION);
    println!("{} {}", digest(&binary)?, binary.display());
    Ok(binary)
}

/// What can be built twice.
struct Kind {
    name: &'static str,
    /// The command of ours that builds it.
    build: &'static [&'static str],
    /// Where it then lies below a copy.
    output: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind { name: "binary", build: &["release"], output: "target/release/highwater" },
    Kind { name: "page", build: &["web", "--any-weight"], output: "dist" },
];

/// Builds the command and the page, or one of them, in two folders of different names and depths; fails unless both come to
/// the same bytes. What is not committed counts too, if git knows of it.
pub fn reproducible(what: &[&str]) -> anyhow::Result<()> {
    if let Some(unknown) = what.iter().find(|what| KINDS.iter().all(|kind| kind.name != **what)) {
        bail!("`{unknown}` is neither `binary` nor `page`");
    }
    let wanted = |kind: &&Kind| what.is_empty() || what.contains(&kind.name);
    let top = target().join("reproducible");
    let copies = [top.join("a"), top.join("another/and-deeper")];
    let mut differ = Vec::new();
    for copy in &copies {
        // What was built there before would hide what differs.
        if copy.exists() {
            fs::remove_dir_all(copy).context("cannot clear an earlier copy")?;
        }
        copy_source(copy)?;
    }
    for Kind { name, build, output } in KINDS.iter().filter(wanted) {
        let mut outputs = Vec::new();
        for copy in &copies {
            println!("\n==> {name} in `{}`", copy.display());
            let mut itself = Command::new(env::current_exe().context("cannot find ourselves")?);
            itself.args(*build).current_dir(copy).env(ROOT, copy);
            tools::run(itself.env("CARGO_TARGET_DIR", copy.join("target")))?;
            outputs.push(digests(&copy.join(output))?);
        }
        let differing = differing(&outputs[0], &outputs[1]);
        println!("\n{name}: {} files, {} differ", outputs[0].len(), differing.len());
        for (file, digest) in outputs[0].iter().filter(|(file, _)| file.is_empty()) {
            println!("    {digest} {name}{file}");
        }
        differ.extend(differing.into_iter().map(|file| format!("{name} {file}")));
    }
    if !differ.is_empty() {
        bail!("two builds differ: {}; compare them in `{}`", differ.join(", "), top.display());
    }
    Ok(())
}

/// Copies what git knows of, and what it would take: no output of earlier builds.
fn copy_source(copy: &Path) -> anyhow::Result<()> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = command("git").args(arguments).output().context("cannot start `git`")?;
    if !listed.status.success() {
        bail!("`git ls-files` failed: is this a checkout?");
    }
    let listed = String::from_utf8(listed.stdout).context("a file's name is no text")?;
    for name in listed.split_terminator('\0') {
        let (from, to) = (root().join(name), copy.join(name));
        // Deleted, and not yet said so.
        if !from.is_file() {
            continue;
        }
        let folder = to.parent().unwrap_or(copy);
        fs::create_dir_all(folder)
            .and_then(|()| fs::copy(&from, &to))
            .with_context(|| format!("cannot copy `{name}`"))?;
    }
    Ok(())
}

/// SHA-256 of a file, or of all files of a folder by their names there.
fn digests(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    if !path.is_dir() {
        return Ok(BTreeMap::from([(String::new(), digest(path)?)]));
    }
    let mut found = BTreeMap::new();
    let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    for entry in entries.with_context(|| format!("cannot read `{}`", path.display()))? {
        for (name, digest) in digests(&entry.path())? {
            found.insert(format!("/{}{name}", entry.file_name().display()), digest);
        }
    }
    Ok(found)
}

fn digest(file: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Names of what only one has, or what is not the same in both.
fn differing(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> Vec<String> {
    let mut names: Vec<String> = one
        .iter()
        .chain(other)
        .filter(|(name, _)| one.get(*name) != other.get(*name))
        .map(|(name, _)| name.clone())
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_differs_where_one_lacks_it_or_has_other_bytes() {
        let files = |files: &[(&str, &str)]| -> BTreeMap<String, String> {
            files.iter().map(|(name, digest)| ((*name).into(), (*digest).into())).collect()
        };
        let one = files(&[("/same", "1"), ("/changed", "1"), ("/gone", "1")]);
        let other = files(&[("/same", "1"), ("/changed", "2"), ("/new", "1")]);
        assert_eq!(differing(&one, &other), ["/changed", "/gone", "/new"]);
        assert!(differing(&one, &one).is_empty());
    }

    #[test]
    fn paths_of_this_machine_are_mapped() {
        let flags = tools::short_paths();
        let flags: Vec<&str> = flags.split('\u{1f}').collect();
        let root = format!("--remap-path-prefix={}=", root().display());
        assert_eq!(flags.last(), Some(&root.as_str()), "the innermost folder counts");
        assert!(flags.iter().all(|flag| flag.starts_with("--remap-path-prefix=/")), "{flags:?}");
    }
}
