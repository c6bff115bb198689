//! The page's settings in its link: what differs from the example that they started from, key by key, or the whole text in
//! a packed form where that is shorter or where keys cannot say it.
//!
//! ```text
//! #v=1&from=smart-meter&stream.interval-reads.retention=365+d&less=platform.kafka-st1&show=year
//! #v=1&z=rVJNb9swDL3...
//! ```
//!
//! Every link says its version; links of older versions stay readable.

use std::fmt::Write;

use base64ct::{Base64UrlUnpadded, Encoding};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use model::letters::is_hidden;
use model::map::Set;
use model::order;
use model::scenario::{self, Outline, SetError, TEXT_MAX};

use page_engine::examples::EXAMPLES;
use page_engine::protocol::{Data, Per, Shown};

/// The version that is written.
const VERSION: &str = "1";

/// Most characters of a link that is written with its keys; above it the packed form is used where it is shorter.
const READABLE_MAX: usize = 2_000;

/// Most characters of any link: what mail programs, chats and proxies are known to carry.
const LINK_MAX: usize = 8_000;

/// Most values that a link may set one by one.
const VALUES_MAX: usize = 400;

/// Most characters of why a link is refused: part of it is what the link says.
const TOLD_MAX: usize = 300;

/// How hard the packed form is packed, of 10.
const LEVEL: u8 = 9;

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The scenario.
    pub text: String,
    /// The example that it started from.
    pub from: Option<&'static str>,
    /// How figures are shown.
    pub shown: Shown,
}

/// The part of a link after `#`.
///
/// # Errors
///
/// When it would be too long for a link; the way out is a file.
pub fn encode(linked: &Linked) -> Result<String, String> {
    let show = shown(linked.shown);
    let readable =
        keys(linked).filter(|link| decode(link).as_ref() == Ok(linked) || same(link, linked));
    if let Some(link) = readable.as_ref().filter(|link| link.len() <= READABLE_MAX) {
        return Ok(link.clone());
    }
    let packed = Base64UrlUnpadded::encode_string(&compress_to_vec(linked.text.as_bytes(), LEVEL));
    let packed = format!("v={VERSION}{show}&z={packed}");
    let shortest = readable.into_iter().chain([packed]).min_by_key(String::len);
    shortest.filter(|link| link.len() <= LINK_MAX).ok_or_else(|| {
        "this scenario is too long for a link: save it as a file and share that".to_owned()
    })
}

/// What the part of a link after `#` says; the first example for an empty one.
///
/// # Errors
///
/// In words for people, when the link is broken, too long, or of a later version.
pub fn decode(link: &str) -> Result<Linked, String> {
    let link = link.strip_prefix('#').unwrap_or(link);
    if link.is_empty() {
        let example = &EXAMPLES[0];
        return Ok(Linked {
            text: example.text.to_owned(),
            from: Some(example.name),
            shown: Shown::default(),
        });
    }
    if link.len() > LINK_MAX {
        return Err(format!("the link is longer than {LINK_MAX} characters"));
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in link.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or("the link is broken: a value is missing")?;
        pairs.push((plain(key)?, plain(value)?));
    }
    match pairs.first() {
        Some((key, version)) if key == "v" && version == VERSION => {}
        Some((key, version)) if key == "v" => {
            return Err(format!(
                "the link is of version {}, and this page reads version {VERSION}: reload the page",
                clean(version)
            ));
        }
        _ => return Err("the link is not one of this page: it does not say its version".to_owned()),
    }
    let mut linked = Linked { text: String::new(), from: None, shown: Shown::default() };
    let mut values = Vec::new();
    let mut less = Vec::new();
    for (key, value) in pairs.into_iter().skip(1) {
        match key.as_str() {
            "from" => {
                let example = EXAMPLES.iter().find(|example| example.name == value);
                let example =
                    example.ok_or_else(|| format!("there is no example `{}`", clean(&value)))?;
                (linked.from, linked.text) = (Some(example.name), example.text.to_owned());
            }
            "show" => linked.shown = read_shown(&value)?,
            "z" => linked.text = unpacked(&value)?,
            "less" => less.push(value),
            _ => values.push((key, value)),
        }
    }
    if values.len() + less.len() > VALUES_MAX {
        return Err(format!("the link sets more than {VALUES_MAX} values"));
    }
    for path in less {
        linked.text = scenario::remove(&linked.text, &path).map_err(|error| refused(&error))?;
    }
    linked.text = with(linked.text, &values)?;
    Ok(linked)
}

