//! Whatever stops the command (a kill, a full disk, a folder that is not its to write, another run of itself), what it writes
//! is whole or as it was, and the next run goes on.
//!
//! The gate kills a few runs. `HIGHWATER_KILLS=100 cargo test -p tests --test tests resilience` kills a hundred;
//! `HIGHWATER_SEED` chooses other moments, and `HIGHWATER_BINARY` a binary to kill in place of this one.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use pricing::Catalog;
use pricing::import::{Importer, Options};

use crate::examples::highwater;

/// Kills that the gate waits for.
const FEW: u64 = 9;

/// Where moments come from, if nobody says otherwise.
const SEED: u64 = 8;

/// What left-over files are called.
const STRAY: (&str, &str) = (".highwater-", ".tmp");

/// What the command is to do, where this program runs as the command.
const ARGUMENTS: &str = "HIGHWATER_RESILIENCE";

/// Not a test by itself: see [`Folder::command`].
#[test]
fn the_command_itself() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    let (mut out, mut err) = (Vec::new(), std::io::stderr());
    let code = cli::run(arguments.split('\n'), &mut std::io::empty(), &mut out, &mut err);
    std::process::exit(i32::from(code));
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().expect(name))
}

/// Numbers that look random and are the same each time: SplitMix64.
struct Random(u64);

impl Random {
    fn new(salt: u64) -> Self {
        Self(number("HIGHWATER_SEED", SEED).wrapping_mul(1_000_003).wrapping_add(salt))
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }
}

/// How much a process may write to a file, in blocks of 512 bytes, and what becomes of it then.
#[derive(Clone, Copy, Debug)]
enum Room {
    Any,
    /// It is killed: the file ends in the middle of what was to be written.
    Killed(u64),
    /// It is told, as by a disk that is full.
    Full(u64),
}

/// A folder of its own to run the command in.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file of ours");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The command as a process.
    fn command(&self, arguments: &[&str], room: Room) -> Command {
        let binary = std::env::var_os("HIGHWATER_BINARY");
        let itself = std::env::current_exe().expect("a program knows where it is");
        let program = binary.clone().map_or(itself, PathBuf::from);
        let limit = match room {
            Room::Any => String::new(),
            Room::Killed(blocks) => format!("ulimit -c 0; ulimit -f {blocks}; "),
            Room::Full(blocks) => format!("trap '' XFSZ; ulimit -f {blocks}; "),
        };
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{limit}exec \"$@\""), "sh"]).arg(program);
        if binary.is_some() {
            command.args(arguments);
        } else {
            command.args(["--exact", "resilience::the_command_itself", "--nocapture"]);
            command.env(ARGUMENTS, [&["highwater"], arguments].concat().join("\n"));
        }
        command.current_dir(self.0.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn start(&self, arguments: &[&str], room: Room) -> Child {
        self.command(arguments, room).spawn().expect("a process")
    }

    /// Runs the command to its end, whatever that is.
    fn run(&self, arguments: &[&str], room: Room) -> Output {
        self.start(arguments, room).wait_with_output().expect("a process that ends")
    }

    #[track_caller]
    fn fine(&self, arguments: &[&str]) {
        let output = self.run(arguments, Room::Any);
        assert!(output.status.success(), "{arguments:?}: {}", messages(&output));
    }

    /// Every file below, by its path there; left-over files are for [`Folder::strays`].
    fn files(&self, below: &str) -> BTreeMap<String, String> {
        let (files, _) = self.tree(below);
        files
    }

    fn strays(&self) -> Vec<String> {
        let (_, strays) = self.tree("");
        strays
    }

    fn tree(&self, below: &str) -> (BTreeMap<String, String>, Vec<String>) {
        let (mut files, mut strays) = (BTreeMap::new(), Vec::new());
        let top = self.path(below);
        let mut folders = vec![top.clone()];
        while let Some(folder) = folders.pop() {
            // A folder that is not there has no files; one that is replaced meanwhile neither.
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                let name = path.strip_prefix(&top).expect("it is below").display().to_string();
                let file = entry.file_name().into_string().expect("our names are text");
                if file.starts_with(STRAY.0) && file.ends_with(STRAY.1) {
                    strays.push(name);
                } else if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(name, fs::read_to_string(&path).expect("a text file"));
                }
            }
        }
        (files, strays)
    }

    /// How long a run takes that nobody kills.
    fn time(&self, arguments: &[&str]) -> Duration {
        let begun = Instant::now();
        self.fine(arguments);
        begun.elapsed()
    }

    /// Runs the command and kills it at a moment: anywhere in its time, when it begins to write, or in the middle of a file
    /// of so many bytes at most. Whether it was killed.
    fn killed(
        &self,
        arguments: &[&str],
        time: Duration,
        bytes: usize,
        random: &mut Random,
    ) -> bool {
        let kind = random.below(3);
        if kind == 0 {
            let room = Room::Killed(random.below(bytes as u64 / 512 + 1));
            let output = self.run(arguments, room);
            assert_ne!(output.status.code(), Some(2), "{}", messages(&output));
            return output.status.signal().is_some();
        }
        let strays = self.strays().len();
        let mut child = self.start(arguments, Room::Any);
        let begun = Instant::now();
        let moment = Duration::from_nanos(random.below(time.as_nanos() as u64));
        let mut looks = random.below(4);
        let ended = loop {
            if child.try_wait().expect("our own process").is_some() {
                break true;
            }
            if kind == 1 && begun.elapsed() >= moment {
                break false;
            }
            if kind == 2 && self.strays().len() > strays {
                if looks == 0 {
                    break false;
                }
                looks -= 1;
            }
            std::thread::yield_now();
        };
        child.kill().expect("our own process");
        child.wait().expect("our own process");
        !ended
    }

    /// Takes away what killed runs have left.
    fn sweep_up(&self) {
        for name in self.strays() {
            let path = self.path(&name);
            let done = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            done.expect("it was there");
        }
    }
}

