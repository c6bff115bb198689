//! Files of the catalogue as the page loads them: column after column. What one column holds is alike, so hosts send a
//! fifth less than of rows.

/// Stands between two columns; no file has it.
const BETWEEN: char = '\0';

/// A CSV file by its columns; `None` where a row has more or fewer cells than the header, or goes on in the next line.
#[allow(dead_code, reason = "`build.rs` has one half of this file, the page the other")]
pub fn columns(rows: &str) -> Option<String> {
    let rows: Vec<Vec<&str>> = rows.lines().map(cells).collect();
    let count = rows.first()?.len();
    if rows.iter().any(|row| row.len() != count || !row.iter().all(|cell| is_whole(cell))) {
        return None;
    }
    let column = |place| rows.iter().map(|row| row[place]).collect::<Vec<_>>().join("\n");
    Some((0..count).map(column).collect::<Vec<_>>().join(&BETWEEN.to_string()))
}

/// The file that has such columns.
#[allow(dead_code, reason = "`build.rs` has one half of this file, the page the other")]
pub fn rows(columns: &str) -> String {
    let mut rows = String::with_capacity(columns.len());
    let mut columns: Vec<_> = columns.split(BETWEEN).map(|column| column.split('\n')).collect();
    while let Some(cells) = columns.iter_mut().map(Iterator::next).collect::<Option<Vec<_>>>() {
        rows += &cells.join(",");
        rows.push('\n');
    }
    rows
}

/// The cells of a row as they are written, quotes and all.
fn cells(row: &str) -> Vec<&str> {
    let mut quoted = false;
    let comma = |letter: char| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    };
    row.split(comma).collect()
}

/// Whether every quote of a cell is closed.
fn is_whole(cell: &str) -> bool {
    cell.matches('"').count().is_multiple_of(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_what_stands_below_each_other() {
        let text = "sku,price\nec2:c5.large,0.1\n\"a, b\",\n";
        assert_eq!(columns(text).expect("whole rows"), "sku\nec2:c5.large\n\"a, b\"\0price\n0.1\n");
        for broken in ["a,b\nc\n", "a\n\"b\nc\"\n", ""] {
            assert_eq!(columns(broken), None, "{broken}");
        }
    }

    #[test]
    fn every_file_is_what_its_columns_make() {
        for (path, text) in crate::embedded::files() {
            let columns = columns(text).unwrap_or_else(|| panic!("{path} has no columns"));
            assert_eq!(rows(&columns), text, "{path}");
        }
    }
}
