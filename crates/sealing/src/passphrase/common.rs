//! What everybody tries first.

use zeroize::Zeroizing;

/// Letters only, small, sorted. From habit more than from any list of stolen passwords: a service
/// that has such a list at hand should ask it too.
const COMMON: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "administrator",
    "administratorpassword",
    "adminpassword",
    "allyourbasearebelongtous",
    "asdfghjkl",
    "breakingthechains",
    "changeme",
    "changemenow",
    "changemeplease",
    "correcthorsebatterystaple",
    "defaultpassword",
    "donttreadonme",
    "endhumantrafficking",
    "fourscoreandsevenyearsago",
    "godblessamerica",
    "homesweethome",
    "humantrafficking",
    "iamtheadministrator",
    "idontknow",
    "iforgotmypassword",
    "iloveyou",
    "iloveyouforever",
    "iloveyousomuch",
    "inthebeginning",
    "itwasthebestoftimesitwastheworstoftimes",
    "jesusismysavior",
    "justdoit",
    "letmein",
    "letmeinletmein",
    "letmeinnow",
    "letmeinplease",
    "loremipsumdolorsitamet",
    "maytheforcebewithyou",
    "mypassphrase",
    "mypassword",
    "nevergonnagiveyouup",
    "newpassword",
    "nopassword",
    "notapassword",
    "onceuponatime",
    "openmypassword",
    "opensesame",
    "ourfatherwhoartinheaven",
    "passphrase",
    "passphrasepassphrase",
    "passw",
    "password",
    "passwordpassword",
    "passwort",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdfghjkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "rosesareredvioletsareblue",
    "sayhellotomylittlefriend",
    "secretpassword",
    "superman",
    "supersecret",
    "supersecretpassword",
    "temporarypassword",
    "thelordismyshepherd",
    "thequickbrownfox",
    "thequickbrownfoxjumpsoverthelazydog",
    "thisisapassphrase",
    "thisisapassword",
    "thisismypassphrase",
    "thisismypassword",
    "tobeornottobe",
    "tobeornottobethatisthequestion",
    "tomorrowisanotherday",
    "trustnoone",
    "twinkletwinklelittlestar",
    "welcome",
    "welcometothejungle",
    "wethepeople",
    "wethepeopleoftheunitedstates",
    "whatisyourpassword",
    "winteriscoming",
    "youshallnotpass",
];

/// Whether nothing but digits, spaces and signs are added to what everybody tries. The whole is
/// compared, never a word within it (NIST SP 800-63B-4 §3.1.1.2).
pub(crate) fn is_common(folded: &[char]) -> bool {
    let mut letters = Zeroizing::new(String::with_capacity(4 * folded.len()));
    letters.extend(folded.iter().filter(|c| c.is_alphabetic()));
    COMMON.binary_search(&letters.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(COMMON.is_sorted_by(|one, next| one < next));
        let letters = |text: &&str| text.bytes().all(|c| c.is_ascii_lowercase());
        assert!(COMMON.iter().all(letters));
    }

    #[test]
    fn what_is_added_does_not_help_and_a_word_within_does_not_harm() {
        let is_common = |text: &str| is_common(&text.chars().collect::<Vec<_>>());
        assert!(is_common("correct horse battery staple"));
        assert!(is_common("2026!!! welcome 2026"));
        assert!(!is_common("welcome to seven herons"));
        assert!(!is_common("1234"));
    }
}