/// A text with some values set; sections that are not there are added with all of theirs.
fn with(mut text: String, values: &[(String, String)]) -> Result<String, String> {
    let mut done = Set::new();
    for (index, (path, value)) in values.iter().enumerate() {
        if done.contains(&index) {
            continue;
        }
        let set = scenario::set(&text, path, value);
        let missing = matches!(&set, Err(SetError::UnknownName { .. }));
        if !missing {
            text = set.map_err(|error| refused(&error))?;
            continue;
        }
        let (section, _) = cut(path).ok_or("the link is broken: a path is too short")?;
        let (kind, _) = cut(section).ok_or("the link is broken: a path is too short")?;
        let own = |(at, (path, value)): (usize, &'_ (String, String))| {
            let (of, key) = cut(path)?;
            (of == section).then(|| (at, key.to_owned(), value.clone()))
        };
        let all: Vec<_> = values.iter().enumerate().skip(index).filter_map(own).collect();
        let pairs: Vec<(&str, &str)> =
            all.iter().map(|(_, key, value)| (&**key, &**value)).collect();
        text = scenario::add(&text, kind, &pairs).map_err(|error| refused(&error))?;
        done.extend(all.iter().map(|(at, ..)| *at));
    }
    Ok(text)
}

/// A path without its last part, and that part; dots in quotes do not count.
fn cut(path: &str) -> Option<(&str, &str)> {
    let (mut quote, mut dot) = (None, None);
    for (at, letter) in path.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '.') => dot = Some(at),
            _ => {}
        }
    }
    dot.map(|dot| (&path[..dot], &path[dot + 1..]))
}

fn refused(error: &SetError) -> String {
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    let told = format!("the link asks for what cannot be: {error}{hint}");
    shown_letters(&told).take(TOLD_MAX).collect()
}

/// A link with keys; `None` where keys cannot say it.
fn keys(linked: &Linked) -> Option<String> {
    let example = EXAMPLES.iter().find(|example| Some(example.name) == linked.from);
    let base = scenario::outline(example.map_or("", |example| example.text))?;
    let now = scenario::outline(&linked.text)?;
    let (was, is) = (base.flat()?, now.flat()?);
    let mut link = format!("v={VERSION}");
    if let Some(example) = example {
        let _ = write!(link, "&from={}", example.name);
    }
    for path in gone(&base, &now) {
        let _ = write!(link, "&less={}", escaped(&path));
    }
    let known: Set<&(String, String)> = was.iter().collect();
    for (path, value) in is.iter().filter(|pair| !known.contains(pair)) {
        let _ = write!(link, "&{}={}", escaped(path), escaped(value));
    }
    Some(link + &shown(linked.shown))
}

/// The paths of sections and values that are no longer there; of a section that is gone, its own alone.
fn gone(base: &Outline, now: &Outline) -> Vec<String> {
    let sections = paths(now);
    let flat = now.flat().unwrap_or_default();
    let values: Set<&str> = flat.iter().map(|(path, _)| path.as_str()).collect();
    let mut gone = Vec::new();
    missing(base, &sections, &values, &mut gone);
    gone
}

fn missing(base: &Outline, sections: &Set<String>, values: &Set<&str>, gone: &mut Vec<String>) {
    for value in &base.values {
        gone.extend(base.path_of(&value.key).filter(|path| !values.contains(path.as_str())));
    }
    for inner in &base.sections {
        match &inner.path {
            Some(path) if !sections.contains(path) => gone.push(path.clone()),
            _ => missing(inner, sections, values, gone),
        }
    }
}

fn paths(outline: &Outline) -> Set<String> {
    let mut all = Set::new();
    for inner in &outline.sections {
        all.extend(inner.path.clone());
        all.extend(paths(inner));
    }
    all
}

/// Whether a link leads to a scenario that means the same: the same values, sections of a kind in the same order.
fn same(link: &str, linked: &Linked) -> bool {
    let meaning = |text: &str| {
        let outline = scenario::outline(text)?;
        let mut flat = outline.flat()?;
        order::sort_by(&mut flat, Ord::cmp);
        let mut order = Vec::new();
        in_order(&outline, &mut order);
        Some((flat, order))
    };
    let Ok(other) = decode(link) else { return false };
    other.shown == linked.shown
        && meaning(&other.text).is_some_and(|one| Some(one) == meaning(&linked.text))
}

