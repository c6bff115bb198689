//! Style that can be checked: the house keeps its own rules.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(&path).expect("a text file of the project");
                found.push((path, text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has no .{extension} file");
    found
}

#[test]
fn every_cost_states_units_assumptions_and_source() {
    for (path, text) in files("model/src/costs", "rs") {
        if path.ends_with("mod.rs") {
            continue;
        }
        for wanted in ["- **Units:**", "- **Assumes:**", "- **Source:**", "quantity = "] {
            let stated =
                text.contains(wanted) || (wanted == "quantity = " && text.contains("capacity = "));
            assert!(stated, "{} does not say {wanted}", path.display());
        }
    }
}

#[test]
fn every_example_begins_with_what_it_teaches() {
    for (path, text) in files("examples", "toml") {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("# ") && first.len() > 20, "{}: {first}", path.display());
    }
}

/// Differences between providers are data: only presets, the sources in tables of settings and examples in comments may name them.
#[test]
fn no_provider_is_named_in_the_control_flow_of_the_model() {
    let data = ["presets.rs", "parameters.rs", "events.rs", "policy.rs"];
    for (path, text) in files("model/src", "rs") {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // Other files have the name of this table too.
        let table = data.contains(&name) || path.ends_with("src/lines.rs");
        if table || path.components().any(|part| part.as_os_str() == "scenario") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (index, line) in code.lines().enumerate() {
            let line_of_code = line.split("//").next().unwrap_or_default().to_lowercase();
            for provider in
                ["\"aws", "\"gcp", "azure", "\"msk", "automq", "\"kafka-", "google managed"]
            {
                assert!(
                    !line_of_code.contains(provider),
                    "{}:{}: {line}",
                    path.display(),
                    index + 1
                );
            }
        }
    }
}

/// `cli`, `web` → `pricing` → `model`; `model` → nothing of ours.
#[test]
fn arrows_point_inward() {
    let manifest = |folder: &str| {
        let path = root().join(folder).join("Cargo.toml");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    for ours in ["pricing", "highwater", "cli.workspace", "web"] {
        assert!(!manifest("model").contains(ours), "model depends on {ours}");
    }
    assert!(!manifest("pricing").contains("cli.workspace"), "pricing depends on cli");
    assert!(!manifest("cli").contains("web"), "cli depends on web");
    // What reads providers' price lists would only make the page larger.
    assert!(!manifest("web").contains("\"import\""), "the page imports price lists");
}

/// A word has one spelling: the field's (`style.md`'s table of names).
#[test]
fn names_are_the_fields_own() {
    for (path, text) in files("model/src", "rs") {
        for wrong in
            ["fn cross_az", "read_factor", "throughput_mbps: f64", "mod util", "mod helper"]
        {
            assert!(!text.contains(wrong), "{}: {wrong}", path.display());
        }
    }
}

/// What the README shows is what the command prints.
#[test]
fn the_readme_shows_real_output() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let shown = readme.split("```text\n$ highwater compare examples/smart-meter.toml\n").nth(1);
    let shown = shown.and_then(|rest| rest.split("```").next()).expect("an output in the README");
    let (_, printed, _) =
        crate::examples::highwater(&["compare", "-"], &crate::example("smart-meter.toml"));
    let mut rest = printed.lines();
    for line in shown.lines().filter(|line| !line.is_empty()) {
        assert!(
            rest.any(|printed| printed == line),
            "the README shows a line that is not printed:\n{line}"
        );
    }
}
