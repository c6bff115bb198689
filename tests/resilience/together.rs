//! Runs at once into the same files.

use std::fs::{self, File};
use std::process::Child;

use super::{Folder, Room, fixture, kills, messages, scenario, short};

/// Of runs at once into the same files one wins, whole: no file of one stands beside a file of another.
#[test]
fn exports_at_once_do_not_mix() {
    let folder = Folder::new();
    let export = |scenario| {
        let output = ["--platform", "kafka-gp3", "--reproducible", "-o", "plan.csv"];
        [&["export", scenario, "--format", "focus"][..], &output].concat()
    };
    let state = || (folder.read("plan.csv"), folder.read("plan.metadata.json"));
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
    // Sources stand in the order in which they came.
    let outcomes = [&[&*s3][..], &[&azure], &[&s3, &azure], &[&azure, &s3]].map(together);
    assert!(outcomes.iter().all(|outcome| *outcome != before));
    for _ in 0..kills() {
        together(&[]);
        let children = [&s3, &azure].map(|file| folder.start(&import(file), Room::Any));
        let outputs = children.map(|child| child.wait_with_output().expect("a process that ends"));
        let expected = match outputs.each_ref().map(|output| output.status.code()) {
            [Some(0), Some(2)] => &outcomes[..1],
            [Some(2), Some(0)] => &outcomes[1..2],
            [Some(0), Some(0)] => &outcomes[2..],
            codes => panic!("{codes:?}: {}{}", messages(&outputs[0]), messages(&outputs[1])),
        };
        for output in outputs.iter().filter(|output| !output.status.success()) {
            let told = messages(output);
            assert!(told.contains("is being changed by another run"), "{told}");
        }
        let found = folder.files("prices");
        assert!(expected.contains(&found), "prices of one are lost: {:?}", found.keys());
    }
}
