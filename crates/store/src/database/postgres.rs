//! PostgreSQL: the same texts, said in its dialect.
//!
//! Migrations are written for SQLite and translated by [`translated`]: integers are `BIGINT`, bytes
//! `BYTEA`, text sorts by its bytes (`COLLATE "C"`), so that both databases answer in one order, and a
//! trigger that refuses becomes a function. All changes of one schema take one lock, as SQLite's one
//! writer does: the chain of the audit has one end. Those of one process share one connection, and a commit.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow, PgSslMode};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Decode, Error, PgConnection, Postgres,
    Row as _, TypeInfo as _, ValueRef as _,
};

use super::group::{Writer, Writes};
use super::transaction::Held;
use super::value::{Row, Value, answer};
use crate::StoreError;
use crate::audit::Unnumbered;

/// Connections that read at once.
const READERS: u32 = 8;

/// For how long a connection is taken to hold after it was used.
const TRUSTED: Duration = Duration::from_secs(1);

/// Where a PostgreSQL database is. It may hold a password and is never printed.
#[derive(Clone)]
pub struct DatabaseUrl(PgConnectOptions);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl([withheld])")
    }
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    /// Reads `postgres://USER@HOST/DATABASE`.
    ///
    /// # Errors
    ///
    /// [`StoreError::DatabaseUrl`]: it is none, or its host is another machine. Nothing here encrypts
    /// what goes to the database, so that must be a socket, this machine, or a tunnel's end on it.
    fn from_str(text: &str) -> Result<DatabaseUrl, StoreError> {
        let form = "expected postgres://USER@localhost/DATABASE";
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(StoreError::DatabaseUrl(form));
        }
        let options: PgConnectOptions = text.parse().map_err(|_| StoreError::DatabaseUrl(form))?;
        let here = matches!(options.get_host(), "localhost" | "127.0.0.1" | "::1" | "[::1]")
            || options.get_host().starts_with('/')
            || options.get_socket().is_some();
        if !here {
            return Err(StoreError::DatabaseUrl(
                "its host is another machine, and what goes there would not be encrypted: name a socket, or the end of an encrypted tunnel on this machine",
            ));
        }
        Ok(DatabaseUrl(options.ssl_mode(PgSslMode::Disable)))
    }
}

/// The connections to one database.
#[derive(Debug, Clone)]
pub(crate) struct Pools {
    writer: Writer<PgConnection>,
    readers: PgPool,
}

pub(crate) type Transaction = Held<Postgres>;

impl Writes for PgConnection {
    /// The lock ends with the transaction. Who waits for it has it in turn.
    const BEGIN: &'static str =
        "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended(current_schema()::text, 20261130))";
    const LEFT: Option<(Duration, Duration)> = None;

    async fn run(&mut self, sql: &str) -> Result<(), Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self).await.map(|_| ())
    }

    async fn execute(&mut self, sql: Cow<'static, str>, values: Vec<Value>) -> Result<u64, Error> {
        Ok(prepared(sql, values).execute(self).await?.rows_affected())
    }

    async fn fetch(
        &mut self,
        sql: Cow<'static, str>,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, Error> {
        answer(&prepared(sql, values).fetch_all(self).await?, read_row)
    }
}

impl Pools {
    pub(super) async fn open(url: &DatabaseUrl) -> Result<Pools, StoreError> {
        let mut first = url.0.connect().await?;
        let unbound = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
        if sqlx::query_scalar(unbound).fetch_one(&mut first).await? {
            return Err(StoreError::Superuser);
        }
        let encoding: String = sqlx::query_scalar("SELECT current_setting('server_encoding')")
            .fetch_one(&mut first)
            .await?;
        if encoding != "UTF8" {
            return Err(StoreError::Encoding(encoding));
        }
        // Whether a connection still holds is asked of one that nobody has used for a moment only.
        let readers = PgPoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .before_acquire(|connection, since| {
                Box::pin(async move {
                    let is_fresh = since.idle_for < TRUSTED;
                    Ok(is_fresh || connection.ping().await.is_ok())
                })
            });
        Ok(Pools {
            writer: Writer::start(url.0.clone(), first),
            readers: readers.connect_lazy_with(url.0.clone()),
        })
    }

