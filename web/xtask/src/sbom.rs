//! What the command and the page are made of, as CycloneDX says it: every crate that is compiled into them or runs while they
//! are, with licence, digest and who needs it.
//!
//! A function of `Cargo.lock` and the manifests: no date and no random number, so that the same source gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::root;
use crate::tools::{self, WASM, cargo};

/// What is published: the crate, for which systems, and the file's name.
const PRODUCTS: [(&str, &str, &str); 2] =
    [("highwater", "all", "highwater.cdx.json"), ("web", WASM, "page.cdx.json")];

/// The version of CycloneDX.
const SPEC: &str = "1.5";

/// Writes a file for each product into a folder.
pub fn write(folder: &Path) -> anyhow::Result<()> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("cannot read `Cargo.lock`")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    for (package, target, name) in PRODUCTS {
        let linked = tree(package, target, "normal,no-proc-macro")?;
        let all = tree(package, target, "normal,build")?;
        let document = document(&linked, &all, &lock)?;
        let path = folder.join(name);
        fs::write(&path, format!("{document:#}\n"))
            .with_context(|| format!("cannot write `{}`", path.display()))?;
        println!("{}: {} crates", path.display(), all.len());
    }
    Ok(())
}

/// Crates by how cargo prints them, `name version`: licence, and what each needs.
type Tree = BTreeMap<String, (String, BTreeSet<String>)>;

/// What a crate of ours needs, with the features that it asks for.
fn tree(package: &str, target: &str, edges: &str) -> anyhow::Result<Tree> {
    let mut tree = cargo();
    tree.args(["tree", "--locked", "-p", package, "--target", target, "-e", edges]);
    // Without repetitions what a crate needs is listed once, wherever it stands first.
    tree.args(["--prefix", "depth", "--format", "\t{p}\t{l}"]);
    read(&tools::output(&mut tree)?)
}

/// Reads lines of depth, crate and licence.
fn read(printed: &str) -> anyhow::Result<Tree> {
    let mut tree = Tree::new();
    let mut above: Vec<String> = Vec::new();
    for line in printed.lines() {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().with_context(|| format!("`cargo tree` printed `{line}`"));
        let (depth, crate_, licence) = (cell()?.parse::<usize>()?, cell()?, cell()?);
        let mut words = crate_.split(' ');
        let (Some(name), Some(version)) = (words.next(), words.next()) else {
            bail!("`cargo tree` printed `{line}`");
        };
        let version = version.strip_prefix('v').unwrap_or(version);
        let id = format!("{name} {version}");
        above.truncate(depth);
        if let Some((_, needs)) = above.last().and_then(|parent| tree.get_mut(parent)) {
            needs.insert(id.clone());
        }
        // An asterisk says that what it needs has been listed.
        let licence = licence.trim_end_matches(" (*)").to_owned();
        tree.entry(id.clone()).or_insert_with(|| (licence, BTreeSet::new()));
        above.push(id);
    }
    Ok(tree)
}

/// Digests by `name version`, as the lock file has them; our own crates have none.
fn checksums(lock: &str) -> BTreeMap<String, String> {
    let value = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(&format!("{key} = \"")))?;
        line.strip_suffix('"').map(str::to_owned)
    };
    let blocks = lock.split("[[package]]").skip(1);
    let entry = |block: &str| {
        let id = format!("{} {}", value(block, "name")?, value(block, "version")?);
        Some((id, value(block, "checksum")?))
    };
    blocks.filter_map(entry).collect()
}