/// The paths of sections that repeat, kind by kind in the order of the text.
fn in_order(outline: &Outline, order: &mut Vec<String>) {
    let mut inner: Vec<&Outline> = outline.sections.iter().collect();
    order::sort_by_key(&mut inner, |one| one.section);
    for one in inner {
        order.extend(one.path.clone());
        in_order(one, order);
    }
}

fn shown(shown: Shown) -> String {
    let per = (shown.per != Per::default()).then(|| shown.per.name());
    let data = (shown.data != Data::default()).then(|| shown.data.name());
    let words: Vec<&str> = per.into_iter().chain(data).collect();
    if words.is_empty() { String::new() } else { format!("&show={}", words.join(",")) }
}

fn read_shown(words: &str) -> Result<Shown, String> {
    let mut shown = Shown::default();
    for word in words.split(',') {
        let per = Per::ALL.into_iter().find(|per| per.name() == word);
        let data = Data::ALL.into_iter().find(|data| data.name() == word);
        match (per, data) {
            (Some(per), _) => shown.per = per,
            (None, Some(data)) => shown.data = data,
            (None, None) => return Err(format!("the link shows figures by `{}`", clean(word))),
        }
    }
    Ok(shown)
}

fn unpacked(packed: &str) -> Result<String, String> {
    let bytes = Base64UrlUnpadded::decode_vec(packed).map_err(|_| "the link is damaged")?;
    let text = decompress_to_vec_with_limit(&bytes, TEXT_MAX)
        .map_err(|_| "the link is damaged, or unpacks to more than a scenario may have")?;
    String::from_utf8(text).map_err(|_| "the link is damaged: it holds no text".to_owned())
}

/// Text as it may stand in a link: spaces as `+`, what links mean something by as bytes.
fn escaped(text: &str) -> String {
    let mut link = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => link.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => link.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'~' | b'/' | b':' | b',' | b'*' | b'$' | b'!' | b'(' | b')' => {
                link.push(char::from(byte));
            }
            _ => {
                let _ = write!(link, "%{byte:02X}");
            }
        }
    }
    link
}

fn plain(link: &str) -> Result<String, String> {
    let damaged = || "the link is damaged: `%` has no two digits after it".to_owned();
    let mut bytes = Vec::with_capacity(link.len());
    let mut rest = link.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().ok_or_else(damaged)?, rest.next().ok_or_else(damaged)?];
                let digits = std::str::from_utf8(&digits).map_err(|_| damaged())?;
                u8::from_str_radix(digits, 16).map_err(|_| damaged())?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| "the link is damaged: it holds no text".to_owned())
}

/// A few characters of somebody else's text.
fn clean(text: &str) -> String {
    shown_letters(text).take(40).collect()
}

