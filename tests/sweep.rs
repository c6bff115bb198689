//! Sweeps: the same bytes whatever the number of threads or shards, and however often a run is stopped.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::examples::highwater;

/// A folder of its own with a scenario in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(example: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("scenario.toml"), crate::example(example)).expect("a file");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().expect("a temporary path is text").to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Sweeps to a file of the folder: exit code and messages.
    fn sweep(&self, arguments: &[&str], out: &str) -> (u8, String) {
        let (scenario, out) = (self.name("scenario.toml"), self.name(out));
        let start = ["sweep", scenario.as_str(), "--out", out.as_str()];
        let (code, data, messages) = highwater(&[&start, arguments].concat(), "");
        assert!(data.is_empty(), "{data}");
        (code, messages.replace(self.0.path().to_str().expect("text"), "FOLDER"))
    }

    #[track_caller]
    fn swept(&self, arguments: &[&str], out: &str) -> String {
        let (code, messages) = self.sweep(arguments, out);
        assert_eq!(code, 0, "{messages}");
        self.read(out)
    }

    fn merge(&self, out: &str, shards: &[&str]) -> (u8, String) {
        let files: Vec<String> = [out].iter().chain(shards).map(|name| self.name(name)).collect();
        let files = files.iter().map(String::as_str);
        let arguments: Vec<&str> = ["sweep", "merge"].into_iter().chain(files).collect();
        let (code, _, messages) = highwater(&arguments, "");
        (code, messages.replace(self.0.path().to_str().expect("text"), "FOLDER"))
    }
}

/// Values with a step of brokers, prices that change, and values that do not go together.
const STEADY: [&str; 7] = [
    "--steady",
    "--vary",
    "stream.events.retention=1 d..40 d by 3 d",
    "--vary",
    "stream.events.reader.rebuild.window=1 d, 8 d",
    "--vary",
    "prices.discount.compute=0 %..30 % in 3",
];

/// The same for one platform.
fn one_platform() -> Vec<&'static str> {
    [&STEADY[..], &["--platform", "kafka-gp3"]].concat()
}

/// The reference, with a replay that some of the values leave nothing to read of.
fn reference() -> Folder {
    let folder = Folder::new("reference-100mib.toml");
    let text = folder.read("scenario.toml")
        + "\n[[stream.reader]]\ngroup = \"rebuild\"\nkind = \"replay\"\nwindow = \"1 d\"\nevery = \"7 d\"\nwithin = \"6 h\"\n";
    let (stream, rest) = text.split_once("[[platform]]").expect("platforms");
    let (rest, reader) =
        rest.split_at(rest.find("\n[[stream.reader]]\ngroup = \"rebuild\"").expect("ours"));
    fs::write(folder.path("scenario.toml"), format!("{stream}{reader}\n[[platform]]{rest}"))
        .expect("a file");
    folder
}

fn rows(csv: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().map(|row| row.expect("a row")).collect()
}

/// Each row says what `compare` says of the scenario with its values, to the cent.
#[test]
fn rows_are_what_a_comparison_says() {
    let folder = reference();
    let all = rows(&folder.swept(&STEADY, "all.csv"));
    let text = folder.read("scenario.toml");
    let platforms = crate::parse(&text).platforms.len();
    assert_eq!(all.len(), 14 * 2 * 3 * platforms);
    let mut seen = std::collections::BTreeSet::new();
    for (index, row) in all.iter().enumerate() {
        assert_eq!(row["point"], (index / platforms + 1).to_string());
        seen.insert(row["status"].clone());
    }
    let expected = ["incomplete", "no-plan", "not-a-scenario", "planned", "too-few-brokers"];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), expected);

    for point in (0..14 * 2 * 3).step_by(11) {
        let row = &all[point * platforms];
        let paths = [
            "stream.events.retention",
            "stream.events.reader.rebuild.window",
            "prices.discount.compute",
        ];
        let changed = paths.iter().fold(text.clone(), |text, path| {
            model::scenario::set(&text, path, &row[*path]).expect(path)
        });
        if row["status"] == "not-a-scenario" {
            let (code, _, err) = highwater(&["check", "-"], &changed);
            assert!(code == 2 && err.contains(&row["reason"]), "{err}");
            continue;
        }
        let comparison = crate::compared(&changed);
        for (outcome, row) in comparison.outcomes.iter().zip(&all[point * platforms..]) {
            let Ok(plan) = outcome else {
                assert_eq!(row["status"], "no-plan", "{row:?}");
                continue;
            };
            assert_eq!(row["platform"], plan.design.name);
            assert_eq!(row["machine"], plan.machine, "{row:?}");
            assert_eq!(row["brokers"], plan.fleet.brokers.to_string(), "{row:?}");
            let cents = format!("{:.2}", plan.monthly_cost().to_cents().dollars());
            assert_eq!(row["monthly_cost_usd"], cents, "{row:?}");
            let status = match (plan.fleet.short, plan.is_complete()) {
                (true, _) => "too-few-brokers",
                (_, false) => "incomplete",
                _ => "planned",
            };
            assert_eq!(row["status"], status, "{row:?}");
            let amount = |text: &String| text.parse::<rust_decimal::Decimal>().expect("an amount");
            let components = model::bill::Component::ALL.iter().map(|component| {
                amount(&row[&format!("{}_usd", component.name().replace(' ', "_"))])
            });
            let sum: rust_decimal::Decimal = components.sum();
            assert_eq!(sum, amount(&row["monthly_cost_usd"]), "{row:?}");
        }
    }
}

