//! Whether a column or a cell is, or may be, about a person.
//!
//! In: a header as somebody typed it, or the text of one cell. Out: yes or no, or what the text
//! looks like. Both err towards yes: a false yes costs a withheld value, a false no prints a name.
//!
//! A header is folded to lower case without accents and cut into words at spaces, punctuation,
//! digits and `camelCase`; words run together (`dateofbirth`, `RECID`) are cut at the words known
//! here. A header that counts (`phone calls`, `number of victims`) is not about one person.
//! A bare `id` and a postcode are not taken as personal: returns have them too. Free text is for
//! [`looks_personal`].

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

/// Some words; a draft is looked over while somebody types, and asks about each of its headers.
type Words = LazyLock<HashSet<&'static str>>;

/// Of a text with one blank between them.
fn set(words: &'static str) -> HashSet<&'static str> {
    words.split(' ').collect()
}

/// Words that make a header personal wherever they stand; the last of them of other languages that
/// are spoken where returns are filled in.
static ALWAYS: Words = LazyLock::new(|| {
    set(
        "dob birth birthday birthdate birthplace ssn itin passport surname forename nickname alias \
     aliases aka maiden moniker lname fname mname username initials signature phone telephone \
     cellphone email address addresses addr fingerprint fingerprints biometric photo photograph \
     mugshot iban narrative vin anumber apellido apellidos telefono celular direccion domicilio \
     correo nacimiento pasaporte curp prenom adresse naissance courriel vorname nachname \
     geburtsdatum anschrift",
    )
});

/// Words that make a header personal when they are all of it.
static ALONE: Words = LazyLock::new(|| {
    set(
        "first last middle given family alien street mobile victim client survivor suspect defendant \
     offender perpetrator arrestee trafficker patient inmate informant witness caller \
     complainant officer detective contact plate nombre",
    )
});

/// One person among those a file may tell of. The plural counts them and is not listed.
static PERSON: Words = LazyLock::new(|| {
    set("victim client survivor suspect defendant offender perpetrator arrestee trafficker buyer \
     person patient participant individual child minor youth witness caller complainant \
     informant tipster subject inmate employee worker owner parent guardian mother father spouse \
     sibling relative contact officer detective investigator advocate caseworker attorney \
     interpreter household applicant beneficiary student user customer resident citizen \
     respondent nino nina victima cliente")
});

/// What numbers a person or a person's papers; with one of [`NUMBER`] behind it, personal.
static PAPER: Words = LazyLock::new(|| {
    set(
        "case record rec alien a uscis security sec national tax licence license plate visa booking \
     arrest jail prisoner fbi cii docket incident account card medicaid medicare insurance \
     intake fax cell mobile identity id apartment apt certificate interview vehicle contact",
    )
});

/// Words for an identifier.
static NUMBER: Words = LazyLock::new(|| {
    set("id ids no nr num number ref reference uid uuid guid identifier pseudonym hash")
});

/// Words for an identifier when a person stands before them; behind a thing they are a code list.
static PERSON_NUMBER: Words = LazyLock::new(|| set("key code token"));

/// Things other than people that have names.
static NAMED_THINGS: Words = LazyLock::new(|| {
    set(
        "force agency agencies county counties city town state country region district jurisdiction \
     programme program measure organization organisation org department dept unit coalition \
     provider shelter office court school venue sector place station statute offence offense \
     crime law section bill act service benefit category type group kind code field column table \
     chart sheet file form report return dataset series list source event training course \
     language currency definition term topic grant grantee company business institution hotline \
     campaign project operation team bureau ministry period quarter variable metric indicator \
     status product brand domain host server database schema rule",
    )
});

/// Words at the end of a header that counts things instead of naming one.
static COUNTING: Words = LazyLock::new(|| {
    set("count counts total totals calls contacts percent pct percentage share rate average mean \
     median sum tally conversations requests seized confiscated")
});

/// Words that say nothing alone, known so that words run together can be cut.
static OTHER: Words = LazyLock::new(|| {
    set("name names nm nom nombre of date social soc driver drivers driving dl street mail home \
     mailing task first last middle given family full legal screen line")
});

/// Whether a column with this header is, or may be, about a person.
///
/// # Examples
///
/// ```
/// use records::person::is_about_a_person;
///
/// assert!(is_about_a_person("Victim's First Name"));
/// assert!(is_about_a_person("dateOfBirth"));
/// assert!(!is_about_a_person("task_force_name"));
/// assert!(!is_about_a_person("number of victims"));
/// ```
pub fn is_about_a_person(header: &str) -> bool {
    let words = words(header);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if counts_things(&words) {
        return false;
    }
    if let [only] = words[..]
        && ALONE.contains(only)
    {
        return true;
    }
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).map(|before| words[before]);
        ALWAYS.contains(word)
            || is_name(word, before, &words[at + 1..])
            || before.is_some_and(|before| is_identifier(before, word))
            || is_phrase(&words[at..])
    })
}