/// A document about the first crate of a tree: what is linked is required, what only runs at compile time is excluded.
fn document(linked: &Tree, all: &Tree, lock: &str) -> anyhow::Result<Value> {
    let checksums = checksums(lock);
    let needed: BTreeSet<&String> = all.values().flat_map(|(_, needs)| needs).collect();
    let mut tops = all.keys().filter(|id| !needed.contains(id));
    let (Some(top), None) = (tops.next(), tops.next()) else {
        bail!("the tree has no first crate, or several");
    };
    let component = |id: &String| {
        let (licence, _) = &all[id];
        let (name, version) = id.split_once(' ').unwrap_or((id, ""));
        let mut component = json!({
            "type": if id == top { "application" } else { "library" },
            "bom-ref": reference(id),
            "name": name,
            "version": version,
            "scope": if linked.contains_key(id) { "required" } else { "excluded" },
            "licenses": [{ "expression": licence.replace(" / ", " OR ").replace('/', " OR ") }],
            "purl": reference(id),
        });
        if let Some(checksum) = checksums.get(id) {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
        }
        component
    };
    let components: Vec<Value> = all.keys().filter(|id| *id != top).map(component).collect();
    let dependencies: Vec<Value> = all
        .iter()
        .map(|(id, (_, needs))| {
            let needs: Vec<String> = needs.iter().map(|id| reference(id)).collect();
            json!({ "ref": reference(id), "dependsOn": needs })
        })
        .collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "version": 1,
        "metadata": { "component": component(top) },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// A package URL, which also is what a component is called by.
fn reference(id: &str) -> String {
    // A plus means something in URLs.
    format!("pkg:cargo/{}", id.replace(' ', "@").replace('+', "%2B"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "0\tours v0.1.0 (/anywhere)\tApache-2.0\n1\tone v1.0.0+spec\tMIT/Apache-2.0\n\
                           2\tleaf v2.0.0\tMIT\n1\tleaf v2.0.0\tMIT (*)\n";
    const BUILT: &str = "1\tderive v3.0.0 (proc-macro)\tMIT\n";
    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"leaf\"\nversion = \"2.0.0\"\nchecksum = \"abc\"\n\n\
                        [[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";

    #[test]
    fn a_tree_becomes_components_and_who_needs_them() {
        let linked = read(PRINTED).expect("a tree");
        let all = read(&format!("{PRINTED}{BUILT}")).expect("a tree");
        let document = document(&linked, &all, LOCK).expect("one top");
        assert_eq!(document["metadata"]["component"]["bom-ref"], "pkg:cargo/ours@0.1.0");
        let components = document["components"].as_array().expect("components");
        let found: Vec<(&str, &str)> = components
            .iter()
            .map(|one| (one["name"].as_str().unwrap(), one["scope"].as_str().unwrap()))
            .collect();
        let expected = [("derive", "excluded"), ("leaf", "required"), ("one", "required")];
        assert_eq!(found, expected);
        assert_eq!(components[1]["hashes"][0]["content"], "abc");
        assert_eq!(components[2]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(components[2]["purl"], "pkg:cargo/one@1.0.0%2Bspec");
        let needs = &document["dependencies"][3];
        assert_eq!(needs["ref"], "pkg:cargo/ours@0.1.0");
        assert_eq!(needs["dependsOn"].as_array().expect("a list").len(), 3);
    }

    #[test]
    fn every_product_names_only_crates_that_are_there() {
        let lock = fs::read_to_string(root().join("Cargo.lock")).expect("a lock file");
        for (package, target, _) in PRODUCTS {
            let all = tree(package, target, "normal,build").expect("cargo is there");
            let document = document(&all, &all, &lock).expect(package);
            let sums = checksums(&lock);
            for (id, (licence, needs)) in &all {
                assert!(!licence.is_empty(), "{id} has no licence");
                assert!(needs.iter().all(|need| all.contains_key(need)), "{id}");
                let ours = id.ends_with(env!("CARGO_PKG_VERSION")) && !sums.contains_key(id);
                assert!(ours || sums.contains_key(id), "{id} has no digest");
            }
            assert_eq!(document["components"].as_array().map(Vec::len), Some(all.len() - 1));
            let text = document.to_string();
            assert!(!text.contains(&root().display().to_string()), "a path of this machine");
        }
    }
}
