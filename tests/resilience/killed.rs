//! Runs that are killed at any moment.

use std::collections::BTreeMap;
use std::fs::{self, File};

use pricing::Catalog;
use pricing::import::{Importer, Options};

use super::{Folder, Random, SWEEP, fixture, fixtures, kills, scenario};

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
        let export = |scenario| {
            [&["export", scenario, "-o", name, "--reproducible", "--format"], format].concat()
        };
        for rate in ["100", "110"] {
            folder.put(&format!("{rate}.toml"), &scenario(&format!("{rate} MiB/s")));
        }
        let state = || {
            let read = |name| fs::read_to_string(folder.path(name)).unwrap_or_default();
            [read(name), read(beside)]
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
