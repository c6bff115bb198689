//! Links of the page.

use model::scenario::{self, TEXT_MAX};

use super::link::{Linked, decode, encode};
use page_engine::protocol::Shown;

/// Reads bytes as the part of a link after `#`, and as a scenario that is to be linked.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match decode(text) {
        Err(message) => {
            assert!(!message.trim().is_empty(), "an error without words");
            // It is shown, so nothing in it may hide or turn what stands beside it.
            assert!(message.len() < 2_000, "an error of {} bytes", message.len());
            let linked = Linked { text: text.to_owned(), from: None, shown: Shown::default() };
            check_encoding(&linked);
        }
        Ok(linked) => {
            assert!(linked.text.len() <= 2 * TEXT_MAX, "{} bytes", linked.text.len());
            check_encoding(&linked);
        }
    }
}

/// What is linked leads back to the same text, or at least to the same values.
fn check_encoding(linked: &Linked) {
    let link = match encode(linked) {
        Ok(link) => link,
        Err(message) => {
            assert!(message.contains("file"), "no way out: {message}");
            return;
        }
    };
    let back = decode(&link).unwrap_or_else(|error| panic!("{link}: {error}"));
    assert_eq!(back.shown, linked.shown, "{link}");
    if back.text != linked.text {
        let values = |text: &str| {
            let mut flat = scenario::outline(text)?.flat()?;
            flat.sort();
            Some(flat)
        };
        let (one, other) = (values(&back.text), values(&linked.text));
        assert!(one.is_some() && one == other, "{link} leads to\n{}", back.text);
    }
}