fn counts_things(words: &[&str]) -> bool {
    match words {
        [.., "emergency", "contacts"] => false,
        ["number" | "no" | "count" | "total" | "percent" | "pct" | "share" | "rate", "of", ..]
        | ["count" | "total", _, ..] => true,
        [_, .., last] => COUNTING.contains(last),
        _ => false,
    }
}

/// A name is a person's unless the thing it names stands before it, or behind it with no person.
fn is_name(word: &str, before: Option<&str>, after: &[&str]) -> bool {
    if !["name", "names", "nm", "nombre", "nom"].contains(&word) {
        return false;
    }
    if after.iter().any(|word| PERSON.contains(word)) {
        return true;
    }
    match before {
        Some(before) => !NAMED_THINGS.contains(before),
        None => !after.iter().any(|word| NAMED_THINGS.contains(word)),
    }
}

/// `case no`, `victim code`, `clients' id`.
fn is_identifier(before: &str, word: &str) -> bool {
    let counts = ["no", "num", "number"].contains(&word);
    let one = before.strip_suffix('s').filter(|_| !counts).unwrap_or(before);
    if PERSON.contains(before) || PERSON.contains(one) {
        return NUMBER.contains(word) || PERSON_NUMBER.contains(word);
    }
    PAPER.contains(before) && NUMBER.contains(word)
}

fn is_phrase(words: &[&str]) -> bool {
    matches!(
        words,
        ["social" | "soc", "security" | "sec" | "number" | "insurance", ..]
            | ["e", "mail", ..]
            | ["driver" | "drivers" | "driving" | "dl", "licence" | "license" | "permit", ..]
            | ["dl", "no" | "num" | "number" | "id", ..]
            | ["alien", "registration" | "reg", ..]
            | ["street", "name" | "number" | "no" | "num" | "line", ..]
            | ["home" | "mailing", "zip" | "postcode", ..]
            | ["emergency", "contact" | "contacts", ..]
            | ["contact", "person" | "details" | "info" | "information", ..]
    )
}

/// The words of a header, folded to lower case without accents.
fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    let mut letters = header.chars().peekable();
    while let Some(letter) = letters.next() {
        let next_is_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        let starts_a_word = letter.is_uppercase()
            && (previous.is_lowercase() || (previous.is_uppercase() && next_is_lower));
        if starts_a_word {
            words.push(String::new());
        }
        match letter {
            '#' | '№' => words.extend(["number".to_owned(), String::new()]),
            '\u{300}'..='\u{36F}' | '\'' | '’' => {}
            letter if letter.is_alphabetic() => {
                if let Some(word) = words.last_mut() {
                    fold(letter, word);
                }
            }
            _ => words.push(String::new()),
        }
        previous = letter;
    }
    let mut cut_words = Vec::with_capacity(words.len());
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        match cut(&word, 4) {
            Some(parts) => cut_words.extend(parts.into_iter().map(str::to_owned)),
            None => cut_words.push(word),
        }
    }
    cut_words
}

/// Every word at which words that run together can be cut.
static KNOWN: Words = LazyLock::new(|| {
    let lists: [&Words; 8] =
        [&ALWAYS, &ALONE, &PERSON, &PAPER, &NUMBER, &PERSON_NUMBER, &NAMED_THINGS, &OTHER];
    lists.into_iter().flat_map(|list| list.iter().copied()).collect()
});

