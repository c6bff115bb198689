//! Where text goes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Stderr, Stdout, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::exit::mistake;
use crate::render::text::visible;

/// A stream that knows whether a person looks at it.
pub trait Output: Write {
    /// Whether it is a terminal.
    fn is_terminal(&self) -> bool;
}

impl Output for Stdout {
    fn is_terminal(&self) -> bool {
        IsTerminal::is_terminal(self)
    }
}

impl Output for Stderr {
    fn is_terminal(&self) -> bool {
        IsTerminal::is_terminal(self)
    }
}

/// What tests read.
impl Output for Vec<u8> {
    fn is_terminal(&self) -> bool {
        false
    }
}

/// Writes a file in one step: whoever reads it sees all of it or what was there before.
pub(crate) fn write_file(file: &Path, text: &str, replace: bool) -> anyhow::Result<()> {
    let name = visible(&file.display().to_string());
    let exists = || {
        mistake(format!("`{name}` is there already"), "use `--force` to replace it, or `-o FILE`")
    };
    if !replace && file.exists() {
        return Err(exists());
    }
    let temporary = ready(file, text.as_bytes())?;
    let done = if replace { temporary.persist(file) } else { temporary.persist_noclobber(file) };
    match done {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
        Err(error) => Err(error.error).with_context(|| format!("cannot write `{name}`")),
    }
}

/// Writes files that belong together, or replaces them, all or none: whatever can fail does so before the first of them is
/// in its place.
pub(crate) fn write_together(files: &[(&Path, &str)]) -> anyhow::Result<()> {
    let files: Vec<(&Path, &[u8])> =
        files.iter().map(|(file, text)| (*file, text.as_bytes())).collect();
    write_bytes(&files)
}

/// The same for files that are no text.
pub(crate) fn write_bytes(files: &[(&Path, &[u8])]) -> anyhow::Result<()> {
    let ready: Vec<_> =
        files.iter().map(|(file, bytes)| ready(file, bytes)).collect::<anyhow::Result<_>>()?;
    for (temporary, (file, _)) in ready.into_iter().zip(files) {
        let name = visible(&file.display().to_string());
        temporary
            .persist(file)
            .map_err(|error| error.error)
            .with_context(|| format!("cannot write `{name}`"))?;
    }
    Ok(())
}

/// Writes rows as they come, and a text that belongs to them, both or neither.
pub(crate) fn write_rows(
    file: &Path,
    rows: impl Iterator<Item = String>,
    beside: &Path,
    text: &str,
) -> anyhow::Result<()> {
    let name = visible(&file.display().to_string());
    let cannot = || format!("cannot write `{name}`");
    let rest = ready(beside, text.as_bytes())?;
    let mut temporary = temporary(file)?;
    let mut buffer = BufWriter::new(&mut temporary);
    for row in rows {
        buffer.write_all(row.as_bytes()).with_context(cannot)?;
    }
    buffer.flush().with_context(cannot)?;
    drop(buffer);
    temporary.persist(file).map_err(|error| error.error).with_context(cannot)?;
    let name = visible(&beside.display().to_string());
    rest.persist(beside)
        .map_err(|error| error.error)
        .with_context(|| format!("cannot write `{name}`"))?;
    Ok(())
}

/// A file that needs only its name.
fn ready(file: &Path, bytes: &[u8]) -> anyhow::Result<tempfile::NamedTempFile> {
    let name = visible(&file.display().to_string());
    let mut temporary = temporary(file)?;
    temporary.write_all(bytes).with_context(|| format!("cannot write `{name}`"))?;
    Ok(temporary)
}

/// An empty file beside another, whose name it is to take.
pub(crate) fn temporary(file: &Path) -> anyhow::Result<tempfile::NamedTempFile> {
    let name = visible(&file.display().to_string());
    let cannot = || format!("cannot write `{name}`");
    if file.is_dir() {
        return Err(mistake(format!("`{name}` is a folder"), "name a file"));
    }
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    builder().tempfile_in(folder).with_context(cannot)
}

/// Writes files into a folder, all or none.
pub(crate) fn write_files(
    folder: &Path,
    files: &BTreeMap<String, String>,
    replace: bool,
) -> anyhow::Result<()> {
    let paths: Vec<PathBuf> = files.keys().map(|name| folder.join(name)).collect();
    if !replace && let Some(present) = paths.iter().find(|path| path.exists()) {
        let name = visible(&present.display().to_string());
        let hint = "use `--merge` to change what is there, or another folder";
        return Err(mistake(format!("`{name}` is there already"), hint));
    }
    for path in &paths {
        let name = visible(&path.display().to_string());
        fs::create_dir_all(path.parent().unwrap_or(folder))
            .with_context(|| format!("cannot write `{name}`"))?;
    }
    let texts = files.values().map(String::as_str);
    let files: Vec<(&Path, &str)> = paths.iter().map(PathBuf::as_path).zip(texts).collect();
    write_together(&files)
}

/// A slip of the finger is not to cost a scenario.
pub(crate) fn not_the_scenario(output: &Path, scenario: &Path) -> anyhow::Result<()> {
    let same = match (output.canonicalize(), scenario.canonicalize()) {
        (Ok(output), Ok(scenario)) => output == scenario,
        _ => false,
    };
    if !same {
        return Ok(());
    }
    Err(mistake(
        format!("`{}` is the scenario itself", visible(&output.display().to_string())),
        "write to another file",
    ))
}

/// Temporary files with the rights of other new files.
fn builder() -> tempfile::Builder<'static, 'static> {
    #[allow(unused_mut, reason = "other systems have no such rights")]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_written_together_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = |text: &str| {
            ["aws/north.csv", "sources.csv"].map(|name| (name.to_owned(), text.to_owned())).into()
        };
        write_files(folder.path(), &files("one"), false).expect("nothing is there");
        let refused = write_files(folder.path(), &files("two"), false).expect_err("it is there");
        assert!(refused.to_string().ends_with("is there already"), "{refused}");
        let text = |name| fs::read_to_string(folder.path().join(name)).expect("it is there");
        assert_eq!(
            (text("aws/north.csv"), text("sources.csv")),
            ("one".to_owned(), "one".to_owned())
        );

        // A file stands where a folder has to be: the other file is not touched.
        let files = BTreeMap::from([
            ("aws/north.csv".to_owned(), "three".to_owned()),
            ("sources.csv/south.csv".to_owned(), "three".to_owned()),
        ]);
        write_files(folder.path(), &files, true).expect_err("`sources.csv` is no folder");
        assert_eq!(text("aws/north.csv"), "one");
        let entries = fs::read_dir(folder.path().join("aws")).expect("it is there");
        assert_eq!(entries.count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_file_is_replaced_only_when_asked() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("scenario.toml");
        write_file(&file, "one", false).expect("nothing is there");
        let refused = write_file(&file, "two", false).expect_err("something is there");
        assert!(refused.to_string().ends_with("is there already"), "{refused}");
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "one");
        write_file(&file, "two", true).expect("it was asked for");
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "two");
        assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1);
    }
}