/// What of somebody else's text can be seen.
fn shown_letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| !is_hidden(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(name: &str) -> &'static str {
        EXAMPLES.iter().find(|example| example.name == name).expect("an example").text
    }

    fn linked(text: &str, from: &'static str) -> Linked {
        Linked { text: text.to_owned(), from: Some(from), shown: Shown::default() }
    }

    #[test]
    fn an_example_is_its_name() {
        for example in EXAMPLES {
            let link = encode(&linked(example.text, example.name)).expect("it is short");
            assert_eq!(link, format!("v=1&from={}", example.name));
            assert_eq!(decode(&link).expect("it is ours").text, example.text);
        }
    }

    #[test]
    fn links_say_what_differs_in_readable_keys() {
        let text = example("smart-meter");
        let text = scenario::set(text, "stream.interval-reads.retention", "365 d").unwrap();
        let text = scenario::remove(&text, "platform.kafka-st1").unwrap();
        let text =
            scenario::add(&text, "platform", &[("preset", "bufstream"), ("name", "Buf & co")])
                .unwrap();
        let text = scenario::set(&text, "platform.\"Buf & co\".zones", "3").unwrap();
        let text = scenario::add(
            &text,
            "stream.alarms.reader",
            &[("group", "fire"), ("lag_budget", "5 s")],
        )
        .unwrap();
        let shown = Shown { per: Per::Year, data: Data::Decimal };
        let given = Linked { text, from: Some("smart-meter"), shown };
        let link = encode(&given).expect("it is short");
        assert_eq!(
            link,
            "v=1&from=smart-meter&less=platform.kafka-st1&stream.interval-reads.retention=365+d&stream.alarms.reader.fire.group=fire&stream.alarms.reader.fire.lag_budget=5+s&platform.%22Buf+%26+co%22.zones=3&platform.%22Buf+%26+co%22.preset=bufstream&platform.%22Buf+%26+co%22.name=Buf+%26+co&show=year,GB"
        );
        assert!(same(&link, &given));
    }

    /// Links that people have: what they lead to never changes.
    #[test]
    fn links_of_version_1_stay_readable() {
        const KEYS: &str = "#v=1&from=smart-meter&less=event.broker+dies&stream.alarms.retention=30+d&stream.alarms.reader.outage-management.lag_budget=20+s&platform.kafka-gp3.zones=2&show=hour";
        let read = decode(KEYS).unwrap();
        let quoted = KEYS.replace("event.broker+dies", "event.%22broker+dies%22");
        assert_eq!(decode(&quoted).as_ref(), Ok(&read), "names may be quoted, and need not be");
        let outline = scenario::outline(&read.text).unwrap();
        let value = |path: &str| {
            outline.flat().unwrap().into_iter().find(|(one, _)| one == path).map(|(_, value)| value)
        };
        assert_eq!(value("stream.alarms.retention").as_deref(), Some("30 d"));
        assert_eq!(value("platform.kafka-gp3.zones").as_deref(), Some("2"));
        assert_eq!(value("event.\"broker dies\".kind"), None);
        assert_eq!(read.shown.per, Per::Hour);
        const PACKED: &str = "v=1&z=K05OTFWwVTDkKskszwGS0QoaBroKNgqGCpqxXABWZ";
        assert!(decode(PACKED).is_err());
    }

    #[test]
    fn what_keys_cannot_say_is_packed() {
        let text =
            "[[stream]]\nname = \"a\"\n[[stream]]\nname = \"a\"\n# and a broken line\ntitle = ";
        let link = encode(&linked(text, "smart-meter")).expect("it is short");
        assert!(link.starts_with("v=1&z="), "{link}");
        assert_eq!(decode(&link).expect("it is ours").text, text);
    }

    #[test]
    fn what_is_too_long_for_a_link_says_so() {
        // Digits that do not repeat do not pack.
        let noise = (0..20_000_u64).map(|n| format!("{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        let text = format!("title = \"{}\"", noise.collect::<String>());
        assert!(encode(&linked(&text, "smart-meter")).unwrap_err().contains("too long for a link"));
    }

    #[test]
    fn hostile_links_are_refused_in_words() {
        let bomb = Base64UrlUnpadded::encode_string(&compress_to_vec(&vec![b'a'; 3 * TEXT_MAX], 9));
        for (link, why) in [
            ("from=smart-meter".to_owned(), "does not say its version"),
            ("v=2&from=smart-meter".to_owned(), "version 2"),
            ("v=1&from=__proto__".to_owned(), "there is no example"),
            ("v=1&from=smart-meter&__proto__.x=1".to_owned(), "cannot be"),
            ("v=1&x".to_owned(), "a value is missing"),
            ("v=1&z=%".to_owned(), "damaged"),
            ("v=1&z=AAAA".to_owned(), "damaged"),
            (format!("v=1&z={bomb}"), if bomb.len() > LINK_MAX { "longer" } else { "unpacks" }),
            (format!("v=1&title={}", "a".repeat(LINK_MAX)), "longer"),
            (
                "v=1&from=smart-meter&".to_owned() + &"title=a&".repeat(VALUES_MAX + 1),
                "more than 400",
            ),
            ("v=1&show=sideways".to_owned(), "shows figures by"),
            (format!("v={}", "9%E2%80%AE".repeat(700)), "is of version 9999"),
            (format!("v=1&from=smart-meter&{}=1", "%E2%80%AEx".repeat(700)), "cannot be"),
        ] {
            let told = decode(&link).expect_err("it is hostile");
            assert!(told.chars().count() <= TOLD_MAX && !told.chars().any(is_hidden), "{told}");
            assert!(told.contains(why), "{link:.60}: {told}");
        }
    }
}