fn messages(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The reference, small enough to be planned in a moment: `rate` tells one from another.
fn scenario(rate: &str) -> String {
    let text = crate::example("reference-100mib.toml");
    let produce = "\"100 MiB/s\"";
    assert!(text.contains(produce), "the reference produces something else");
    let text = text.replacen(produce, &format!("\"{rate}\""), 1);
    // Exports for finance have dates.
    text.replacen("[horizon]\n", "[horizon]\nstart = \"2027-01-01\"\n", 1)
}

fn kills() -> u64 {
    // A third for each of three tests.
    number("HIGHWATER_KILLS", FEW).div_ceil(3)
}

const SWEEP: [&str; 10] = [
    "sweep",
    "scenario.toml",
    "--steady",
    "--vary",
    "stream.events.retention=1 h..200 h by 1 h",
    "--vary",
    "platform.kafka-gp3.replication_factor=2,3",
    "--platform",
    "kafka-gp3",
    "--out",
];

/// A sweep that is done in a moment.
fn short() -> Vec<&'static str> {
    let mut short = SWEEP.to_vec();
    short[4] = "stream.events.retention=1 h..20 h by 1 h";
    short
}

/// Rows are never lost or doubled: what is there is always the beginning of the whole.
#[test]
fn a_sweep_that_is_killed_goes_on_where_it_stopped() {
    let folder = Folder::new();
    folder.put("scenario.toml", &scenario("100 MiB/s"));
    let time = folder.time(&[&SWEEP[..], &["whole.csv"]].concat());
    let whole = folder.read("whole.csv");
    let arguments = [&SWEEP[..], &["part.csv", "--resume"]].concat();
    let mut random = Random::new(1);
    let (mut killed, mut finished) = (0, 0);
    while killed < kills() {
        killed += u64::from(folder.killed(&arguments, time, whole.len(), &mut random));
        let part = fs::read_to_string(folder.path("part.csv")).unwrap_or_default();
        let complete = |text: &str| text.rfind('\n').map_or(0, |end| end + 1);
        assert!(whole.starts_with(&part), "not the beginning: {}", &part[..complete(&part)]);
        if part == whole {
            finished += 1;
            fs::remove_file(folder.path("part.csv")).expect("it is there");
            fs::remove_file(folder.path("part.csv.run")).expect("it is there");
        }
    }
    folder.fine(&arguments);
    assert_eq!(folder.read("part.csv"), whole);
    eprintln!("sweeps: {killed} killed, {finished} had finished, {:?} left over", folder.strays());
    folder.sweep_up();
    let names: Vec<String> = folder.files("").into_keys().collect();
    let expected = ["part.csv", "part.csv.run", "scenario.toml", "whole.csv", "whole.csv.run"];
    assert_eq!(names, expected);
}

