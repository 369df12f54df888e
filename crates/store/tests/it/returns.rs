//! A return's life.

use records::{Answer, Dimension, Qualifier, Standing};
use store::{Accepted, FigureFilter, ReturnState, Store, StoreError};

use crate::made::{at, by, figure, scope, sent};
use crate::stores::with_store;

async fn values(store: &Store) -> Vec<i64> {
    let figures = store.figures(&scope(), &FigureFilter::default()).await.unwrap();
    figures.iter().filter_map(|stored| stored.figure.answer.as_count()).collect()
}

#[test]
fn what_goes_in_comes_out_the_same() {
    with_store(async |store| {
        let mut qualified = by(figure("fresno", "2012-Q1", 0), Dimension::TraffickingType, "sex");
        qualified.answer = Answer::Qualified {
            qualifier: Qualifier::MoreThan,
            amount: records::Amount { scaled: 125, decimals: 1 },
        };
        qualified.as_of = Some("2012-06-30".parse().unwrap());
        qualified.note = Some("as said".to_owned());
        let mut words = figure("orange", "undated", 0);
        words.answer = Answer::Said { text: "web search".to_owned() };
        words.as_said = "web search".to_owned();
        let mut figures = vec![figure("fresno", "2010-12-16/2011-03-15", 12), qualified, words];
        for (answer, county) in [
            (Answer::Unknown, "kern"),
            (Answer::NotCollected, "kings"),
            (Answer::NotStated, "inyo"),
        ] {
            let mut one = by(figure("fresno", "2012/..", 0), Dimension::County, county);
            one.answer = answer;
            figures.push(one);
        }
        let new = sent("aaaa", figures.clone());
        store.accept(&scope(), &new, None, at()).await.unwrap();
        let mut kept: Vec<_> = store
            .figures(&scope(), &FigureFilter::default())
            .await
            .unwrap()
            .into_iter()
            .map(|stored| stored.figure)
            .collect();
        kept.sort_by_key(|figure| figure.id());
        figures.sort_by_key(|figure| figure.id());
        assert_eq!(kept, figures);
    });
}

#[test]
fn the_same_bytes_twice_change_nothing() {
    with_store(async |store| {
        let new = sent("aaaa", vec![figure("fresno", "2012-Q1", 12)]);
        assert_eq!(store.accept(&scope(), &new, None, at()).await.unwrap(), Accepted::New(1));
        let again = store.accept(&scope(), &new, None, at()).await.unwrap();
        assert_eq!(again, Accepted::Already(1, ReturnState::Accepted));
        let returns = store.returns(&scope()).await.unwrap();
        assert_eq!(returns.len(), 1);
        assert_eq!(returns[0].acts.len(), 1);
    });
}

#[test]
fn another_answer_to_the_same_question_is_refused_whole() {
    with_store(async |store| {
        let first = sent("aaaa", vec![figure("fresno", "2012-Q1", 12)]);
        store.accept(&scope(), &first, None, at()).await.unwrap();
        let other =
            sent("bbbb", vec![figure("fresno", "2012-Q2", 5), figure("fresno", "2012-Q1", 13)]);
        let refused = store.accept(&scope(), &other, None, at()).await;
        let Err(StoreError::Conflicts(conflicts)) = refused else { panic!("{refused:?}") };
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].return_id, 1);
        assert_eq!(values(&store).await, [12]);
        assert_eq!(store.returns(&scope()).await.unwrap().len(), 1);
    });
}

#[test]
fn a_correction_replaces_and_keeps() {
    with_store(async |store| {
        let first = sent("aaaa", vec![figure("fresno", "2012-Q1", 12)]);
        store.accept(&scope(), &first, None, at()).await.unwrap();
        let second = sent("bbbb", vec![figure("fresno", "2012-Q1", 13)]);
        let done = store.accept(&scope(), &second, Some((1, "counted twice")), at()).await;
        assert_eq!(done.unwrap(), Accepted::New(2));
        assert_eq!(values(&store).await, [13]);
        let answers = store.answers(&scope(), &figure("fresno", "2012-Q1", 0).id()).await.unwrap();
        let all: Vec<_> = answers.iter().map(|stored| stored.figure.answer.as_count()).collect();
        assert_eq!(all, [Some(12), Some(13)]);
        let returns = store.returns(&scope()).await.unwrap();
        assert_eq!(returns[0].state, ReturnState::Corrected);
        assert_eq!(returns[0].corrected_by, Some(2));
        let act = returns[0].acts.last().unwrap();
        assert_eq!(
            (act.act.as_str(), act.who.as_str(), act.why.as_str()),
            ("corrected", "tester", "counted twice")
        );
    });
}

#[test]
fn when_a_correction_is_withdrawn_the_first_return_can_come_back() {
    with_store(async |store| {
        let first = sent("aaaa", vec![figure("fresno", "2012-Q1", 12)]);
        store.accept(&scope(), &first, None, at()).await.unwrap();
        let second = sent("bbbb", vec![figure("fresno", "2012-Q1", 13)]);
        store.accept(&scope(), &second, Some((1, "counted twice")), at()).await.unwrap();
        let early = store.restore(&scope(), 1, "too early", at()).await;
        assert!(matches!(early, Err(StoreError::Conflicts(_))), "{early:?}");
        store.withdraw(&scope(), 2, "it was right", at()).await.unwrap();
        store.restore(&scope(), 1, "it was right", at()).await.unwrap();
        assert_eq!(values(&store).await, [12]);
    });
}

