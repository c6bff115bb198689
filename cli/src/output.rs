//! Where text goes.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, IsTerminal, Stderr, Stdout, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

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
    let name = shown(file);
    let exists = || {
        mistake(format!("`{name}` is there already"), "use `--force` to replace it, or `-o FILE`")
    };
    if !replace && file.exists() {
        return Err(exists());
    }
    let pending = Pending::of(file, text.as_bytes())?;
    match pending.to {
        To::File(temporary, target) if !replace => match temporary.persist_noclobber(target) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
            Err(error) => Err(cannot_write(file, error.error)),
        },
        to => Pending { to, ..pending }.put(),
    }
}

/// Writes files that belong together, or replaces them, all or none.
pub(crate) fn write_together(files: &[(&Path, &str)]) -> anyhow::Result<()> {
    let pending = files.iter().map(|(file, text)| Pending::of(file, text.as_bytes()));
    put_together(pending.collect::<anyhow::Result<_>>()?)
}

/// Gives files their names: whatever can fail has done so before the first of them is in its place. Runs that write the
/// same files at once do so one after the other, so that no file of one stands beside a file of the other.
pub(crate) fn put_together(pending: Vec<Pending>) -> anyhow::Result<()> {
    // Where a system cannot lock a folder, files are written all the same.
    let folder = pending.first().and_then(|first| File::open(parent(&first.file)).ok());
    let _alone = folder.filter(|folder| pending.len() > 1 && folder.lock().is_ok());
    pending.into_iter().try_for_each(Pending::put)
}

/// A file that is being written, or a folder with all that is in it. It takes its name in one step, and leaves nothing
/// where it never does.
pub(crate) struct Pending {
    file: PathBuf,
    to: To,
}

enum To {
    /// A file beside another, whose name it is to take.
    File(NamedTempFile, PathBuf),
    /// The same for a folder.
    Folder(TempDir),
    /// A device or a pipe, which is written to and never replaced.
    Stream(File),
}

impl Pending {
    /// Nothing yet. Behind a link it is what the link leads to, and it has the rights of what is there.
    pub(crate) fn new(file: &Path) -> anyhow::Result<Self> {
        let to = if is_stream(file) {
            let opened = OpenOptions::new().write(true).open(file);
            To::Stream(opened.map_err(|error| cannot_write(file, error))?)
        } else {
            let (temporary, target) = temporary(file)?;
            To::File(temporary, target)
        };
        Ok(Self { file: file.to_owned(), to })
    }

    /// One that needs only its name.
    pub(crate) fn of(file: &Path, bytes: &[u8]) -> anyhow::Result<Self> {
        let mut pending = Self::new(file)?;
        pending.write_all(bytes).map_err(|error| cannot_write(file, error))?;
        Ok(pending)
    }

    /// Where it goes.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Gives it its name.
    pub(crate) fn put(self) -> anyhow::Result<()> {
        let Self { file, to } = self;
        let done = match to {
            To::File(temporary, target) => {
                temporary.persist(target).map(drop).map_err(|error| error.error)
            }
            To::Folder(made) => match fs::rename(made.path(), &file) {
                Ok(()) => {
                    // Under its new name nothing is to be removed.
                    let _ = made.keep();
                    Ok(())
                }
                Err(_) if file.exists() => return Err(is_there(&file)),
                Err(error) => Err(error),
            },
            To::Stream(mut stream) => stream.flush(),
        };
        done.map_err(|error| cannot_write(&file, error))
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            To::File(temporary, _) => temporary.write(bytes),
            To::Stream(stream) => stream.write(bytes),
            To::Folder(_) => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::File(temporary, _) => temporary.flush(),
            To::Stream(stream) => stream.flush(),
            To::Folder(_) => Ok(()),
        }
    }
}

