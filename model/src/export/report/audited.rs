//! The audit block.

use super::Counted;
use super::markup::{self, Cell, Table, escape};

pub(super) fn chapter(report: &Counted<'_>) -> String {
    let audit = report.audit;
    let facts = audit.facts().into_iter().map(|(name, value)| {
        format!("<dt>{}</dt><dd><code>{}</code></dd>\n", escape(name), escape(&value))
    });
    let mut html = format!("<dl>\n{}</dl>\n", facts.collect::<String>());
    let mut table = Table::new("Checks, in US dollars where they do not say otherwise")
        .words("What is held against what")
        .numbers("The one")
        .numbers("The other")
        .short("Holds");
    let mut last = "";
    for check in &audit.checks {
        if check.platform != last {
            table.group(&check.platform);
        }
        last = &check.platform;
        table.row([
            check.name.as_str().into(),
            check.left.as_str().into(),
            check.right.as_str().into(),
            if check.holds { Cell::toned("yes", "good") } else { Cell::toned("NO", "bad") },
        ]);
    }
    if !table.is_empty() {
        html += &table.render();
    }
    markup::chapter("Audit", true, &html)
}