/// Each file is the old one or the new one, and whole.
#[test]
fn an_export_that_is_killed_leaves_whole_files() {
    let folder = Folder::new();
    let formats: [&[&str]; 3] = [&["csv"], &["json"], &["focus", "--platform", "kafka-gp3"]];
    let mut random = Random::new(2);
    let (mut killed, mut old, mut new, mut mixed) = (0, 0, 0, 0);
    for (index, format) in formats.into_iter().enumerate() {
        let (name, beside) = ("plan.csv", "plan.metadata.json");
        let export = |scenario| [&["export", scenario, "-o", name, "--format"], format].concat();
        for rate in ["100", "110"] {
            folder.put(&format!("{rate}.toml"), &scenario(&format!("{rate} MiB/s")));
        }
        let state = || {
            let read = |name| fs::read_to_string(folder.path(name)).unwrap_or_default();
            // Only when it was written differs between two runs.
            let metadata = read(beside);
            let metadata: Vec<&str> =
                metadata.lines().filter(|line| !line.contains("Creation")).collect();
            [read(name), metadata.join("\n")]
        };
        let time = folder.time(&export("110.toml"));
        let after = state();
        let share = kills().div_ceil(3);
        let wanted = (share * (index as u64 + 1)).min(kills());
        while killed < wanted {
            folder.fine(&export("100.toml"));
            let before = state();
            assert_ne!(before[0], after[0]);
            killed +=
                u64::from(folder.killed(&export("110.toml"), time, after[0].len(), &mut random));
            let found = state();
            for ((found, before), after) in found.iter().zip(&before).zip(&after) {
                assert!(found == before || found == after, "half a file: {found}");
            }
            match found {
                found if found == before => old += 1,
                found if found == after => new += 1,
                _ => mixed += 1,
            }
        }
        // Nothing that is left over is in the way.
        folder.fine(&export("110.toml"));
        assert_eq!(state(), after);
    }
    let left = folder.strays().len();
    eprintln!("exports: {killed} killed, {old} old, {new} new, {mixed} of both; {left} left over");
    assert!(old > 0, "every run came to its end before it was killed");
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/prices")
}

fn fixture(name: &str) -> String {
    fixtures().join(name).display().to_string()
}

/// A new catalogue is there or not; one that is changed has no faults at any moment, and the next run completes it.
#[test]
fn an_import_that_is_killed_can_be_repeated() {
    let folder = Folder::new();
    let (aws, azure) = (fixture("aws-ec2.json"), fixture("azure-page-1.json"));
    let first = ["prices", "import", aws.as_str(), "-o", "prices"];
    let merge = ["prices", "import", azure.as_str(), "-o", "prices", "--merge"];
    let clear = || fs::remove_dir_all(folder.path("prices")).expect("it is there");
    let first_time = folder.time(&first);
    let imported = folder.files("prices");
    let merge_time = folder.time(&merge);
    let merged = folder.files("prices");
    assert!(imported.len() > 3 && merged.len() > imported.len() + 2);
    clear();
    let largest = merged.values().map(String::len).max().expect("files");

    let mut random = Random::new(3);
    let (mut killed, mut not_there, mut partly) = (0, 0, 0);
    while killed < kills().div_ceil(2) {
        killed += u64::from(folder.killed(&first, first_time, largest, &mut random));
        if folder.path("prices").exists() {
            assert_eq!(folder.files("prices"), imported);
        } else {
            not_there += 1;
            folder.fine(&first);
            assert_eq!(folder.files("prices"), imported);
        }
        clear();
    }
    folder.fine(&first);
    while killed < kills() {
        killed += u64::from(folder.killed(&merge, merge_time, largest, &mut random));
        let found = folder.files("prices");
        for (name, text) in &found {
            let whole = imported.get(name) == Some(text) || merged.get(name) == Some(text);
            assert!(whole, "half a file, {name}: {text}");
        }
        partly += usize::from(found != imported && found != merged);
        folder.fine(&["prices", "check", "--catalog", "prices"]);
        folder.fine(&merge);
        assert_eq!(folder.files("prices"), merged);
        clear();
        folder.fine(&first);
    }
    let left = folder.strays().len();
    eprintln!(
        "imports: {killed} killed, {not_there} before there was anything, {partly} with some files; {left} left over"
    );
}

