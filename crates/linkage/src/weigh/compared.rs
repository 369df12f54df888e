//! Where one person's pairs tell of a field.
//!
//! A person's records that differ in the birth date and in a name share no key, unless a phone or
//! an address does, and are no candidates: learnt from all candidates, such differences would be
//! taken for rarer than they are. And where relatives meet, what they differ in would be taken for
//! what one person's records differ in. So of one person's pairs each field is learnt where the
//! *other* fields alone bring all of them together, and away from where it is in doubt whose pairs
//! they are. As fields are independent within the class, nothing else is lost by that than pairs.
//!
//! | field | pairs |
//! |---|---|
//! | names | with the same birth date; those of which no name agrees, by the share that meets by a place |
//! | birth date | of which both names agree, hardly at common places |
//! | phone and address | of which both names agree, or one name and the birth date |
//! | all others | likewise |

use crate::compare::{
    BIRTH, BIRTH_EXACT, BIRTH_EXACT_HEAPED, CONTACT, GIVEN_EXACT, NAME, NameLevels, SURNAME_EXACT,
    SURNAME_SOUND, VARIANT, own_place, same_or_shared_place,
};
use crate::weigh::mixture::Chances;

/// How many of a pair's names bring it together: both only where neither is so common that too many
/// have the full name for a block.
fn names_alike(cell: usize) -> usize {
    let levels = NameLevels::of(cell);
    let common = levels.given == GIVEN_EXACT || levels.surname == SURNAME_EXACT;
    let alike = usize::from(levels.given >= VARIANT) + usize::from(levels.surname >= SURNAME_SOUND);
    if common { alike.min(1) } else { alike }
}

fn same_birth(cell: usize) -> bool {
    matches!(cell, BIRTH_EXACT | BIRTH_EXACT_HEAPED)
}

/// What a pair at a common place tells of birth dates: little, but something where all pairs are.
const AT_A_PLACE: f64 = 0.05;

/// How much one person's pairs with these cells tell of each field.
pub(super) fn tells(cells: &[u16; 6]) -> [f64; 6] {
    let cells = cells.map(usize::from);
    let (names, same_birth) = (names_alike(cells[NAME]), same_birth(cells[BIRTH]));
    let by_who = names == 2 || names == 1 && same_birth;
    let all = |tells: bool| f64::from(u8::from(tells));
    let mut tells = [all(by_who); 6];
    tells[NAME] = all(same_birth && (names > 0 || own_place(cells[CONTACT])));
    tells[BIRTH] = all(names == 2);
    if same_or_shared_place(cells[CONTACT]) {
        tells[BIRTH] *= AT_A_PLACE;
    }
    tells
}

/// Makes up for the pairs of which no name agrees and that meet by no place; gives the number of
/// all pairs of one person, compared or not.
pub(super) fn complete(counts: &mut Chances) -> f64 {
    let share = |counts: &[f64], of: &dyn Fn(usize) -> bool| {
        let some: f64 = (0..counts.len()).filter(|cell| of(*cell)).map(|cell| counts[cell]).sum();
        some / (counts.iter().sum::<f64>() + 1e-9)
    };
    let by_place = share(&counts[CONTACT], &own_place).max(0.05);
    for (cell, count) in counts[NAME].iter_mut().enumerate() {
        if names_alike(cell) == 0 {
            *count /= by_place;
        }
    }
    let with_names = |names: usize| share(&counts[NAME], &|cell| names_alike(cell) == names);
    let by_who = with_names(2) + with_names(1) * share(&counts[BIRTH], &same_birth);
    counts[CONTACT].iter().sum::<f64>() / by_who.max(0.3)
}
