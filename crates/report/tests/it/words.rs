//! The words: what titles may say, and what no page says to a person.

use report::Site;

use crate::{people_sample, sample};

/// The text of a page without its tags.
pub(crate) fn text(markup: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

fn titles(page: &str) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    for tag in ["title", "h1", "h2", "h3"] {
        for rest in page.split(&format!("<{tag}")).skip(1) {
            let title = rest.split(&format!("</{tag}>")).next().unwrap();
            let title = text(title.split_once('>').unwrap().1);
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
    }
    titles
}

#[test]
fn titles_say_the_finding() {
    let index = Site::of(&sample::report()).unwrap().files.remove("index.html").unwrap();
    insta::assert_snapshot!("titles", titles(&index).join("\n"));
}

#[test]
fn no_title_claims_a_direction_or_an_order() {
    for (name, page) in Site::of(&people_sample::report()).unwrap().files {
        for title in titles(&page) {
            let words: Vec<String> = title
                .to_lowercase()
                .split(|c: char| !c.is_alphabetic())
                .map(str::to_owned)
                .collect();
            for word in [
                "rose",
                "fell",
                "rise",
                "fall",
                "risen",
                "fallen",
                "increase",
                "increased",
                "decrease",
                "decreased",
                "grew",
                "growing",
                "soared",
                "dropped",
                "doubled",
                "tripled",
                "ranked",
                "top",
                "best",
                "worst",
                "success",
                "successful",
            ] {
                assert!(!words.iter().any(|found| found == word), "{name}: {title}");
            }
        }
    }
}

#[test]
fn a_comparison_says_how_many_reported_at_both_ends() {
    let index = Site::of(&sample::report()).unwrap().files.remove("index.html").unwrap();
    for chart in ["chart-1", "chart-2", "chart-3"] {
        let chart = index.split(&format!("id=\"{chart}\"")).nth(1).unwrap();
        let chart = chart.split("</figure>").next().unwrap();
        assert!(chart.contains(
            "Eight task forces were reporting in the first quarter and nine in the last; eight at both \
             ends. San Jose/South Bay Human Trafficking Task Force joined on July 1, 2011."
        ));
    }
}

#[test]
fn rescued_is_only_quoted() {
    for (name, page) in Site::of(&people_sample::report()).unwrap().files {
        if name.ends_with(".html") {
            let page = text(&page).to_lowercase().replace("victim_rescued_stated", "");
            assert_eq!(
                page.matches("rescued").count(),
                page.matches("“rescued”").count(),
                "{name}"
            );
        }
    }
}

#[test]
fn no_sentence_calls_the_reader_a_victim() {
    for (name, page) in Site::of(&people_sample::report()).unwrap().files {
        for sentence in text(&page).split(['.', '\n']) {
            let words: Vec<String> = sentence
                .to_lowercase()
                .split(|c: char| !c.is_alphabetic())
                .map(str::to_owned)
                .collect();
            let has = |word: &str| words.iter().any(|found| found == word);
            assert!(!(has("victim") && (has("you") || has("your"))), "{name}: {sentence}");
        }
    }
}

#[test]
fn task_forces_stand_in_the_order_of_the_register() {
    let report = sample::report();
    let index = Site::of(&report).unwrap().files.remove("index.html").unwrap();
    let who = index.split("id=\"who-reported\"").nth(1).unwrap();
    let places: Vec<_> =
        report.task_forces.iter().map(|force| who.find(&force.name).unwrap()).collect();
    assert!(places.is_sorted());
}
