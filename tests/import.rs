//! Price lists as providers publish them, into catalogues: what is taken, what is left out and why, and what is said.
//!
//! The fixtures are ours, in the providers' forms; every price in them is made up (`fixtures/prices/README.md`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pricing::Catalog;
use pricing::import::{Import, Importer, Options};

use crate::examples::highwater;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/prices")
}

fn fixture(name: &str) -> String {
    let path = fixtures().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the command prints when it imports fixtures, without the folders of this machine.
fn said(arguments: &[&str], files: &[&str], folder: &Path) -> (u8, String, String) {
    let paths = files.iter().map(|file| fixtures().join(file).display().to_string());
    let paths: Vec<String> = paths.collect();
    let mut all = vec!["prices", "import"];
    all.extend(paths.iter().map(String::as_str));
    all.extend(arguments);
    let (code, out, err) = highwater(&all, "");
    let here = format!("{}/", fixtures().display());
    let clean =
        |text: String| text.replace(&here, "").replace(&folder.display().to_string(), "DIR");
    (code, clean(out), clean(err))
}

/// Imports fixtures into a folder, which must work.
#[track_caller]
fn imported(files: &[&str], folder: &Path, more: &[&str]) {
    let to = folder.display().to_string();
    let (code, out, err) = said(&[&["-o", to.as_str()], more].concat(), files, folder);
    assert_eq!(code, 0, "{out}{err}");
}

/// Every file below a folder, by its path there.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it is below").display().to_string();
                found.insert(name, fs::read_to_string(&path).expect("a text file"));
            }
        }
    }
    found
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("import-{name}"), text));
}

const AWS: [&str; 4] = ["aws-ec2.json", "aws-msk.json", "aws-s3.json", "aws-transfer.json"];
const AZURE: [&str; 2] = ["azure-page-1.json", "azure-page-2.json"];
const GCP: [&str; 2] = ["gcp-compute.json", "gcp-storage.json"];

/// Machine shapes for the fixtures of Google Cloud.
fn shapes() -> String {
    fixtures().join("catalog").display().to_string()
}

/// What a person sees, and the rows that come of it.
#[test]
fn every_form_is_read_and_reported() {
    let shapes = shapes();
    let cases: [(&str, &[&str], &[&str]); 3] =
        [("aws", &AWS, &[]), ("azure", &AZURE, &[]), ("gcp", &GCP, &["--catalog", &shapes])];
    for (name, files, more) in cases {
        let folder = folder();
        let to = folder.path().display().to_string();
        let (code, out, err) = said(&[&["-o", to.as_str()], more].concat(), files, folder.path());
        let mut text = format!("exit code {code}\n{out}\n{err}");
        for (file, rows) in tree(folder.path()) {
            if !file.ends_with("machines.csv") && !file.ends_with("disks.csv") {
                text.push_str(&format!("\n--- {file}\n{rows}"));
            }
        }
        snapshot(name, &text);
    }
}

#[test]
fn a_program_reads_the_report_as_json() {
    let (code, out, err) = said(&["--format", "json"], &["aws-ec2.json"], Path::new("no folder"));
    assert_eq!((code, err.as_str()), (0, ""));
    snapshot("json", &out);
}

/// The same offer as JSON and as CSV gives the same rows, and the same reasons for what is not among them.
#[test]
fn json_and_csv_of_an_offer_agree() {
    let read = |name: &str| {
        let options = Options::default();
        let mut importer = Importer::new(&options);
        importer.read(name, fixture(name).as_bytes()).expect("a good file");
        importer.finish(&[crate::catalog()])
    };
    let (json, csv) = (read("aws-ec2.json"), read("aws-ec2.csv"));
    assert_eq!(json.regions, csv.regions);
    assert_eq!(json.sources, csv.sources);
    assert_eq!(json.report.left_out, csv.report.left_out);
    assert_eq!(json.report.unmapped, csv.report.unmapped);
}

fn all_of(files: &[&str]) -> Import {
    let options = Options::default();
    let mut importer = Importer::new(&options);
    for name in files {
        importer.read(name, fixture(name).as_bytes()).expect("a good file");
    }
    let shapes = ["sources.csv", "gcp/machines.csv", "gcp/disks.csv", "gcp/meters.csv"];
    let shapes = shapes.map(|name| (name.to_owned(), fixture(&format!("catalog/{name}"))));
    importer.finish(&[crate::catalog(), &Catalog::from_files(shapes)])
}

