//! What stands beside tables: the audit block as a table of its own, and the list of a folder's files.

use std::fmt;

use serde_json::json;

use super::{Cell, Profile, Table, Writer};
use crate::export::audit::Audit;
use crate::export::json::{SCHEMA_VERSION, pretty};

/// What the list of a folder's files is called.
pub const MANIFEST: &str = "manifest.json";

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is in it.
    pub table: Table,
    /// Rows, without the head.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// The list of a folder's files, with the audit block.
pub fn manifest(title: &str, entries: &[Entry], audit: &Audit) -> String {
    let files = entries.iter().map(|entry| {
        json!({
            "name": entry.table.file(),
            "what": entry.table.doc(),
            "rows": entry.rows,
            "bytes": entry.bytes,
            "sha256": entry.sha256,
        })
    });
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "manifest",
        "title": title,
        "files": files.collect::<Vec<_>>(),
        "audit": audit,
    }))
}

/// Writes the audit block as a table: facts with their values, then checks with both their sides.
pub(super) fn audit(
    profile: Profile,
    audit: &Audit,
    sink: &mut dyn fmt::Write,
) -> Result<u64, fmt::Error> {
    let head = ["kind", "platform", "name", "value", "other_value", "holds"];
    let mut writer = Writer::new(profile, sink, head.into_iter())?;
    for (name, value) in audit.facts() {
        let row = ["fact".into(), Cell::Empty, name.into(), value.into(), Cell::Empty, Cell::Empty];
        writer.row(row)?;
    }
    for check in &audit.checks {
        writer.row([
            "check".into(),
            check.platform.as_str().into(),
            check.name.as_str().into(),
            Cell::value(&check.left),
            Cell::value(&check.right),
            if check.holds { "yes" } else { "NO" }.into(),
        ])?;
    }
    Ok(writer.rows())
}