/// Cuts `clientidnumber` at known words of two letters or more, the longest first.
fn cut(word: &str, most: usize) -> Option<Vec<&str>> {
    if KNOWN.contains(word) {
        return Some(vec![word]);
    }
    if most == 1 {
        return None;
    }
    let places = word.char_indices().map(|(at, _)| at).filter(|&at| at >= 2).rev();
    places.into_iter().find_map(|at| {
        let (first, rest) = word.split_at(at);
        if !KNOWN.contains(first) {
            return None;
        }
        let mut parts = vec![first];
        parts.extend(cut(rest, most - 1)?);
        Some(parts)
    })
}

fn fold(letter: char, word: &mut String) {
    let plain = match letter {
        'À'..='Æ' | 'à'..='æ' | 'Ā'..='ą' => 'a',
        'Ç' | 'ç' | 'Ć'..='č' => 'c',
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => 'e',
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => 'i',
        'Ñ' | 'ñ' | 'Ń'..='ň' => 'n',
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='œ' => 'o',
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => 'u',
        'Ý' | 'ý' | 'ÿ' => 'y',
        'ß' | 'Ś'..='š' => 's',
        'Ź'..='ž' => 'z',
        'Ａ'..='Ｚ' => char::from(b'a' + (u32::from(letter) - 0xFF21) as u8),
        'ａ'..='ｚ' => char::from(b'a' + (u32::from(letter) - 0xFF41) as u8),
        other => return word.extend(other.to_lowercase()),
    };
    word.push(plain);
}

/// A date as people write it: `3/14/1999`, `1999-03-14`, `March 14, 1999`, `14 March 1999`.
const A_DATE: &str = r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}|(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:\d{4}))";

static SSN: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?:^|[^\d\-])\d{3}[-–‑ ]\d{2}[-–‑ ]\d{4}(?:$|[^\d\-])"));

static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)[^\s@,;<>]\s?(?:@|\(at\)|\[at\])\s?[^\s@,;<>]+\.[a-z]{2}"));

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?:^|[^\d.\-])(?:\+?1[-–.\s]?)?(?:\(\d{3}\)\s?|\d{3}[-–.\s])\d{3}[-–.\s]\d{4}(?:$|[^\d\-])|\+[1-9](?:[-–.\s()]{0,2}\d){7,14}(?:$|\D)|(?i:phone|tel|cell|mobile|call|text)\w*\.?:?\s*(?:\d[-–.\s]?){6,14}\d",
    )
});

static BIRTH: LazyLock<Regex> = LazyLock::new(|| {
    constant(&format!(
        r"(?i)(?:\bd\.?o\.?b\b|date of birth|birth\s?date|birthday|\bborn\b|\bnacid[oa]\b|nacimiento)\W{{0,3}}(?:(?:is|was|on|el)\W{{1,2}})?{A_DATE}"
    ))
});

fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant that the tests compile")
}