/// Stopped after any of its files, a merged catalogue has no faults, and the same merge completes it.
#[test]
fn a_catalogue_of_which_some_files_are_written_is_one() {
    let reference = Catalog::embedded();
    let import = |files: &[&str], present: &Catalog| {
        let options = Options::default();
        let mut importer = Importer::new(&options);
        for file in files {
            let mut opened = File::open(fixtures().join(file)).expect("a fixture");
            importer.read(file, &mut opened).expect("a good fixture");
        }
        let import = importer.finish(&[&reference, present]);
        import.changes(present, &reference).expect("no faults")
    };
    let texts = |files: &BTreeMap<String, String>| {
        Catalog::from_files(files.iter().map(|(name, text)| (name.clone(), text.clone())))
    };
    let nothing = Catalog::from_files([]);
    let before = import(&["aws-ec2.json", "aws-s3.json"], &nothing).files;
    // Of a provider that is not there yet all files come at once.
    for more in [&["aws-msk.json", "aws-transfer.json"][..], &["aws-ec2.csv"]] {
        let changes = import(more, &texts(&before));
        let order = changes.in_order();
        assert_eq!(order.len(), changes.files.len());
        let mut whole = before.clone();
        whole.extend(changes.files.clone());
        let mut stopped = before.clone();
        for (name, text) in order {
            stopped.insert(name.to_owned(), text.to_owned());
            let catalog = texts(&stopped);
            let faults: Vec<String> = catalog
                .check()
                .iter()
                .filter(|one| one.severity() == pricing::Severity::Fault)
                .map(ToString::to_string)
                .collect();
            assert!(faults.is_empty(), "after {name}: {faults:?}");
            let mut repeated = stopped.clone();
            repeated.extend(import(more, &catalog).files);
            assert!(repeated == whole, "after {name} the same import ends elsewhere");
        }
    }
}

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

/// Of runs at once into the same files one wins, whole: no file of one stands beside a file of another.
#[test]
fn exports_at_once_do_not_mix() {
    let folder = Folder::new();
    let export = |scenario| {
        ["export", scenario, "--format", "focus", "--platform", "kafka-gp3", "-o", "plan.csv"]
    };
    let state = || {
        let metadata = folder.read("plan.metadata.json");
        let kept = metadata.lines().filter(|line| !line.contains("Creation"));
        (folder.read("plan.csv"), kept.collect::<Vec<_>>().join("\n"))
    };
    let mut whole = Vec::new();
    for name in ["one.toml", "other.toml"] {
        let rate = if name == "one.toml" { "100 MiB/s" } else { "110 MiB/s" };
        folder.put(name, &scenario(rate));
        folder.fine(&export(name));
        whole.push(state());
    }
    assert!(whole[0].0 != whole[1].0 && whole[0].1 != whole[1].1);
    for _ in 0..kills() {
        let names = ["one.toml", "other.toml", "one.toml", "other.toml"];
        let children: Vec<Child> =
            names.iter().map(|name| folder.start(&export(name), Room::Any)).collect();
        for child in children {
            let output = child.wait_with_output().expect("a process that ends");
            assert!(output.status.success(), "{}", messages(&output));
        }
        assert!(whole.contains(&state()), "a file of one beside a file of the other");
        assert!(folder.strays().is_empty());
    }
}