/// What a run through time found first stands in its row.
#[test]
fn a_run_through_time_says_what_broke_first() {
    let folder = Folder::new("smart-meter.toml");
    let arguments = ["--vary", "slo.budget=$1/month,$900000/month", "--platform", "kafka-tiered"];
    let all = rows(&folder.swept(&arguments, "out.csv"));
    assert_eq!(all[0]["first_broken"], "budget", "{:?}", all[0]);
    assert_eq!(all[0]["first_broken_h"], "0");
    assert_ne!(all[1]["first_broken"], "budget", "{:?}", all[1]);
}

#[test]
fn threads_and_shards_change_nothing() {
    let (folder, values) = (reference(), one_platform());
    let whole = folder.swept(&[&values[..], &["--jobs", "1"]].concat(), "one.csv");
    for jobs in ["2", "7"] {
        assert_eq!(folder.swept(&[&values[..], &["--jobs", jobs]].concat(), jobs), whole);
    }
    let scenario = folder.name("scenario.toml");
    let arguments = [&["sweep", &scenario, "--out", "-"][..], &values].concat();
    let (code, streamed, _) = highwater(&arguments, "");
    assert!(code == 0 && streamed == whole);

    for count in [2, 5, 100] {
        let names: Vec<String> = (1..=count).map(|part| format!("{part}-of-{count}.csv")).collect();
        for (index, name) in names.iter().enumerate() {
            let shard = format!("{}/{count}", index + 1);
            folder.swept(&[&values[..], &["--shard", &shard]].concat(), name);
        }
        // In any order.
        let names: Vec<&str> = names.iter().rev().map(String::as_str).collect();
        let merged = format!("merged-{count}.csv");
        let (code, messages) = folder.merge(&merged, &names);
        assert_eq!(code, 0, "{messages}");
        assert_eq!(folder.read(&merged), whole, "{count} shards");
        assert_eq!(folder.read(&format!("{merged}.run")), folder.read("one.csv.run"));
    }
}

/// Wherever a run stops, between bytes as it may be, it goes on to the same table.
#[test]
fn a_run_goes_on_from_any_byte() {
    let (folder, values) = (reference(), one_platform());
    let whole = folder.swept(&values, "whole.csv");
    let resumed = [&values[..], &["--resume"]].concat();
    let (mut line, mut ends) = (0, Vec::new());
    for _ in 0..4 {
        line += whole[line..].find('\n').expect("lines") + 1;
        ends.extend([line - 1, line, line + 1]);
    }
    let ends = ends.into_iter().chain([0, 1, whole.len() / 2, whole.len() - 1, whole.len()]);
    for end in ends {
        folder.swept(&values[..3], "part.csv");
        fs::copy(folder.path("whole.csv.run"), folder.path("part.csv.run")).expect("a file");
        fs::write(folder.path("part.csv"), &whole[..end]).expect("a file");
        assert_eq!(folder.swept(&resumed, "part.csv"), whole, "cut at {end}");
        for name in ["part.csv", "part.csv.run"] {
            fs::remove_file(folder.path(name)).expect("it was there");
        }
    }
    // What never began begins.
    assert_eq!(folder.swept(&resumed, "new.csv"), whole);
}