/// Whether it is there and neither file nor folder: `/dev/null`, a pipe.
pub(crate) fn is_stream(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

fn temporary(file: &Path) -> anyhow::Result<(NamedTempFile, PathBuf)> {
    if file.is_dir() {
        return Err(mistake(format!("`{}` is a folder", shown(file)), "name a file"));
    }
    let target = file.canonicalize().unwrap_or_else(|_| file.to_path_buf());
    let made = builder(FILE_RIGHTS).tempfile_in(parent(&target)).and_then(|temporary| {
        if let Ok(before) = fs::metadata(&target) {
            temporary.as_file().set_permissions(before.permissions())?;
        }
        Ok(temporary)
    });
    Ok((made.map_err(|error| cannot_write(file, error))?, target))
}

fn parent(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Nobody else may change a folder's files until this is dropped.
///
/// # Errors
///
/// When another run has it.
pub(crate) fn alone_in(folder: &Path) -> anyhow::Result<Option<File>> {
    // Where a system cannot lock a folder, or it is not there yet, there is nothing to wait for.
    let Ok(opened) = File::open(folder) else { return Ok(None) };
    match opened.try_lock() {
        Err(TryLockError::WouldBlock) => Err(mistake(
            format!("`{}` is being changed by another run", shown(folder)),
            "wait for it, or write to another folder",
        )),
        _ => Ok(Some(opened)),
    }
}

/// Writes files into a folder, all or none, in their order. A new folder, or one in it, is there with all of its files or not
/// at all; new ones come last.
pub(crate) fn write_files(
    folder: &Path,
    files: &[(&str, &str)],
    replace: bool,
) -> anyhow::Result<()> {
    if !folder.exists() {
        fs::create_dir_all(parent(folder)).map_err(|error| cannot_write(folder, error))?;
        return pending_folder(folder, files)?.put();
    }
    let present = files.iter().map(|(name, _)| folder.join(name)).find(|path| path.exists());
    if let Some(present) = present.filter(|_| !replace) {
        return Err(is_there(&present));
    }
    let mut steps = Vec::new();
    let mut new = BTreeMap::<&str, Vec<(&str, &str)>>::new();
    for (name, text) in files {
        match name.split_once('/') {
            Some((inner, rest)) if !folder.join(inner).exists() => {
                new.entry(inner).or_default().push((rest, text));
            }
            _ => {
                steps.push(Pending::of(&folder.join(name), text.as_bytes())?);
            }
        }
    }
    for (inner, files) in &new {
        steps.push(pending_folder(&folder.join(inner), files)?);
    }
    steps.into_iter().try_for_each(Pending::put)
}

/// A folder beside another, with all of its files, whose name it is to take.
fn pending_folder(folder: &Path, files: &[(&str, &str)]) -> anyhow::Result<Pending> {
    let made = builder(FOLDER_RIGHTS).tempdir_in(parent(folder));
    let made = made.map_err(|error| cannot_write(folder, error))?;
    for (name, text) in files {
        let path = made.path().join(name);
        let written = fs::create_dir_all(parent(&path)).and_then(|()| fs::write(&path, text));
        written.map_err(|error| cannot_write(&folder.join(name), error))?;
    }
    Ok(Pending { file: folder.to_owned(), to: To::Folder(made) })
}

fn is_there(path: &Path) -> anyhow::Error {
    let hint = "use `--merge` to change what is there, or another folder";
    mistake(format!("`{}` is there already", shown(path)), hint)
}

/// What is said where data cannot be written to stdout, before the reason.
pub(crate) const NO_OUTPUT: &str = "cannot write to stdout";

/// Why a file cannot be written, and the way out where there is a usual one.
pub(crate) fn cannot_write(file: &Path, error: io::Error) -> anyhow::Error {
    let what = format!("cannot write `{}`", shown(file));
    match way_out(&error) {
        Some(hint) => mistake(format!("{what}: {error}"), hint),
        None => anyhow::Error::from(error).context(what),
    }
}

/// What helps against the usual reasons why nothing can be written.
pub(crate) fn way_out(error: &io::Error) -> Option<&'static str> {
    use io::ErrorKind::{
        FileTooLarge, NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    match error.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => Some("make room, or write to another place"),
        PermissionDenied | ReadOnlyFilesystem => Some("write to a folder that you may change"),
        NotFound => Some("make the folder first"),
        _ => None,
    }
}

fn shown(path: &Path) -> String {
    visible(&path.display().to_string())
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

/// Rights of new files and folders, of which the system takes away what its user wants.
const FILE_RIGHTS: u32 = 0o666;
const FOLDER_RIGHTS: u32 = 0o777;

/// Temporary files with the rights of other new ones. Whoever finds one that a killed run has left sees whose it was.
fn builder(#[allow(unused_variables)] rights: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".highwater-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(rights));
    }
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_written_together_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = |text| ["aws/north.csv", "sources.csv"].map(|name| (name, text));
        write_files(folder.path(), &files("one"), false).expect("nothing is there");
        let refused = write_files(folder.path(), &files("two"), false).expect_err("it is there");
        assert!(refused.to_string().ends_with("is there already"), "{refused}");
        let text = |name| fs::read_to_string(folder.path().join(name)).expect("it is there");
        assert_eq!(
            (text("aws/north.csv"), text("sources.csv")),
            ("one".to_owned(), "one".to_owned())
        );

        // A file stands where a folder has to be: the other file is not touched.
        let files = [("aws/north.csv", "three"), ("sources.csv/south.csv", "three")];
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