/// Rows that others mixed into their tables: each is left out, with the reason that fits.
#[test]
fn every_wrong_row_is_left_out_and_reported_why() {
    let import = all_of(&[&AWS[..], &AZURE[..], &GCP[..]].concat());
    let reasons: BTreeMap<(&str, &str), u64> = import
        .report
        .left_out
        .iter()
        .map(|((provider, reason), tally)| ((provider.as_str(), reason.as_str()), tally.count))
        .collect();
    let expected = [
        (("aws", "Windows"), 1),
        (("aws", "dedicated tenancy"), 1),
        (("aws", "reserved term"), 2),
        (("aws", "capacity reservation"), 2), // unused at the full price, allocated at none
        (("aws", "zero price"), 1),
        (("aws", "currency `CNY`"), 1),
        (("aws", "SQL Server or other preinstalled software"), 1),
        (("aws", "spot"), 1),
        (("aws", "GovCloud or another partition"), 1),
        (("aws", "local zone, Wavelength or Outposts"), 1),
        (("aws", "licensed operating system"), 1),
        (("aws", "bring your own license"), 1),
        (("aws", "capacity block or another market option"), 1),
        (("aws", "bare metal"), 1),
        (("aws", "unit `Quantity` where `h` fits"), 1),
        (("aws", "machine of which the catalogue knows no shape"), 1),
        (("azure", "Windows"), 1), // +0.046 dollars for each vCPU
        (("azure", "low priority"), 1),
        (("azure", "spot"), 1),
        (("azure", "dev/test offer"), 2),
        (("azure", "reservation"), 2),
        (("azure", "SQL Server or another license"), 2),
        (("azure", "Azure Government or China"), 1),
        (("azure", "currency `EUR`"), 1),
        (("azure", "zero price"), 1),
        (("azure", "dedicated host"), 1),
        (("azure", "cloud service"), 1),
        (("azure", "meter of another primary region"), 1),
        (("azure", "two prices at once, of which neither is newer"), 1),
        (("azure", "between zones: listed, but Microsoft does not charge it"), 1),
        (("gcp", "preemptible or spot"), 1),
        (("gcp", "commitment"), 1),
        (("gcp", "custom machine"), 1),
        (("gcp", "sole tenancy"), 1),
        (("gcp", "Windows or another license"), 2),
        (("gcp", "dual-region or multi-region"), 1),
        (("gcp", "early deletion"), 1),
        (("gcp", "currency `EUR`"), 2), // one SKU, two regions
        (("gcp", "zero price"), 2),
        (("gcp", "machine with local disks, which are priced apart"), 2),
        (
            (
                "gcp",
                "part of machines that the catalogue has no shape for, or whose other part is missing",
            ),
            1,
        ),
    ];
    assert_eq!(reasons, BTreeMap::from(expected));

    // Of a machine that many rows are about, the one price is that of plain Linux.
    let price = |provider: &str, region: &str, sku: &str| {
        let rows = &import.regions[&(provider.to_owned(), region.to_owned())];
        let found: Vec<_> = rows.iter().filter(|row| row.sku == sku).collect();
        assert_eq!(found.len(), 1, "{sku}");
        found[0].price.clone()
    };
    assert_eq!(price("aws", "us-east-1", "ec2:m7g.large"), "0.1111");
    assert_eq!(price("azure", "westeurope", "vm:Standard_D2s_v5"), "0.1111");
    assert_eq!(price("azure", "westeurope", "vm:Standard_E2s_v5"), "0.1444"); // the newer of two
    assert_eq!(price("gcp", "us-central1", "gce:n2-standard-4"), "0.2036"); // 4 × 0.0333 + 16 × 0.0044
    assert!(!import.regions.keys().any(|(_, region)| region.contains("gov")));
}

