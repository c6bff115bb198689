//! LibreOffice without a screen: opens workbooks, calculates every formula anew, and writes what it found.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Tells it to calculate what it opens, whatever results a file brings along.
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// Workbooks as LibreOffice calculates them, by their names; `None`, loudly, where there is none on this machine.
///
/// Where `CI` is set its absence is a failure: a skipped test would look like a passed one.
pub fn recalculated(files: &BTreeMap<String, Vec<u8>>) -> Option<BTreeMap<String, Vec<u8>>> {
    let Some(program) = ["soffice", "libreoffice"].into_iter().find(|one| on_path(one)) else {
        assert!(env::var_os("CI").is_none(), "there is no LibreOffice on PATH");
        eprintln!("*** SKIPPED: there is no LibreOffice on PATH");
        return None;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [profile, given, found] =
        ["profile", "given", "found"].map(|name| folder.path().join(name));
    fs::create_dir_all(profile.join("user")).expect("a folder");
    fs::write(profile.join("user/registrymodifications.xcu"), SETTINGS).expect("a file");
    fs::create_dir_all(&given).expect("a folder");
    let mut command = Command::new(program);
    command
        .arg("--headless")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--convert-to", "xlsx", "--outdir"])
        .arg(&found);
    for (name, bytes) in files {
        let file = given.join(name).with_extension("xlsx");
        fs::write(&file, bytes).expect("a file");
        command.arg(file);
    }
    let output = command.stdin(Stdio::null()).output().expect("LibreOffice starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let read = |name: &String| {
        let file = found.join(name).with_extension("xlsx");
        let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{name}: {error}\n{said}"));
        (name.clone(), bytes)
    };
    Some(files.keys().map(read).collect())
}

fn on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}
