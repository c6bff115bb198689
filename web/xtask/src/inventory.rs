//! What of other people's code runs on the machine that compiles us: build scripts and procedural macros. Each is in a list,
//! with what it does and, for scripts, what it held when somebody read it. So none comes or changes unseen.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::root;
use crate::tools::{self, cargo};

/// The list: crate, kind, the first digits of the script's SHA-256, what it does.
const LIST: &str = ".ci/inventory.csv";

/// Its first line.
const HEAD: &str = "crate,kind,sha256,does";

/// Digits of a digest: nobody finds another script that does anything and has the same.
const DIGITS: usize = 16;

/// A crate and what of it runs.
type Key = (String, &'static str);

/// Compares what cargo knows of with the list; fails with what is missing in it, has changed or is gone.
pub fn check() -> anyhow::Result<()> {
    let mut metadata = cargo();
    metadata.args(["metadata", "--format-version", "1", "--locked"]);
    let metadata = tools::output(&mut metadata)?;
    let metadata = serde_json::from_str(&metadata).context("cargo's metadata is no JSON")?;
    let found = found(&metadata, &|path| {
        fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
    })?;
    let list = root().join(LIST);
    let list = fs::read_to_string(list).with_context(|| format!("cannot read `{LIST}`"))?;
    let problems = problems(&found, &list)?;
    if problems.is_empty() {
        let scripts = found.keys().filter(|(_, kind)| *kind == SCRIPT).count();
        println!("    {scripts} build scripts, {} procedural macros", found.len() - scripts);
        return Ok(());
    }
    bail!("read these, then change `{LIST}`:\n{}", problems.join("\n"));
}

const SCRIPT: &str = "build script";
const MACRO: &str = "procedural macro";

/// What runs, with a digest of each script. Versions of a crate that have the same script count once.
fn found(
    metadata: &Value,
    read: &dyn Fn(&Path) -> anyhow::Result<Vec<u8>>,
) -> anyhow::Result<BTreeMap<Key, Vec<String>>> {
    let mut found = BTreeMap::<Key, Vec<String>>::new();
    for package in array(&metadata["packages"]) {
        for target in array(&package["targets"]) {
            let is = |kind: &str| array(&target["kind"]).iter().any(|found| found == kind);
            let (kind, digest) = if is("custom-build") {
                let path = PathBuf::from(target["src_path"].as_str().unwrap_or_default());
                // What a few scripts include beside themselves changes with their version only.
                (SCRIPT, digest(&read(&path)?))
            } else if is("proc-macro") {
                (MACRO, String::new())
            } else {
                continue;
            };
            let name = package["name"].as_str().unwrap_or_default().to_owned();
            let digests = found.entry((name, kind)).or_default();
            digests.push(digest);
            digests.sort();
            digests.dedup();
        }
    }
    if found.is_empty() {
        bail!("cargo's metadata has no packages");
    }
    Ok(found)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn digest(bytes: &[u8]) -> String {
    let mut digits: String =
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(DIGITS);
    digits
}

/// What the list lacks, and what it has that is not there.
fn problems(found: &BTreeMap<Key, Vec<String>>, list: &str) -> anyhow::Result<Vec<String>> {
    let mut lines = list.lines();
    if lines.next() != Some(HEAD) {
        bail!("`{LIST}` does not begin with `{HEAD}`");
    }
    let mut known = Vec::new();
    for line in lines {
        let mut cells = line.splitn(4, ',');
        let mut cell = || cells.next().unwrap_or_default().to_owned();
        let (name, kind, digest, does) = (cell(), cell(), cell(), cell());
        if does.trim_matches('"').is_empty() {
            bail!("`{LIST}` does not say what `{line}` does");
        }
        known.push((name, kind, digest));
    }
    let mut problems = Vec::new();
    for ((name, kind), digests) in found {
        for digest in digests {
            let row = (name.clone(), (*kind).to_owned(), digest.clone());
            if !known.contains(&row) {
                problems.push(format!("+ {name},{kind},{digest},WHAT IT DOES"));
            }
        }
    }
    for (name, kind, digest) in &known {
        let is = |key: &Key| key.0 == *name && key.1 == kind;
        let there = found.iter().any(|(key, digests)| is(key) && digests.contains(digest));
        if !there {
            problems.push(format!("- {name},{kind},{digest}"));
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata() -> Value {
        let target = |kind: &str| json!({ "kind": [kind], "src_path": "/a/build.rs" });
        json!({ "packages": [
            { "name": "script", "targets": [target("lib"), target("custom-build")] },
            { "name": "script", "targets": [target("custom-build")] },
            { "name": "macro", "targets": [target("proc-macro")] },
            { "name": "plain", "targets": [target("lib")] },
        ] })
    }

    fn said(list: &str, script: &str) -> Vec<String> {
        let found = found(&metadata(), &|_| Ok(script.into())).expect("good metadata");
        problems(&found, list).expect("a good list")
    }

    #[test]
    fn what_comes_goes_or_changes_is_told() {
        let digest = digest(b"fn main() {}");
        let row = format!("script,build script,{digest}");
        let list = format!("{HEAD}\nmacro,procedural macro,,derives\n{row},nothing\n");
        assert_eq!(said(&list, "fn main() {}"), Vec::<String>::new());
        let changed = said(&list, "fn main() { fetch() }");
        assert_eq!(changed.len(), 2, "{changed:?}");
        assert_eq!(changed[1], format!("- {row}"));
        let lacking = said(&format!("{HEAD}\n{row},nothing\n"), "fn main() {}");
        assert_eq!(lacking, ["+ macro,procedural macro,,WHAT IT DOES"]);
        let gone = said(&format!("{list}old,build script,0,nothing\n"), "fn main() {}");
        assert_eq!(gone, ["- old,build script,0"]);
    }

    #[test]
    fn each_row_says_what_it_does() {
        let found = found(&metadata(), &|_| Ok(Vec::new())).expect("good metadata");
        assert!(problems(&found, &format!("{HEAD}\nscript,build script,0,\n")).is_err());
        assert!(problems(&found, "crate,kind\n").is_err());
        assert!(super::found(&json!({}), &|_| Ok(Vec::new())).is_err());
    }
}