/// A partial catalogue can be read, and its check finds gaps and no fault.
#[test]
fn an_import_is_a_catalogue() {
    let shapes = shapes();
    let cases: [(&[&str], &[&str], &str); 3] = [
        (&AWS, &[], "us-east-1"),
        (&AZURE, &[], "westeurope"),
        (&GCP, &["--catalog", &shapes], "us-central1"),
    ];
    for (files, more, region) in cases {
        let folder = folder();
        imported(files, folder.path(), more);
        let at = folder.path().display().to_string();
        let (code, out, err) = highwater(&["prices", "check", "--catalog", &at], "");
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains(": 0 faults, "), "{out}");
        let (code, out, err) = highwater(&["prices", "show", region, "--catalog", &at], "");
        assert_eq!(code, 0, "{out}{err}");
        assert!(
            out.contains("0.0333") || out.contains("0.1111") || out.contains("0.2036"),
            "{out}"
        );
    }
    // With shapes, it is enough to plan on.
    let folder = folder();
    imported(&AWS, folder.path(), &[]);
    let at = folder.path().display().to_string();
    let scenario = crate::example("smart-meter.toml").replace("eu-west-1", "us-east-1");
    let (code, out, err) = highwater(
        &["plan", "-", "--platform", "kafka-gp3", "--steady", "--catalog", &at],
        &scenario,
    );
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("m7g."), "{out}");
}

#[test]
fn a_catalogue_is_changed_only_when_asked_to_and_keeps_its_other_rows() {
    let folder = folder();
    imported(&["aws-ec2.json", "aws-s3.json"], folder.path(), &[]);
    let before = tree(folder.path());
    let to = folder.path().display().to_string();

    let (code, _, err) = said(&["-o", &to], &["aws-ec2.json"], folder.path());
    assert_eq!(code, 2);
    assert!(err.contains("`DIR/sources.csv` is there already"), "{err}");
    assert!(err.contains("help: use `--merge` to change what is there"), "{err}");
    assert_eq!(tree(folder.path()), before, "a refusal changes nothing");

    // A row of our own, and a commitment, stay; the newer offer replaces its SKUs where they stand.
    let file = folder.path().join("aws/us-east-1.csv");
    let own = "own:sku,1,USD,h,0,on_demand,listed,compute,instance-types-2026-10,2026,mine\n\
        ec2:m7g.large,0.05,USD,h,0,ri_1y_all_upfront,listed,compute,instance-types-2026-10,2026,\n";
    fs::write(&file, format!("{}{own}", before["aws/us-east-1.csv"])).expect("it can be written");
    let newer = fixture("aws-ec2.json")
        .replace("0.1111000000", "0.1010000000")
        .replace("2026-11-20", "2026-12-24");
    let (code, out, err) = highwater(
        &["prices", "import", "-", "-o", &to, "--merge", "--region", "us-east-1"],
        &newer,
    );
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("aws       us-east-1    0        11     7"), "{out}");
    let after = tree(folder.path());
    assert_eq!(after["aws/eu-west-1.csv"], before["aws/eu-west-1.csv"]);
    assert_eq!(after["aws/machines.csv"], before["aws/machines.csv"]);
    let text = &after["aws/us-east-1.csv"];
    assert!(text.ends_with(own), "{text}");
    let large = "ec2:m7g.large,0.101,USD,h,0,on_demand,listed,compute,aws-amazonec2-2026-12-24,2026-12-24,\n";
    assert!(text.contains(large), "{text}");
    assert!(!text.contains("0.1111"), "{text}");
    assert!(text.contains("aws-amazons3-2026-11-20"), "{text}");
    for id in ["aws-amazonec2-2026-11-20", "aws-amazonec2-2026-12-24", "aws-amazons3-2026-11-20"] {
        assert!(after["sources.csv"].contains(id), "{}", after["sources.csv"]);
    }
    let (code, out, _) = highwater(&["prices", "check", "--catalog", &to], "");
    assert_eq!(code, 0, "{out}");

    // Once more, and nothing is different.
    imported(&AWS[..1], folder.path(), &["--merge", "--region", "eu-west-1"]);
    assert_eq!(tree(folder.path()), after);

    // An older list does not take the place of a newer one.
    let older = fixture("aws-ec2.json").replace("2026-11-20", "2024-01-01");
    let (code, out, err) = highwater(
        &["prices", "import", "-", "-o", &to, "--merge", "--region", "us-east-1"],
        &older,
    );
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("11 rows kept although imported: newer than what was read."), "{out}");
    assert_eq!(tree(folder.path())["aws/us-east-1.csv"], after["aws/us-east-1.csv"]);
}