#[test]
fn rows_of_another_run_are_refused() {
    let folder = reference();
    let text = folder.read("scenario.toml");
    folder.swept(&STEADY, "out.csv");
    let resumed = [&STEADY[..], &["--resume"]].concat();
    let mut told = String::new();
    let mut refused = |what: &str, arguments: &[&str]| {
        let before = folder.read("out.csv");
        let (code, messages) = folder.sweep(arguments, "out.csv");
        assert_eq!(code, 2, "{what}: {messages}");
        assert_eq!(folder.read("out.csv"), before, "{what}");
        told.push_str(&messages);
    };
    refused("it is there", &STEADY);
    refused("values", &[&STEADY[..5], &["--resume"]].concat());
    refused("shard", &[&resumed[..], &["--shard", "1/2"]].concat());
    refused("platforms", &[&resumed[..], &["--platform", "kafka-gp3"]].concat());
    refused("period", &[&resumed[1..], &["--month", "1"]].concat());
    fs::write(folder.path("scenario.toml"), text.replace("100 MiB/s", "101 MiB/s"))
        .expect("a file");
    refused("scenario", &resumed);
    fs::write(folder.path("scenario.toml"), &text).expect("a file");
    let table = folder.read("out.csv");
    fs::write(folder.path("out.csv"), table.replacen("\n2,", "\n3,", 1)).expect("a file");
    refused("a row", &resumed);
    fs::write(folder.path("out.csv"), table.replacen("point", "paint", 1)).expect("a file");
    refused("the head", &resumed);
    fs::write(folder.path("out.csv"), format!("{table}1,\n")).expect("a file");
    refused("a row too many", &resumed);
    insta::assert_snapshot!(told);
}

#[test]
fn shards_that_do_not_fit_are_refused() {
    let folder = reference();
    let shard = |shard: &str, arguments: &[&str], name: &str| {
        folder.swept(&[arguments, &["--shard", shard]].concat(), name);
    };
    shard("1/3", &STEADY, "1.csv");
    shard("2/3", &STEADY, "2.csv");
    shard("3/3", &STEADY, "3.csv");
    shard("2/3", &STEADY, "twin.csv");
    shard("2/4", &STEADY, "quarter.csv");
    shard("2/3", &STEADY[..5], "other.csv");
    let mut told = String::new();
    let mut refused = |shards: &[&str]| {
        let (code, messages) = folder.merge("out.csv", shards);
        assert_eq!(code, 2, "{messages}");
        assert!(!folder.path("out.csv").exists());
        told.push_str(&messages);
    };
    refused(&["1.csv", "3.csv"]);
    refused(&["1.csv", "2.csv", "3.csv", "twin.csv"]);
    refused(&["1.csv", "quarter.csv", "3.csv"]);
    refused(&["1.csv", "other.csv", "3.csv"]);
    let cut = folder.read("2.csv");
    fs::write(folder.path("2.csv"), &cut[..cut.len() - 5]).expect("a file");
    refused(&["1.csv", "2.csv", "3.csv"]);
    fs::remove_file(folder.path("3.csv.run")).expect("it was there");
    refused(&["1.csv", "2.csv", "3.csv"]);
    insta::assert_snapshot!(told);
}

#[test]
fn a_list_is_swept_row_by_row() {
    let folder = reference();
    let list =
        "stream.events.retention, prices.region\n2 d,us-east-1\n9 d,eu-central-1\n2 d, eu-west-1\n";
    fs::write(folder.path("list.csv"), list).expect("a file");
    let name = folder.name("list.csv");
    let arguments = ["--steady", "--list", &name, "--platform", "automq-s3-wal"];
    let all = rows(&folder.swept(&arguments, "out.csv"));
    let values: Vec<&str> = all.iter().map(|row| row["prices.region"].as_str()).collect();
    assert_eq!(values, ["us-east-1", "eu-central-1", "eu-west-1"]);
    for row in &all {
        let text = ["stream.events.retention", "prices.region"]
            .iter()
            .fold(folder.read("scenario.toml"), |text, path| {
                model::scenario::set(&text, path, &row[*path]).expect(path)
            });
        let plan = crate::planned(&text, "automq-s3-wal");
        let cents = format!("{:.2}", plan.monthly_cost().to_cents().dollars());
        assert_eq!(row["monthly_cost_usd"], cents, "{row:?}");
    }
    let mut told = String::new();
    for wrong in [
        "stream.events.retention\n2 d\n9 parsecs\n",
        "stream.events.retention,prices.region\n2 d\n",
        "stream.event.retention\n2 d\n",
        "stream.events.retention\n",
    ] {
        fs::write(folder.path("list.csv"), wrong).expect("a file");
        let (code, messages) = folder.sweep(&arguments, "wrong.csv");
        assert_eq!(code, 2, "{wrong}");
        told.push_str(&messages);
    }
    insta::assert_snapshot!(told);
}

