//! What `SECURITY.md` promises is so.

use std::fs;
use std::path::{Path, PathBuf};

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn limits_are_those_of_the_code() {
    let said = read("SECURITY.md").replace("\n  ", " ");
    for (file, line, phrase) in [
        ("model/src/scenario/problem.rs", "TEXT_MAX: usize = 1 << 20;", "1 MiB of UTF-8"),
        ("model/src/scenario/problem.rs", "NAME_MAX: usize = 256;", "names of 256 characters"),
        ("web/src/link.rs", "LINK_MAX: usize = 8_000;", "8,000 characters"),
        ("web/src/link.rs", "VALUES_MAX: usize = 400;", "400 values; unpacked 1 MiB"),
        ("cli/src/input.rs", "FILE_MAX: u64 = 64 << 20;", "CSV files of 64 MiB each"),
        ("cli/src/input.rs", "DEPTH: u32 = 4;", "four folders deep"),
        ("cli/src/commands/sweep.rs", "LIST_MAX: u64 = 1 << 30;", "| 1 GiB |"),
    ] {
        assert!(read(file).contains(&format!("const {line}")), "{file} has another {line}");
        assert!(said.contains(phrase), "`SECURITY.md` does not say {phrase}");
    }
}

/// Every Rust file below some folders.
fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| top.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 50, "{folders:?} have too few files");
    found
}

#[test]
fn the_command_opens_no_connection_and_starts_no_program() {
    for path in sources(&["cli/src", "model/src", "pricing/src"]) {
        let text = fs::read_to_string(&path).expect("a text file of the project");
        for forbidden in ["std::net", "TcpStream", "UdpSocket", "process::Command", "unsafe {"] {
            assert!(!text.contains(forbidden), "{}: {forbidden}", path.display());
        }
    }
}