/// Later files add machines, disks and meters to what earlier ones began.
#[test]
fn imports_one_after_the_other_are_one_catalogue() {
    let (one, other) = (folder(), folder());
    imported(&AWS, one.path(), &[]);
    imported(&AWS[..1], other.path(), &[]);
    for file in &AWS[1..] {
        imported(&[file], other.path(), &["--merge"]);
    }
    imported(&AZURE, one.path(), &["--merge"]);
    imported(&AZURE, other.path(), &["--merge"]);
    let lines = |tree: BTreeMap<String, String>| -> BTreeMap<String, Vec<String>> {
        let sorted = |text: String| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        // The zone's price is quoted from whichever of two offers came last.
        tree.into_iter()
            .map(|(name, text)| (name, sorted(text.replace("awsdatatransfer", "amazonec2"))))
            .collect()
    };
    let (one, other) = (lines(tree(one.path())), lines(tree(other.path())));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for name in one.keys().filter(|name| *name != "sources.csv") {
        assert_eq!(one[name], other[name], "{name}");
    }
}

/// Pages one after the other in one file, or in an array, are read like pages in files of their own.
#[test]
fn pages_may_be_put_together() {
    let [first, second] = AZURE.map(fixture);
    let together = format!("{first}\n{second}");
    let array = format!("[{first},{second}]");
    let apart = said(&[], &AZURE, Path::new("no folder"));
    for text in [together, array] {
        let (code, out, err) = highwater(&["prices", "import", "-"], &text);
        assert_eq!((code, &out), (0, &apart.1), "{err}");
        assert!(!err.contains("warning"), "{err}");
    }
    let (_, _, err) = said(&[], &AZURE[..1], Path::new("no folder"));
    let warning = "warning: every page of Azure names a next one: the last was not given";
    assert!(err.contains(warning), "{err}");
}

#[test]
fn a_date_given_holds_for_all_prices() {
    let folder = folder();
    imported(&AZURE, folder.path(), &["--as-of", "2026-05-05"]);
    let rows = &tree(folder.path())["azure/westeurope.csv"];
    // What is in force only from October is not yet a price in May.
    assert!(rows.contains("vm:Standard_E2s_v5,0.1333,USD,h,0,on_demand,listed,compute,azure-retail-prices-2026-05-05,2026-05-05,"), "{rows}");
    let (code, _, err) = said(&["--as-of", "May"], &AZURE, folder.path());
    assert_eq!(code, 2);
    assert!(err.contains("error: `May` is not a date"), "{err}");
    assert!(err.contains("--as-of 2026-11-20"), "{err}");
}

#[test]
fn only_regions_that_were_asked_for_are_written() {
    let folder = folder();
    imported(&AWS[..1], folder.path(), &["--region", "eu-west-1"]);
    let files = tree(folder.path());
    assert!(files.contains_key("aws/eu-west-1.csv") && !files.contains_key("aws/us-east-1.csv"));
    let (code, _, err) = said(&["--region", "mars-1"], &AWS[..1], folder.path());
    assert_eq!(code, 2);
    assert!(err.contains("in region `mars-1`"), "{err}");
}