/// Two sweeps into one table: one is refused, and changes neither the table nor what stands beside it.
#[test]
fn sweeps_at_once_do_not_mix() {
    let folder = Folder::new();
    folder.put("scenario.toml", &scenario("100 MiB/s"));
    folder.put("other.toml", &scenario("110 MiB/s"));
    let mut arguments = [&short()[..], &["part.csv", "--force"]].concat();
    let one = arguments.clone();
    arguments[1] = "other.toml";
    let other = arguments;
    let mut wholes = Vec::new();
    for arguments in [&one, &other] {
        folder.fine(arguments);
        wholes.push((folder.read("part.csv"), folder.read("part.csv.run")));
    }
    // Whatever comes while a run writes is refused, and changes nothing.
    let before = (folder.read("part.csv"), folder.read("part.csv.run"));
    let writing = File::options().append(true).open(folder.path("part.csv")).expect("it is there");
    writing.lock().expect("nobody else has it");
    for more in ["--force", "--resume"] {
        let mut arguments = one.clone();
        arguments[11] = more;
        let output = folder.run(&arguments, Room::Any);
        assert_eq!(output.status.code(), Some(2));
        let told = messages(&output);
        assert!(told.contains("`part.csv` is being written by another run"), "{told}");
        assert_eq!((folder.read("part.csv"), folder.read("part.csv.run")), before);
    }
    drop(writing);
    for _ in 0..kills() {
        let children = [&one, &other].map(|arguments| folder.start(arguments, Room::Any));
        let outputs = children.map(|child| child.wait_with_output().expect("a process that ends"));
        for output in &outputs {
            let told = messages(output);
            match output.status.code() {
                Some(0) => {}
                code => {
                    assert_eq!(code, Some(2), "{told}");
                    assert!(told.contains("is being written by another run"), "{told}");
                }
            }
        }
        let state = (folder.read("part.csv"), folder.read("part.csv.run"));
        assert!(wholes.contains(&state), "rows of one run beside the record of another");
    }
}

/// Imports into one catalogue: nobody's prices are lost, since who comes second is told to wait.
#[test]
fn imports_at_once_lose_no_prices() {
    let folder = Folder::new();
    let [ec2, s3, azure] = ["aws-ec2.json", "aws-s3.json", "azure-page-1.json"].map(fixture);
    fn import(file: &str) -> [&str; 6] {
        ["prices", "import", file, "-o", "prices", "--merge"]
    }
    folder.fine(&["prices", "import", &ec2, "-o", "prices"]);
    let before = folder.files("prices");
    let together = |files: &[&str]| {
        fs::remove_dir_all(folder.path("prices")).expect("it is there");
        folder.fine(&["prices", "import", &ec2, "-o", "prices"]);
        files.iter().for_each(|file| folder.fine(&import(file)));
        folder.files("prices")
    };
    let outcomes = [together(&[&s3]), together(&[&azure]), together(&[&s3, &azure])];
    assert!(outcomes.iter().all(|outcome| *outcome != before));
    for _ in 0..kills() {
        together(&[]);
        let children = [&s3, &azure].map(|file| folder.start(&import(file), Room::Any));
        let outputs = children.map(|child| child.wait_with_output().expect("a process that ends"));
        let expected = match outputs.each_ref().map(|output| output.status.code()) {
            [Some(0), Some(2)] => &outcomes[0],
            [Some(2), Some(0)] => &outcomes[1],
            [Some(0), Some(0)] => &outcomes[2],
            codes => panic!("{codes:?}: {}{}", messages(&outputs[0]), messages(&outputs[1])),
        };
        for output in outputs.iter().filter(|output| !output.status.success()) {
            let told = messages(output);
            assert!(told.contains("is being changed by another run"), "{told}");
        }
        let found = folder.files("prices");
        let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert!(found == *expected, "{:?} instead of {:?}", names(&found), names(expected));
    }
}
