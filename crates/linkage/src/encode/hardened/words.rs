//! Words of names: particles, sounds, nicknames.
//!
//! Rules by hand, from general knowledge of Spanish and English names.

use std::collections::HashMap;
use std::sync::LazyLock;

use zeroize::Zeroizing;

/// Words that say nothing of whose name it is.
const PARTICLES: [&str; 20] = [
    "DE", "LA", "LAS", "LOS", "DEL", "Y", "DA", "DO", "DOS", "DI", "VAN", "VON", "DER", "BIN",
    "AL", "EL", "JR", "SR", "II", "III",
];

/// A given name, then what it is called for short.
const NICKNAMES: &[&str] = &[
    "ALEJANDRA ALE ALEX SANDRA",
    "ALEJANDRO ALEX ALE",
    "ANTHONY TONY",
    "ANTONIO TONO TONY",
    "ASHLEY ASH",
    "BEATRIZ BETTY",
    "BENJAMIN BEN",
    "BRITTANY BRITT",
    "CATALINA CATA CATY",
    "CHRISTINA CHRIS TINA",
    "CHRISTOPHER CHRIS",
    "CONCEPCION CONCHA",
    "DANIEL DAN DANNY",
    "DAVID DAVE",
    "DESTINY DESI",
    "DOLORES LOLA",
    "EDUARDO LALO",
    "ELIZABETH LIZ BETH BETTY",
    "EMILY EM EMMY",
    "ENRIQUE KIKE QUIQUE",
    "ESPERANZA PERA",
    "FERNANDA FER",
    "FRANCISCO PACO PANCHO",
    "FRANCISCA PACA PANCHA",
    "GABRIELA GABY",
    "GUADALUPE LUPE LUPITA",
    "GUILLERMO MEMO",
    "IGNACIO NACHO",
    "ISABEL CHABELA ISA",
    "JACQUELINE JACKIE",
    "JAMES JIM JIMMY",
    "JENNIFER JEN JENNY",
    "JESSICA JESS JESSIE",
    "JESUS CHUY",
    "JOHN JACK JOHNNY",
    "JONATHAN JON",
    "JOSE PEPE CHEPE",
    "JOSEPH JOE JOEY",
    "JOSHUA JOSH",
    "JUANA JUANITA",
    "KATHERINE KATE KATY KATHY",
    "KIMBERLY KIM",
    "LUIS LUCHO",
    "MARGARITA MAGO",
    "MARIA MARY",
    "MATTHEW MATT",
    "MERCEDES MECHE",
    "MICHAEL MIKE",
    "MICHELLE SHELLY",
    "NICHOLAS NICK",
    "NICOLE NICKY NIKKI",
    "PATRICIA PATTY PATY TRISH",
    "RICARDO RICHI RICKY",
    "RICHARD RICK DICK",
    "ROBERT BOB ROB BOBBY",
    "ROBERTO BETO",
    "ROSARIO CHAYO",
    "SAMANTHA SAM",
    "STEPHANIE STEPH",
    "TERESA TERE",
    "THOMAS TOM TOMMY",
    "VANESSA NESSA",
    "VERONICA VERO",
    "VICTORIA VICKY TORI",
    "WILLIAM BILL WILL BILLY",
    "YOLANDA YOLI",
];

/// Whether a folded word is a particle.
pub(super) fn is_particle(word: &str) -> bool {
    word.len() <= 3 && PARTICLES.contains(&word)
}

/// The formal form of a given name, or the name itself.
pub(super) fn given_form(word: &str) -> Zeroizing<String> {
    static FORMAL: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let mut formal_of = HashMap::new();
        for row in NICKNAMES {
            let mut names = row.split(' ');
            if let Some(formal) = names.next() {
                names.for_each(|short| {
                    formal_of.entry(short).or_insert(formal);
                });
            }
        }
        formal_of
    });
    Zeroizing::new((*FORMAL.get(word).unwrap_or(&word)).to_owned())
}

/// How a folded word sounds, in Spanish or English: V as B, Z and soft C as S, hard C and Q as K,
/// soft G as J, no H, no doubled letters, no vowels but the first letter.
pub(super) fn sound(word: &str) -> Zeroizing<String> {
    let letters: Zeroizing<Vec<char>> = Zeroizing::new(word.chars().collect());
    let mut sounds = Zeroizing::new(String::with_capacity(4 * letters.len()));
    let mut last = None;
    for (place, &letter) in letters.iter().enumerate() {
        let next = letters.get(place + 1);
        let soft = matches!(next, Some('E' | 'I' | 'Y'));
        let said = match letter {
            'V' | 'W' => 'B',
            'Z' | 'X' => 'S',
            'C' if soft => 'S',
            'C' | 'Q' => 'K',
            'G' if soft => 'J',
            'P' if next == Some(&'H') => 'F',
            'Y' => 'I',
            'H' => continue,
            other => other,
        };
        let vowel = matches!(said, 'A' | 'E' | 'I' | 'O' | 'U');
        let first = sounds.is_empty();
        if (!vowel || first) && last != Some(said) {
            sounds.push(if vowel { 'A' } else { said });
        }
        last = Some(said);
    }
    sounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike() {
        for (one, other) in [
            ("VARGAS", "BARGAS"),
            ("HERNANDEZ", "ERNANDES"),
            ("WOOD", "VOOD"),
            ("JIMENEZ", "GIMENES"),
            ("CRUZ", "KRUS"),
            ("STEPHANIE", "STEFANY"),
        ] {
            assert_eq!(sound(one), sound(other), "{one} {other}");
        }
        assert_ne!(sound("MARTIN"), sound("MARIN"));
        assert_ne!(sound("LOPEZ"), sound("PEREZ"));
    }

    #[test]
    fn short_forms_have_their_formal_form() {
        assert_eq!(given_form("LUPE").as_str(), "GUADALUPE");
        assert_eq!(given_form("GUADALUPE").as_str(), "GUADALUPE");
        assert_eq!(given_form("XOCHITL").as_str(), "XOCHITL");
    }
}
