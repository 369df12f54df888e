//! The first step of linkage: which people, as several agencies know them, are the same person.
//!
//! In, at each agency: a person's names, date of birth and sex. Out of the agency: sixteen bytes
//! ([`Encoding`]) made with a key that the agencies share and the clearinghouse never holds. In, at
//! the clearinghouse: the encodings. Out: clusters of people with the same encoding
//! ([`ExactLinking`]).
//!
//! | module | what |
//! |---|---|
//! | `name` | a name folded to plain letters: accents, case, hyphens, apostrophes, blanks |
//! | `slk581` | the statistical linkage key SLK-581 of the Australian Institute of Health and Welfare |
//! | `linkage_key` | the secret, and the encoding of a statistical linkage key under it |
//! | `link_exact` | encodings to clusters |
//!
//! # What an exact key cannot do
//!
//! Two records of a person meet only when every one of the fourteen characters agrees. One letter
//! wrong in the wrong place, another name, a day and month swapped, and the person is two people;
//! so the number of clusters is at least as high as the number of people wherever the letters do
//! not coincide by accident. Two people with the same letters, date of birth and sex (twins with
//! similar names, and chance in large lists) become one. It says nothing of how sure a link is, it
//! looks at no second name, and it cannot be improved at the clearinghouse, which sees neither
//! names nor parts of names. How many of the true links it finds depends on how well names and
//! dates are recorded; until that has been measured, a count takes
//! [`ASSUMED_LEAST_SENSITIVITY_PERCENT`] as the least.
//!
//! # Examples
//!
//! ```
//! use linkage::{ExactLinking, LinkageKey, Sex, Slk581};
//!
//! let key = LinkageKey::new([7; 32]);
//! let at_the_police = Slk581::new("García López", "Ana", "1999-02-03", Sex::Female)?;
//! let at_the_shelter = Slk581::new("GARCIA-LOPEZ", "ana", "1999-02-03", Sex::Female)?;
//! let another = Slk581::new("O'Mara", "Ana", "1999-02-03", Sex::Female)?;
//!
//! let people = [&at_the_police, &at_the_shelter, &another];
//! let mut encodings: Vec<_> = people.into_iter().map(|slk| key.encode(slk)).zip(0..).collect();
//! encodings.sort_by_key(|(encoding, _)| encoding.0);
//! let mut linking = ExactLinking::new(people.len());
//! for (encoding, person) in encodings {
//!     linking.take(encoding, person);
//! }
//! assert_eq!(linking.finish().cluster_of, [0, 0, 1]);
//! # Ok::<(), linkage::NoKey>(())
//! ```

pub mod dice;
pub mod encode;
mod link_exact;
mod linkage_key;
mod name;
mod slk581;

pub use dice::{BitMatrix, MatrixError};
pub use link_exact::{ASSUMED_LEAST_SENSITIVITY_PERCENT, Clusters, ExactLinking};
pub use linkage_key::{Encoding, LinkageKey};
pub use slk581::{NoKey, Sex, Slk581};