#[test]
fn values_are_read_as_a_scenario_would_write_them() {
    let folder = reference();
    let written = |vary: &str| {
        let (path, _) = vary.split_once('=').expect("a path");
        let arguments = ["--steady", "--platform", "kafka-gp3", "--vary", vary];
        let all = rows(&folder.swept(&[&arguments[..], &["--force"]].concat(), "out.csv"));
        all.iter().map(|row| row[path].clone()).collect::<Vec<_>>().join(" | ")
    };
    for (vary, expected) in [
        ("stream.events.retention=1d..3d by 0.5d", "1d | 1.5d | 2d | 2.5d | 3d"),
        (
            "stream.events.retention=12 h..2 d by 6 h",
            "12 h | 18 h | 24 h | 30 h | 36 h | 42 h | 48 h",
        ),
        (
            "stream.events.produce=10 MiB/s..1000 MiB/s in 3 log",
            "10 MiB/s | 100 MiB/s | 1000 MiB/s",
        ),
        ("prices.discount.compute=0%..30% by 10%", "0% | 10% | 20% | 30%"),
        ("prices.discount.compute=0.1..0.3 by 0.1", "0.1 | 0.2 | 0.3"),
        ("platform.kafka-gp3.zones=1..3 by 1", "1 | 2 | 3"),
        ("platform.kafka-gp3.broker=m7g.large, auto", "m7g.large | auto"),
        ("slo.budget=$10/month..$20/month in 3", "$10/month | $15/month | $20/month"),
    ] {
        assert_eq!(written(vary), expected, "{vary}");
    }
    let mut told = String::new();
    for wrong in [
        "stream.events.retention",
        "stream.events.retention=",
        "stream.events.retention=1d,,2d",
        "stream.events.retention=1d..2d",
        "stream.events.retention=3d..1d by 1d",
        "stream.events.retention=1d..3d by 0d",
        "stream.events.retention=1d..3d by -1d",
        "stream.events.retention=1d..3d in 1",
        "stream.events.retention=1d..3d in many",
        "stream.events.retention=1ms..300d by 1ms",
        "platform.kafka-gp3.broker=a..b by c",
        "stream.none.retention=1d",
        "stream.events.retention=1 parsec",
    ] {
        let (code, messages) = folder.sweep(&["--steady", "--vary", wrong], "wrong.csv");
        assert_eq!(code, 2, "{wrong}");
        told.push_str(&messages);
    }
    let twice = ["--vary", "stream.events.retention=1d", "--vary", "stream.events.retention=2d"];
    let (code, messages) = folder.sweep(&twice, "wrong.csv");
    assert_eq!(code, 2);
    told.push_str(&messages);
    insta::assert_snapshot!(told);
}

/// Where the command runs as a process of its own: this program again, as if it were the command.
const ARGUMENTS: &str = "HIGHWATER_ARGUMENTS";

/// Not a test by itself: see [`process`].
#[test]
fn the_command_itself() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(arguments.split('\n'), &mut std::io::empty(), &mut out, &mut err);
    eprint!("{}", String::from_utf8_lossy(&err));
    std::process::exit(i32::from(code));
}

/// A process that does what the command does in a folder.
fn process(folder: &Path, arguments: &[String]) -> Child {
    let itself = std::env::current_exe().expect("a program knows where it is");
    Command::new(itself)
        .args(["--exact", "sweep::the_command_itself", "--nocapture"])
        .env(
            ARGUMENTS,
            ["highwater".to_owned()]
                .iter()
                .chain(arguments)
                .cloned()
                .collect::<Vec<_>>()
                .join("\n"),
        )
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process")
}