#[test]
fn a_correction_answers_at_least_one_of_the_same_questions() {
    with_store(async |store| {
        let first = sent("aaaa", vec![figure("fresno", "2012-Q1", 12)]);
        store.accept(&scope(), &first, None, at()).await.unwrap();
        let other = sent("bbbb", vec![figure("orange", "2012-Q1", 13)]);
        let refused = store.accept(&scope(), &other, Some((1, "by mistake")), at()).await;
        assert!(matches!(refused, Err(StoreError::CorrectsNothing(1))), "{refused:?}");
        assert_eq!(values(&store).await, [12]);
    });
}

#[test]
fn an_as_of_date_is_later_than_none() {
    with_store(async |store| {
        let first = figure("ca-doj", "2011", 28);
        let mut second = figure("ca-doj", "2011", 31);
        second.as_of = Some("2013-09-30".parse().unwrap());
        store.accept(&scope(), &sent("aaaa", vec![first.clone()]), None, at()).await.unwrap();
        store.accept(&scope(), &sent("bbbb", vec![second]), None, at()).await.unwrap();
        assert_eq!(values(&store).await, [31]);
        let mut third = first;
        third.answer = Answer::exactly(40);
        let refused = store.accept(&scope(), &sent("cccc", vec![third]), None, at()).await;
        assert!(matches!(refused, Err(StoreError::Conflicts(_))), "{refused:?}");
    });
}

#[test]
fn a_later_as_of_date_is_a_revision() {
    with_store(async |store| {
        let mut first = figure("ca-doj", "2011", 28);
        first.as_of = Some("2012-09-30".parse().unwrap());
        let mut second = figure("ca-doj", "2011", 31);
        second.as_of = Some("2013-09-30".parse().unwrap());
        store.accept(&scope(), &sent("bbbb", vec![second]), None, at()).await.unwrap();
        store.accept(&scope(), &sent("aaaa", vec![first]), None, at()).await.unwrap();
        assert_eq!(values(&store).await, [31], "the order in which they came in does not matter");
    });
}

#[test]
fn a_withdrawal_can_be_undone_while_nobody_else_has_answered() {
    with_store(async |store| {
        let first = sent("aaaa", vec![figure("fresno", "2012-Q1", 12)]);
        store.accept(&scope(), &first, None, at()).await.unwrap();
        store.withdraw(&scope(), 1, "wrong quarter", at()).await.unwrap();
        assert!(values(&store).await.is_empty());
        store.restore(&scope(), 1, "right after all", at()).await.unwrap();
        assert_eq!(values(&store).await, [12]);
        store.withdraw(&scope(), 1, "wrong quarter", at()).await.unwrap();
        let second = sent("bbbb", vec![figure("fresno", "2012-Q1", 13)]);
        store.accept(&scope(), &second, None, at()).await.unwrap();
        let refused = store.restore(&scope(), 1, "again", at()).await;
        assert!(matches!(refused, Err(StoreError::Conflicts(_))), "{refused:?}");
        let acts: Vec<String> = store.returns(&scope()).await.unwrap()[0]
            .acts
            .iter()
            .map(|act| act.act.clone())
            .collect();
        assert_eq!(acts, ["received", "withdrawn", "restored", "withdrawn"]);
    });
}

#[test]
fn made_up_answers_never_meet_real_ones() {
    with_store(async |store| {
        let mut real = sent("aaaa", vec![figure("fresno", "2012-Q1", 12)]);
        real.standing = Standing::Published;
        let mut made_up = sent("bbbb", vec![figure("fresno", "2012-Q1", 99)]);
        made_up.standing = Standing::Synthetic;
        store.accept(&scope(), &real, None, at()).await.unwrap();
        store.accept(&scope(), &made_up, None, at()).await.unwrap();
        let filter = FigureFilter { standing: Some(Standing::Published), measure: None };
        let figures = store.figures(&scope(), &filter).await.unwrap();
        assert_eq!(figures.len(), 1);
        assert_eq!(figures[0].figure.answer.as_count(), Some(12));
        // What was sent, and not published, does not even come in.
        let submitted = sent("cccc", vec![figure("fresno", "2012-Q2", 12)]);
        let refused = store.accept(&scope(), &submitted, None, at()).await;
        assert!(matches!(refused, Err(StoreError::OtherWorld { practice: false, .. })));
    });
}

#[test]
fn a_return_is_found_by_number_or_digest() {
    with_store(async |store| {
        store
            .accept(&scope(), &sent("abcd", vec![figure("fresno", "2012-Q1", 1)]), None, at())
            .await
            .unwrap();
        assert_eq!(store.find_return(&scope(), "1").await.unwrap().id, 1);
        assert_eq!(store.find_return(&scope(), "abcdab").await.unwrap().id, 1);
        assert!(matches!(
            store.find_return(&scope(), "abc").await,
            Err(StoreError::NoSuchReturn(_))
        ));
    });
}