    /// One moment for everything that is read.
    pub(super) async fn read(&self, agency: Option<&str>) -> Result<Transaction, Error> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;";
        let begin = AssertSqlSafe(format!("{begin} {}", for_agency(agency)));
        Ok(Transaction::Read(self.readers.begin_with(begin).await?))
    }

    pub(super) async fn change(&self, agency: Option<&str>) -> Result<Transaction, Error> {
        Ok(Transaction::Change(self.writer.change(for_agency(agency)).await?))
    }

    pub(super) async fn note(&self, row: Unnumbered) -> Result<(), Error> {
        self.writer.note(row).await
    }

    /// The tables that hold something about a person or a reason, written anew without dead rows.
    pub(super) async fn forget_pages(&self) -> Result<(), Error> {
        self.writer
            .alone()
            .await?
            .connection()?
            .run(
                "VACUUM FULL agency_record, record_content, release, unsealed_agency_record,
                    unsealed_record_content, unsealed_release, audit_reason, pair_decision,
                    classification, draft, member, passkey, identity_link, compartment_grant,
                    recovery_share, recovery_hand",
            )
            .await
    }

    pub(super) async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Says until the end of the transaction, or until the next change of a group says it, whose rows may be
/// seen and written; `*` is everybody's. A connection that has not said so sees none.
fn for_agency(agency: Option<&str>) -> String {
    format!("SET LOCAL clearway.agency = '{}'", agency.unwrap_or("*").replace('\'', "''"))
}

/// The tables whose rows belong to an agency, and by what.
const OF_AGENCIES: &[(&str, &str)] = &[
    ("agency", "code"),
    ("member", "agency"),
    ("passkey", OF_MEMBER),
    ("passkey_challenge", OF_MEMBER),
    ("identity_provider", "agency"),
    ("identity_link", OF_MEMBER),
    ("identity_asked", "(SELECT agency FROM identity_provider WHERE id = provider_id)"),
    ("member_role", OF_MEMBER),
    ("session", OF_MEMBER),
    ("compartment", "agency"),
    ("compartment_grant", OF_COMPARTMENT),
    ("recovery_share", OF_COMPARTMENT),
    ("recovery_request", OF_MEMBER),
    ("recovery_hand", "(SELECT agency FROM member WHERE id = officer_id)"),
    ("draft", "agency"),
    ("filing", "agency"),
    ("extension", "agency"),
    ("job", "agency"),
    ("agreement", "agency"),
    ("agreed_mode", "agency"),
    ("key_comparison", "agency"),
    ("test_return", "agency"),
    ("leaving", "agency"),
    ("leaving_member", OF_MEMBER),
    ("contact", "agency"),
    ("reminder", "agency"),
    ("known_agency", "code"),
    ("received_file", "agency"),
    ("refused_file", "agency"),
    ("chain_beginning", "agency"),
    ("received_table", OF_RECEIVED),
    ("received_total", OF_RECEIVED),
    ("received_withdrawn", OF_RECEIVED),
    ("received_encodings", OF_RECEIVED),
    ("purged_row", OF_RECEIVED),
    (
        "purged_cell",
        "(SELECT agency FROM received_file JOIN purged_row ON purged_row.received_id = received_file.id
          WHERE purged_row.id = purged_row_id)",
    ),
];

/// The agency of a row that belongs to a member.
const OF_MEMBER: &str = "(SELECT agency FROM member WHERE id = member_id)";

/// The agency of a row that belongs to a compartment.
const OF_COMPARTMENT: &str = "(SELECT agency FROM compartment WHERE id = compartment_id)";

/// The agency of a row that belongs to a file received.
const OF_RECEIVED: &str = "(SELECT agency FROM received_file WHERE id = received_id)";