#[track_caller]
fn finished(child: Child) {
    let output = child.wait_with_output().expect("a process that ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Killed at random moments, a run ends at the same table; how far it had come each time is left to chance.
#[test]
fn a_run_that_is_killed_goes_on() {
    let folder = reference();
    let arguments = |out: &str, more: &[&str]| -> Vec<String> {
        let start = ["sweep", "scenario.toml", "--out", out];
        let values = [
            "--steady",
            "--vary",
            "stream.events.retention=1 h..300 h by 1 h",
            "--vary",
            "platform.kafka-gp3.replication_factor=2,3",
            "--platform",
            "kafka-gp3",
        ];
        start.iter().chain(&values).chain(more).map(|&text| text.to_owned()).collect()
    };
    finished(process(folder.0.path(), &arguments("whole.csv", &[])));
    let whole = folder.read("whole.csv");
    let random = || RandomState::new().build_hasher().finish();
    let length = || fs::metadata(folder.path("part.csv")).map_or(0, |found| found.len());
    let (mut kills, mut grown) = (0, 0);
    while kills < 12 {
        let before = length();
        let mut child = process(folder.0.path(), &arguments("part.csv", &["--resume"]));
        // Anywhere from before its first row to far into the rest.
        let until = before + random() % (whole.len() as u64 / 4);
        let mut ended = false;
        while !ended && length() < until {
            std::thread::yield_now();
            ended = child.try_wait().expect("our own process").is_some();
        }
        child.kill().expect("our own process");
        child.wait().expect("our own process");
        kills += usize::from(!ended);
        grown += usize::from(length() > before);
        if ended {
            assert_eq!(folder.read("part.csv"), whole);
            for name in ["part.csv", "part.csv.run"] {
                fs::remove_file(folder.path(name)).expect("it was there");
            }
        }
    }
    assert!(grown > 0, "no run came to a row before it was killed");
    finished(process(folder.0.path(), &arguments("part.csv", &["--resume"])));
    assert_eq!(folder.read("part.csv"), whole);
}

/// What a manifest runs, with what its launcher sets: the part of it that is the command's.
fn commands(manifest: &str, index: u32) -> Vec<Vec<String>> {
    let joined = crate::manifest(manifest).replace("\\\n", " ");
    let lines = joined.lines().map(str::trim).filter(|line| line.starts_with("highwater "));
    lines
        .map(|line| {
            let line = line
                .replace("$((JOB_COMPLETION_INDEX + 1))", &(index + 1).to_string())
                .replace("$JOB_COMPLETION_INDEX", &index.to_string())
                .replace("$SLURM_ARRAY_TASK_ID", &(index + 1).to_string())
                .replace("${SLURM_CPUS_PER_TASK:-1}", "2")
                .replace("/scenario/", "");
            assert!(!line.contains('$'), "{manifest}: {line}");
            words(&line)[1..].to_vec()
        })
        .collect()
}

/// Words of a shell's line, of which some are in quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quote, mut begun) = (vec![String::new()], None, false);
    for letter in line.chars() {
        match (letter, quote) {
            ('\'' | '"', None) => (quote, begun) = (Some(letter), true),
            (letter, Some(open)) if letter == open => quote = None,
            (' ', None) => {
                if begun || !words.last().expect("one").is_empty() {
                    words.push(String::new());
                }
                begun = false;
            }
            (letter, _) => words.last_mut().expect("one").push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Files of a folder that a pattern with one star stands for, as a shell lists them.
fn matching(folder: &Path, pattern: &str) -> Vec<String> {
    let Some((start, end)) = pattern.split_once('*') else { return vec![pattern.to_owned()] };
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| name.starts_with(start) && name.ends_with(end)).collect();
    names.sort();
    names
}

/// The commands of the manifests, each shard a process of its own, come to what one run writes.
#[test]
fn manifests_for_batch_systems_come_to_what_one_run_writes() {
    let shards = 8;
    let merge = "highwater sweep merge sweep.csv shard-*.csv --force";
    for manifest in ["kubernetes.yaml", "slurm.sh"] {
        let folder = Folder::new("smart-meter.toml");
        let text = crate::manifest(manifest);
        let counted = [format!("completions: {shards}"), format!("--array=1-{shards}")];
        assert!(counted.iter().any(|count| text.contains(count)), "{manifest}");
        assert!(text.contains(merge), "{manifest}");
        let children: Vec<Child> = (0..shards)
            .map(|index| process(folder.0.path(), &commands(manifest, index)[0]))
            .collect();
        children.into_iter().for_each(finished);
        let merge: Vec<String> =
            words(merge)[1..].iter().flat_map(|word| matching(folder.0.path(), word)).collect();
        finished(process(folder.0.path(), &merge));

        let mut alone = commands(manifest, 0).swap_remove(0);
        let shard = alone.iter().position(|word| word == "--shard").expect("a shard");
        alone.drain(shard..shard + 2);
        let out = alone.iter().position(|word| word == "--out").expect("a file");
        alone[out + 1] = "alone.csv".to_owned();
        finished(process(folder.0.path(), &alone));
        assert_eq!(folder.read("sweep.csv"), folder.read("alone.csv"), "{manifest}");
        assert!(rows(&folder.read("alone.csv")).iter().all(|row| row["status"] == "planned"));
    }
}
