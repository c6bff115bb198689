use std::rc::Rc;

use yew::prelude::*;

use super::{prose, scrolling};
use crate::desk::{Desk, Lane};
use crate::hooks::use_settled;
use model::map::Map;
use page_engine::protocol::{Card, CardAnswer, Sheet, Told, What};

/// Milliseconds without a new answer after which questions are run.
const SETTLED: i32 = 600;

#[derive(Clone, Properties)]
pub struct ScorecardsProps {
    /// The scenario.
    pub text: Rc<str>,
    /// Its answer.
    pub sheet: Rc<Sheet>,
    /// Who is asked for scorecards.
    pub desk: Desk,
}

impl PartialEq for ScorecardsProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.sheet, &other.sheet)
    }
}

/// Cards by their platforms, as they come in.
#[derive(Default, PartialEq)]
struct Cards(Map<String, Card>);

enum Step {
    Clear,
    Take(Box<Card>),
}

impl Reducible for Cards {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut cards = match step {
            Step::Clear => return Rc::new(Self::default()),
            Step::Take(_) => self.0.clone(),
        };
        if let Step::Take(card) = step {
            cards.insert(card.platform.clone(), *card);
        }
        Rc::new(Self(cards))
    }
}

/// The readiness questions, run for every platform beside the page: a light for each, and what was found.
#[component]
pub fn Scorecards(props: &ScorecardsProps) -> Html {
    let cards = use_reducer(Cards::default);
    let asked = use_state(|| None::<(String, usize)>);
    let names: Vec<String> = props
        .sheet
        .rows
        .iter()
        .filter(|row| row.rejected.is_empty() && !row.part)
        .map(|row| row.name.clone())
        .collect();
    {
        let cards = cards.dispatcher();
        let names = names.clone();
        use_settled(props.clone(), SETTLED, move |props| {
            cards.dispatch(Step::Clear);
            // Topics by place, so that a newer scenario's questions replace those that wait.
            for (index, name) in names.iter().enumerate() {
                let cards = cards.clone();
                let then = Callback::from(move |told| {
                    if let Told::Scorecard(card) = told {
                        cards.dispatch(Step::Take(card));
                    }
                });
                let what = What::Scorecard { platform: name.clone() };
                props.desk.ask(Lane::Aside, &format!("card-{index}"), &props.text, what, then);
            }
        });
    }
    let questions: Vec<String> = cards
        .0
        .values()
        .next()
        .map(|card| card.answers.iter().map(|answer| answer.title.clone()).collect())
        .unwrap_or_default();
    if questions.is_empty() {
        return html! { <p class="quiet">{ "Nine questions are being run for each platform…" }</p> };
    }
    let table = html! {
        <table class="dense cards-table">
            <caption><span>{ "Readiness, as runs of this scenario answer it. Choose a light to see what was found." }</span></caption>
            <thead><tr>
                <th scope="col">{ "Platform" }</th>
                for question in &questions {
                    <th scope="col">{ question }</th>
                }
            </tr></thead>
            <tbody>
                for name in &names {
                    <tr>
                        <th scope="row">{ name }</th>
                        if let Some(card) = cards.0.get(name) {
                            for (index, answer) in card.answers.iter().enumerate() {
                                <td>{ light(name, index, answer, &asked) }</td>
                            }
                        } else {
                            <td colspan={questions.len().to_string()} class="quiet">{ "running…" }</td>
                        }
                    </tr>
                }
            </tbody>
        </table>
    };
    let found = asked.as_ref().and_then(|(name, index)| {
        let answer = cards.0.get(name)?.answers.get(*index)?;
        Some((name.clone(), answer.clone()))
    });
    html! {
        <>
            { scrolling("Scorecards", table) }
            <div class="found" aria-live="polite">
                if let Some((name, answer)) = found {
                    <h4>{ format!("{name}: {}", answer.title) }</h4>
                    <p>{ prose(&answer.finding) }</p>
                    if !answer.evidence.is_empty() {
                        <dl>
                            for (what, value) in &answer.evidence {
                                <div><dt>{ what }</dt><dd>{ value }</dd></div>
                            }
                        </dl>
                    }
                }
            </div>
        </>
    }
}

/// A light as a word with a shape, so that it takes no color.
fn light(
    platform: &str,
    index: usize,
    answer: &CardAnswer,
    asked: &UseStateHandle<Option<(String, usize)>>,
) -> Html {
    let (sign, word) = match answer.light.as_str() {
        "green" => ("●", "green"),
        "yellow" => ("▲", "yellow"),
        "red" => ("■", "red"),
        _ => ("–", "not computed"),
    };
    let chosen = asked.as_ref().is_some_and(|(name, at)| name == platform && *at == index);
    let onclick = {
        let (asked, this) = (asked.clone(), (platform.to_owned(), index));
        move |_| asked.set(Some(this.clone()))
    };
    html! {
        <button type="button" class={classes!("light", answer.light.clone())} aria-pressed={chosen.to_string()} aria-label={format!("{platform}, {}: {word}", answer.title)} {onclick}>
            <span aria-hidden="true">{ sign }</span>{ " " }{ word }
        </button>
    }
}