/// Row-level security: whatever a statement says, it meets only the rows of the agency for which the
/// transaction was begun. Superusers are not bound by it, so Clearway's role must be none.
pub(super) async fn keep_apart(transaction: &mut Transaction) -> Result<(), Error> {
    for (table, agency) in OF_AGENCIES {
        let policy = format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
             ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
             DROP POLICY IF EXISTS of_its_agency ON {table};
             CREATE POLICY of_its_agency ON {table}
                USING (current_setting('clearway.agency', TRUE) IN ('*', {agency}))"
        );
        transaction.run(&policy).await?;
    }
    Ok(())
}

pub(super) async fn run(transaction: &mut Transaction, sql: &str) -> Result<(), Error> {
    transaction.run(&translated(sql)).await
}

pub(super) async fn version(transaction: &mut Transaction) -> Result<i64, Error> {
    let made = "CREATE TABLE IF NOT EXISTS store_version (version BIGINT NOT NULL)";
    transaction.run(made).await?;
    let version = "SELECT COALESCE(MAX(version), 0) FROM store_version";
    let found = transaction.fetch(version.into(), Vec::new()).await?;
    found.first().ok_or(Error::RowNotFound)?.try_get(0)
}

pub(super) async fn set_version(transaction: &mut Transaction, version: i64) -> Result<(), Error> {
    let set = format!("DELETE FROM store_version; INSERT INTO store_version VALUES ({version})");
    transaction.run(&set).await
}

/// What SQLite says otherwise in statements.
const WORDS: [(&str, &str); 3] = [
    // A statement that need not be undone alone; here a failed one always ends the transaction.
    (" OR FAIL", ""),
    ("GROUP_CONCAT(DISTINCT return_id)", "STRING_AGG(DISTINCT CAST(return_id AS TEXT), ',')"),
    (
        "GROUP_CONCAT(DISTINCT CASE WHEN answer = 'exactly' THEN reporter END)",
        "STRING_AGG(DISTINCT CASE WHEN answer = 'exactly' THEN reporter END, ',')",
    ),
];

/// The text is ours, put together of constants and numbered places only.
fn prepared(
    sql: Cow<'static, str>,
    values: Vec<Value>,
) -> sqlx::query::Query<'static, Postgres, PgArguments> {
    let other = WORDS.iter().any(|(word, _)| sql.contains(word));
    let query = match sql {
        Cow::Borrowed(sql) if !other => sqlx::query(sql),
        sql => {
            let said = |sql: String, (word, own): &(&str, &str)| sql.replace(word, own);
            sqlx::query(AssertSqlSafe(WORDS.iter().fold(sql.into_owned(), said)))
        }
    };
    values.into_iter().fold(query, |query, value| match value {
        Value::Integer(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Blob(value) => query.bind(value),
    })
}

fn read_row(row: &PgRow) -> Result<Vec<Value>, Error> {
    (0..row.len())
        .map(|at| {
            let raw = row.try_get_raw(at)?;
            if raw.is_null() {
                return Ok(Value::Integer(None));
            }
            let kind = raw.type_info();
            let decoded = match kind.name() {
                "INT8" => <i64 as Decode<Postgres>>::decode(raw).map(Value::from),
                "INT4" => <i32 as Decode<Postgres>>::decode(raw).map(|n| i64::from(n).into()),
                "BOOL" => <bool as Decode<Postgres>>::decode(raw).map(Value::from),
                "TEXT" | "VARCHAR" | "NAME" | "CHAR" => {
                    <String as Decode<Postgres>>::decode(raw).map(Value::from)
                }
                "BYTEA" => <Vec<u8> as Decode<Postgres>>::decode(raw).map(Value::from),
                other => {
                    Err(format!("a column of the type {other}, which the store does not use")
                        .into())
                }
            };
            decoded.map_err(|source| Error::ColumnDecode { index: at.to_string(), source })
        })
        .collect()
}

