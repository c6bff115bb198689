//! A report in one HTML file: what finance forwards, reads on a screen and prints.
//!
//! It is well-formed XML, too, so that any reader can take it apart. Nothing in it is fetched or run: pictures are inline, there is no script, and a policy in its head says so. The same
//! input gives the same bytes. Amounts are those of the tables (`cents`), in the currency of the scenario; sentences of
//! the engine and pictures are in dollars, and say so where that is another one.

mod assumed;
mod audited;
mod bills;
mod committed;
mod lights;
mod markup;
mod months;
mod priced;
mod summary;
mod worth;

use std::borrow::Cow;
use std::ops::Deref;

use crate::comparison::Comparison;
use crate::export::about::{later, period, regions, workload};
use crate::export::audit::Audit;
use crate::export::cents::Cents;
use crate::finance::{Account, Currency, Exchange};
use crate::load;
use crate::parts;
use crate::plan::{Plan, Rejection};
use crate::scenario::Scenario;
use crate::scorecard::Scorecard;

use markup::{escape, paragraph};

/// Everything that a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The plans.
    pub comparison: &'a Comparison,
    /// What they are for.
    pub scenario: &'a Scenario,
    /// The scenario's text.
    pub text: &'a str,
    /// One platform by its name; all without it.
    pub platform: Option<&'a str>,
    /// Scorecards of the platforms; none leaves the chapter out.
    pub cards: &'a [Scorecard],
    /// Accounts of the platforms; none leaves their chapter out.
    pub accounts: &'a [Account<'a>],
    /// What it was made from.
    pub audit: &'a Audit,
}

/// The whole document.
pub fn html(report: &Report<'_>) -> String {
    let title = escape(&report.comparison.title);
    let report = &Counted::new(*report);
    let chapters = [
        head(report),
        summary::chapter(report),
        bills::chapter(report),
        months::chapter(report),
        worth::chapter(report),
        lights::chapter(report),
        committed::chapter(report),
        priced::chapter(report),
        assumed::chapter(report),
        audited::chapter(report),
    ];
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"generator\" content=\"highwater {}\"/>\n\
         <title>{title} · plan</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
        escape(&report.audit.engine_version),
        chapters.concat()
    )
}

const STYLE: &str = include_str!("style.css");

impl<'a> Report<'a> {
    fn asked(&self, name: &str) -> bool {
        self.platform.is_none_or(|wanted| wanted == name)
    }

    fn plans(&self) -> impl Iterator<Item = &'a Plan> + Clone {
        let wanted = self.platform;
        let asked = move |plan: &&Plan| wanted.is_none_or(|name| name == plan.design.name);
        self.comparison.plans().filter(asked)
    }

    fn rejections(&self) -> impl Iterator<Item = &'a Rejection> {
        let wanted = self.platform;
        let all = self.comparison.outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
        all.map(|rejection| &**rejection)
            .filter(move |one| wanted.is_none_or(|name| name == one.design.name))
    }

    fn exchange(&self) -> Exchange {
        self.scenario.finance.own_exchange()
    }

    /// The code of the currency.
    fn code(&self) -> &'static str {
        self.exchange().currency.code
    }
}

/// A report with its amounts, which are rounded once for all chapters.
struct Counted<'a> {
    report: Report<'a>,
    cents: Vec<(&'a Plan, Cents)>,
}

impl<'a> Counted<'a> {
    fn new(report: Report<'a>) -> Self {
        let finance = &report.scenario.finance;
        let of = |plan: &'a Plan| (plan, Cents::of(plan, finance));
        Self { report, cents: report.comparison.plans().map(of).collect() }
    }

    /// The amounts of a plan.
    fn cents(&self, plan: &Plan) -> Cow<'_, Cents> {
        let found = self.cents.iter().find(|(one, _)| std::ptr::eq(*one, plan));
        found.map_or_else(
            || Cow::Owned(Cents::of(plan, &self.scenario.finance)),
            |(_, cents)| Cow::Borrowed(cents),
        )
    }
}

impl<'a> Deref for Counted<'a> {
    type Target = Report<'a>;

    fn deref(&self) -> &Report<'a> {
        &self.report
    }
}

/// What it is, of what, from when.
fn head(report: &Report<'_>) -> String {
    let (comparison, scenario) = (report.comparison, report.scenario);
    let mut html = "<p class=\"kind\">Cost plan · not an invoice</p>\n".to_owned();
    html += &format!("<h1>{}</h1>\n", escape(&comparison.title));
    let mut lines = vec![format!(
        "{} {} · {}",
        comparison.provider,
        comparison.region,
        period(comparison, scenario)
    )];
    if let Some(design) = scenario.platforms.first() {
        let load = load::load(&parts::asked(scenario), design, comparison.month, 1);
        lines.extend(workload(scenario, &load));
        lines.extend(regions(scenario));
        let later = later(comparison, scenario, &load);
        lines.extend((!later.is_empty()).then_some(later));
    }
    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
    html += &format!("<p class=\"soft\">{}</p>\n", lines.join("<br/>\n"));
    html + &paragraph(&money(report))
}

/// What amounts are.
fn money(report: &Report<'_>) -> String {
    let exchange = report.exchange();
    let what = "before tax, less the scenario's discounts";
    if exchange.currency == Currency::USD {
        return format!("Amounts are in US dollars, {what}.");
    }
    format!(
        "Amounts are in {code}, {what}: {} {code} for one US dollar ({}, {}). Unit prices, and what says so, are in US dollars.",
        exchange.rate.normalize(),
        exchange.source,
        exchange.as_of,
        code = exchange.currency.code
    )
}
