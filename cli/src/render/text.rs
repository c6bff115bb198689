//! Words: how wide they are, where lines break, and what may not reach a terminal.

pub(crate) use model::export::figures::counted;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// A text in at most so many columns, on one line: what is cut off shows as `…`.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    let text = visible(text);
    if width(&text) <= columns {
        return text;
    }
    let mut room = columns.saturating_sub(1);
    let fits = |letter: &char| {
        let needed = letter.width().unwrap_or(0);
        let enough = needed <= room;
        room = if enough { room - needed } else { 0 };
        enough
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.push('…');
    short
}

/// A paragraph in lines of at most so many columns, each with an indent; a word that is longer has its own line.
pub(crate) fn wrap(text: &str, columns: usize, indent: &str) -> String {
    let text = visible(text);
    let mut lines = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let needed = width(word);
        if used > 0 && used + 1 + needed > columns {
            lines.push('\n');
            used = 0;
        }
        if used == 0 {
            lines.push_str(indent);
            used = width(indent);
        } else {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += needed;
    }
    lines.push('\n');
    lines
}

/// A text whose control characters can be seen instead of obeyed; line breaks become spaces.
pub(crate) fn visible(text: &str) -> String {
    let seen = |letter: char| match letter {
        '\n' | '\t' | '\r' => ' ',
        // Unicode has a picture of each of these.
        '\0'..='\x1f' => char::from_u32(u32::from(letter) + 0x2400).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        // Marks that turn the direction of writing hide what a text says.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        letter => letter,
    };
    text.chars().map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut() {
        assert_eq!(fit("kafka-gp3", 9), "kafka-gp3");
        assert_eq!(fit("kafka-gp3", 6), "kafka…");
        assert_eq!(fit("電力計", 4), "電…");
        assert_eq!(width(&fit("電力計", 5)), 5);
    }

    #[test]
    fn paragraphs_break_between_words() {
        assert_eq!(wrap("one two three", 7, ""), "one two\nthree\n");
        assert_eq!(wrap("one two three", 7, "  "), "  one\n  two\n  three\n");
        assert_eq!(wrap("", 7, ""), "\n");
    }

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        assert_eq!(visible("a\x1b[31mb"), "a␛[31mb");
        assert_eq!(fit("a\x1b[31mb", 10), "a␛[31mb");
        assert_eq!(wrap("a\x1b[31mb", 10, ""), "a␛[31mb\n");
        assert_eq!(visible("a\nb\u{202e}c\u{9b}d"), "a b\u{fffd}c\u{fffd}d");
    }
}