/// What personal detail a text seems to hold: a social security number, an e-mail address, a
/// telephone number or a date of birth.
///
/// It reads forms, not meaning: a name in a sentence is not seen. A bare date is not a birth;
/// nine or ten digits in a row, with nothing to say what they are, are not a number of a person.
///
/// # Examples
///
/// ```
/// use records::person::looks_personal;
///
/// assert_eq!(looks_personal("ask 078-05-1120"), Some("a social security number"));
/// assert_eq!(looks_personal("born March 14, 1999"), Some("a date of birth"));
/// assert_eq!(looks_personal("Penal Code 236.1, since 2005-09-21"), None);
/// ```
pub fn looks_personal(cell: &str) -> Option<&'static str> {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let at = cell.contains('@') || cell.contains("(at)") || cell.contains("[at]");
    if at && EMAIL.is_match(cell) {
        Some("an e-mail address")
    } else if digits >= 9 && SSN.is_match(cell) {
        Some("a social security number")
    } else if digits >= 7 && PHONE.is_match(cell) {
        Some("a telephone number")
    } else if digits >= 4 && BIRTH.is_match(cell) {
        Some("a date of birth")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_about_a_person() {
        let all = "name | Name | NAMES | first_name | First Name | lastName | LASTNAME | full name | \
             given_name | surname | Family Name | Maiden | Alias(es) | AKA | victim name | \
             Victim's Name | name_of_victim | Agency contact name | officer_name | DOB | \
             victimDOB | dateofbirth | Date of Birth | Birth Country | SSN | Social Security # | \
             soc_sec_id | social_security_number | passport_no | Passport | Alien Number | \
             A-Number | A# | anumber | Alien | driver_licence | Driver's License No. | DRIVERS \
             LICENSE | licence number | phone | Phone 2 | telephone_number | e-mail | Email \
             Address | address_1 | home address | street | Street Name | street_number | case_id \
             | Case No. | CASE # | caseid | ClientID | client_code | victim_id | Victim's ID | \
             Victims' ID | rec_id | RecID | record_id | person_uuid | subject_ref | Prénom | \
             Teléfono | Dirección | Fecha de nacimiento | Vic\u{327}tim nam\u{301}e | ｎａｍｅ | \
             first | Last | Victim | client | license plate number | Emergency contacts | contact_info | initials | narrative";
        for header in all.split(" | ") {
            assert!(is_about_a_person(header), "{header}: {:?}", words(header));
        }
    }

    #[test]
    fn headers_about_something_else() {
        let all = " | task_force_name | TaskForceName | taskforcename | agency_name | county_name | \
             Name of county | Name of the task force | programme | Program Name | measure | \
             value | quarter | period | as_of | state | number of victims | No. of clients | \
             victims_identified | victims | clients_served | individuals_arrested | suspects | \
             Cases | case_type | number of cases | First quarter | last_quarter | first_service \
             | phone calls | calls by phone total | count of addresses | statute | section | \
             year | through | arrests | convictions | cash_assistance | total | category | note \
             | street prostitution | alien_smuggling | social_services | family_violence | \
             given_at | federal_fiscal_year | adult_certification | child_eligibility | \
             share_of_state_pct | a | A | b | c1 | id | reporter | place | base_city | unit | \
             hours | trained | minor | adult | child | language_name | identified | certified | \
             insurance | status";
        for header in all.split(" | ") {
            assert!(!is_about_a_person(header), "{header}: {:?}", words(header));
        }
    }

    #[test]
    fn text_that_holds_personal_details() {
        for (text, what) in [
            ("078-05-1120", "a social security number"),
            ("SSN: 078 05 1120.", "a social security number"),
            ("write to a.b@example.org", "an e-mail address"),
            ("a.b (at) example.org", "an e-mail address"),
            ("(213) 555-0123", "a telephone number"),
            ("call 213.555.0123 now", "a telephone number"),
            ("213-555-0123", "a telephone number"),
            ("+52 55 1234 5678", "a telephone number"),
            ("tel: 5550123", "a telephone number"),
            ("DOB 3/14/1999", "a date of birth"),
            ("she was born on 14 March 1999", "a date of birth"),
            ("date of birth: 1999-03-14", "a date of birth"),
            ("born Mar. 14, 1999", "a date of birth"),
        ] {
            assert_eq!(looks_personal(text), Some(what), "{text}");
        }
    }

    #[test]
    fn text_that_holds_none() {
        let all = " | 12 | 1,277 | 2011-07-01 | 1999-03-14/2000-01-01 | Penal Code 236.1(a)(1) | \
             653.22 was repealed | more than 300 | 2012-03-01 to 2012-06-30 | 100-200-300 | the \
             task force was born in 2005 | 1234567890 | @ | 10.1234/56789 | 123-456-7890123 | \
             San José, 2011 | 236-1234 | 2010-12-16/2011-03-15";
        for text in all.split(" | ") {
            assert_eq!(looks_personal(text), None, "{text}");
        }
    }

    proptest::proptest! {
        /// No header and no cell makes either panic.
        #[test]
        fn any_text_is_judged(text in ".{0,60}") {
            is_about_a_person(&text);
            looks_personal(&text);
        }

        /// Separators never matter.
        #[test]
        fn separators_do_not_matter(separator in "[ _.\\-/]{1,2}") {
            for words in [["victim", "name"], ["case", "no"], ["date", "birth"]] {
                proptest::prop_assert!(is_about_a_person(&words.join(&separator)));
            }
        }
    }
}
