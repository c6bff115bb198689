//! The catalogue that comes with the program.

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../catalog/", $path)))),*]
    };
}

/// Every file of `pricing/catalog`: its path there, and its text.
pub(crate) const FILES: &[(&str, &str)] = files![
    "sources.csv",
    "aws/ap-northeast-1.csv",
    "aws/ap-northeast-2.csv",
    "aws/ap-south-1.csv",
    "aws/ap-southeast-1.csv",
    "aws/ap-southeast-2.csv",
    "aws/ca-central-1.csv",
    "aws/disks.csv",
    "aws/eu-central-1.csv",
    "aws/eu-north-1.csv",
    "aws/eu-west-1.csv",
    "aws/eu-west-2.csv",
    "aws/eu-west-3.csv",
    "aws/machines.csv",
    "aws/meters.csv",
    "aws/sa-east-1.csv",
    "aws/us-east-1.csv",
    "aws/us-east-2.csv",
    "aws/us-west-1.csv",
    "aws/us-west-2.csv",
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn no_file_is_left_behind() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&root).expect("the catalogue is here").flatten() {
            match std::fs::read_dir(entry.path()) {
                Ok(inner) => found.extend(inner.flatten().map(|file| file.path())),
                Err(_) => found.push(entry.path()),
            }
        }
        let mut embedded: Vec<_> = FILES.iter().map(|(path, _)| root.join(path)).collect();
        found.sort();
        embedded.sort();
        assert_eq!(embedded, found);
    }
}