/// File, place, what was expected and the way out; exit code 2, and nothing is written.
#[test]
fn a_bad_file_says_what_is_wrong_and_leaves_nothing_behind() {
    let folder = folder();
    let to = folder.path().join("catalogue").display().to_string();
    let mut names: Vec<String> = fs::read_dir(fixtures().join("errors"))
        .expect("a folder of the project")
        .flatten()
        .map(|entry| format!("errors/{}", entry.file_name().display()))
        .collect();
    names.sort();
    assert!(names.len() > 12);
    let mut all = String::new();
    for name in &names {
        // After a good file: what is read already is not written either.
        let (code, out, err) = said(&["-o", &to], &["aws-s3.json", name], folder.path());
        let windows = name.contains("only-windows");
        assert_eq!(code, if windows { 0 } else { 2 }, "{name}: {out}{err}");
        let (code, out, err) = said(&["-o", &to], &[name], folder.path());
        assert_eq!((code, out.as_str()), (2, ""), "{name}: {err}");
        all.push_str(&err);
        all.push('\n');
        if windows {
            fs::remove_dir_all(&to).expect("the good file was written");
        }
        assert!(!Path::new(&to).exists(), "{name} leaves something behind");
    }
    snapshot("errors", &all);
    let (code, _, err) = highwater(&["prices", "import", "-"], "\u{1f}\u{8b}packed");
    assert_eq!(code, 2);
    assert!(err.contains("stdin: this is"), "{err}");
    let (code, _, err) = highwater(&["prices", "import", "no-such-file.json"], "");
    assert_eq!(code, 2);
    assert!(err.contains("cannot read `no-such-file.json`"), "{err}");
}

/// A file that has faults is not merged into, and the faults are named.
#[test]
fn a_faulty_catalogue_is_not_changed() {
    let folder = folder();
    imported(&AWS[..1], folder.path(), &[]);
    let file = folder.path().join("aws/us-east-1.csv");
    fs::write(&file, "sku,price\n").expect("it can be written");
    let before = tree(folder.path());
    let to = folder.path().display().to_string();
    let (code, _, err) = said(&["-o", &to, "--merge"], &AWS[..1], folder.path());
    assert_eq!(code, 2);
    assert!(err.contains("aws/us-east-1.csv:1: the columns are not the expected ones"), "{err}");
    assert_eq!(tree(folder.path()), before);
}

/// Names come from the file: none may be a path, or a cell that other rows are read from.
#[test]
fn no_name_of_a_file_reaches_the_disk_unchecked() {
    let folder = folder();
    let to = folder.path().join("catalogue").display().to_string();
    let page = fixture("azure-page-1.json")
        .replace("\"eastus\"", "\"../../eastus\"")
        .replace("\"Standard_L8s_v3\"", "\"Standard_L8s,v3\"");
    let (code, out, err) = highwater(&["prices", "import", "-", "-o", &to], &page);
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("no region, or one that cannot be a file's name"), "{err}");
    assert!(err.contains("a name that cannot be a SKU"), "{err}");
    let files: Vec<String> = tree(folder.path()).into_keys().collect();
    let expected = ["disks.csv", "machines.csv", "meters.csv", "westeurope.csv"]
        .map(|name| format!("catalogue/azure/{name}"));
    assert_eq!(files[..4], expected);
    assert_eq!(files[4..], ["catalogue/sources.csv"]);
}

/// A download that broke off is refused wherever it did, and no change of a byte makes the readers panic.
#[test]
fn a_broken_file_is_an_error_and_never_a_panic() {
    let options = Options::default();
    for name in [&AWS[..], &AZURE[..], &GCP[..]].concat() {
        let text = fixture(name);
        let body = text.trim_end();
        for end in (0..body.len()).step_by(97).chain([body.len() - 1]) {
            let result = Importer::new(&options).read(name, &body.as_bytes()[..end]);
            assert!(result.is_err(), "{name} cut after {end} bytes");
        }
    }
    for name in [&AWS[..], &AZURE[..], &GCP[..], &["aws-ec2.csv"]].concat() {
        let text = fixture(name).into_bytes();
        for place in (0..text.len()).step_by(499) {
            for byte in [b'"', b'{', b',', b'-', b'9', 0xff, b'\n'] {
                let mut changed = text.clone();
                changed[place] = byte;
                let mut importer = Importer::new(&options);
                if importer.read(name, &changed[..]).is_ok() {
                    let import = importer.finish(&[crate::catalog()]);
                    let empty = Catalog::from_files([]);
                    let changes = import.changes(&empty, crate::catalog()).expect("files of ours");
                    let faults: Vec<String> = Catalog::from_files(changes.files)
                        .check()
                        .iter()
                        .filter(|finding| finding.severity() == pricing::Severity::Fault)
                        .map(ToString::to_string)
                        .collect();
                    let alone = import.regions.is_empty();
                    assert!(
                        alone || faults.is_empty(),
                        "{name} with {byte} at {place}: {faults:?}"
                    );
                }
            }
        }
    }
}