/// The text of a migration in PostgreSQL's dialect.
fn translated(sql: &str) -> String {
    let mut said = String::new();
    for statement in statements(sql) {
        match trigger(&statement) {
            Some(translation) => said.push_str(&translation),
            None => {
                let own = "id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
                said.push_str(
                    &statement
                        .replace(") STRICT, WITHOUT ROWID", ")")
                        .replace(") STRICT", ")")
                        .replace(" id INTEGER PRIMARY KEY", &format!(" {own}"))
                        .replace(" INTEGER", " BIGINT")
                        .replace(" BLOB", " BYTEA")
                        .replace(" TEXT", " TEXT COLLATE \"C\""),
                );
                said.push(';');
            }
        }
    }
    said
}

/// The statements of a text of ours, without remarks. A trigger ends at its `END;`, and no text of ours
/// has a `;` or `--` in quotes.
fn statements(sql: &str) -> Vec<String> {
    let bare: Vec<&str> =
        sql.lines().map(|line| line.split("--").next().unwrap_or_default().trim_end()).collect();
    let mut statements = Vec::new();
    let mut open = String::new();
    for piece in bare.join("\n").split_inclusive(';') {
        open.push_str(piece);
        let of_trigger = open.trim_start().starts_with("CREATE TRIGGER");
        if of_trigger && !open.trim_end().ends_with("END;") {
            continue;
        }
        let whole = std::mem::take(&mut open);
        let whole = whole.trim().trim_end_matches(';');
        if !whole.is_empty() {
            statements.push(whole.to_owned());
        }
    }
    statements
}

/// `CREATE TRIGGER name BEFORE UPDATE ON table WHEN … BEGIN SELECT RAISE(ABORT, '…'); END` as a function
/// that refuses, and a trigger that calls it.
fn trigger(statement: &str) -> Option<String> {
    let (name, rest) = statement.strip_prefix("CREATE TRIGGER ")?.split_once(' ')?;
    let (head, body) = rest.split_once("BEGIN SELECT RAISE(ABORT, ")?;
    let message = body.split_once(");")?.0;
    let (moment, condition) = match head.split_once("WHEN") {
        Some((moment, condition)) => (moment.trim(), condition.trim()),
        None => (head.trim(), "TRUE"),
    };
    let passed = if moment.contains("DELETE") { "OLD" } else { "NEW" };
    Some(format!(
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $refuse$ BEGIN
            IF {condition} THEN RAISE EXCEPTION {message}; END IF; RETURN {passed}; END $refuse$;
         CREATE TRIGGER {name} {moment} FOR EACH ROW EXECUTE FUNCTION {name}();"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_and_a_trigger_are_said_in_its_dialect() {
        let table = "-- A remark; with a semicolon.\nCREATE TABLE t (\n    id INTEGER PRIMARY KEY, -- own\n    what TEXT NOT NULL,\n    bytes BLOB\n) STRICT, WITHOUT ROWID;";
        assert_eq!(
            translated(table),
            "CREATE TABLE t (\n    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,\n    what TEXT COLLATE \"C\" NOT NULL,\n    bytes BYTEA\n);"
        );
        let trigger = "CREATE TRIGGER kept BEFORE DELETE ON t WHEN OLD.id > 1\nBEGIN SELECT RAISE(ABORT, 'is kept'); END;";
        let said = translated(trigger);
        assert!(said.contains("IF OLD.id > 1 THEN RAISE EXCEPTION 'is kept'; END IF; RETURN OLD;"));
        assert!(said.contains("CREATE TRIGGER kept BEFORE DELETE ON t FOR EACH ROW"), "{said}");
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_clear() {
        for good in [
            "postgres://clerk@localhost/clearway",
            "postgresql://clerk:secret@127.0.0.1:5433/clearway",
            "postgres://clerk@%2Ftmp%2Fsocket/clearway",
        ] {
            assert!(good.parse::<DatabaseUrl>().is_ok(), "{good}");
        }
        for bad in ["postgres://clerk:secret@db.example.org/clearway", "mysql://x@localhost/y", "x"]
        {
            let error = bad.parse::<DatabaseUrl>().unwrap_err();
            assert!(!format!("{error}{error:?}").contains("secret"), "{error}");
        }
        let url: DatabaseUrl = "postgres://clerk:secret@localhost/x".parse().unwrap();
        assert!(!format!("{url:?}").contains("secret"));
    }
}
