//! Text inside a picture: what may be printed, and how much room it takes where no font can be asked.

/// Average width of a character, in font sizes, on the generous side: the viewer chooses the font.
const CHARACTER: f64 = 0.58;

/// A name as it may be printed: no control characters, nothing that turns the direction of what follows.
pub(super) fn clean(name: &str) -> String {
    let printable = name.chars().filter(|found| !turns(*found)).map(|found| match found {
        // Allowed in a Rust string, not in XML.
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        found if found.is_control() || found.is_whitespace() => ' ',
        found => found,
    });
    let printable: String = printable.collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn turns(found: char) -> bool {
    matches!(found, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// For places that no library escapes.
pub(super) fn escaped(text: &str) -> String {
    let escape = |found| match found {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        '"' => "&quot;".to_owned(),
        found => String::from(found),
    };
    clean(text).chars().map(escape).collect()
}

/// Estimated width, in the unit of the size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let characters: f64 = text.chars().map(|found| if is_wide(found) { 2.0 } else { 1.0 }).sum();
    characters * CHARACTER * size
}

/// East Asian and pictures: as wide as they are high.
fn is_wide(found: char) -> bool {
    matches!(u32::from(found), 0x1100..0x1200 | 0x2e80..0xa4d0 | 0xac00..0xd7a4 | 0xf900..0xfb00 | 0xff00..0xff61 | 0x1f000..0x40000)
}

/// As much of a text as has room, with an ellipsis where something is missing.
pub(super) fn shortened(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for found in text.chars() {
        kept.push(found);
        if width(&kept, size) + width("…", size) > room {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// A text in lines between its words, the last with an ellipsis where there are more than so many.
pub(super) fn wrapped(text: &str, size: f64, room: f64, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let is_full = lines_max > 0 && lines.len() == lines_max;
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) if is_full => {
                *line = shortened(&format!("{line} {word}"), size, room);
                return lines;
            }
            _ => lines.push(shortened(word, size, room)),
        }
    }
    lines
}

/// A text whose lines do not begin with the dot between two things.
pub(super) fn joined(text: &str) -> String {
    text.replace(" ·", "\u{a0}·")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_printed_without_what_could_mislead() {
        assert_eq!(clean("zone\u{202e} b\u{0}\tlost\n"), "zone b lost");
        assert_eq!(clean("Ærø, 東京, עברית"), "Ærø, 東京, עברית");
        assert_eq!(clean("\u{ffff}"), "\u{fffd}");
        assert_eq!(escaped("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
    }

    #[test]
    fn long_names_end_in_an_ellipsis() {
        assert_eq!(shortened("produced", 10.0, 50.0), "produced");
        assert_eq!(shortened("produced by meters", 10.0, 58.0), "produced…");
        assert_eq!(shortened("produced", 10.0, 0.0), "…");
        assert!(width("東京", 10.0) > width("ab", 10.0));
    }

    #[test]
    fn long_texts_take_several_lines() {
        let lines = |room, most| wrapped("kept by brokers and tiers", 10.0, room, most).join("|");
        assert_eq!(lines(200.0, 2), "kept by brokers and tiers");
        assert_eq!(lines(90.0, 2), "kept by brokers|and tiers");
        assert_eq!(lines(60.0, 2), "kept by|brokers a…");
        assert_eq!(lines(30.0, 0), "kept|by|brok…|and|tiers");
        assert_eq!(wrapped("", 10.0, 50.0, 3), [""; 0]);
        assert_eq!(wrapped(&joined("Cost · meters"), 10.0, 45.0, 0), ["Cost\u{a0}·", "meters"]);
    }
}
