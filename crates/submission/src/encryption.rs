//! Encryption to one recipient, by age (X25519, ChaCha20-Poly1305), streamed.
//!
//! In: a recipient of a card, or the identity of [`crate::Keys`]. Out: a writer that encrypts, a
//! reader that decrypts, or the reason why it cannot. Nothing that this reader gives out was
//! changed on the way; who wrote it is another question, which signatures answer.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read, Write};
use std::iter;

use age::stream::{StreamReader, StreamWriter};
use age::x25519::{Identity, Recipient};
use age::{DecryptError, Decryptor, Encryptor};

/// How an age file begins.
const MAGIC: &[u8] = b"age-encryption.org/";
/// The headers of our files have one recipient and take less than 1 KiB. A header is parsed in
/// memory, so one that does not end is not read on.
const MOST_HEADER_BYTES: u64 = 4096;

/// Points with which every agreement is the same known secret. Whoever put one on a card would
/// have everything encrypted to nobody in particular; the library would stop the program.
/// Both readings of the unused top bit of the seven points of low order of Curve25519.
const WEAK_RECIPIENTS: [&str; 14] = [
    "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
    "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqsuwj9m",
    "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
    "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqk67yly",
    "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9",
    "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhzqqxqejhu",
    "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s8",
    "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz8ts72fzt7",
    "age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m",
    "age1anllllllllllllllllllllllllllllllllllllllllllllllllls3hcv9z",
    "age1ahlllllllllllllllllllllllllllllllllllllllllllllllalsn46ayy",
    "age1ahlllllllllllllllllllllllllllllllllllllllllllllllllsh3g6la",
    "age1amlllllllllllllllllllllllllllllllllllllllllllllllalselrwrv",
    "age1amlllllllllllllllllllllllllllllllllllllllllllllllllsam3fc4",
];

/// Why something cannot be decrypted.
#[derive(Debug)]
pub(crate) enum CannotDecrypt {
    /// It is no age file at all.
    NotSealed,
    /// It is encrypted to somebody else.
    NotForUs,
    /// It was cut off or changed.
    Damaged,
    /// The disk did not give it.
    Unreadable(io::Error),
}

impl CannotDecrypt {
    /// What an error while reading decrypted bytes means.
    pub(crate) fn while_reading(error: io::Error) -> CannotDecrypt {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => CannotDecrypt::Damaged,
            _ => CannotDecrypt::Unreadable(error),
        }
    }
}

/// Reads a recipient in exactly the form in which it is written.
pub(crate) fn recipient(text: &str) -> Option<Recipient> {
    let recipient: Recipient = text.parse().ok()?;
    (recipient.to_string() == text && !WEAK_RECIPIENTS.contains(&text)).then_some(recipient)
}

/// A writer that encrypts to a recipient; it must be finished.
pub(crate) fn encrypting<W: Write>(recipient: &Recipient, out: W) -> io::Result<StreamWriter<W>> {
    let recipients = iter::once(recipient as &dyn age::Recipient);
    // Only a list of no recipients is refused.
    Encryptor::with_recipients(recipients).map_err(io::Error::other)?.wrap_output(out)
}

/// What reads an age file from its beginning.
pub(crate) type Decrypting<R> = StreamReader<Chain<Cursor<Vec<u8>>, BufReader<R>>>;

/// A reader of what was encrypted to an identity. Errors while reading it are to be understood by
/// [`CannotDecrypt::while_reading`]; what was read is complete only when it ends without one.
pub(crate) fn decrypting<R: Read>(
    mut input: R,
    identity: &Identity,
) -> Result<Decrypting<R>, CannotDecrypt> {
    let mut head = Vec::new();
    let read = (&mut input).take(MOST_HEADER_BYTES).read_to_end(&mut head);
    read.map_err(CannotDecrypt::Unreadable)?;
    if !head.starts_with(MAGIC) {
        return Err(CannotDecrypt::NotSealed);
    }
    decryptor(&head[..])?;
    let whole = decryptor(Cursor::new(head).chain(BufReader::new(input)))?;
    whole.decrypt(iter::once(identity as &dyn age::Identity)).map_err(why)
}

fn decryptor<R: BufRead>(input: R) -> Result<Decryptor<R>, CannotDecrypt> {
    Decryptor::new_buffered(input).map_err(why)
}

fn why(error: DecryptError) -> CannotDecrypt {
    match error {
        DecryptError::NoMatchingKeys => CannotDecrypt::NotForUs,
        DecryptError::Io(error) => CannotDecrypt::while_reading(error),
        _ => CannotDecrypt::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encrypted(identity: &Identity, text: &[u8]) -> Vec<u8> {
        let mut out = encrypting(&identity.to_public(), Vec::new()).unwrap();
        out.write_all(text).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn the_recipient_reads_it_and_nobody_else() {
        let (ours, other) = (Identity::generate(), Identity::generate());
        let bytes = encrypted(&ours, b"twelve");
        let mut text = Vec::new();
        decrypting(&bytes[..], &ours).unwrap().read_to_end(&mut text).unwrap();
        assert_eq!(text, b"twelve");
        assert!(matches!(decrypting(&bytes[..], &other), Err(CannotDecrypt::NotForUs)));
    }

    #[test]
    fn a_header_without_end_is_not_read_on() {
        let ours = Identity::generate();
        let mut endless = b"age-encryption.org/v1\n".to_vec();
        for _ in 0..1000 {
            endless.extend_from_slice(b"-> x\n\n");
        }
        let end = endless.len();
        endless.extend_from_slice(&encrypted(&ours, b"twelve")[MAGIC.len() + 3..]);
        assert!(end > MOST_HEADER_BYTES as usize);
        assert!(matches!(decrypting(&endless[..], &ours), Err(CannotDecrypt::Damaged)));
    }

    #[test]
    fn weak_recipients_are_points_and_are_refused() {
        for weak in WEAK_RECIPIENTS {
            let read: Result<Recipient, _> = weak.parse();
            assert_eq!(read.map(|read| read.to_string()).as_deref(), Ok(weak));
            assert!(recipient(weak).is_none());
        }
        let good = Identity::generate().to_public().to_string();
        assert!(recipient(&good).is_some());
        assert!(recipient(&good.to_uppercase()).is_none());
    }
}
