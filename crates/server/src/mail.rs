//! Messages that an installation leaves for its machine's own mail program.
//!
//! In: a [`Message`], whose head is made of checked parts only. Out: a file in a maildir, from which a mail
//! program takes it; Clearway itself connects to nobody.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use store::MailAddress;

use crate::site_address::SiteAddress;

/// Where messages go.
pub trait Mail {
    /// Takes one message; the same one again takes the place of the first.
    ///
    /// # Errors
    ///
    /// When it could not be kept; it then has to be sent again.
    fn send(&mut self, message: &Message) -> io::Result<()>;
}

/// A message of RFC 5322, in plain text, with a head that nothing can be put into.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    name: String,
    text: String,
}

/// A message is to somebody: only its name is printed.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({})", self.name)
    }
}

/// Where lines of the body are folded.
const LINE: usize = 76;

impl Message {
    /// Makes a message. What tells it from others is `about`: the same gives the same name, so that one
    /// written twice is one. Line ends and other control characters of the subject and of the paragraphs
    /// are spaces; characters beyond ASCII leave the subject.
    pub(crate) fn new(
        site: &SiteAddress,
        to: &MailAddress,
        about: &str,
        (subject, paragraphs): (&str, &[String]),
        at: Timestamp,
    ) -> Message {
        let digest = blake3::derive_key("clearway 2026 name of a message", about.as_bytes());
        let name = blake3::Hash::from(digest).to_hex()[..32].to_owned();
        let date = rfc2822::DateTimePrinter::new().timestamp_to_string(&at).unwrap_or_default();
        let subject: String = plain(subject).chars().filter(char::is_ascii).take(LINE).collect();
        let host = site.host();
        let mut text = format!(
            "Date: {date}\r\nFrom: Clearway <clearway@{host}>\r\nTo: {}\r\n\
             Message-ID: <{name}@{host}>\r\nSubject: {subject}\r\nAuto-Submitted: auto-generated\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 8bit\r\n",
            to.expose()
        );
        for paragraph in paragraphs {
            text.push_str("\r\n");
            for line in folded(&plain(paragraph)) {
                text.push_str(&line);
                text.push_str("\r\n");
            }
        }
        Message { name, text }
    }

    /// Its name: letters and digits.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All of it, with the line ends of the rule.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Text in one line.
fn plain(text: &str) -> String {
    let visible = |c| if records::is_invisible(c) { ' ' } else { c };
    text.chars().map(visible).collect::<String>().trim().to_owned()
}

/// Words in lines; a longer word, such as an address, has a line of its own.
fn folded(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().filter(|line| line.len() + 1 + word.len() <= LINE);
        match last {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// A maildir: a message is written in `tmp` and moved to `new` when it is whole.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
}

impl Spool {
    /// The name of the folder in the data folder.
    pub const FOLDER: &str = "mail";

    /// The maildir of a data folder; made when the first message comes.
    pub fn of(data: &Path) -> Spool {
        Spool { folder: data.join(Spool::FOLDER) }
    }
}

impl Mail for Spool {
    fn send(&mut self, message: &Message) -> io::Result<()> {
        for part in ["tmp", "new", "cur"] {
            make_private(&self.folder.join(part))?;
        }
        let (tmp, new) = (self.folder.join("tmp"), self.folder.join("new"));
        let written = tmp.join(message.name());
        let mut file = private_file(&written)?;
        file.write_all(message.text().as_bytes())?;
        file.sync_all()?;
        fs::rename(&written, new.join(message.name()))?;
        File::open(&new)?.sync_all()
    }
}

/// A folder that only this user sees into.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn site() -> SiteAddress {
        "https://returns.example.gov".parse().unwrap()
    }

    fn message(about: &str, subject: &str, paragraph: &str) -> Message {
        let to = "returns@kern.example".parse().unwrap();
        let at = "2027-01-23T20:00:00Z".parse().unwrap();
        Message::new(&site(), &to, about, (subject, &[paragraph.to_owned()]), at)
    }

    #[test]
    fn a_message_is_one_that_every_mail_program_reads() {
        let made = message("a", "Due soon", "The return is due. Año.");
        let text = made.text().replace("\r\n", "\n").replace(made.name(), "NAME");
        insta::assert_snapshot!(text, @"
        Date: Sat, 23 Jan 2027 20:00:00 -0000
        From: Clearway <clearway@returns.example.gov>
        To: returns@kern.example
        Message-ID: <NAME@returns.example.gov>
        Subject: Due soon
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        The return is due. Año.
        ");
    }

    #[test]
    fn the_spool_has_whole_messages_that_only_this_user_reads() {
        let data = tempfile::tempdir().unwrap();
        let mut spool = Spool::of(data.path());
        for about in ["a", "b", "a"] {
            spool.send(&message(about, "s", "p")).unwrap();
        }
        let read = |part: &str| -> Vec<PathBuf> {
            let folder = data.path().join("mail").join(part);
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
        };
        assert_eq!((read("new").len(), read("tmp").len(), read("cur").len()), (2, 0, 0));
        for file in read("new") {
            assert!(fs::read_to_string(&file).unwrap().ends_with("\r\n\r\np\r\n"));
            #[cfg(unix)]
            {
                let mode = std::os::unix::fs::PermissionsExt::mode;
                assert_eq!(mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
                let folder = fs::metadata(file.parent().unwrap()).unwrap();
                assert_eq!(mode(&folder.permissions()) & 0o777, 0o700);
            }
        }
        fs::write(data.path().join("file"), "").unwrap();
        assert!(Spool::of(&data.path().join("file")).send(&message("a", "s", "p")).is_err());
    }

    proptest! {
        /// Whatever is said, the head has its nine lines and no other, and no line is too long.
        #[test]
        fn nothing_is_put_into_the_head(subject in any::<String>(), paragraph in "[a-zñ \r\n:]{0,300}", about in any::<String>()) {
            let made = message(&about, &subject, &paragraph);
            prop_assert!(made.name().bytes().all(|byte| byte.is_ascii_hexdigit()));
            let (head, body) = made.text().split_once("\r\n\r\n").unwrap_or((made.text().trim_end(), ""));
            let names: Vec<&str> = head.split("\r\n").map(|line| line.split(':').next().unwrap()).collect();
            prop_assert_eq!(names, [
                "Date", "From", "To", "Message-ID", "Subject", "Auto-Submitted", "MIME-Version",
                "Content-Type", "Content-Transfer-Encoding",
            ]);
            prop_assert!(head.is_ascii());
            for line in head.split("\r\n").chain(body.split("\r\n")) {
                prop_assert!(line.len() <= 998 && !line.contains(['\r', '\n']), "{}", line);
            }
        }
    }
}
