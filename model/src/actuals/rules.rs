//! Which thing on the bill a row is.

use serde_json::Value;

use super::row::Row;
use crate::bill::Component;

/// What a rule makes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A thing on the bill.
    Component(Component),
    /// Nothing of this platform.
    Ignore,
}

/// What a rule's `component` can say: the names of a bill, and `ignore`.
pub const TARGETS: &[&str] = &[
    "brokers",
    "controllers",
    "block storage",
    "WAL volumes",
    "object storage",
    "object requests",
    "zone crossing",
    "region crossing",
    "client paths",
    "private connectivity",
    "load balancers",
    "service fee",
    "connectors",
    "observability",
    "backups",
    "support plan",
    "migration",
    "ignore",
];

impl Target {
    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        let component = Component::ALL.iter().find(|one| one.is_invoiced() && one.name() == name);
        match (component, name) {
            (Some(component), _) => Some(Self::Component(*component)),
            (None, "ignore") => Some(Self::Ignore),
            (None, _) => None,
        }
    }
}

/// Which rows are one thing on the bill: those that meet all conditions. `*` stands for any text.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What they are.
    pub target: Target,
    /// ServiceName.
    pub service: Option<String>,
    /// SkuId, SkuPriceId, SkuMeter or ChargeDescription.
    pub sku: Option<String>,
    /// ServiceCategory.
    pub category: Option<String>,
    /// Tags, by their keys.
    pub tags: Vec<(String, String)>,
    /// SubAccountId.
    pub account: Option<String>,
    /// RegionId.
    pub region: Option<String>,
}

impl Rule {
    /// A rule that takes every row.
    pub fn all(target: Target) -> Self {
        Self {
            target,
            service: None,
            sku: None,
            category: None,
            tags: Vec::new(),
            account: None,
            region: None,
        }
    }

    /// Whether a row meets all conditions. `tags` are those of the row.
    pub fn takes(&self, row: &Row, tags: &[(String, String)]) -> bool {
        let meets = |wanted: &Option<String>, found: &[&str]| {
            wanted.as_ref().is_none_or(|wanted| found.iter().any(|found| is_like(found, wanted)))
        };
        meets(&self.service, &[row.service])
            && meets(&self.category, &[row.category])
            && meets(&self.account, &[row.account])
            && meets(&self.region, &[row.region])
            && meets(&self.sku, &row.skus)
            && self.tags.iter().all(|(key, wanted)| {
                tags.iter().any(|(own, value)| own == key && is_like(value, wanted))
            })
    }
}

/// Whether a text is what a pattern says, in which `*` stands for any text. Takes time in the product of their lengths at
/// most.
///
/// ```
/// # use model::actuals::rules::is_like;
/// assert!(is_like("USE1-BoxUsage:m7g.large", "*BoxUsage:*"));
/// assert!(is_like("Compute", "Compute"));
/// assert!(!is_like("Compute Engine", "Compute"));
/// ```
pub fn is_like(text: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match left.find(piece) {
            Some(at) => left = &left[at + piece.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

/// Tags of a row, as exports write them: a JSON object, the same without its braces, or a list of keys and values. `None`
/// where it is none of them.
///
/// ```
/// # use model::actuals::rules::tags;
/// let orders = Some(vec![("cluster".to_owned(), "orders".to_owned())]);
/// assert_eq!(tags(r#"{"cluster": "orders"}"#), orders);
/// assert_eq!(tags(r#""cluster": "orders""#), orders);
/// assert_eq!(tags(r#"[{"key": "cluster", "value": "orders"}]"#), orders);
/// assert_eq!(tags(""), Some(Vec::new()));
/// assert_eq!(tags("cluster=orders"), None);
/// ```
pub fn tags(text: &str) -> Option<Vec<(String, String)>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    let value: Value = if text.starts_with('"') {
        serde_json::from_str(&["{", text, "}"].concat()).ok()?
    } else {
        serde_json::from_str(text).ok()?
    };
    match value {
        Value::Object(entries) => {
            Some(entries.into_iter().map(|(key, value)| (key, plain(&value))).collect())
        }
        Value::Array(items) => items
            .iter()
            .map(|item| {
                let named = |name: &str| item.get(name).map(plain);
                Some((named("key")?, named("value").unwrap_or_default()))
            })
            .collect(),
        Value::Null => Some(Vec::new()),
        _ => None,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invoiced_component_can_be_mapped_to() {
        let invoiced = Component::ALL.iter().filter(|component| component.is_invoiced());
        let names: Vec<&str> = invoiced.map(|one| one.name()).chain(["ignore"]).collect();
        assert_eq!(TARGETS, names);
        assert!(TARGETS.iter().all(|name| Target::named(name).is_some()));
        assert_eq!(Target::named("labour"), None);
    }

    #[test]
    fn patterns_match_anywhere_a_star_stands() {
        for (text, pattern, expected) in [
            ("abc", "*", true),
            ("", "*", true),
            ("abc", "a*c", true),
            ("abc", "a*b", false),
            ("aba", "a*a", true),
            ("a", "a*a", false),
            ("abcabc", "*bc", true),
            ("abcabd", "a*b*d", true),
            ("abc", "", false),
            ("a*c", "a*c", true),
        ] {
            assert_eq!(is_like(text, pattern), expected, "{text} {pattern}");
        }
    }
}
