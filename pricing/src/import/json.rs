//! JSON documents of all providers: which one it is shows by its keys.

use std::collections::BTreeMap;
use std::fmt;
use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::aws::Offer;
use super::collect::Collector;
use super::error::{ImportError, ImportProblem};
use super::report::FileRead;
use super::rules::Record;
use super::{azure, gcp};

/// Reads documents to the end of the file: one, one after the other, or an array of pages.
pub(crate) fn read(
    name: &str,
    reader: impl BufRead,
    collector: &mut Collector,
    unfinished: &mut BTreeMap<&'static str, bool>,
) -> Result<(), ImportError> {
    let mut json = serde_json::Deserializer::from_reader(reader);
    let mut file =
        FileRead { name: name.to_owned(), what: String::new(), date: String::new(), products: 0 };
    loop {
        let document = Document { collector: &mut *collector, file: &mut file, unfinished };
        if let Err(error) = document.deserialize(&mut json) {
            return Err(placed(&error, collector));
        }
        if json.end().is_ok() {
            break;
        }
    }
    collector.file(file);
    Ok(())
}

/// What stopped a parser, in our words where we stopped it.
fn placed(error: &serde_json::Error, collector: &mut Collector) -> ImportError {
    use serde_json::error::Category;
    let place = Some((error.line() as u64, error.column() as u64)).filter(|(line, _)| *line > 0);
    // The place is told apart.
    let reason = || error.to_string().split(" at line ").next().unwrap_or_default().to_owned();
    let problem = match (collector.stop.take(), error.classify()) {
        (Some(problem), _) => problem,
        (None, Category::Io) => {
            let kind = error.io_error_kind().unwrap_or(std::io::ErrorKind::Other);
            ImportProblem::Unreadable(kind.into())
        }
        (None, Category::Eof) => ImportProblem::Truncated { what: "JSON value" },
        (None, Category::Syntax) => ImportProblem::Syntax { reason: reason() },
        (None, Category::Data) => {
            ImportProblem::Data { reason: reason(), of: collector.reading.take() }
        }
    };
    ImportError { place, problem }
}

struct Document<'d, 'o> {
    collector: &'d mut Collector<'o>,
    file: &'d mut FileRead,
    unfinished: &'d mut BTreeMap<&'static str, bool>,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a price list as an object, or an array of its pages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pages: A) -> Result<(), A::Error> {
        let Document { collector, file, unfinished } = self;
        loop {
            let page = Document {
                collector: &mut *collector,
                file: &mut *file,
                unfinished: &mut *unfinished,
            };
            if pages.next_element_seed(page)?.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Document { collector, file, unfinished } = self;
        let mut offer = Offer::default();
        let (mut found, mut keys) = (false, Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "offerCode" => offer.code = map.next_value()?,
                "version" => {
                    offer.version = map.next_value::<Option<String>>()?.unwrap_or_default()
                }
                "publicationDate" => offer.published = map.next_value()?,
                "products" => {
                    map.next_value_seed(offer.products(collector, file))?;
                    found = true;
                }
                "terms" => {
                    map.next_value_seed(offer.terms(collector))?;
                    found = true;
                }
                "Items" => {
                    map.next_value_seed(azure::Items { collector, file })?;
                    found = true;
                }
                "NextPageLink" => {
                    let next = map.next_value::<Option<String>>()?;
                    note(unfinished, "Azure", next.as_deref());
                }
                "skus" => {
                    map.next_value_seed(gcp::Skus { collector, file })?;
                    found = true;
                }
                "nextPageToken" => {
                    let next = map.next_value::<Option<String>>()?;
                    note(unfinished, "Google Cloud", next.as_deref());
                }
                "offers" | "regions" if !found => {
                    return Err(stopped(collector, ImportProblem::Index));
                }
                _ => {
                    keys.extend((keys.len() < 3).then(|| format!("`{}`", short(&key))));
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if found {
            return Ok(());
        }
        let found = if keys.is_empty() {
            "it is empty".to_owned()
        } else {
            format!("it has {} and neither `products`, `Items` nor `skus`", keys.join(", "))
        };
        Err(stopped(collector, ImportProblem::Unknown { found }))
    }
}

/// Pages come in any order; one that names no next one is the last.
fn note(unfinished: &mut BTreeMap<&'static str, bool>, what: &'static str, next: Option<&str>) {
    let open = next.is_some_and(|next| !next.is_empty());
    *unfinished.entry(what).or_insert(true) &= open;
}

fn short(key: &str) -> String {
    key.chars().take(40).collect()
}

/// Stops a parser that knows no problems of ours.
pub(crate) fn stopped<E: Error>(collector: &mut Collector, problem: ImportProblem) -> E {
    collector.stop = Some(problem);
    E::custom("stopped")
}

/// The name of a field, looked up without being kept.
pub(crate) struct FieldName<F>(pub F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for FieldName<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<T, D::Error> {
        json.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for FieldName<F> {
    type Value = T;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<T, E> {
        Ok((self.0)(name))
    }
}

/// The fields of an object, put where a record keeps them; `inner` is an object whose fields count as the object's.
pub(crate) struct Flat<'f, F> {
    pub record: &'f mut Record,
    pub field: &'f F,
    pub inner: Option<&'static str>,
}

impl<'de, F: Fn(&str) -> Option<usize>> DeserializeSeed<'de> for Flat<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, F: Fn(&str) -> Option<usize>> Visitor<'de> for Flat<'_, F> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Flat { record, field, inner } = self;
        let place = |name: &str| (inner == Some(name), field(name));
        while let Some((nested, index)) = map.next_key_seed(FieldName(place))? {
            match index {
                _ if nested => {
                    map.next_value_seed(Flat { record: &mut *record, field, inner: None })?;
                }
                Some(index) => map.next_value_seed(Text(record.slot(index)))?,
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }
}

/// A value as text: strings as they are, numbers and truth in their usual form, nothing of anything else.
pub(crate) struct Text<'t>(pub &'t mut String);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        self.0.clear();
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Text<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.push_str(text);
        Ok(())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        self.0.push_str(if truth { "true" } else { "false" });
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.0.push_str(&number.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.0.push_str(&number.to_string());
        Ok(())
    }

    /// The shortest decimal that means the same float: what the feed printed, for prices of up to 15 digits.
    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.0.push_str(&number.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut inner: A) -> Result<(), A::Error> {
        while inner.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut inner: A) -> Result<(), A::Error> {
        while inner.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
