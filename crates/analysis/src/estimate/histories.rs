//! People counted → a file of capture histories, as [`super::run`] reads it.

use report::PeopleCounted;

/// Who is on exactly which kinds of list, with whole numbers: for the office that counted, not for
/// publication. Kinds of list that came as totals only are in no history and have no column.
pub fn histories_csv(counted: &PeopleCounted) -> String {
    let on_some = |code: &str| {
        counted.histories.iter().any(|history| history.lists.iter().any(|list| list == code))
    };
    let lists = counted.lists.iter().map(|list| list.code.as_str());
    let lists: Vec<&str> = lists.filter(|code| on_some(code)).collect();
    // Codes of the register are plain words: no cell needs quotes.
    let mut file = format!("{},count\n", lists.join(","));
    for history in &counted.histories {
        for list in &lists {
            file.push_str(if history.lists.iter().any(|code| code == list) { "1," } else { "0," });
        }
        file.push_str(&format!("{}\n", history.people));
    }
    file
}
