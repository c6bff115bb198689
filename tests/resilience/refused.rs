//! Runs that may not write, or not as much as they want to.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::{ARGUMENTS, Folder, Room, fixture, fixtures, messages, scenario, short};
use crate::examples::highwater;

/// What is there stays as it was; what went wrong and what helps is said, with the exit code of what cannot be done.
#[test]
fn a_full_disk_is_told_and_changes_nothing() {
    let folder = Folder::new();
    folder.put("scenario.toml", &scenario("100 MiB/s"));
    let aws = fixture("aws-ec2.json");
    folder.fine(&["prices", "import", &aws, "-o", "prices"]);
    folder.put("plan.csv", "old");
    folder.put("new.toml", "old");
    let before = folder.files("");
    let s3 = fixture("aws-s3.json");
    let runs: [(&[&str], &str); 4] = [
        (&["export", "scenario.toml", "-o", "plan.csv", "--format", "csv"], "plan.csv"),
        (&["init", "smart-meter", "--force", "-o", "new.toml"], "new.toml"),
        (&["prices", "import", &s3, "-o", "prices", "--merge"], "prices/"),
        (&["prices", "import", &aws, "-o", "elsewhere"], "elsewhere/"),
    ];
    for (arguments, name) in runs {
        let output = folder.run(arguments, Room::Full(1));
        let told = messages(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(&format!("error: cannot write `{name}")), "{told}");
        assert!(told.contains("File too large"), "{told}");
        assert!(told.contains("help: make room, or write to another place"), "{told}");
        assert_eq!(folder.files(""), before, "{arguments:?}");
        assert!(folder.strays().is_empty(), "{arguments:?}: {:?}", folder.strays());
    }
    // A sweep adds to its table: what fits stays, and the next run goes on from there.
    let sweep = [&short()[..], &["part.csv", "--resume"]].concat();
    let output = folder.run(&sweep, Room::Full(8));
    let told = messages(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("error: cannot write `part.csv`: File too large"), "{told}");
    let part = folder.read("part.csv");
    folder.fine(&[&short()[..], &["whole.csv"]].concat());
    let whole = folder.read("whole.csv");
    assert!(part.len() == 4096 && whole.starts_with(&part));
    folder.fine(&sweep);
    assert_eq!(folder.read("part.csv"), whole);
}

/// A device on which there is never any room.
struct Full(File);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl cli::Output for Full {
    fn is_terminal(&self) -> bool {
        false
    }
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_told() {
    let text = scenario("100 MiB/s");
    let sweep = ["sweep", "-", "--steady", "--vary", "stream.events.retention=1 d", "--out", "-"];
    let runs: [&[&str]; 4] =
        [&["compare", "-", "--steady"], &["export", "-", "--format", "csv"], &sweep, &["man"]];
    for arguments in runs {
        let mut full = Full(File::options().write(true).open("/dev/full").expect("Linux has it"));
        let mut err = Vec::new();
        let arguments = [&["highwater"], arguments].concat();
        let code = cli::run(&arguments, &mut text.as_bytes(), &mut full, &mut err);
        let told = String::from_utf8(err).expect("messages are text");
        assert_eq!(code, 2, "{arguments:?}: {told}");
        assert!(told.contains("error: cannot write to stdout: No space left"), "{told}");
        assert!(told.contains("help: make room"), "{told}");
    }
}

/// Devices are written to, not replaced; links stay links; what replaces a file has its rights.
#[test]
#[cfg(target_os = "linux")]
fn what_is_there_keeps_its_kind_and_its_rights() {
    let text = scenario("100 MiB/s");
    let export = |file: &str| {
        let (code, out, err) = highwater(&["export", "-", "--format", "csv", "-o", file], &text);
        assert!(out.is_empty(), "{out}");
        (code, err)
    };
    let (code, told) = export("/dev/full");
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("cannot write `/dev/full`: No space left"), "{told}");
    assert_eq!(export("/dev/null").0, 0);
    let rights = fs::metadata("/dev/null").expect("it is there").mode();
    assert!(!fs::metadata("/dev/null").expect("it is there").is_file(), "{rights:o}");

