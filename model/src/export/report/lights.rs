//! The scorecard: every platform's lights, and what is behind those that are not green.

use super::Counted;
use super::markup::{self, Cell, Table, escape};
use crate::parameters::Setting;
use crate::policy::Light;
use crate::scorecard::{Answer, Scorecard, TITLES};

pub(super) fn chapter(report: &Counted<'_>) -> String {
    let cards: Vec<&Scorecard> =
        report.cards.iter().filter(|card| report.asked(&card.platform)).collect();
    if cards.is_empty() {
        return String::new();
    }
    let mut table = Table::new("What a platform team asks before it commits").words("Question");
    for card in &cards {
        table = table.short(&card.platform);
    }
    for (index, title) in TITLES.iter().enumerate() {
        let lights =
            cards.iter().map(|card| card.answers.get(index).map_or_else(Cell::default, light));
        table.row([Cell::from(*title)].into_iter().chain(lights));
    }
    table.note(
        "Each question is run on the fleet and the load of the busiest month. A share of CPU is one of what processors can do, \
         `cpu_ceiling` times what a plan counts on. A dash is not computed: it takes a person. \
         Marks of the scenario's own are in brackets.",
    );
    let mut html = table.render();
    for card in cards {
        html += &findings(card);
    }
    markup::chapter("Scorecard", true, &html)
}

fn light(answer: &Answer) -> Cell {
    let word = match (answer.light, &answer.own) {
        (Some(light), _) => light.show(),
        (None, Some(own)) => format!("({})", own.mark.show()),
        (None, None) => "–".to_owned(),
    };
    Cell::toned(&word, tone(answer.shown()))
}

fn tone(light: Option<Light>) -> &'static str {
    match light {
        Some(Light::Green) => "good",
        Some(Light::Yellow) => "warn",
        Some(Light::Red) => "bad",
        None => "soft",
    }
}

fn findings(card: &Scorecard) -> String {
    let mut items = String::new();
    for answer in &card.answers {
        let unremarkable = answer.light.is_none_or(|light| light == Light::Green);
        if unremarkable && answer.own.is_none() {
            continue;
        }
        let own = answer
            .own
            .as_ref()
            .map(|own| format!(" Own mark: {}. {}", own.mark.show(), own.evidence));
        let (tone, light) = (tone(answer.shown()), answer.shown().map(|light| light.show()));
        items += &format!(
            "<li><span class=\"{tone}\">{}</span> {}: {}{}</li>\n",
            light.unwrap_or_default(),
            escape(answer.title),
            escape(&answer.finding),
            escape(&own.unwrap_or_default())
        );
    }
    if items.is_empty() {
        return String::new();
    }
    format!("<h3>{}</h3>\n<ul>\n{items}</ul>\n", escape(&card.platform))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Mark;

    /// What a report tells of an answer with a light and a mark of the scenario's own.
    fn told(light: Option<Light>, own: Option<Light>) -> String {
        let own = own.map(|mark| Mark {
            question: "storm".to_owned(),
            platform: None,
            mark,
            evidence: "we tried".to_owned(),
        });
        let answer = Answer {
            question: "storm",
            title: TITLES[0],
            part: crate::bill::Part::default(),
            light,
            finding: "what was found".to_owned(),
            evidence: Vec::new(),
            own,
        };
        findings(&Scorecard { platform: "p".to_owned(), answers: vec![answer], parts: Vec::new() })
    }

    #[test]
    fn a_light_that_is_not_green_is_explained() {
        assert!(told(Some(Light::Yellow), None).contains("what was found"));
        assert!(told(Some(Light::Red), Some(Light::Green)).contains("we tried"));
        // Nothing is to be said of a green light, or of none, unless somebody else says it.
        assert_eq!(told(Some(Light::Green), None), "");
        assert_eq!(told(None, None), "");
        assert!(told(Some(Light::Green), Some(Light::Red)).contains("we tried"));
        assert!(told(None, Some(Light::Green)).contains("we tried"));
    }
}