    let folder = Folder::new();
    folder.put("private.csv", "old");
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(folder.path("private.csv"), private).expect("our own file");
    std::os::unix::fs::symlink("private.csv", folder.path("link.csv")).expect("a link");
    let link = folder.path("link.csv");
    assert_eq!(export(link.to_str().expect("text")).0, 0);
    assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
    assert!(folder.read("private.csv").starts_with("platform,"), "{}", folder.read("private.csv"));
    let mode = fs::metadata(folder.path("private.csv")).expect("it is there").mode();
    assert_eq!(mode & 0o777, 0o600);

    // A table of a sweep is added to, which no device can be.
    let (code, _, told) = highwater(
        &["sweep", "-", "--vary", "stream.events.retention=1 d", "--out", "/dev/null", "--force"],
        &text,
    );
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("`/dev/null` is no file"), "{told}");
    assert!(!Path::new("/dev/null.run").exists());
}

/// Who runs the command where nobody may do everything: most systems call it `nobody`.
const NOBODY: u32 = 65534;

#[test]
fn a_folder_that_nobody_may_write_to_is_told() {
    let folder = Folder::new();
    folder.put("scenario.toml", &scenario("100 MiB/s"));
    fs::create_dir(folder.path("closed")).expect("a folder");
    folder.put("closed/plan.csv", "old");
    let closed = |rights| {
        let rights = fs::Permissions::from_mode(rights);
        fs::set_permissions(folder.path("closed"), rights).expect("our own folder");
    };
    closed(0o555);
    let root = fs::metadata(folder.0.path()).expect("it is there").uid() == 0;
    let copy = Folder::new();
    if root {
        // Root may write anywhere, so somebody else tries, with a copy that they may read.
        for folder in [&folder, &copy] {
            let open = fs::Permissions::from_mode(0o755);
            fs::set_permissions(folder.0.path(), open).expect("our own folder");
        }
        let itself = std::env::current_exe().expect("a program knows where it is");
        fs::copy(itself, copy.path("itself")).expect("room for a copy");
    }
    let aws = fixtures().join("aws-ec2.json");
    fs::copy(aws, folder.path("aws.json")).expect("room for a copy");
    let out = |file: &'static str| [&short()[..], &[file]].concat();
    let runs: [(&[&str], &str); 5] = [
        (
            &["export", "scenario.toml", "-o", "closed/plan.csv", "--format", "csv"],
            "closed/plan.csv",
        ),
        (&["init", "smart-meter", "-o", "closed/new.toml"], "closed/new.toml"),
        (&["prices", "import", "aws.json", "-o", "closed/prices"], "closed/prices"),
        (&out("closed/sweep.csv"), "closed/sweep.csv"),
        (&["export", "scenario.toml", "-o", "no/plan.csv", "--format", "csv"], "no/plan.csv"),
    ];
    for (arguments, name) in runs {
        let mut command = folder.command(arguments, Room::Any);
        if root {
            let mut other = Command::new(copy.path("itself"));
            other.args(["--exact", "resilience::the_command_itself", "--nocapture"]);
            other.env(ARGUMENTS, [&["highwater"], arguments].concat().join("\n"));
            other.current_dir(folder.0.path()).stdin(Stdio::null());
            other.stdout(Stdio::null()).stderr(Stdio::piped()).uid(NOBODY).gid(NOBODY);
            command = other;
        }
        let output = command.spawn().and_then(Child::wait_with_output).expect("a process");
        let told = messages(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(&format!("error: cannot write `{name}`: ")), "{told}");
        let helps = if name.starts_with("no/") {
            "help: make the folder first"
        } else {
            "help: write to a folder that you may change"
        };
        assert!(told.contains(helps), "{told}");
    }
    closed(0o755);
    assert_eq!(folder.files("closed"), BTreeMap::from([("plan.csv".into(), "old".into())]));
    assert!(folder.strays().is_empty());
}
